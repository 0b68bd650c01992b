/**
 * Changes of a pass whose new images depend on its current ones. The current images are read first, and the change is only
 * written if the pass still has them. Otherwise it is computed again.
 */
import type { Context } from "../context.ts";
import type { Database } from "../db/client.ts";
import type { DemandedRevisions } from "../db/revisions.ts";
import { passes } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { type ImagesPatch, mergeImages } from "../templates/image-slots.ts";
import type { Images } from "../templates/packs.ts";
import type { PassChange } from "./change-statements.ts";
import { loadOwnImages, type OwnImages } from "./own-images.ts";
import { livingPass, passNotFound } from "./show.ts";

/** How often a change is tried if other requests change the images at the same time. */
const ATTEMPTS = 3;

/** `changePass`, or the dry run of a change. */
type Execute<Result> = (
  context: Context,
  id: number,
  change: PassChange,
  demanded?: DemandedRevisions,
) => Promise<Result>;

/**
 * Changes a pass, and merges its images by slot.
 * @param patch undefined changes no image, and null removes all
 * @throws ApiError as changePass
 */
export function mergingImages<Result>(
  execute: Execute<Result>,
  context: Context,
  id: number,
  change: PassChange,
  patch: ImagesPatch | null | undefined,
  demanded?: DemandedRevisions,
): Promise<Result> {
  if (patch === undefined || patch?.size === 0) return execute(context, id, change, demanded);
  if (patch === null) return execute(context, id, { ...change, images: new Map() }, demanded);
  return editingImages(execute, context, id, change, (own) => mergeImages(own, patch), { demanded });
}

/**
 * Changes a pass, and computes its images from the current ones.
 * @param edit gets the images as they were sent, without derived densities, and returns all images after the change
 * @param known the current images, if they have been read
 * @throws ApiError as changePass
 */
export async function editingImages<Result>(
  execute: Execute<Result>,
  context: Context,
  id: number,
  change: PassChange,
  edit: (own: Images) => Images,
  { demanded, known }: { readonly demanded?: DemandedRevisions; readonly known?: OwnImages } = {},
): Promise<Result> {
  let own = known ?? (await findOwnImages(context.db, id));
  for (let attempt = 1; ; attempt++) {
    const images = edit(await loadOwnImages(context.bucket, own));
    try {
      return await execute(context, id, { ...change, images, basedOnPack: own.pack }, demanded);
    } catch (error) {
      const isRace = error instanceof ApiError && error.code === "changed_meanwhile";
      if (!isRace || attempt >= ATTEMPTS) throw error;
      own = await findOwnImages(context.db, id);
    }
  }
}

async function findOwnImages(db: Database, id: number): Promise<OwnImages> {
  const [row] = await db
    .select({ pack: passes.pack, images: passes.images })
    .from(passes)
    .where(livingPass(id));
  if (row === undefined) throw passNotFound(id);
  return row;
}
