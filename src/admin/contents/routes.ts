/**
 * Routes that show content: what phones get of a pass, and the images of passes and templates.
 */
import { Hono } from "hono";
import { conditionsOf, matchesEtag } from "../../http/conditions.ts";
import type { AppEnv } from "../../http/context.ts";
import { imageResponse } from "../../http/image-response.ts";
import { findPassImage, showContent } from "../../passes/shown-content.ts";
import { RENDERER_VERSION } from "../../pkpass/build/build.ts";
import { findTemplateImage } from "../../templates/stored-image.ts";
import { notModified, operation, takesPath } from "../openapi/operation.ts";
import { idPath } from "../openapi/parameters.ts";
import * as schemas from "./schemas.ts";

const image = {
  200: { description: "The image", type: "image/png" },
  304: { description: "The client has the image" },
};
const KEPT = "The content at an address never changes, so browsers cache it.";

export const contentsRoutes = new Hono<AppEnv>()
  .get(
    "/passes/:id/content",
    operation({
      id: "showPassContent",
      role: "reader",
      summary: "Show what phones get of a pass",
      description:
        "pass.json of all layers, the translations, and facts about the images. Nothing of it lets anyone add the pass to a phone. " +
        "The answer has an ETag, for If-None-Match. It is not the ETag of the pass.",
      tag: "Passes",
      success: { 200: { description: "The content", schema: schemas.passContent }, 304: notModified },
      refusals: ["pass_not_found"],
    }),
    takesPath(idPath),
    async (c) => {
      const { tag, content } = await showContent(c.var.context.db, c.req.valid("param").id);
      // Every change of the pass, its template or its event gives it another tag, except a change of the offered Wallets.
      const etag = `"content-${RENDERER_VERSION}-${tag}-${content.wallets}"`;
      c.header("ETag", etag);
      const { ifNoneMatch } = conditionsOf(c.req.raw);
      if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag)) return c.body(null, 304);
      return c.json(content);
    },
  )
  .get(
    "/passes/:id/images/:sha256",
    operation({
      id: "downloadPassImage",
      role: "reader",
      summary: "Download an image that phones get with a pass",
      description: `The images are listed in its content. ${KEPT}`,
      tag: "Passes",
      success: image,
      refusals: ["pass_not_found", "image_not_found"],
    }),
    takesPath(schemas.imagePath),
    async (c) => {
      const { db, bucket } = c.var.context;
      const { id, sha256 } = c.req.valid("param");
      return imageResponse(conditionsOf(c.req.raw), sha256, await findPassImage(db, bucket, id, sha256));
    },
  )
  .get(
    "/templates/:id/images/:sha256",
    operation({
      id: "downloadTemplateImage",
      role: "reader",
      summary: "Download an image of a template",
      description: `The images are listed in its \`images\`. ${KEPT}`,
      tag: "Templates",
      success: image,
      refusals: ["template_not_found", "image_not_found"],
    }),
    takesPath(schemas.imagePath),
    async (c) => {
      const { db, bucket } = c.var.context;
      const { id, sha256 } = c.req.valid("param");
      return imageResponse(conditionsOf(c.req.raw), sha256, await findTemplateImage(db, bucket, id, sha256));
    },
  );
