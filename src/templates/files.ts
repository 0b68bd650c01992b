/**
 * The files of a template: its images and strings, and the pack that is compiled from them. A change of images or strings
 * compiles a new pack from the change and the current files. The row is updated only if it still has the pack that was read
 * (templates.ts). Which of the stored objects are used is in objects/uses.ts: if the write is refused, the hourly job deletes
 * what was stored for it.
 */
import type { SQL } from "drizzle-orm";
import { connectionPool } from "../connections.ts";
import type { Context } from "../context.ts";
import { type ImagesFacts, type Strings, templates } from "../db/schema.ts";
import { writeJson } from "../json.ts";
import { declareUploads, ownerOf, type User } from "../objects/uses.ts";
import type { FullImages } from "./densities.ts";
import { assetKeys, describeImages, storeImages } from "./images.ts";
import { type Images, loadAsset, newPackKey, storePack } from "./packs.ts";

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

type Storage = Pick<Context, "db" | "bucket" | "now"> & {
  /** Whether nothing is declared and nothing is stored. Then no row may name the files. */
  readonly isDryRun?: boolean;
};

/** The R2 keys of a template's files. */
export function keysOf({ pack, images }: Pick<Files, "pack" | "images">): string[] {
  return [pack, ...assetKeys(images)];
}

/** Declares and stores the files of a new template. */
export async function storeFiles(storage: Storage, images: FullImages, strings: Strings): Promise<Files> {
  return store(storage, { images, facts: await describeImages(images) }, images.files, strings);
}

/** Stores the new files together with the unchanged ones. Stores nothing, and returns the old pack, if no file differs. */
export async function replaceFiles(
  storage: Storage,
  before: Files,
  change: { images?: FullImages | undefined; strings?: Strings | undefined },
): Promise<ReplacedFiles> {
  const images = change.images === undefined ? before.images : await describeImages(change.images);
  const strings = change.strings ?? before.strings;
  const basedOn = before.pack;
  const same = writeJson([images, strings]) === writeJson([before.images, before.strings]);
  if (same) return { basedOn, pack: basedOn, images, strings };
  const bytes = change.images?.files ?? (await loadImages(storage.bucket, before.images));
  return { basedOn, ...(await store(storage, { images: change.images, facts: images }, bytes, strings)) };
}

/** @param images undefined if they are stored already */
async function store(
  { db, bucket, now, isDryRun = false }: Storage,
  { images, facts }: { images: FullImages | undefined; facts: ImagesFacts },
  bytes: Images,
  strings: Strings,
): Promise<Files> {
  const pack = newPackKey();
  if (isDryRun) return { pack, images: facts, strings };
  await declareUploads(db, images === undefined ? [pack] : [pack, ...assetKeys(facts)], now);
  if (images !== undefined) await storeImages(bucket, images, facts);
  await storePack(bucket, pack, bytes, strings);
  return { pack, images: facts, strings };
}

async function loadImages(bucket: R2Bucket, facts: Files["images"]): Promise<Images> {
  const withConnection = connectionPool();
  const images = Object.entries(facts).map(([path, { sha256 }]) =>
    withConnection(async () => [path, await loadAsset(bucket, sha256)] as const),
  );
  return new Map(await Promise.all(images));
}

/** @param where finds the template by its own columns */
export function userOfFiles(where: SQL | undefined): User {
  return { owner: ownerOf("template", templates.id), from: templates, where };
}
