/**
 * Writes an update of a pass: first its content, then whether it is redeemed. Passdock's API does both in one request.
 */
import type { Context } from "../../context.ts";
import { ApiError } from "../../errors.ts";
import { changePass } from "../../passes/change.ts";
import type { PassChange } from "../../passes/change-statements.ts";
import type { PassRows } from "../../passes/content.ts";
import { loadOwnImages } from "../../passes/own-images.ts";
import type { Update } from "./input.ts";
import { findPass } from "./queries.ts";
import { setRedeemed } from "./redeem.ts";
import { replaceThumbnail } from "./thumbnail.ts";

/** How often an update is tried again if another request changes the images at the same time. */
const ATTEMPTS = 3;

/** @throws ApiError pass_not_found, changed_meanwhile, pass_voided, pass_expired, or an error for the new content */
export async function updatePass(
  context: Context,
  rows: PassRows,
  { change, thumbnail, redeemed }: Update,
): Promise<void> {
  const { id } = rows.pass;
  if (thumbnail !== undefined) await changeWithThumbnail(context, rows, thumbnail, change ?? {});
  else if (change !== undefined) await changePass(context, id, change);
  if (redeemed !== undefined) await setRedeemed(context, id, redeemed);
}

/** Adds the thumbnail to the pass's current images and writes it with the rest of the update, in one write. */
async function changeWithThumbnail(
  context: Context,
  rows: PassRows,
  thumbnail: Uint8Array,
  change: PassChange,
): Promise<void> {
  let { id, pack, images: facts } = rows.pass;
  for (let attempt = 1; ; attempt++) {
    const images = replaceThumbnail(await loadOwnImages(context.bucket, { pack, images: facts }), thumbnail);
    try {
      await changePass(context, id, { ...change, images, basedOnPack: pack });
      return;
    } catch (error) {
      const isRace = error instanceof ApiError && error.code === "changed_meanwhile";
      if (!isRace || attempt >= ATTEMPTS) throw error;
      ({ id, pack, images: facts } = (await findPass(context.db, rows.pass.templateId, id)).pass);
    }
  }
}
