/**
 * A JSON file of a bundle, and what is wrong with it as JSON. What it says is judged elsewhere.
 *
 * Follows RFC 8259.
 */
import { error, type Finding, pointerOf, warning } from "../finding.ts";
import { readJson } from "../strict-json.ts";
import type { Files } from "./archive.ts";

/** A JSON file, or undefined if it is absent or broken. */
export function jsonIn(files: Files, path: string, pointer: string, findings: Finding[]): unknown {
  const content = files.get(path);
  if (content === undefined) return undefined;
  const read = readJson(content);
  if (read.outcome === "broken") {
    findings.push(invalidJson(path, pointer, read.why));
    return undefined;
  }
  if (read.byteOrderMark) {
    findings.push(
      warning(
        "byte_order_mark",
        pointer,
        `${path} opens with a byte order mark, which JSON does not have.`,
        'Save it as UTF-8 "without BOM".',
      ),
    );
  }
  for (const keys of read.repeated.slice(0, 20)) {
    findings.push(
      warning(
        "repeated_json_key",
        pointer + pointerOf(keys),
        `${path} has "${String(keys.at(-1))}" twice in one object: a phone takes one of the two.`,
        "Remove one of the two.",
      ),
    );
  }
  return read.value;
}

/** The finding for a file that is no JSON. */
export function invalidJson(path: string, pointer: string, why: string): Finding {
  return error(
    "invalid_json",
    pointer,
    `${path} is not JSON: ${why}.`,
    "Correct it there, or let a program write the JSON.",
  );
}
