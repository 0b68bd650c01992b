/**
 * A PNG after it was scaled down, as pixels, and a PNG taken apart. What was written is read by fast-png.
 */
import { decode } from "fast-png";
import { type Density, scaleDown } from "../../src/pkpass/images/scale.ts";

export function scale(png: Uint8Array, from: Density, to: Density) {
  const scaled = scaleDown(png, from, [to])?.get(to);
  if (scaled === undefined) throw new Error("it was not read");
  const { width, height, channels, depth, data } = decode(scaled, { checkCrc: true });
  const pixels = Array.from({ length: width * height }, (_, i) => [
    ...data.slice(i * channels, (i + 1) * channels),
  ]);
  return { width, height, channels, depth, pixels };
}

/** The data of all IDAT, and the types of all chunks. */
export function takenApart(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset);
  const types: string[] = [];
  const idat: number[] = [];
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    const type = new TextDecoder().decode(png.subarray(at + 4, at + 8));
    types.push(type);
    if (type === "IDAT") idat.push(...png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return { types, idat: Uint8Array.from(idat) };
}
