/**
 * What a chosen file is, as far as its first bytes say it, and the words that refuse a wrong one before it is sent. Pure.
 *
 * Follows RFC 7468 (labels of PEM), RFC 5280, RFC 2986, RFC 5958 and RFC 7292 (the first members of their structures in DER).
 */

import { parseJson } from "../../json.ts";
import { hasControlCharacter } from "../../pkpass/text/control-characters.ts";

const KINDS = {
  picture: "a picture",
  zip: "a ZIP archive",
  pdf: "a PDF",
  certificate: "a certificate",
  request: "a signing request",
  p12: "a certificate with its key (.p12)",
  key: "a private key",
  binaryKey: "a private key in binary form",
  publicKey: "a public key",
  json: "a JSON file",
  binary: "not a text file",
} as const;
export type FileKind = keyof typeof KINDS;

const SIGNATURES: readonly (readonly [kind: FileKind, bytes: readonly number[]])[] = [
  ["picture", [0x89, 0x50, 0x4e, 0x47]],
  ["picture", [0xff, 0xd8, 0xff]],
  ["picture", [0x47, 0x49, 0x46, 0x38]],
  ["picture", [0x52, 0x49, 0x46, 0x46]],
  ["zip", [0x50, 0x4b]],
  ["pdf", [0x25, 0x50, 0x44, 0x46]],
];

/** By the end of the label. */
const LABELS: readonly (readonly [label: string, kind: FileKind])[] = [
  ["PRIVATE KEY", "key"],
  ["PUBLIC KEY", "publicKey"],
  ["CERTIFICATE REQUEST", "request"],
  ["CERTIFICATE", "certificate"],
];

/** @returns undefined if it is a text of another kind */
export function kindOfFile(bytes: Uint8Array): FileKind | undefined {
  const [signed] = SIGNATURES.find(([, start]) => start.every((byte, at) => bytes[at] === byte)) ?? [];
  if (signed !== undefined) return signed;
  const text = new TextDecoder().decode(bytes);
  // With the certificate of a .pem file, there may also be its key: the certificate is what people took it for.
  const labels = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, label = ""]) => label);
  for (const label of labels) {
    const [, kind] = LABELS.find(([end]) => label.endsWith(end)) ?? [];
    if (kind !== undefined) return kind;
  }
  if (hasControlCharacter(text)) return kindOfDer(bytes) ?? "binary";
  return isJson(text) ? "json" : undefined;
}

/** A SEQUENCE, by its first member, and by the first member of that. */
function kindOfDer(bytes: Uint8Array): FileKind | undefined {
  if (bytes[0] !== 0x30) return undefined;
  const first = contentAt(bytes, 0);
  // A version: 3 in PKCS #12, and 0 or 1 in keys.
  if (bytes[first] === 0x02) return bytes[first + 2] === 3 ? "p12" : "binaryKey";
  if (bytes[first] !== 0x30) return undefined;
  const inner = contentAt(bytes, first);
  // A version as [0], or a serial number: then the certificate has version 1. A signing request begins with 0.
  if (bytes[inner] === 0xa0) return "certificate";
  if (bytes[inner] !== 0x02) return "binaryKey";
  return bytes[inner + 1] === 1 && bytes[inner + 2] === 0 ? "request" : "certificate";
}

/** Where the content of a DER value begins. */
function contentAt(bytes: Uint8Array, at: number): number {
  const length = bytes[at + 1] ?? 0;
  return at + 2 + (length < 0x80 ? 0 : length - 0x80);
}

function isJson(text: string): boolean {
  try {
    return typeof parseJson(text) === "object";
  } catch {
    return false;
  }
}

const KEY_FILES = {
  "apns-key": { takes: ["key"], cure: "Choose AuthKey_….p8, from Apple's portal → Keys." },
  // The service names which other key of Google it is.
  "service-account": {
    takes: ["json", "key"],
    cure: "Choose the JSON file of the service account, from the Google Cloud Console.",
  },
} as const satisfies Record<string, { readonly takes: readonly FileKind[]; readonly cure: string }>;

/** @returns null: it may be the file that is wanted, and the service looks at its text */
export function wrongKeyFile(name: string, bytes: Uint8Array, wanted: keyof typeof KEY_FILES): string | null {
  const kind = kindOfFile(bytes);
  const { takes, cure } = KEY_FILES[wanted];
  if (kind === undefined || takes.some((taken) => taken === kind)) return null;
  return `${name} is ${KINDS[kind]}. ${cure}`;
}

/** @returns null: it may be one */
export function wrongArchive(name: string, bytes: Uint8Array): string | null {
  const kind = kindOfFile(bytes.subarray(0, 4096));
  if (kind === "zip") return null;
  const wanted = "Choose a .pkpass file, or a template of Pass Designer as a .zip file.";
  if (kind === undefined || kind === "binary") return `${wanted} Both are ZIP archives, and ${name} is not.`;
  return `${wanted} ${name} is ${KINDS[kind]}.`;
}
