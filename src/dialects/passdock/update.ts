/**
 * Writes an update: what the pass says, then whether it is redeemed. Passdock's API does both in one request.
 */
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import { changePass, type PassChange } from "../../passes/change.ts";
import type { PassRows } from "../../passes/content.ts";
import { loadOwnImages } from "../../passes/own-images.ts";
import { redeemPass, unredeemPass } from "../../passes/redeem.ts";
import type { Update } from "./input.ts";
import { passRows } from "./queries.ts";
import { withThumbnail } from "./thumbnail.ts";

/** How often an update is tried again when another request changed the images meanwhile. */
const ATTEMPTS = 3;

export async function updatePass(
  context: Context,
  rows: PassRows,
  { change, thumbnail, redeemed }: Update,
): Promise<void> {
  const { id } = rows.pass;
  if (thumbnail !== undefined) await putThumbnail(context, rows, thumbnail, change ?? {});
  else if (change !== undefined) await changePass(context, id, change);
  if (redeemed !== undefined) await setRedeemed(context, id, redeemed);
}

/** Adds the thumbnail to the pass's own images as they are at that moment, in one write with the rest of the update. */
async function putThumbnail(
  context: Context,
  rows: PassRows,
  thumbnail: Uint8Array,
  change: PassChange,
): Promise<void> {
  let { id, pack, images: facts } = rows.pass;
  for (let attempt = 1; ; attempt++) {
    const images = withThumbnail(await loadOwnImages(context.bucket, { pack, images: facts }), thumbnail);
    try {
      await changePass(context, id, { ...change, images, basedOnPack: pack });
      return;
    } catch (error) {
      const isRace = error instanceof ApiError && error.code === "concurrent_change";
      if (!isRace || attempt >= ATTEMPTS) throw error;
      ({ id, pack, images: facts } = (await passRows(context.db, rows.pass.templateId, id)).pass);
    }
  }
}

/** A pass that was redeemed before stays so, with its first time. @throws ApiError pass_not_found */
export async function setRedeemed(context: Context, id: number, redeemed: boolean): Promise<void> {
  if (redeemed) await redeemPass(context, id, null);
  else await unredeemPass(context, id, null);
}
