/**
 * Reads the four barcodes of Wallet from a picture, with zxing-cpp compiled to WebAssembly. A module of its own, because it is
 * large: the camera loads it when it starts.
 *
 * It runs on the page's main thread. A frame takes 10 to 60 ms there, and while the camera looks for a code, the page does nothing
 * else that takes time.
 */
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm";
import { textOf } from "./code-text.ts";
import type { Reading } from "./same-code.ts";

// Without locateFile, the library fetches its file from another host.
prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });

/** This module, as the camera loads it. */
export interface Decoder {
  readonly readCode: typeof readCode;
}

/** Frames are read in two ways in turn: the first reads PDF417 better, the second copes better with uneven light. */
const BINARIZERS = ["GlobalHistogram", "LocalAverage"] as const;

/**
 * @param frame its number, which chooses the way
 * @returns undefined if the picture has none of the four barcodes
 */
export async function readCode(image: ImageData, frame: number): Promise<Reading | undefined> {
  const found = await readBarcodes(image, {
    // Without a list, noise is read as one of the weaker formats.
    formats: ["QRCode", "PDF417", "Aztec", "Code128"],
    maxNumberOfSymbols: 1,
    binarizer: BINARIZERS[frame % BINARIZERS.length] ?? "LocalAverage",
  });
  const code = found.find(({ isValid }) => isValid);
  if (code === undefined) return undefined;
  return { text: textOf(code), isCertain: code.format !== "Code128" };
}
