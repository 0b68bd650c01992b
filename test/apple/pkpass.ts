/**
 * Checks a whole .pkpass as Wallet does before it shows the pass: archive, manifest, signature, pass.json, images,
 * strings. It shares no code with src/, so that a mistake there cannot be hidden here. Every test that gets a bundle
 * calls it.
 *
 * Follows Apple's "Building a Pass" and "Creating the Source for a Pass"; the parts cite their own specifications.
 */
import { demand, hex, readJsonObject } from "./iphone-invalid-pass.ts";
import { checkPassJson } from "./iphone-pass-json.ts";
import { verifySignature } from "./iphone-signature.ts";
import { parseStrings } from "./iphone-strings.ts";
import { openArchive } from "./iphone-zip.ts";

export { InvalidPass } from "./iphone-invalid-pass.ts";

export interface CheckPassOptions {
  /** The root to trust: PEM text or DER bytes. */
  rootPem: string | Uint8Array;
  /** The time at which every certificate has to be valid. Default: now. */
  at?: Date;
  /** The expected identity of the pass, if it is known. */
  passTypeIdentifier?: string;
  serialNumber?: string;
}

export interface CheckedPass {
  /** pass.json, parsed. */
  pass: Record<string, unknown>;
  /** Every file of the bundle by its path. */
  files: Record<string, Uint8Array>;
  /** SHA-1 of manifest.json in hex, which a device compares to find out whether a pass changed. */
  manifestHash: string;
  /** By language (`en`, `pt-BR`): text of pass.json → its translation. */
  strings: Record<string, Record<string, string>>;
  signingTime: Date;
  signatureAlgorithm: "RSA" | "ECDSA";
}

const PNG_MAGIC = "89504e470d0a1a0a";
const STRINGS_PATH = /^([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.lproj\/pass\.strings$/;

/**
 * Verifies the bundle and returns its content.
 * @throws InvalidPass with Wallet's objection as its message
 */
export async function checkPass(bytes: Uint8Array, options: CheckPassOptions): Promise<CheckedPass> {
  const files = openArchive(bytes);
  const { "manifest.json": manifest, signature, "pass.json": passJson } = files;
  demand(passJson, "pass.json is missing");
  demand(manifest, "manifest.json is missing");
  demand(signature, "Signature is missing");
  await checkManifest(manifest, files);

  const { rootPem, at = new Date() } = options;
  const signed = await verifySignature(signature, manifest, rootPem, at);
  const pass = readJsonObject(passJson, "pass.json");
  checkPassJson(pass);
  demandSame(
    "passTypeIdentifier",
    pass.passTypeIdentifier,
    "the UID of the certificate",
    signed.passTypeIdentifier,
  );
  demandSame("teamIdentifier", pass.teamIdentifier, "the OU of the certificate", signed.teamIdentifier);
  const { passTypeIdentifier = pass.passTypeIdentifier, serialNumber = pass.serialNumber } = options;
  demandSame("passTypeIdentifier", pass.passTypeIdentifier, "the one asked for", passTypeIdentifier);
  demandSame("serialNumber", pass.serialNumber, "the one asked for", serialNumber);

  const { signingTime, signatureAlgorithm } = signed;
  const manifestHash = await sha1(manifest);
  return { pass, files, manifestHash, strings: checkContents(files), signingTime, signatureAlgorithm };
}

/** The manifest lists every file except itself and the signature, each with its SHA-1, and nothing else. */
async function checkManifest(manifest: Uint8Array, files: Record<string, Uint8Array>): Promise<void> {
  const hashes = readJsonObject(manifest, "manifest.json");
  for (const [path, hash] of Object.entries(hashes)) {
    demand(path !== "manifest.json" && path !== "signature", `manifest.json names ${path}`);
    const file = files[path];
    demand(file, `manifest.json names ${path}, which is not in the bundle`);
    demand(
      typeof hash === "string" && /^[0-9a-f]{40}$/.test(hash),
      `manifest.json: ${path} has no SHA-1 in lower-case hex`,
    );
    demand((await sha1(file)) === hash, `${path} is not the file whose hash is in manifest.json`);
  }
  for (const path of Object.keys(files)) {
    demand(
      Object.hasOwn(hashes, path) || path === "manifest.json" || path === "signature",
      `${path} is not named in manifest.json`,
    );
  }
}

/** Checks images and strings, and returns the strings by language. */
function checkContents(files: Record<string, Uint8Array>): Record<string, Record<string, string>> {
  demand(files["icon.png"], "icon.png is missing");
  const strings: Record<string, Record<string, string>> = {};
  for (const [path, content] of Object.entries(files)) {
    if (path.endsWith(".png")) demand(hex(content.subarray(0, 8)) === PNG_MAGIC, `${path} is not a PNG`);
    if (!path.endsWith("pass.strings")) continue;
    const language = STRINGS_PATH.exec(path)?.[1];
    demand(language, `${path} is not in a folder of a language, like en.lproj/pass.strings`);
    strings[language] = parseStrings(content, path);
  }
  return strings;
}

function demandSame(name: string, value: unknown, expectedFrom: string, expected: unknown): void {
  demand(
    value === expected,
    `${name} of pass.json is "${String(value)}", ${expectedFrom} is "${String(expected)}"`,
  );
}

async function sha1(bytes: Uint8Array): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-1", Uint8Array.from(bytes))));
}
