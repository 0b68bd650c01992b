/**
 * Reads a JSON file of a .pkpass, and reports syntax errors. Its content is checked elsewhere.
 *
 * Follows RFC 8259.
 */
import { pointerTo } from "../../json.ts";
import { error, type Finding, warning } from "../finding.ts";
import { parseStrictJson } from "../strict-json.ts";
import type { Files } from "./archive.ts";
import { removeProtoKeys } from "./proto-keys.ts";

/** The parsed file; undefined if it is absent or invalid. It appends a finding for each fault to `findings`. */
export function readJsonFile(files: Files, path: string, pointer: string, findings: Finding[]): unknown {
  const content = files.get(path);
  if (content === undefined) return undefined;
  const read = parseStrictJson(content);
  if (read.outcome === "broken") {
    findings.push(invalidJson(path, pointer, read.why));
    return undefined;
  }
  if (read.byteOrderMark) {
    findings.push(
      warning(
        "byte_order_mark",
        pointer,
        `${path} starts with a byte order mark, which JSON does not allow.`,
        'Save it as UTF-8 "without BOM".',
      ),
    );
  }
  for (const keys of read.repeated.slice(0, 20)) {
    findings.push(
      warning(
        "duplicate_json_key",
        pointer + pointerTo(keys),
        `${path} has the key "${String(keys.at(-1))}" twice in one object. Phones ignore one of the two.`,
        "Remove one of the two.",
      ),
    );
  }
  findings.push(...removeProtoKeys(read.value, path, pointer));
  return read.value;
}

/** The finding for a file that is not valid JSON. */
export function invalidJson(path: string, pointer: string, why: string): Finding {
  return error(
    "invalid_json",
    pointer,
    `${path} is not JSON: ${why}.`,
    "Fix the error there, or write the file with a JSON library.",
  );
}
