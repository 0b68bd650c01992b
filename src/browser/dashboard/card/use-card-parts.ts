/**
 * What a card has to load: its images and the drawing of its barcode. An empty placeholder of the same size is drawn at once,
 * so that nothing moves when the real one arrives.
 */
import { useLayoutEffect, useMemo, useReducer, useState } from "preact/hooks";
import type { BarcodeDrawing, drawBarcode } from "../../../barcodes/draw.ts";
import type { Code, Pictures } from "../../../pages/card/parts.tsx";
import type { Barcode, TemplatePass } from "../../../pkpass/schema/schema.ts";
import { useDashboard } from "../context.ts";
import type { DraftImage } from "../editor/draft/draft.ts";
import type { ChosenImage } from "./choose-images.ts";
import { imageCache } from "./image-cache.ts";

/** The keys of new images. A draft never copies the bytes of an image, so the array identifies it. */
const newKeys = new WeakMap<Uint8Array, string>();
let newImages = 0;

function keyOf(image: DraftImage): string {
  if (image.kind === "stored") return image.sha256;
  const known = newKeys.get(image.bytes);
  if (known !== undefined) return known;
  newImages += 1;
  const key = `new-${newImages}`;
  newKeys.set(image.bytes, key);
  return key;
}

/** @param imagesPath of the API */
export function usePictures(chosen: readonly ChosenImage[], imagesPath: string): Pictures {
  const { api } = useDashboard();
  const [, redraw] = useReducer((count: number, _: undefined) => count + 1, 0);
  const keys = chosen.map(({ image }) => keyOf(image));
  const all = keys.join(" ");
  useLayoutEffect(() => {
    let isShown = true;
    const load = async (sha256: string) => {
      const answer = await api.image(`${imagesPath}/${sha256}`);
      return answer.kind === "ok" ? answer.body : undefined;
    };
    for (const { image } of chosen) {
      const bytes = image.kind === "new" ? image.bytes : undefined;
      const held = imageCache.hold(keyOf(image), () => bytes ?? load(keyOf(image)));
      void held.then(() => {
        if (isShown) redraw(undefined);
      });
    }
    return () => {
      isShown = false;
      for (const key of all.split(" ")) imageCache.release(key);
    };
    // The effect depends on `all` instead of `chosen`, because `chosen` is a new array each time.
  }, [api, imagesPath, all]);
  const drawn = chosen.map(({ slot, image, width, height }) => {
    const url = imageCache.urlOf(keyOf(image)) ?? emptyImage(width, height);
    return [slot, { url, width, height }] as const;
  });
  return Object.fromEntries(drawn);
}

/** An empty image of this size. */
function emptyImage(width: number, height: number): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"/>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

type Draw = typeof drawBarcode;

/** The module that draws barcodes is large, so it is loaded with the first card that has a barcode. */
let drawer: Draw | undefined;

/** The barcode of the pass. @param isSeen false: it is not needed yet */
export function useCode({ barcodes: [barcode] = [] }: TemplatePass, isSeen: boolean): Code | undefined {
  const [draw, setDraw] = useState(() => drawer);
  const [isMissing, setIsMissing] = useState(false);
  const isNeeded = isSeen && barcode !== undefined && draw === undefined;
  // A layout effect, so that it is requested before the images, which may be many.
  useLayoutEffect(() => {
    if (!isNeeded) return;
    void loadDrawer()
      .then((loaded) => setDraw(() => loaded))
      .catch(() => setIsMissing(true));
  }, [isNeeded]);
  const { format, message, messageEncoding } = barcode ?? {};
  const drawing = useMemo(
    () =>
      draw === undefined || format === undefined ? undefined : draw({ format, message, messageEncoding }),
    [draw, format, message, messageEncoding],
  );
  if (barcode === undefined || !barcode.message) return undefined;
  // Without the drawer, the message is a text, as on the holder's page.
  return { barcode, drawing: draw === undefined && !isMissing ? emptyBarcode(barcode) : drawing };
}

async function loadDrawer(): Promise<Draw> {
  drawer ??= (await import("../../../barcodes/draw.ts")).drawBarcode;
  return drawer;
}

/** A placeholder about as large as the barcode. */
function emptyBarcode({ format }: Barcode): BarcodeDrawing {
  const isSquare = format === "PKBarcodeFormatQR" || format === "PKBarcodeFormatAztec";
  return { name: "Barcode", isSquare, viewBox: isSquare ? "0 0 100 100" : "0 0 100 32", path: "" };
}
