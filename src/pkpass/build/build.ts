/**
 * A .pkpass: a pack, and the files that each pass has of its own (pass.json, manifest.json, signature, and
 * personalization.json while Wallet is to ask its holder), as one ZIP. Pure: the same arguments give the same bytes (with a P-256 key, all but the signature).
 *
 * Follows Apple's "Building a Pass": the manifest lists the SHA-1 of every file, the signature covers the manifest.
 */
import type { ManifestSigner } from "./cms.ts";
import { type Pack, sha1 } from "./pack.ts";
import { centralBytes, END_BYTES, localBytes, writeCentral, writeEnd, writeLocal, zipEntry } from "./zip.ts";

const encoder = new TextEncoder();

/** Names what buildPass does: raise it when the bytes that it makes change, and every ETag changes with it. */
export const RENDERER_VERSION = 2;

/**
 * @param passJson the bytes of pass.json
 * @param signingTime milliseconds
 * @param personalization the bytes of personalization.json, if it is to be there
 */
export async function buildPass(
  pack: Pack,
  passJson: Uint8Array,
  sign: ManifestSigner,
  signingTime: number,
  personalization?: Uint8Array,
): Promise<Uint8Array> {
  const asked =
    personalization === undefined ? "" : `,"personalization.json":"${await sha1(personalization)}"`;
  const manifest = encoder.encode(`{"pass.json":"${await sha1(passJson)}"${asked}${pack.manifest}}`);
  const signature = await sign(manifest, signingTime);
  return zip(pack, [
    zipEntry("pass.json", passJson),
    ...(personalization === undefined ? [] : [zipEntry("personalization.json", personalization)]),
    zipEntry("manifest.json", manifest),
    zipEntry("signature", signature),
  ]);
}

function zip(pack: Pack, own: ReturnType<typeof zipEntry>[]): Uint8Array {
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
