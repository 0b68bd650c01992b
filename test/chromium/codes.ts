/**
 * Reads the codes in a picture with zxing-cpp, which shares nothing with the library that draws them.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

// From the package: by default it is loaded from another host.
const wasm = readFileSync(createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm"));
prepareZXingModule({ overrides: { wasmBinary: Uint8Array.from(wasm).buffer } });

/** The messages, from top to bottom. @param picture PNG */
export async function readCodes(picture: Uint8Array): Promise<string[]> {
  const found = await readBarcodes(Uint8Array.from(picture), { tryHarder: true, maxNumberOfSymbols: 8 });
  return found
    .filter(({ isValid }) => isValid)
    .toSorted((one, other) => one.position.topLeft.y - other.position.topLeft.y)
    .map(({ text }) => text);
}
