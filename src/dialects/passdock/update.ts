/**
 * Carries an update out: what the pass says, then whether it is redeemed. Passdock's API does both in one request.
 */
import type { RecordedChange } from "../../changes/log.ts";
import { ApiError } from "../../errors.ts";
import { changePass, type PassChange, redeemPass, unredeemPass } from "../../passes/change.ts";
import type { PassRows } from "../../passes/content.ts";
import type { Parts } from "../../passes/issue.ts";
import { loadOwnImages } from "../../passes/own-images.ts";
import { passRows } from "../../passes/rows.ts";
import type { Update } from "./input.ts";
import { withThumbnail } from "./thumbnail.ts";

/** How often an update starts anew when another one changed the images in between. */
const ATTEMPTS = 3;

/** @param told is handed each change as soon as it is made */
export async function updatePass(
  parts: Parts,
  rows: PassRows,
  { change, thumbnail, redeemed }: Update,
  actor: string,
  now: number,
  told: (change: RecordedChange | undefined) => void,
): Promise<void> {
  const { id } = rows.pass;
  if (thumbnail !== undefined) told(await putThumbnail(parts, rows, thumbnail, change ?? {}, actor, now));
  else if (change !== undefined) told((await changePass(parts, id, change, actor, now)).change);
  if (redeemed !== undefined) told(await setRedeemed(parts, id, redeemed, actor, now));
}

/** The thumbnail goes among the pass's own images as they are at that moment, and the rest of the update with it. */
async function putThumbnail(
  parts: Parts,
  rows: PassRows,
  thumbnail: Uint8Array,
  change: PassChange,
  actor: string,
  now: number,
): Promise<RecordedChange | undefined> {
  let { id, pack, images: facts } = rows.pass;
  for (let attempt = 1; ; attempt++) {
    const images = withThumbnail(await loadOwnImages(parts.bucket, { pack, images: facts }), thumbnail);
    try {
      return (await changePass(parts, id, { ...change, images, basedOnPack: pack }, actor, now)).change;
    } catch (error) {
      const again = error instanceof ApiError && error.code === "changed_meanwhile" && attempt < ATTEMPTS;
      if (!again) throw error;
      ({ id, pack, images: facts } = (await passRows(parts.db, rows.pass.templateId, id)).pass);
    }
  }
}

/** A pass that was redeemed before stays so, with its first time. @throws ApiError pass_not_found */
export async function setRedeemed(
  { db, config: { publicOrigin } }: Parts,
  id: number,
  redeemed: boolean,
  actor: string,
  now: number,
): Promise<RecordedChange | undefined> {
  const done = redeemed
    ? await redeemPass(db, publicOrigin, id, null, actor, now)
    : await unredeemPass(db, publicOrigin, id, null, actor, now);
  return done.change;
}
