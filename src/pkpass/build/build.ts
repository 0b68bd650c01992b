/**
 * Builds a .pkpass: the files of a pack and the files of the pass itself (pass.json, manifest.json, signature, and
 * personalization.json as long as Wallet should show the sign-up form), in one ZIP.
 *
 * Pure: the same arguments give the same bytes (with a P-256 key, except for the signature).
 *
 * Follows Apple's "Building a Pass": the manifest lists the SHA-1 of every file, the signature covers the manifest.
 */
import type { ManifestSigner } from "./cms.ts";
import { type Pack, sha1 } from "./pack.ts";
import { centralBytes, END_BYTES, localBytes, writeCentral, writeEnd, writeLocal, zipEntry } from "./zip.ts";

const encoder = new TextEncoder();

/**
 * The version of the bytes that buildPass produces. Increment it when they change, because it is part of every ETag.
 */
export const RENDERER_VERSION = 3;

/**
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
): Promise<Uint8Array> {
  const personalizationLine =
    personalization === undefined ? "" : `,"personalization.json":"${await sha1(personalization)}"`;
  const manifest = encoder.encode(
    `{"pass.json":"${await sha1(passJson)}"${personalizationLine}${pack.manifest}}`,
  );
  const signature = await sign(manifest, signingTime);
  return writeArchive(pack, [
    zipEntry("pass.json", passJson),
    ...(personalization === undefined ? [] : [zipEntry("personalization.json", personalization)]),
    zipEntry("manifest.json", manifest),
    zipEntry("signature", signature),
  ]);
}

/** Appends the entries of the pass to those of the pack. */
function writeArchive(pack: Pack, own: ReturnType<typeof zipEntry>[]): Uint8Array {
  let length = pack.locals.length + pack.centrals.length + END_BYTES;
  for (const entry of own) length += localBytes(entry) + centralBytes(entry);
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);

  out.set(pack.locals);
  let offset = pack.locals.length;
  const starts = own.map((entry) => {
    const start = offset;
    offset = writeLocal(out, view, offset, entry);
    return { entry, start };
  });

  const directoryAt = offset;
  out.set(pack.centrals, offset);
  offset += pack.centrals.length;
  for (const { entry, start } of starts) offset = writeCentral(out, view, offset, entry, start);
  writeEnd(view, offset, {
    count: pack.count + own.length,
    bytes: offset - directoryAt,
    offset: directoryAt,
  });
  return out;
}
