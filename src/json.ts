/**
 * Reads and writes JSON, for bodies, imports, JSON columns and messages. No other file of src calls JSON.parse
 * (test/architecture.test.ts), so this file decides how numbers and keys are read.
 *
 * Follows RFC 8259, and RFC 6901 for pointers.
 */

declare const content: unique symbol;

/** JSON text of a value of type `T`, as a JSON column holds it. At run time it is a plain string. */
export type Json<T> = string & { readonly [content]: T };

/**
 * Parses JSON. Text that this program wrote (`Json<T>`) has the type of the value that was written. Any other text is
 * `unknown`, and a schema has to check it.
 * @throws SyntaxError
 */
export function parseJson<T>(text: Json<T>): T;
export function parseJson(text: string): unknown;
export function parseJson(text: string): unknown {
  return JSON.parse(text);
}

/** Minified JSON. Equal values with equal order of keys give equal text. */
export function writeJson<T>(value: T): Json<T> {
  return JSON.stringify(value) as Json<T>;
}

/** Whether the value is a JSON object: not an array and not null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** RFC 6901: a path of keys as a pointer (`["images", "fr.lproj/logo.png"]` → `/images/fr.lproj~1logo.png`). */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** RFC 6901 §4: the path of a pointer, the opposite of `pointerTo`. */
export function parsePointer(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
}
