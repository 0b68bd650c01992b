/**
 * What phones get of a pass, to be shown to people: pass.json of all layers without the keys that identify it, the
 * translations, and the images.
 */

import { eq } from "drizzle-orm";
import { bodyOf } from "../bytes.ts";
import { effectiveTag } from "../changes/effective.ts";
import type { Database } from "../db/client.ts";
import { joinedColumns } from "../db/joined-columns.ts";
import { events, type ImagesFacts, passes, type Strings, templates } from "../db/schema.ts";
import { withoutGoogleImages } from "../google/images.ts";
import { parseJson } from "../json.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { type OfferedWallets, offeredWallets } from "../templates/offered-wallets.ts";
import { loadPack, openAsset } from "../templates/packs.ts";
import { imageNotFound, pathOfImage } from "../templates/stored-image.ts";
import { toPassJson } from "./content.ts";
import { overlayImages } from "./own-images.ts";
import { livingPass, passNotFound } from "./show.ts";

export interface ShownContent {
  readonly passId: number;
  readonly templateId: number;
  /** Without serialNumber, authenticationToken, webServiceURL, passTypeIdentifier, teamIdentifier and formatVersion. */
  readonly pass: TemplatePass;
  readonly images: ImagesFacts;
  readonly strings: Strings;
  /** In which Wallets it is offered. */
  readonly wallets: OfferedWallets;
}

/** @throws ApiError pass_not_found */
export async function showContent(
  db: Database,
  id: number,
): Promise<{ readonly tag: number; readonly content: ShownContent }> {
  const [row] = await db
    .select({
      ...{ pass: passes, template: templates, event: joinedColumns(events, "id") },
      ...{ tag: effectiveTag, wallets: offeredWallets },
    })
    .from(passes)
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .leftJoin(events, eq(events.id, passes.eventId))
    .where(livingPass(id));
  if (row === undefined) throw passNotFound(id);
  const { pass, template, tag } = row;
  const content = {
    passId: pass.id,
    templateId: template.id,
    pass: toPassJson(row),
    images: overlayImages(withoutGoogleImages(parseJson(template.images)), parseJson(pass.images)),
    strings: parseJson(template.strings),
    wallets: row.wallets ?? "both",
  };
  return { tag, content };
}

/**
 * Finds the image among those that phones get with the pass: its own, or its template's.
 * @returns a function that opens it
 * @throws ApiError pass_not_found or image_not_found
 */
export async function findPassImage(db: Database, bucket: R2Bucket, id: number, sha256: string) {
  const [row] = await db
    .select({ own: passes.images, pack: passes.pack, images: templates.images })
    .from(passes)
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .where(livingPass(id));
  if (row === undefined) throw passNotFound(id);
  const { pack } = row;
  const own = parseJson(row.own);
  const ownPath = pathOfImage(own, sha256);
  // Its own images are in its pack only.
  if (ownPath !== undefined && pack !== null) return () => openPackedImage(bucket, pack, ownPath);
  if (pathOfImage(overlayImages(parseJson(row.images), own), sha256) === undefined)
    throw imageNotFound(`Pass ${id}`);
  return () => openAsset(bucket, sha256);
}

async function openPackedImage(bucket: R2Bucket, key: string, path: string) {
  const { files } = await loadPack(bucket, key);
  const found = files.find((file) => file.path === path);
  if (found === undefined) throw new Error(`${key} has no ${path}`);
  return bodyOf(found.file.content);
}
