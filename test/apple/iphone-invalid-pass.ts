/**
 * The error of the bundle checks in this folder: it contains the objection that Wallet would have. It is not used for
 * responses of the web service; those are judged by their codes.
 */

/** The bundle is refused. The message contains Wallet's objection. */
export class InvalidPass extends Error {
  override name = "InvalidPass";
}

/** Throws {@link InvalidPass} with `objection` if `condition` is false. */
export function demand(condition: unknown, objection: string): asserts condition {
  if (!condition) throw new InvalidPass(objection);
}

/**
 * Reads UTF-8 strictly. An invalid byte is an objection; a byte order mark is not removed, so that the caller can
 * object to it.
 */
export function readUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new InvalidPass(`${name} is not UTF-8`);
  }
}

/** Reads strict JSON (RFC 8259: no byte order mark, no trailing comma) whose top level is an object. */
export function readJsonObject(bytes: Uint8Array, name: string): Record<string, unknown> {
  let value: unknown;
  const text = readUtf8(bytes, name);
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidPass(`${name} is not strict JSON: ${String(error)}`);
  }
  demand(isObject(value), `${name} is not a JSON object`);
  return value;
}

/** True for a JSON object; false for null, arrays and everything else. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The bytes as lower-case hex. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
