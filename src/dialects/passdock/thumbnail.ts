/**
 * Passdock's thumbnail: {filename, data} beside the pass hash. It becomes the pass's own thumbnail.png.
 *
 * Only for "Event Ticket and Generic (kind_id = 2 or 5)" of Passdock's kinds: boarding pass 1, event ticket with
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
import type { Sent } from "./body.ts";

type TemplateRow = PassRows["template"];

const PATH = "thumbnail.png";
const given = z.object({
  thumbnail: z.strictObject({ filename: z.string().min(1), data: z.string().min(1) }),
});

/**
 * The image; what makes it a PNG that Wallet takes, templates/images.ts checks. Undefined if none was sent.
 * @throws ApiError invalid_image
 */
export function thumbnailIn({ body, form }: Sent, template: TemplateRow): Uint8Array | undefined {
  if (body.thumbnail === undefined || body.thumbnail === null) return undefined;
  if (!takesThumbnail(template)) {
    throw new ApiError(
      "invalid_image",
      "Passes of this template have no thumbnail: generic ones do, and event tickets without a strip. Leave it out.",
    );
  }
  const { data } = validate(given, { thumbnail: body.thumbnail }, "invalid_image").thumbnail;
  const base64 = data.replace(/^data:[^,]*,/, "");
  try {
    return Uint8Array.fromBase64(form ? base64.replaceAll(" ", "+") : base64);
  } catch {
    throw new ApiError("invalid_image", '"thumbnail.data": must be a PNG in base64.');
  }
}

/** The thumbnail among a pass's own images, in the place of the one that it had in any density. */
export function withThumbnail(images: Images, thumbnail: Uint8Array): Images {
  const others = [...images].filter(([path]) => slotOf(path) !== slotOf(PATH));
  return new Map([...others, [PATH, thumbnail]]);
}

function takesThumbnail(template: TemplateRow): boolean {
  const pass = parseJson(template.pass);
  const style = STYLES.find((style) => pass[style] !== undefined);
  const hasStrip = Object.keys(parseJson(template.images)).some((path) => slotOf(path) === "strip");
  return style === "generic" || (style === "eventTicket" && !hasStrip);
}
