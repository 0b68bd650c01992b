/**
 * Compares manifest.json with the files of the .pkpass: it must list each of them with its SHA-1, and nothing else.
 *
 * Follows Apple's "Building a Pass". verify.ts checks its signature.
 */
import { isObject, pointerTo } from "../../json.ts";
import { sha1 } from "../build/pack.ts";
import { error, type Finding } from "../finding.ts";
import type { Files } from "./archive.ts";
import { invalidJson, readJsonFile } from "./json-file.ts";

const POINTER = "/manifest";
const UNLISTED = new Set(["manifest.json", "signature"]);
/** The limit is for a manifest that belongs to another pass, in which every line is wrong. */
const MAX_MISSING = 20;

export async function checkManifest(files: Files): Promise<Finding[]> {
  if (!files.has("manifest.json")) {
    const cure = "Write one with the SHA-1 of each file, then sign it.";
    return [error("missing_manifest", POINTER, "There is no manifest.json.", cure)];
  }
  const findings: Finding[] = [];
  const value = readJsonFile(files, "manifest.json", POINTER, findings, ["trailing_comma"]);
  if (value === undefined) return findings;
  if (!isObject(value)) return [...findings, invalidJson("manifest.json", POINTER, "it is not an object")];
  const listed = new Map<string, unknown>(Object.entries(value));
  for (const [path, bytes] of files) {
    const digest = listed.get(path);
    const finding = UNLISTED.has(path) ? undefined : compareDigest(path, digest, await sha1(bytes));
    if (finding !== undefined) findings.push(finding);
  }
  const missing = [...listed.keys()].filter((path) => !files.has(path) || UNLISTED.has(path));
  for (const path of missing.slice(0, MAX_MISSING)) findings.push(listedFileMissing(path));
  return findings;
}

function compareDigest(path: string, listed: unknown, digest: string): Finding | undefined {
  if (listed === digest) return undefined;
  const pointer = POINTER + pointerTo([path]);
  const cure = "Write manifest.json after all other files are final, then sign it.";
  if (listed === undefined)
    return error("unlisted_file", pointer, `${path} is in the .pkpass, but not in manifest.json.`, cure);
  if (typeof listed === "string" && listed.toLowerCase() === digest)
    return error(
      "digest_malformed",
      pointer,
      `The SHA-1 of ${path} is in upper case.`,
      "Write it in lower case.",
    );
  if (typeof listed !== "string" || !/^[0-9a-fA-F]{40}$/.test(listed))
    return error(
      "digest_malformed",
      pointer,
      `The value for ${path} in manifest.json is not a SHA-1 in hexadecimal.`,
      `Write the 40 digits of its SHA-1: "${digest}".`,
    );
  return error("digest_mismatch", pointer, `The SHA-1 of ${path} is not the one in manifest.json.`, cure);
}

function listedFileMissing(path: string): Finding {
  const pointer = POINTER + pointerTo([path]);
  return UNLISTED.has(path)
    ? error(
        "listed_file_missing",
        pointer,
        `manifest.json lists ${path}, which must not be listed.`,
        `Remove ${path} from manifest.json.`,
      )
    : error(
        "listed_file_missing",
        pointer,
        `manifest.json lists ${path}, which is not in the .pkpass.`,
        "Add the file, or remove its line and sign the manifest again.",
      );
}
