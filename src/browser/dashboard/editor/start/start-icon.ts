/**
 * An icon to start with: the first letter of the organization in the colours of the card. Wallet refuses a pass without an icon.
 */
import type { JsonObject } from "../../../../json.ts";
import type { DraftImage } from "../draft/draft.ts";
import { shownColours } from "../panels/contrast.ts";

/** 29 points in the sharpest density. */
const PIXELS = 87;

/** @returns undefined if the browser cannot draw */
export async function drawIcon(pass: JsonObject): Promise<DraftImage | undefined> {
  const canvas = document.createElement("canvas");
  canvas.width = PIXELS;
  canvas.height = PIXELS;
  const context = canvas.getContext("2d");
  if (context === null) return undefined;
  const { background, foreground } = shownColours(pass);
  context.fillStyle = background;
  context.fillRect(0, 0, PIXELS, PIXELS);
  context.fillStyle = foreground;
  context.font = "600 54px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  const [letter = "•"] = typeof pass.organizationName === "string" ? pass.organizationName : "";
  context.fillText(letter, PIXELS / 2, PIXELS / 2 + 3);
  const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (png === null) return undefined;
  return { kind: "new", bytes: new Uint8Array(await png.arrayBuffer()), width: PIXELS, height: PIXELS };
}
