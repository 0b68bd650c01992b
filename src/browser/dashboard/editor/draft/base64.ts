/**
 * Bytes as base64 and back. Uint8Array.toBase64 is newer than some browsers that people use.
 */
const CHUNK = 0x8000;
/** An image is written with every lint and every kept draft, and its bytes never change. */
const written = new WeakMap<Uint8Array, string>();

export function writeBase64(bytes: Uint8Array): string {
  const known = written.get(bytes);
  if (known !== undefined) return known;
  let binary = "";
  for (let at = 0; at < bytes.length; at += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  const text = btoa(binary);
  written.set(bytes, text);
  return text;
}

/** @returns undefined if it is not base64 */
export function readBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
