/**
 * The files of a template: its images and strings, and the pack that is compiled from them. A change of images or strings
 * compiles a new pack from the change and the current files. The row is updated only if it still has the pack that was read
 * (templates.ts).
 */
import { connectionPool } from "../connections.ts";
import type { ImagesFacts, Strings } from "../db/schema.ts";
import { writeJson } from "../json.ts";
import type { FullImages } from "./densities.ts";
import { storeImages } from "./images.ts";
import { type Images, loadAsset, storePack } from "./packs.ts";

export interface Files {
  /** R2 key. */
  readonly pack: string;
  readonly images: ImagesFacts;
  readonly strings: Strings;
}

export interface ReplacedFiles extends Files {
  /** The pack in the row when the files were read. If the row has another pack now, the files must be read again. */
  readonly basedOn: string;
}

/** Stores the new files together with the unchanged ones. Returns the old pack if no file differs. */
export async function replaceFiles(
  bucket: R2Bucket,
  before: Files,
  change: { images?: FullImages | undefined; strings?: Strings | undefined },
): Promise<ReplacedFiles> {
  const images = change.images === undefined ? before.images : await storeImages(bucket, change.images);
  const strings = change.strings ?? before.strings;
  const basedOn = before.pack;
  const same = writeJson([images, strings]) === writeJson([before.images, before.strings]);
  if (same) return { basedOn, pack: basedOn, images, strings };
  const bytes = change.images?.files ?? (await loadImages(bucket, before.images));
  return { basedOn, pack: await storePack(bucket, bytes, strings), images, strings };
}

/** Deletes a new pack that no row refers to. */
export async function discardFiles(bucket: R2Bucket, files: ReplacedFiles | undefined): Promise<void> {
  if (files !== undefined && files.pack !== files.basedOn) await bucket.delete(files.pack);
}

async function loadImages(bucket: R2Bucket, facts: Files["images"]): Promise<Images> {
  const withConnection = connectionPool();
  const images = Object.entries(facts).map(([path, { sha256 }]) =>
    withConnection(async () => [path, await loadAsset(bucket, sha256)] as const),
  );
  return new Map(await Promise.all(images));
}
