/**
 * Reads a JSON file of a .pkpass, and reports syntax errors. Trailing commas and comments are mended and reported. Its
 * content is checked elsewhere.
 *
 * Follows RFC 8259. What Wallet accepts follows Apple's Foundation, which takes trailing commas and no comments.
 */
import { pointerTo } from "../../json.ts";
import { error, type Finding, warning } from "../finding.ts";
import { parseStrictJson } from "../strict-json.ts";
import type { Files } from "./archive.ts";
import { type MendedJson, type MendKind, mendJson } from "./lenient-json.ts";
import { removeProtoKeys } from "./proto-keys.ts";

/**
 * The parsed file; undefined if it is absent or invalid. It appends a finding for each fault to `findings`.
 * @param kinds what may be mended
 */
export function readJsonFile(
  files: Files,
  path: string,
  pointer: string,
  findings: Finding[],
  kinds: readonly MendKind[] = ["trailing_comma", "comment"],
): unknown {
  const content = files.get(path);
  if (content === undefined) return undefined;
  const read = parseMended(content, path, pointer, findings, kinds);
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
  for (const keys of read.repeated) {
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

/** A file that the strict parser reads is never mended, so valid files are parsed once. */
function parseMended(
  content: Uint8Array,
  path: string,
  pointer: string,
  findings: Finding[],
  kinds: readonly MendKind[],
) {
  const strict = parseStrictJson(content);
  if (strict.outcome === "json") return strict;
  const mended = mendJson(content, kinds);
  if (mended.mends.length === 0) return strict;
  findings.push(...mendFindings(mended, path, pointer));
  return parseStrictJson(mended.bytes);
}

function mendFindings(mended: MendedJson, path: string, pointer: string): Finding[] {
  const { counts } = mended;
  const findings: Finding[] = [];
  if (counts.trailing_comma > 0)
    findings.push(
      warning(
        "json_trailing_comma",
        pointer,
        `${path} has a comma before } or ] (${placesOf(mended, "trailing_comma")}). Edgepass reads the file without it, and iPhones do too, but JSON does not allow it.`,
        "Remove the comma: other wallets and tools refuse the file.",
      ),
    );
  if (counts.comment > 0)
    findings.push(
      error(
        "json_comment",
        pointer,
        `${path} has comments (${placesOf(mended, "comment")}). Edgepass reads the file without them, but JSON does not allow comments, and neither does the parser of iPhones.`,
        "Remove the comments.",
      ),
    );
  return findings;
}

/** `line 3, column 5; line 9, column 1; and 7 more` */
function placesOf({ mends, counts }: MendedJson, kind: MendKind): string {
  const places = mends
    .filter((mend) => mend.kind === kind)
    .map(({ line, column }) => `line ${line}, column ${column}`);
  const more = counts[kind] - places.length;
  return [...places, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
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
