/**
 * A template's `contact`: whom the holder of a pass asks, on the page of the pass. Phones do not show it.
 *
 * Pure. Follows RFC 6068 (mailto) and RFC 3966 (tel).
 */

export const MAX_CONTACT = 300;

/** Without the marks of an address on the web, such as https://social.example/@club.example, and of a list. */
const EMAIL = /^[^\s@<>"?&%#:;,/\\()[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;
const PHONE = /^\+?[\d ()./-]{5,30}$/;

/** The link of a contact. @returns undefined if it is neither an https address nor an e-mail address nor a phone number */
export function hrefOfContact(contact: string): string | undefined {
  if (EMAIL.test(contact)) return `mailto:${contact}`;
  const digits = contact.replaceAll(/\D/g, "");
  if (PHONE.test(contact) && digits.length >= 5) return `tel:${contact.startsWith("+") ? "+" : ""}${digits}`;
  return /^https:\/\/\S+$/i.test(contact) ? URL.parse(contact)?.href : undefined;
}
