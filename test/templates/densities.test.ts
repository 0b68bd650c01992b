/**
 * Missing densities of images: derived from sharper ones in every language, for templates and for passes, and marked with
 * `derivedFrom`. If an image cannot be scaled, they are left out without an error.
 *
 * Follows Apple's "Creating the source for a pass" (@2x and @3x of an image's points).
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { PIXELS } from "../../src/memory.ts";
import type { Pass } from "../../src/passes/show.ts";
import { readPngHeader } from "../../src/pkpass/images/names.ts";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { created, genericPass, make, portrait, read, update } from "../dialects/passdock-client.ts";
import { admin, call, download, icon, refused, storeCard } from "../harness.ts";
import { chunk, pngOf } from "../pkpass/png-files.ts";
import { kindsOf } from "../rows.ts";

const PASS_TYPE = "pass.test.densities";
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

/** A PNG of one colour, in base64. */
const colour = (red: number, width: number, height = width) =>
  drawPng(width, height, () => [red, 0, 0, 255]).toBase64();
/** Valid by its header and chunks, and of a kind that is not scaled. */
const unreadable = (width: number) =>
  pngOf({ width, height: width, type: 2, inflated: new Uint8Array(3) }).toBase64();
const sizes = (images: Template["images"]) =>
  Object.fromEntries(
    Object.entries(images).map(([path, { width, height, derivedFrom }]) => [
      path,
      [width, height, ...(derivedFrom === undefined ? [] : [derivedFrom])],
    ]),
  );
/** The images in the bundle of a pass, by their sizes. */
async function sizesIn(pass: Pick<Pass, "downloadUrl">) {
  const { files } = await download(pass);
  const images = Object.entries(files).filter(([path]) => path.endsWith(".png"));
  return Object.fromEntries(
    images.map(([path, png]) => [path, Object.values(readPngHeader(png) ?? { none: true })]),
  );
}
describe("a template", () => {
  test("with only @3x images gets all three densities, as do its passes", async () => {
    const images = { "icon@3x.png": colour(1, 87), "strip@3x.png": colour(2, 1125, 432) };
    const made = await admin.makeTemplate(PASS_TYPE, { images });
    expect(sizes(made.images)).toEqual({
      "icon.png": [29, 29, "icon@3x.png"],
      "icon@2x.png": [58, 58, "icon@3x.png"],
      "icon@3x.png": [87, 87],
      "strip.png": [375, 144, "strip@3x.png"],
      "strip@2x.png": [750, 288, "strip@3x.png"],
      "strip@3x.png": [1125, 432],
    });
    expect(await sizesIn(await admin.issue(made.id))).toEqual({
      "icon.png": [29, 29],
      "icon@2x.png": [58, 58],
      "icon@3x.png": [87, 87],
      "strip.png": [375, 144],
      "strip@2x.png": [750, 288],
      "strip@3x.png": [1125, 432],
    });
    expect((await call<Template>("GET", `/templates/${made.id}`)).body).toEqual(made);
  });

  test("keeps the uploaded images, and gets no enlarged ones", async () => {
    const images = {
      "icon@3x.png": colour(1, 87),
      "icon@2x.png": colour(2, 50),
      "logo@2x.png": colour(3, 101, 33),
      "thumbnail.png": colour(4, 90),
    };
    const made = await admin.makeTemplate(PASS_TYPE, { images });
    expect(sizes(made.images)).toEqual({
      "icon.png": [29, 29, "icon@3x.png"],
      "icon@2x.png": [50, 50],
      "icon@3x.png": [87, 87],
      "logo.png": [51, 17, "logo@2x.png"],
      "logo@2x.png": [101, 33],
      "thumbnail.png": [90, 90],
    });
    const { files } = await download(await admin.issue(made.id));
    for (const [path, base64] of Object.entries(images)) expect(files[path]?.toBase64()).toBe(base64);
  });

  test("gets densities separately for each language", async () => {
    const images = {
      ...icon,
      "strip.png": colour(1, 10),
      "fr.lproj/strip@3x.png": colour(2, 30),
      "zh-Hans.lproj/logo@2x.png": colour(3, 20),
    };
    const made = await admin.makeTemplate(PASS_TYPE, { images });
    const { "icon.png": _one, "icon@2x.png": _two, ...rest } = sizes(made.images);
    expect(rest).toEqual({
      "strip.png": [10, 10],
      "fr.lproj/strip.png": [10, 10, "fr.lproj/strip@3x.png"],
      "fr.lproj/strip@2x.png": [20, 20, "fr.lproj/strip@3x.png"],
      "fr.lproj/strip@3x.png": [30, 30],
      "zh-Hans.lproj/logo.png": [10, 10, "zh-Hans.lproj/logo@2x.png"],
      "zh-Hans.lproj/logo@2x.png": [20, 20],
    });
  });

  test("does not change if the same images are sent again, but another @3x image gives other densities", async () => {
    const images = { "icon@3x.png": colour(1, 87) };
    const made = await admin.makeTemplate(PASS_TYPE, { images });
    const packs = async () => (await env.BUCKET.list({ prefix: "packs/" })).objects.length;
    const before = await packs();
    expect((await admin.changeTemplate(made.id, { images })).images).toEqual(made.images);
    expect(await kindsOf({ templateId: made.id })).toEqual(["made"]);
    expect(await packs()).toBe(before);
    const changed = await admin.changeTemplate(made.id, { images: { "icon@3x.png": colour(9, 60) } });
    expect(sizes(changed.images)["icon.png"]).toEqual([20, 20, "icon@3x.png"]);
    expect(await kindsOf({ templateId: made.id })).toEqual(["made", "changed"]);
    expect((await sizesIn(await admin.issue(made.id)))["icon.png"]).toEqual([20, 20]);
  });

  test("keeps its densities when its strings change", async () => {
    const made = await admin.makeTemplate(PASS_TYPE, { images: { "icon@3x.png": colour(1, 87) } });
    const changed = await admin.changeTemplate(made.id, { strings: { de: { POINTS: "PUNKTE" } } });
    expect(changed.images).toEqual(made.images);
    expect(Object.keys(await sizesIn(await admin.issue(made.id)))).toHaveLength(3);
  });
});

describe("a pass's own images", () => {
  test("get densities too, and replace the template's slot", async () => {
    const template = await admin.makeTemplate(PASS_TYPE, {
      images: { ...icon, "strip@3x.png": colour(1, 33), "fr.lproj/strip.png": colour(2, 11) },
    });
    const images = { "strip@3x.png": colour(3, 60), "icon@2x.png": colour(4, 40) };
    const pass = await admin.issue(template.id, { images });
    expect(sizes(pass.images)).toEqual({
      "icon.png": [20, 20, "icon@2x.png"],
      "icon@2x.png": [40, 40],
      "strip.png": [20, 20, "strip@3x.png"],
      "strip@2x.png": [40, 40, "strip@3x.png"],
      "strip@3x.png": [60, 60],
    });
    expect(await sizesIn(pass)).toEqual({
      "icon.png": [20, 20],
      "icon@2x.png": [40, 40],
      "strip.png": [20, 20],
      "strip@2x.png": [40, 40],
      "strip@3x.png": [60, 60],
    });
    expect(await admin.show(pass.id)).toEqual(pass);
  });

  test("have no effect if they are sent again", async () => {
    const template = await admin.makeTemplate(PASS_TYPE);
    const images = { "strip@3x.png": colour(5, 61) };
    const pass = await admin.issue(template.id, { images });
    expect(await admin.change(pass.id, { images })).toEqual(pass);
    expect(await kindsOf({ passId: pass.id })).toEqual(["issued"]);
  });

  test("are still marked as derived after a Passdock client has added a thumbnail", async () => {
    const template = await make(PASS_TYPE, genericPass);
    const at = await created(template);
    await admin.change(at.id, { images: { "logo@3x.png": colour(6, 30) } });
    await read(update(at, { pass: {}, thumbnail: { filename: "portrait.png", data: portrait(7) } }));
    const { images } = await admin.show(at.id);
    expect(sizes(images)).toMatchObject({
      "logo.png": [10, 10, "logo@3x.png"],
      "logo@2x.png": [20, 20, "logo@3x.png"],
      "logo@3x.png": [30, 30],
    });
    expect(images).toHaveProperty(["thumbnail.png"]);
  });
});

describe("if an image cannot be scaled", () => {
  test("the template is created without those densities, or with densities of another image", async () => {
    const images = {
      ...icon,
      "logo@3x.png": unreadable(90),
      "strip@3x.png": unreadable(60),
      "strip@2x.png": colour(1, 40),
      "background@3x.png": colour(2, 3001, 1000),
    };
    const made = await admin.makeTemplate(PASS_TYPE, { images });
    const derived = Object.entries(made.images).filter(([, facts]) => facts.derivedFrom !== undefined);
    expect(derived.map(([path, facts]) => [path, facts.derivedFrom])).toEqual([
      ["strip.png", "strip@2x.png"],
    ]);
    expect(Object.keys(made.images)).toHaveLength(7);
    await download(await admin.issue(made.id));
  });

  test("a template without icon.png is refused with the reason", async () => {
    const missing = { status: 422, code: "missing_icon", pointer: "/images" };
    const body = { name: "x", passTypeIdentifier: PASS_TYPE, pass: storeCard };
    for (const images of [{ "icon@3x.png": unreadable(87) }, { "icon@2x.png": unreadable(58) }]) {
      const { detail } = await refused(["POST", "/templates", { ...body, images }], missing);
      expect(detail).toContain(Object.keys(images)[0]);
    }
    const none = await refused(["POST", "/templates", { ...body, images: {} }], missing);
    expect(none.detail).toContain("icon@3x.png");
  });
});

describe("derived images are limited in each request", () => {
  const languages = (count: number, name: string, png: string) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`aa-${String(i).padStart(4, "0")}.lproj/${name}`, png]),
    );

  test("to 200 images including the uploaded ones and the icon's", async () => {
    const images = { "icon@3x.png": colour(1, 87), ...languages(120, "strip@3x.png", colour(2, 3)) };
    const made = await admin.makeTemplate(PASS_TYPE, { images });
    expect(Object.keys(made.images)).toHaveLength(200);
    expect(made.images).toHaveProperty(["icon.png"]);
    expect((await admin.changeTemplate(made.id, { images })).images).toEqual(made.images);
  });

  test("to the pixels of fifteen of the largest images", async () => {
    const [width, height] = [PIXELS.perImage / 1000, 1000];
    const inflated = new Uint8Array((width / 8 + 1) * height);
    const large = pngOf({ width, height, type: 0, depth: 1, inflated });
    const images = { ...icon, ...languages(17, "strip@2x.png", large.toBase64()) };
    const made = await admin.makeTemplate(PASS_TYPE, { images });
    const derived = Object.values(made.images).filter(({ derivedFrom }) => derivedFrom !== undefined);
    expect(derived).toHaveLength(PIXELS.perRequest / PIXELS.perImage);
  });

  test("to half of the bytes that may be uploaded", async () => {
    const template = await admin.makeTemplate(PASS_TYPE);
    const side = 1000;
    const noise = new Uint8Array((side / 2 + 1) * side);
    for (let at = 0; at < noise.length; at += side / 2 + 1)
      crypto.getRandomValues(noise.subarray(at + 1, at + 1 + side / 2));
    const palette = chunk("PLTE", crypto.getRandomValues(new Uint8Array(3 * 16)));
    const png = pngOf({ width: side, height: side, type: 3, depth: 4, before: [palette], inflated: noise });
    const pass = await admin.issue(template.id, { images: { "strip@3x.png": png.toBase64() } });
    // 667 × 667 pixels of three bytes are too many, 334 × 334 are not.
    expect(sizes(pass.images)).toEqual({
      "strip.png": [334, 334, "strip@3x.png"],
      "strip@3x.png": [1000, 1000],
    });
  });
});
