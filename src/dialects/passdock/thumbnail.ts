/**
 * Passdock's thumbnail: {filename, data} next to the pass hash. It becomes thumbnail.png of this pass.
 *
 * Only for "Event Ticket and Generic (kind_id = 2 or 5)". Passdock's kinds: boarding pass 1, event ticket with
 * background and thumbnail 2, coupon 3, store card 4, generic 5, event ticket with strip 6.
 */
import * as z from "zod";
import { ApiError } from "../../errors.ts";
import { validate } from "../../http/validate.ts";
import { parseJson } from "../../json.ts";
import type { PassRows } from "../../passes/content.ts";
import { slotOf } from "../../pkpass/images/names.ts";
import { STYLES } from "../../pkpass/schema/schema.ts";
import type { Images } from "../../templates/packs.ts";
import type { Input } from "./body.ts";

type TemplateRow = PassRows["template"];

const PATH = "thumbnail.png";
const thumbnailBody = z.object({
  thumbnail: z.strictObject({ filename: z.string().min(1), data: z.string().min(1) }),
});

/**
 * Decodes the image; undefined if none was sent. templates/images.ts checks that it is a valid PNG.
 * @throws ApiError invalid_image
 */
export function parseThumbnail({ body, isForm }: Input, template: TemplateRow): Uint8Array | undefined {
  if (body.thumbnail === undefined || body.thumbnail === null) return undefined;
  if (!allowsThumbnail(template)) {
    throw new ApiError(
      "invalid_image",
      "Passes of this template have no thumbnail: only generic passes and event tickets without a strip have one. Remove it from the request.",
    );
  }
  const { data } = validate(thumbnailBody, { thumbnail: body.thumbnail }, "invalid_image").thumbnail;
  const base64 = data.replace(/^data:[^,]*,/, "");
  try {
    return Uint8Array.fromBase64(isForm ? base64.replaceAll(" ", "+") : base64);
  } catch {
    throw new ApiError("invalid_image", '"thumbnail.data" must be a PNG in base64.');
  }
}

/** The pass's own images including this thumbnail, which replaces the old thumbnail in all densities. */
export function replaceThumbnail(images: Images, thumbnail: Uint8Array): Images {
  const others = [...images].filter(([path]) => slotOf(path) !== slotOf(PATH));
  return new Map([...others, [PATH, thumbnail]]);
}

function allowsThumbnail(template: TemplateRow): boolean {
  const pass = parseJson(template.pass);
  const style = STYLES.find((style) => pass[style] !== undefined);
  const hasStrip = Object.keys(parseJson(template.images)).some((path) => slotOf(path) === "strip");
  return style === "generic" || (style === "eventTicket" && !hasStrip);
}
