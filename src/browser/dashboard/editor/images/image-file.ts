/**
 * A picture that was chosen or dropped, as an image of a pass: a PNG in the size of its slot. A PNG that fits stays as it is. The
 * browser draws every other picture that it can read.
 */
import { HEAVY } from "../../../../memory.ts";
import { isWholePng, readPngHeader } from "../../../../pkpass/images/names.ts";
import type { ImageArea } from "../../../../pkpass/images/slots.ts";
import type { DraftImage, TemplateDraft } from "../draft/draft.ts";
import { fitImage, fitWords, type ImageFit, isUnchanged } from "./image-fit.ts";

type ReadImage =
  | { readonly image: DraftImage; readonly density: number; readonly done: string }
  | { readonly refusal: string };

/** A picture of this size cannot be one of a pass, and would fill the memory of the tab. */
const MAX_FILE_BYTES = 50_000_000;

/** @param named the density in the name of the file, if it has one */
export async function readImageFile(
  file: File,
  area: ImageArea | undefined,
  named: number | undefined,
): Promise<ReadImage> {
  if (file.size > MAX_FILE_BYTES)
    return { refusal: `${file.name} is larger than 50 MB. Export it in a smaller size.` };
  const bytes = await bytesOf(file);
  if (bytes === undefined)
    return { refusal: `${file.name} cannot be read. If it is a folder, choose the pictures in it.` };
  const header = readPngHeader(bytes);
  if (header !== undefined && !isWholePng(bytes))
    return { refusal: `${file.name} is not complete. Download or export it again.` };
  if (header !== undefined) {
    const fit = fitImage(header, area, named);
    if (isUnchanged(header, fit))
      return { image: { kind: "new", bytes, ...header }, density: fit.density, done: "" };
  }
  return (
    (await drawn(file, area, named, header !== undefined)) ?? {
      refusal: `${file.name} is not a picture that this browser can read. Export it as a PNG.`,
    }
  );
}

/** @returns undefined if the browser cannot read the picture */
async function drawn(
  file: File,
  area: ImageArea | undefined,
  named: number | undefined,
  isPng: boolean,
): Promise<ReadImage | undefined> {
  try {
    const bitmap = await createImageBitmap(file);
    const size = { width: bitmap.width, height: bitmap.height };
    const fit = fitImage(size, area, named);
    const png = await drawPicture(bitmap, fit);
    bitmap.close();
    if (png === undefined) return undefined;
    return {
      image: { kind: "new", bytes: png, ...fit.kept },
      density: fit.density,
      done: fitWords(size, fit, isPng),
    };
  } catch {
    return undefined;
  }
}

async function drawPicture(
  bitmap: ImageBitmap,
  { drawn: { width, height }, kept }: ImageFit,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const canvas = document.createElement("canvas");
  canvas.width = kept.width;
  canvas.height = kept.height;
  const context = canvas.getContext("2d");
  if (context === null) return undefined;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, centred(kept.width, width), centred(kept.height, height), width, height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  return blob === null ? undefined : new Uint8Array(await blob.arrayBuffer());
}

const centred = (kept: number, drawn: number) => Math.round((kept - drawn) / 2);

async function bytesOf(file: File): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    // A browser gives a folder as a file that cannot be read.
    return undefined;
  }
}

/** What the service would refuse. Null: nothing. Only what is not sent yet is counted: the rest has been accepted. */
export function tooManyBytes(images: TemplateDraft["images"]): string | null {
  const total = Object.values(images).reduce(
    (sum, image) => sum + (image.kind === "new" ? image.bytes.length : 0),
    0,
  );
  if (total <= HEAVY.imageBytes) return null;
  const text = `${(total / 1024 / 1024).toFixed(1)} MB`;
  return `Together the new images are ${text}, and the limit is ${HEAVY.imageBytes / 1024 / 1024} MB. Photos are smaller if they have fewer details: blur or simplify the largest.`;
}
