/**
 * One image of a template, found by its hash: for people who look at the template.
 */
import type { Database } from "../db/client.ts";
import { type ImagesFacts, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { parseJson } from "../json.ts";
import { openAsset } from "./packs.ts";
import { livingTemplate, templateNotFound } from "./show.ts";

/**
 * Finds the image among those that the template has now.
 * @returns a function that opens it
 * @throws ApiError template_not_found or image_not_found
 */
export async function findTemplateImage(db: Database, bucket: R2Bucket, id: number, sha256: string) {
  const [row] = await db.select({ images: templates.images }).from(templates).where(livingTemplate(id));
  if (row === undefined) throw templateNotFound(id);
  if (pathOfImage(parseJson(row.images), sha256) === undefined) throw imageNotFound(`Template ${id}`);
  return () => openAsset(bucket, sha256);
}

/** The path of an image with this hash; undefined if there is none. */
export function pathOfImage(images: ImagesFacts, sha256: string): string | undefined {
  return Object.keys(images).find((path) => images[path]?.sha256 === sha256);
}

/** @param owner such as `Pass 7` */
export function imageNotFound(owner: string): ApiError {
  return new ApiError("image_not_found", `${owner} has no image with this SHA-256, or no longer.`);
}
