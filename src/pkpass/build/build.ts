/**
 * Builds a .pkpass: the files of a pack and the files of the pass itself (pass.json, manifest.json, signature, and
 * personalization.json as long as Wallet should show the sign-up form), in one ZIP.
 *
 * Pure: the same arguments give the same bytes (with a P-256 key, except for the signature).
 *
 * Follows Apple's "Building a Pass": the manifest lists the SHA-1 of every file, the signature covers the manifest.
 */
import { lengthOf, type Pieces } from "../../bytes.ts";
import type { ManifestSigner } from "./cms.ts";
import { type Pack, SHA1_CHARACTERS, sha1 } from "./pack.ts";
import {
  centralBytes,
  END_BYTES,
  entryBytes,
  localBytes,
  localRecord,
  writeCentral,
  writeEnd,
  zipFile,
} from "./zip.ts";

const encoder = new TextEncoder();

/**
 * The version of the bytes that buildPass produces. Increment it when they change, because it is part of every ETag, and
 * because the length of a bundle is computed (bytesOfPass) even if its passes were built and stored by an earlier release.
 */
export const RENDERER_VERSION = 4;

/**
 * The .pkpass in pieces. Those of the pack are views of it, so that passes of one template share them.
 * @param passJson the bytes of pass.json
 * @param signingTime milliseconds
 * @param personalization the bytes of personalization.json, if the pass has one
 */
export async function buildPass(
  pack: Pack,
  passJson: Uint8Array,
  sign: ManifestSigner,
  signingTime: number,
  personalization?: Uint8Array,
): Promise<Pieces> {
  const digest = personalization === undefined ? undefined : await sha1(personalization);
  const manifest = encoder.encode(writeManifest(await sha1(passJson), digest, pack.manifest));
  const signature = await sign(manifest, signingTime);
  return writeArchive(pack, [
    zipFile("pass.json", [passJson]),
    ...(personalization === undefined ? [] : [zipFile("personalization.json", [personalization])]),
    zipFile("manifest.json", [manifest]),
    zipFile("signature", [signature]),
  ]);
}

/** The lengths of what a pass is built from, in bytes. */
export interface PartLengths {
  /** What its pack adds: bytesOfPack (pack.ts). */
  readonly pack: number;
  readonly passJson: number;
  readonly personalization: number | undefined;
  readonly signature: number;
}

/** The length of what buildPass builds from such parts. */
export function bytesOfPass({ pack, passJson, personalization, signature }: PartLengths): number {
  const digest = "0".repeat(SHA1_CHARACTERS);
  const manifest = writeManifest(digest, personalization === undefined ? undefined : digest, "");
  return (
    pack +
    entryBytes("pass.json", passJson) +
    (personalization === undefined ? 0 : entryBytes("personalization.json", personalization)) +
    entryBytes("manifest.json", manifest.length) +
    entryBytes("signature", signature) +
    END_BYTES
  );
}

function writeManifest(pass: string, personalization: string | undefined, packLines: string): string {
  const line = personalization === undefined ? "" : `,"personalization.json":"${personalization}"`;
  return `{"pass.json":"${pass}"${line}${packLines}}`;
}

/** Appends the entries of the pass to those of the pack. */
function writeArchive(pack: Pack, own: ReturnType<typeof zipFile>[]): Pieces {
  const tail = new Uint8Array(own.reduce((sum, entry) => sum + centralBytes(entry), END_BYTES));
  const view = new DataView(tail.buffer);
  let local = lengthOf(pack.locals);
  let central = 0;
  for (const entry of own) {
    central = writeCentral(tail, view, central, entry, local);
    local += localBytes(entry);
  }
  writeEnd(view, central, {
    count: pack.files.length + own.length,
    bytes: pack.centrals.length + central,
    offset: local,
  });
  return [...pack.locals, ...own.flatMap(localRecord), pack.centrals, tail];
}
