/**
 * Changes of a pass whose new images depend on its current ones. The current images are read first, and the change is only
 * written if the pass still has them. Otherwise it is computed again.
 */
import type { Context } from "../context.ts";
import type { Database } from "../db/client.ts";
import { retryOvertaken } from "../db/overtaken.ts";
import type { DemandedRevisions } from "../db/revisions.ts";
import { passes } from "../db/schema.ts";
import { type ImagesPatch, mergeImages } from "../templates/image-slots.ts";
import type { Images } from "../templates/packs.ts";
import type { PassChange } from "./change-statements.ts";
import { loadOwnImages, type OwnImages } from "./own-images.ts";
import { livingPass, passNotFound } from "./show.ts";

/** `changePass`, or the dry run of a change. */
type Execute<Result> = (
  context: Context,
  id: number,
  change: PassChange,
  demanded?: DemandedRevisions,
) => Promise<Result>;

/**
 * The same function, which also merges images by slot.
 * @param patch undefined changes no image, and null removes all
 */
export function mergingImages<Result>(
  execute: Execute<Result>,
  patch: ImagesPatch | null | undefined,
): Execute<Result> {
  if (patch === undefined || patch?.size === 0) return execute;
  if (patch === null)
    return (context, id, change, demanded) =>
      execute(context, id, { ...change, images: new Map() }, demanded);
  return editingImages(execute, (own) => mergeImages(own, patch));
}

/**
 * The same function, which also computes new images from the current ones.
 * @param edit gets the images as they were sent, without derived densities, and returns all images after the change
 * @param known the current images, if they have been read
 */
export function editingImages<Result>(
  execute: Execute<Result>,
  edit: (own: Images) => Images,
  known?: OwnImages,
): Execute<Result> {
  return (context, id, change, demanded) => {
    let read = known;
    return retryOvertaken(async () => {
      const own = read ?? (await findOwnImages(context.db, id));
      read = undefined; // if another write overtakes this one, they have changed
      const images = edit(await loadOwnImages(context.bucket, own));
      return execute(context, id, { ...change, images, basedOnPack: own.pack }, demanded);
    });
  };
}

async function findOwnImages(db: Database, id: number): Promise<OwnImages> {
  const [row] = await db
    .select({ pack: passes.pack, images: passes.images })
    .from(passes)
    .where(livingPass(id));
  if (row === undefined) throw passNotFound(id);
  return row;
}
