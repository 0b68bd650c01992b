/**
 * Reading images to scale them down: every kind of PNG gives the same picture, a broken one gives none, and no more is inflated
 * than the header declares.
 *
 * Follows the PNG specification (https://www.w3.org/TR/png-3/).
 */
import { Unzlib, zlibSync } from "fflate";
import { describe, expect, test, vi } from "vitest";
import { PIXELS } from "../../src/memory.ts";
import { scaleDown } from "../../src/pkpass/images/scale.ts";
import { drawPng } from "../apple/png.ts";
import { chunk, type PngOf, pngOf } from "./png-files.ts";
import { scale, takenApart } from "./scaled.ts";

/** Counts all bytes that fflate inflates. */
function countInflated() {
  const count = { bytes: 0 };
  const counted = new WeakSet<Unzlib>();
  const { push } = Unzlib.prototype;
  vi.spyOn(Unzlib.prototype, "push").mockImplementation(function (this: Unzlib, ...given) {
    const { ondata } = this;
    if (!counted.has(this)) {
      counted.add(this);
      this.ondata = (data, final) => {
        count.bytes += data.length;
        ondata(data, final);
      };
    }
    push.apply(this, given);
  });
  return count;
}

describe("every kind of PNG", () => {
  const size = { width: 7, height: 5 };
  const shade = (x: number, y: number) => (x * 3 + y * 5) % 2;
  /** One picture in black and white, transparent at the left, in all colour types and depths that support it. */
  const kinds: [string, Omit<PngOf, "width" | "height">, channels: number][] = [
    ...[1, 2, 4, 8, 16].map((depth): (typeof kinds)[number] => [
      `grey of ${depth} bits`,
      { type: 0, depth, pixel: (x, y) => [shade(x, y) * (2 ** depth - 1)] },
      1,
    ]),
    ...[8, 16].map((depth): (typeof kinds)[number] => [
      `grey and alpha of ${depth} bits`,
      {
        type: 4,
        depth,
        pixel: (x, y) => [shade(x, y) * (2 ** depth - 1), x === 0 ? 0 : 2 ** depth - 1],
      },
      2,
    ]),
    ...[8, 16].map((depth): (typeof kinds)[number] => [
      `RGB of ${depth} bits`,
      { type: 2, depth, pixel: (x, y) => Array(3).fill(shade(x, y) * (2 ** depth - 1)) },
      3,
    ]),
    ...[8, 16].map((depth): (typeof kinds)[number] => [
      `RGBA of ${depth} bits`,
      {
        type: 6,
        depth,
        pixel: (x, y) => [...Array(3).fill(shade(x, y) * (2 ** depth - 1)), x === 0 ? 0 : 2 ** depth - 1],
      },
      4,
    ]),
    ...[2, 4, 8].map((depth): (typeof kinds)[number] => [
      `a palette of ${depth} bits with tRNS`,
      {
        type: 3,
        depth,
        before: [chunk("PLTE", [77, 0, 99, 0, 0, 0, 255, 255, 255]), chunk("tRNS", [0])],
        pixel: (x, y) => [x === 0 ? 0 : 1 + shade(x, y)],
      },
      4,
    ]),
    [
      "a palette of 1 bit without tRNS",
      {
        type: 3,
        depth: 1,
        before: [chunk("PLTE", [0, 0, 0, 255, 255, 255])],
        pixel: (x, y) => [shade(x, y)],
      },
      3,
    ],
    [
      "grey with one transparent shade",
      {
        type: 0,
        depth: 4,
        before: [chunk("tRNS", [0, 7])],
        pixel: (x, y) => [x === 0 ? 7 : shade(x, y) * 15],
      },
      2,
    ],
    [
      "RGB with one transparent colour",
      {
        type: 2,
        before: [chunk("tRNS", [0, 1, 0, 2, 0, 3])],
        pixel: (x, y) => (x === 0 ? [1, 2, 3] : Array(3).fill(shade(x, y) * 255)),
      },
      4,
    ],
    [
      "RGB of 16 bits with one transparent colour",
      {
        type: 2,
        depth: 16,
        before: [chunk("tRNS", [1, 1, 2, 2, 3, 3])],
        pixel: (x, y) => (x === 0 ? [0x101, 0x202, 0x303] : Array(3).fill(shade(x, y) * 65535)),
      },
      4,
    ],
  ];

  test.each(kinds)("%s gives the same picture", (_name, kind, channels) => {
    const clear = channels === 2 || channels === 4;
    const reference = drawPng(size.width, size.height, (x, y) => {
      const value = shade(x, y) * 255;
      return [value, value, value, clear && x === 0 ? 0 : 255];
    });
    for (const to of [2, 1] as const) {
      const scaled = scale(pngOf({ ...size, ...kind }), 3, to);
      const expected = scale(reference, 3, to).pixels.map((pixel) => {
        const colour = channels < 3 ? pixel.slice(0, 1) : pixel.slice(0, 3);
        return clear ? [...colour, pixel[3]] : colour;
      });
      expect(scaled).toMatchObject({ channels, depth: 8 });
      expect(scaled.pixels).toEqual(expected);
    }
  });

  const colours = (x: number, y: number) => [x * 23, y * 17, (x * y * 7) % 256, 255 - x * y];
  const plain = scale(pngOf({ width: 12, height: 9, type: 6, pixel: colours }), 3, 2);

  test.each([0, 1, 2, 3, 4])("with filter %i on all rows gives the same picture", (filter) => {
    const png = pngOf({ width: 12, height: 9, type: 6, pixel: colours, filter: () => filter });
    expect(scale(png, 3, 2)).toEqual(plain);
  });

  test("with interlaced rows and different filters gives the same picture", () => {
    const png = pngOf({ width: 12, height: 9, type: 6, pixel: colours, filter: (y) => y % 5, interlace: 1 });
    expect(scale(png, 3, 2)).toEqual(plain);
    expect(scale(pngOf({ width: 1, height: 2, type: 0, interlace: 1 }), 3, 1)).toMatchObject({
      pixels: [[0]],
    });
  });

  test("with several IDAT chunks gives the same picture", () => {
    const { idat } = takenApart(pngOf({ width: 12, height: 9, type: 6, pixel: colours }));
    const pieces = Array.from({ length: idat.length }, (_, i) => idat.slice(i, i + 1));
    expect(scale(pngOf({ width: 12, height: 9, type: 6, idat: pieces }), 3, 2)).toEqual(plain);
  });

  test.each([
    [[129, 129, 127, 127], 0],
    [[128, 128, 128, 132], 1],
  ])("with 16 bits is rounded once, after the average: %j of 257 each is %i", (values, expected) => {
    const pixel = (x: number, y: number) => [values[y * 2 + x] ?? 0];
    expect(scale(pngOf({ width: 2, height: 2, type: 0, depth: 16, pixel }), 2, 1).pixels).toEqual([
      [expected],
    ]);
  });
});

describe("no image is made from", () => {
  const whole = pngOf({ width: 3, height: 3, type: 2, pixel: () => [1, 2, 3] });
  const changed = (at: number, byte: number) => {
    const png = whole.slice();
    png[at] = byte;
    return png;
  };
  const rows = (length: number, filter = 0) => new Uint8Array(length).fill(filter, 0, 1);
  const image = { width: 3, height: 3, type: 2 } as const;
  const zlib = zlibSync(rows(30));

  test.each<[string, Uint8Array]>([
    ["no PNG", new TextEncoder().encode("GIF89a")],
    ["a PNG that broke off", whole.slice(0, -20)],
    ["a wrong CRC of IHDR", changed(29, 0)],
    ["a wrong CRC of IDAT", changed(whole.length - 13, (whole.at(-13) ?? 0) ^ 1)],
    ["an unknown interlacing", pngOf({ ...image, interlace: 2 })],
    ["an unknown filter", pngOf({ ...image, inflated: rows(30, 5) })],
    ["an unknown colour type", pngOf({ ...image, type: 5 as 6 })],
    ["a depth that its colour type has not", pngOf({ ...image, depth: 4, inflated: rows(18) })],
    ["few bits, interlaced", pngOf({ width: 3, height: 3, type: 0, depth: 1, interlace: 1 })],
    ["a palette type without a palette", pngOf({ width: 3, height: 3, type: 3 })],
    ["an unknown critical chunk", pngOf({ ...image, before: [chunk("ABCD", [])] })],
    ["rows that are missing", pngOf({ ...image, inflated: rows(20) })],
    ["a row that broke off", pngOf({ ...image, inflated: rows(29) })],
    ["a byte too many", pngOf({ ...image, inflated: rows(31) })],
    ["no zlib stream", pngOf({ ...image, idat: [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)] })],
    ["a zlib stream that broke off", pngOf({ ...image, idat: [zlib.slice(0, 5)] })],
    ["no IDAT", pngOf({ ...image, idat: [] })],
  ])("%s", (_what, png) => {
    expect(scaleDown(whole, 3, [1])).toBeDefined();
    expect(scaleDown(png, 3, [1])).toBeUndefined();
  });
});

describe("what is inflated is bounded", () => {
  const zeros = zlibSync(new Uint8Array(64 * 1024 * 1024));
  const counted = (png: Uint8Array) => {
    const count = countInflated();
    const made = scaleDown(png, 3, [1]);
    vi.restoreAllMocks();
    return { made, ...count };
  };

  test("by the size in the header, and counting stops at most one slice after it", () => {
    const twice = counted(pngOf({ width: 3, height: 3, type: 2, pixel: () => [1, 2, 3] }));
    expect(twice).toMatchObject({ made: expect.any(Map), bytes: 60 }); // counted, then decoded
    const bomb = counted(pngOf({ width: 3, height: 3, type: 2, idat: [zeros] }));
    expect(bomb.made).toBeUndefined();
    expect(bomb.bytes).toBeGreaterThan(30); // the counter sees it
    expect(bomb.bytes).toBeLessThan(30 + 4096 * 1032);
  });

  test("by the number of pixels and bytes, and above the limit nothing is inflated", () => {
    const limits: Pick<PngOf, "width" | "height" | "depth" | "type">[] = [
      { width: PIXELS.perImage + 1, height: 1, depth: 1, type: 0 },
      { width: 8192, height: 8192, depth: 8, type: 6 },
      { width: 0xffffffff, height: 0xffffffff, depth: 1, type: 3 },
      { width: PIXELS.perImage / 2 + 1, height: 1, depth: 16, type: 6 },
    ];
    for (const limit of limits) {
      const large = counted(pngOf({ ...limit, idat: [zeros] }));
      expect(large).toEqual({ made: undefined, bytes: 0 });
    }
  });

  test("above the maximum number of pixels, which is read", () => {
    const png = pngOf({
      width: PIXELS.perImage / 1000,
      height: 1000,
      type: 6,
      inflated: new Uint8Array(4 * PIXELS.perImage + 1000),
    });
    expect(scale(png, 3, 1)).toMatchObject({ width: Math.ceil(PIXELS.perImage / 3000), height: 334 });
  });
});
