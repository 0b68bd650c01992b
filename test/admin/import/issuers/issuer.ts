/**
 * A .pkpass in the shape of a real issuer's, and what is expected of its import. Companies, people and codes are
 * invented.
 */
import { drawPng } from "../../../apple/png.ts";
import { bytesOf } from "../../../pkpass/archives.ts";
import type { Files, Packer } from "./packing.ts";
import type { Identity, Sign, SigningFault } from "./signing.ts";
import { compact, type Encoding, type Json, type JsonObject, stringsFile, type Writer } from "./writing.ts";

/** Pointer → the value after a change. */
export type Changes = Readonly<Record<string, Json>>;
/** Instead of a value: there is none after the change. */
export const GONE = "(gone)";

export interface IssuerFile {
  /** What is special about it: the title of its test. */
  readonly shape: string;
  /** pass.json as it is meant. */
  readonly pass: JsonObject & Identity;
  /** Default: compact. */
  readonly write?: Writer;
  /** Path → width and height in pixels. */
  readonly images: Readonly<Record<string, readonly [width: number, height: number]>>;
  /** Folder → text → translation. */
  readonly strings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The encoding of the strings. Default: utf-8. */
  readonly encoding?: Encoding;
  readonly personalization?: JsonObject;
  /** Other files. */
  readonly more?: Readonly<Record<string, string>>;
  readonly signing?: SigningFault;
  readonly pack: Packer;
  /** The errors that are found in archive, manifest and signature: code and pointer. Default: none. */
  readonly faults?: readonly string[];
  /** Pointer → what a finding there says. */
  readonly says?: Readonly<Record<string, RegExp>>;
  /** What the operator sends, besides the serial number, to issue the same pass again. */
  readonly again?: JsonObject;
  /** How that pass differs from the file. Each change is named by a finding of the import. */
  readonly changes?: Changes;
  /** The next pass of the template: what the operator sends, and how it differs from the pass that was issued again. */
  readonly next: { readonly body: JsonObject; readonly changes: Changes };
}

/** The members of pass.json that say whose pass it is. */
export function identity(name: string, serialNumber: string) {
  return {
    formatVersion: 1,
    passTypeIdentifier: `pass.com.example.${name}`,
    teamIdentifier: "ELSEWHERE1",
    serialNumber,
    webServiceURL: `https://${name}.example.com/wallet`,
    authenticationToken: `token-of-${name}-0123456789`,
  };
}

export function field(key: string, label: string, value: Json, more: JsonObject = {}): JsonObject {
  return { key, label, value, ...more };
}

/** The images and pass.strings of the file, and personalization.json: what a phone takes from it besides pass.json. */
export function contentsOf({ images, strings = {}, encoding = "utf-8", personalization }: IssuerFile): Files {
  const files: Record<string, Uint8Array> = {};
  for (const [path, [width, height]] of Object.entries(images))
    files[path] = drawPng(width, height, (x, y) => [path.length * 9, x % 256, y % 256, 255]);
  for (const [folder, texts] of Object.entries(strings))
    files[`${folder}.lproj/pass.strings`] = stringsFile(texts, encoding);
  if (personalization !== undefined) files["personalization.json"] = bytesOf(compact(personalization));
  return files;
}

/** The bytes of the .pkpass. */
export async function makeFile(issuer: IssuerFile, contents: Files, sign: Sign): Promise<Uint8Array> {
  const { pass, write = compact, more = {}, signing, pack } = issuer;
  const others = Object.entries(more).map(([path, text]) => [path, bytesOf(text)] as const);
  const files = { "pass.json": bytesOf(write(pass)), ...contents, ...Object.fromEntries(others) };
  if (signing === "none") return pack(files);
  const manifest = bytesOf(JSON.stringify(await hashesOf(files)));
  return pack({ ...files, "manifest.json": manifest, signature: await sign(manifest, pass, signing) });
}

async function hashesOf(files: Files): Promise<Record<string, string>> {
  const hashes = Object.entries(files).map(async ([path, content]) => {
    const hash = await crypto.subtle.digest("SHA-1", Uint8Array.from(content));
    return [path, new Uint8Array(hash).toHex()] as const;
  });
  return Object.fromEntries(await Promise.all(hashes));
}
