/**
 * Scaling images down: correct pixels, and reproducible and small files. What is read is tested in read-png.test.ts.
 */
import { decode, encode } from "fast-png";
import { describe, expect, test } from "vitest";
import { crc32 } from "../../src/pkpass/crc32.ts";
import { scaleDown } from "../../src/pkpass/images/scale.ts";
import { drawPng } from "../apple/png.ts";
import { bytes, chunk, pngOf } from "./png-files.ts";
import { scale, takenApart } from "./scaled.ts";

describe("the pixels", () => {
  const grey = (width: number, height: number, values: number[]) =>
    pngOf({ width, height, type: 0, pixel: (x, y) => [values[y * width + x] ?? 0] });

  test("of @1x from @3x are averages of nine", () => {
    const png = grey(3, 3, [0, 10, 20, 30, 40, 50, 60, 70, 80]);
    expect(scale(png, 3, 1)).toEqual({ width: 1, height: 1, channels: 1, depth: 8, pixels: [[40]] });
  });

  test("of @1x from @2x are averages of four", () => {
    const png = grey(4, 2, [0, 10, 100, 100, 20, 30, 200, 201]);
    expect(scale(png, 2, 1).pixels).toEqual([[15], [150]]); // 150.25
  });

  test("of @2x from @3x share those between them", () => {
    const png = grey(3, 3, [90, 0, 0, 0, 0, 0, 0, 0, 180]);
    // Each covers one and a half pixels a side: 4 of 9 parts of the corner.
    expect(scale(png, 3, 2).pixels).toEqual([[40], [0], [0], [80]]);
    const middle = grey(3, 3, [0, 0, 0, 0, 90, 0, 0, 0, 0]);
    expect(scale(middle, 3, 2).pixels).toEqual([[10], [10], [10], [10]]);
  });

  test.each([
    [3, 2, 4, 7, 3, 5],
    [3, 1, 4, 7, 2, 3],
    [2, 1, 5, 1, 3, 1],
    [3, 2, 1, 1, 1, 1],
    [3, 1, 87, 86, 29, 29],
  ] as const)(
    "from @%ix to @%ix, %i × %i, become %i × %i, and the last ones have the right brightness",
    (...row) => {
      const [from, to, width, height, scaledWidth, scaledHeight] = row;
      const scaled = scale(grey(width, height, Array(width * height).fill(200)), from, to);
      expect(scaled).toMatchObject({ width: scaledWidth, height: scaledHeight });
      expect(scaled.pixels).toEqual(Array(scaledWidth * scaledHeight).fill([200]));
    },
  );

  test("next to transparent ones do not get their colour", () => {
    const png = drawPng(3, 3, (x) => (x === 0 ? [200, 40, 0, 255] : [0, 255, 0, 0]));
    expect(scale(png, 3, 1).pixels).toEqual([[200, 40, 0, 85]]);
    const thin = drawPng(3, 3, (x) => (x === 0 ? [200, 40, 0, 3] : [0, 0, 0, 0]));
    expect(scale(thin, 3, 1).pixels).toEqual([[200, 40, 0, 1]]);
    expect(
      scale(
        drawPng(3, 3, () => [9, 9, 9, 0]),
        3,
        2,
      ).pixels,
    ).toEqual(Array(4).fill([0, 0, 0, 0]));
  });

  test("are weighted by alpha", () => {
    const png = drawPng(2, 2, (x) => (x === 0 ? [100, 0, 0, 255] : [0, 100, 0, 85]));
    expect(scale(png, 2, 1).pixels).toEqual([[75, 25, 0, 170]]);
  });
});

describe("the file", () => {
  test("is reproducible: the digest must not change when fflate is updated", async () => {
    const png = drawPng(90, 60, (x, y) => [x * 2, y * 4, (x * y) % 251, 255 - ((x + y) % 3)]);
    const scaled = [...(scaleDown(png, 3, [2, 1]) ?? [])].map(([, file]) => file);
    expect([...(scaleDown(png, 3, [2, 1]) ?? [])].map(([, file]) => file)).toEqual(scaled);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(scaled))).toHex();
    // Other bytes make each template that is sent again a change, once. If that is meant, put the new digest here.
    expect(digest).toBe("a239357d62810ece3787eaefb19b2db947dd12a5266fc1c6cd071b88a7951169");
  });

  test("keeps the chunks of the colour space, and no others; profiles are not parsed", () => {
    const before = ["tEXt", "gAMA", "iCCP", "pHYs", "eXIf", "cICP"].map((type) => chunk(type, [1, 2, 3, 4]));
    const png = pngOf({ width: 3, height: 3, type: 2, before, pixel: () => [1, 2, 3] });
    const scaled = scaleDown(png, 3, [1])?.get(1) ?? new Uint8Array();
    expect(takenApart(scaled).types).toEqual(["IHDR", "gAMA", "iCCP", "cICP", "IDAT", "IEND"]);
  });

  test("of a photograph is smaller than with unfiltered rows", () => {
    const noise = (x: number, y: number) => crc32(Uint8Array.of(x, y, x >> 8)) % 7;
    const png = drawPng(300, 200, (x, y) => {
      const light = Math.floor(90 + x / 3 + 40 * Math.sin(y / 20));
      return [light + noise(x, y), light / 2 + noise(y, x), 200 - light / 2, 255];
    });
    const scaled = scaleDown(png, 3, [2])?.get(2) ?? new Uint8Array();
    const { width, height, data } = decode(scaled);
    expect(scaled.length).toBeLessThan(0.8 * encode({ width, height, data }, { zlib: { level: 9 } }).length);
  });
});
