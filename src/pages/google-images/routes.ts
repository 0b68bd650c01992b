/**
 * The images of cards in Google Wallet, mounted at `/`. They are public, because Google's servers send no key.
 */
import { Hono } from "hono";
import { bodyOf } from "../../bytes.ts";
import { ApiError } from "../../errors.ts";
import type { AppEnv } from "../../http/context.ts";
import { findOwnHero, isOwnImageSecret } from "../../passes/google-image.ts";
import { loadOwnImage } from "../../passes/own-images.ts";
import { isShownByGoogle } from "../../templates/google-images.ts";
import { openAsset } from "../../templates/packs.ts";
import { KEPT_FOR_A_DAY, KEPT_FOR_EVERYBODY } from "../headers.ts";

const PNG = { "Content-Type": "image/png" };

export const googleImagesRoutes = new Hono<AppEnv>();

/** An image of a template. Another image has another address. */
googleImagesRoutes.get("/g/:file{[0-9a-f]{64}\\.png}", async (c) => {
  const sha256 = hashIn(c.req.param("file"));
  const { db, bucket } = c.var.context;
  if (!(await isShownByGoogle(db, sha256))) throw noSuchImage();
  const headers = { ...PNG, "Cache-Control": KEPT_FOR_EVERYBODY };
  return new Response(await openAsset(bucket, sha256), { headers });
});

/** An image of a single pass, at an address that ends with the pass. A forged secret costs no query. */
googleImagesRoutes.get("/g/:id{\\d{1,15}}/:secret/:file{[0-9a-f]{64}\\.png}", async (c) => {
  const { id, secret, file } = c.req.param();
  const sha256 = hashIn(file);
  const { db, bucket, config } = c.var.context;
  const isMade = await isOwnImageSecret(config.secrets, secret, Number(id), sha256);
  const found = isMade ? await findOwnHero(db, Number(id), sha256) : undefined;
  if (found === undefined) throw noSuchImage();
  const image = await loadOwnImage(bucket, found, found.path);
  return new Response(bodyOf([image]), { headers: { ...PNG, "Cache-Control": KEPT_FOR_A_DAY } });
});

function hashIn(file: string): string {
  return file.slice(0, -".png".length);
}

function noSuchImage(): ApiError {
  return new ApiError("route_not_found", "There is no such image, or no longer.");
}
