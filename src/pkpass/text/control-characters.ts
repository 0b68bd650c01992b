/**
 * Control characters in texts: U+0000 to U+001F, except line breaks and tabs. No phone draws one, and each takes six bytes in
 * JSON (RFC 8259 §7).
 */
import { isObject } from "../../json.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are found
const CONTROL_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

export function hasControlCharacter(text: string): boolean {
  return text.search(CONTROL_CHARACTER) !== -1;
}

/** Whether this was decoded from a file that is no text. U+FFFD is in place of bytes that are not UTF-8. */
export function isFromBinaryFile(text: string): boolean {
  return hasControlCharacter(text) || text.includes("\ufffd");
}

/**
 * Whether the text at this place is for machines, which read control characters: the message of a barcode and of nfc (GS1
 * uses U+001D), the code that a scanner read, userInfo, and images, whose names have rules of their own.
 * @param path in the body of a new template or pass, or of scans
 */
export function isForMachines([member, key, ...others]: readonly PropertyKey[]): boolean {
  if (member === "barcodeMessage" || member === "images") return true;
  if (member === "scans") return others.at(-1) === "code";
  return member === "pass" && (key === "userInfo" || others.at(-1) === "message");
}

/**
 * The JSON value without the control characters of the texts and keys that people read. A value without any stays the same
 * object.
 * @param path of the value, as for `isForMachines`
 * @param report is called with the path of each text, or of the key, that has some
 */
export function removeControlCharacters(
  value: unknown,
  path: readonly PropertyKey[],
  report: (path: readonly PropertyKey[]) => void,
): unknown {
  const clean = (text: string, at: readonly PropertyKey[]) => {
    if (!hasControlCharacter(text) || isForMachines(at)) return text;
    report(at);
    return text.replace(CONTROL_CHARACTER, "");
  };
  if (typeof value === "string") return clean(value, path);
  if (Array.isArray(value)) {
    const items = value.map((item: unknown, index) =>
      removeControlCharacters(item, [...path, index], report),
    );
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  let isChanged = false;
  const members = Object.entries(value).map(([key, member]) => {
    const at = [...path, key];
    const [newKey, newMember] = [clean(key, at), removeControlCharacters(member, at, report)];
    isChanged ||= newKey !== key || newMember !== member;
    return [newKey, newMember];
  });
  return isChanged ? Object.fromEntries(members) : value;
}
