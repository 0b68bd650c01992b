/**
 * manifest.json beside the files of the bundle: it lists each of them with its SHA-1, and nothing else.
 *
 * Follows Apple's "Building a Pass". Whether it was signed is verify.ts's matter.
 */

import { sha1 } from "../build/pack.ts";
import { error, type Finding, pointerOf } from "../finding.ts";
import type { Files } from "./archive.ts";
import { invalidJson, jsonIn } from "./json-file.ts";

const POINTER = "/manifest";
const UNLISTED = new Set(["manifest.json", "signature"]);
/** Of a manifest of another bundle every line is wrong. */
const MOST_ABSENT = 20;

export async function manifestFindings(files: Files): Promise<Finding[]> {
  if (!files.has("manifest.json")) {
    const cure = "Write one with the SHA-1 of each file, then sign it.";
    return [error("missing_manifest", POINTER, "There is no manifest.json.", cure)];
  }
  const findings: Finding[] = [];
  const value = jsonIn(files, "manifest.json", POINTER, findings);
  if (value === undefined) return findings;
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [...findings, invalidJson("manifest.json", POINTER, "it is no object")];
  const listed = new Map<string, unknown>(Object.entries(value));
  for (const [path, bytes] of files) {
    const digest = listed.get(path);
    const finding = UNLISTED.has(path) ? undefined : digestFinding(path, digest, await sha1(bytes));
    if (finding !== undefined) findings.push(finding);
  }
  const absent = [...listed.keys()].filter((path) => !files.has(path) || UNLISTED.has(path));
  for (const path of absent.slice(0, MOST_ABSENT)) findings.push(absentFile(path));
  return findings;
}

function digestFinding(path: string, listed: unknown, digest: string): Finding | undefined {
  if (listed === digest) return undefined;
  const pointer = POINTER + pointerOf([path]);
  const cure = "Write the manifest when all files are final, then sign it.";
  if (listed === undefined)
    return error("unlisted_file", pointer, `${path} is in the bundle and not in manifest.json.`, cure);
  if (typeof listed === "string" && listed.toLowerCase() === digest)
    return error("digest_form", pointer, `The SHA-1 of ${path} is in upper case.`, "Write it in lower case.");
  if (typeof listed !== "string" || !/^[0-9a-fA-F]{40}$/.test(listed))
    return error(
      "digest_form",
      pointer,
      `What manifest.json has for ${path} is no SHA-1 in hexadecimal.`,
      `Write the 40 digits of its SHA-1: "${digest}".`,
    );
  return error("wrong_digest", pointer, `${path} is not the file whose SHA-1 is in manifest.json.`, cure);
}

function absentFile(path: string): Finding {
  const pointer = POINTER + pointerOf([path]);
  return UNLISTED.has(path)
    ? error(
        "absent_file",
        pointer,
        `manifest.json lists ${path}, which it cannot.`,
        `Remove ${path} from it.`,
      )
    : error(
        "absent_file",
        pointer,
        `manifest.json lists ${path}, which is not in the bundle.`,
        "Add the file, or remove its line and sign the manifest anew.",
      );
}
