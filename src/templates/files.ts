/**
 * The files of a template: its images and strings, and the pack that is compiled from them. A change of images or strings
 * compiles a new pack from the change and the current files. The row is updated only if it still has the pack that was read
 * (create.ts, change.ts). Which of the stored objects are used is in objects/uses.ts: if the write is refused, the hourly job deletes
 * what was stored for it.
 */
import type { SQL } from "drizzle-orm";
import { connectionPool } from "../connections.ts";
import type { Context } from "../context.ts";
import { type ImagesFacts, type Strings, templates } from "../db/schema.ts";
import { isGoogleImage, withoutGoogleImages } from "../google/images.ts";
import { writeJson } from "../json.ts";
import { declareUploads, ownerOf, type User } from "../objects/uses.ts";
import type { FullImages } from "./densities.ts";
import { type ImagesPatch, mergeImages, replacedBy } from "./image-slots.ts";
import {
  assetKeys,
  checkTemplateImages,
  describeImages,
  refuseManyBytes,
  storeImages,
  templateImages,
} from "./images.ts";
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
  /** Whether images or strings differ. If only images for Google differ, the pack is the same. */
  readonly isChanged: boolean;
}

export type Storage = Pick<Context, "db" | "bucket" | "now"> & {
  /** If true, nothing is declared and nothing is stored. Then no row may name the files. */
  readonly isDryRun?: boolean;
};

/** The R2 keys of a template's files. */
export function keysOf({ pack, images }: Pick<Files, "pack" | "images">): string[] {
  return [pack, ...assetKeys(images)];
}

/** Declares and stores the files of a new template. */
export async function storeFiles(storage: Storage, full: FullImages, strings: Strings): Promise<Files> {
  const { files } = full;
  return store(storage, { added: files, images: await describeImages(full), bytes: files, strings });
}

/** The images of a template after a change. */
export interface MergedImages {
  readonly full: FullImages;
  readonly facts: ImagesFacts;
  /** Whether an image must be stored. The others are in R2, because the template has them. */
  readonly isNew: (path: string) => boolean;
}

/**
 * Loads the images that stay, merges the change into them by slot, and derives missing densities as for a new template.
 * @param patch null removes all images
 * @throws ApiError invalid_image or missing_icon
 */
export async function mergeStoredImages(
  { bucket }: Pick<Context, "bucket">,
  before: ImagesFacts,
  patch: ImagesPatch | null,
): Promise<MergedImages> {
  const isReplaced = patch === null ? () => true : replacedBy(patch);
  const added = mergeImages(new Map(), patch);
  checkTemplateImages(added);
  const kept = Object.entries(before).filter(
    ([path, { derivedFrom }]) => derivedFrom === undefined && !isReplaced(path),
  );
  // Checked before the others are loaded, because too many of them would not fit into memory.
  refuseManyBytes(kept.reduce((sum, [, { bytes }]) => sum + bytes, 0) + bytesOf(added));
  const full = templateImages(mergeImages(await loadImages(bucket, Object.fromEntries(kept)), patch));
  const facts = await describeImages(full);
  const stored = new Set(Object.values(before).map(({ sha256 }) => sha256));
  return { full, facts, isNew: (path) => isReplaced(path) || !stored.has(facts[path]?.sha256 ?? "") };
}

function bytesOf(images: Images): number {
  return [...images.values()].reduce((sum, image) => sum + image.length, 0);
}

/**
 * Stores the new files together with the unchanged ones. Stores nothing, and returns the old pack, if no file differs. If
 * only images for Google differ, the pack stays too, because iPhones do not show them.
 */
export async function replaceFiles(
  storage: Storage,
  before: Files,
  change: { images: MergedImages | undefined; strings: Strings },
): Promise<ReplacedFiles> {
  const { strings } = change;
  const images = change.images?.facts ?? before.images;
  const basedOn = before.pack;
  const same = writeJson([images, strings]) === writeJson([before.images, before.strings]);
  if (same) return { basedOn, pack: basedOn, images, strings, isChanged: false };
  const samePack =
    writeJson([withoutGoogleImages(images), strings]) ===
    writeJson([withoutGoogleImages(before.images), before.strings]);
  const bytes = change.images?.full.files ?? (await loadImages(storage.bucket, before.images));
  const added = new Map([...bytes].filter(([path]) => change.images?.isNew(path)));
  const files = { added, images, bytes, strings, pack: samePack ? basedOn : undefined };
  return { basedOn, isChanged: true, ...(await store(storage, files)) };
}

interface NewFiles {
  /** The images that are not stored yet. */
  readonly added: Images;
  readonly images: ImagesFacts;
  /** All images. */
  readonly bytes: Images;
  readonly strings: Strings;
  /** The pack, if it exists already. */
  readonly pack?: string | undefined;
}

/** Declares and stores the files, unless it is a dry run. */
async function store({ db, bucket, now, isDryRun = false }: Storage, files: NewFiles): Promise<Files> {
  const { added, images, bytes, strings } = files;
  const pack = files.pack ?? newPackKey();
  if (isDryRun) return { pack, images, strings };
  const addedFacts = Object.fromEntries(Object.entries(images).filter(([path]) => added.has(path)));
  const isNewPack = files.pack === undefined;
  await declareUploads(db, [...(isNewPack ? [pack] : []), ...assetKeys(addedFacts)], now);
  await storeImages(bucket, added, addedFacts);
  if (isNewPack) await storePack(bucket, pack, new Map(ofApple(bytes)), strings);
  return { pack, images, strings };
}

/** The images for iPhones: those that are not for Google. */
function ofApple(images: Images) {
  return [...images].filter(([path]) => !isGoogleImage(path));
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
