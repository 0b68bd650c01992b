/**
 * A template's `contact`: whom the holder of a pass can ask. The page of the pass shows it, phones do not.
 *
 * Pure. Follows RFC 6068 (mailto) and RFC 3966 (tel).
 */

/** Without the characters of a web address, such as https://social.example/@club.example, and of a list. */
const EMAIL = /^[^\s@<>"?&%#:;,/\\()[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;
const PHONE = /^\+?[\d ()./-]{5,30}$/;

/** The link of a contact. @returns undefined if it is neither an https address nor an e-mail address nor a phone number */
export function hrefOfContact(contact: string): string | undefined {
  if (EMAIL.test(contact)) return `mailto:${contact}`;
  const digits = contact.replaceAll(/\D/g, "");
  if (PHONE.test(contact) && digits.length >= 5) return `tel:${contact.startsWith("+") ? "+" : ""}${digits}`;
  return /^https:\/\/\S+$/i.test(contact) ? URL.parse(contact)?.href : undefined;
}
