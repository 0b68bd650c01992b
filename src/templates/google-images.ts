/**
 * The images of templates that Google may load: those that a class or an object names (google/images.ts), if the template
 * has a `google` part or the deployment has an issuer. All other images stay private.
 *
 * The uses of objects in R2 say which templates have an image, so no table is scanned.
 */
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { googleIssuers, objectUses, templates } from "../db/schema.ts";
import { GOOGLE_IMAGES, imagePathFor } from "../google/images.ts";
import { DEFAULT_LANGUAGE } from "../google/localized.ts";
import { parseJson } from "../json.ts";
import { googleOfRow } from "./google-rule.ts";
import { assetKey } from "./packs.ts";

/** Copies of a template share its images. At most this many templates are checked. */
const MAX_OWNERS = 20;

/** Whether Google may load the image with this hash. One round trip. */
export async function isShownByGoogle(db: Database, sha256: string): Promise<boolean> {
  const owner = "template:";
  const id = sql`CAST(substr(${objectUses.owner}, ${owner.length + 1}) AS INTEGER)`;
  const rows = await db
    .select({
      images: templates.images,
      google: templates.google,
      hasIssuer: sql<number>`EXISTS (SELECT 1 FROM ${googleIssuers})`,
    })
    .from(objectUses)
    .innerJoin(templates, eq(templates.id, id))
    .where(
      and(
        eq(objectUses.key, assetKey(sha256)),
        sql`${objectUses.owner} >= ${owner} AND ${objectUses.owner} < ${"template;"}`,
        isNull(templates.deletedAt),
      ),
    )
    .limit(MAX_OWNERS);
  return rows.some(({ images, google: part, hasIssuer }) => {
    const google = googleOfRow({ google: part });
    if (google === null && hasIssuer === 0) return false;
    const stored = parseJson(images);
    const language = google?.language ?? DEFAULT_LANGUAGE;
    const slots = Object.keys(GOOGLE_IMAGES) as (keyof typeof GOOGLE_IMAGES)[];
    const paths = slots.map((slot) => imagePathFor(slot, stored, language));
    return paths.some((path) => path !== undefined && stored[path]?.sha256 === sha256);
  });
}

/** The path of the public address. */
export function googleImagePath(sha256: string): string {
  return `/g/${sha256}.png`;
}
