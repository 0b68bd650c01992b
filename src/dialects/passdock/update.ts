/**
 * Writes an update of a pass: first its content, then whether it is redeemed. Passdock's API does both in one request.
 */
import type { Context } from "../../context.ts";
import { changePass } from "../../passes/change.ts";
import { editingImages } from "../../passes/change-images.ts";
import type { PassRows } from "../../passes/content.ts";
import type { Images } from "../../templates/packs.ts";
import type { Update } from "./input.ts";
import { setRedeemed } from "./redeem.ts";
import { replaceThumbnail } from "./thumbnail.ts";

/** @throws ApiError pass_not_found, changed_meanwhile, pass_voided, pass_expired, or an error for the new content */
export async function updatePass(
  context: Context,
  rows: PassRows,
  { change, thumbnail, redeemed }: Update,
): Promise<void> {
  const { id } = rows.pass;
  if (thumbnail !== undefined) {
    const edit = (images: Images) => replaceThumbnail(images, thumbnail);
    await editingImages(changePass, edit, rows.pass)(context, id, change ?? {});
  } else if (change !== undefined) await changePass(context, id, change);
  if (redeemed !== undefined) await setRedeemed(context, id, redeemed);
}
