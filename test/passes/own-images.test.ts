/**
 * Images of a single pass: they replace the template's images of the same slot, are limited in size, stay in R2 as long as the
 * pass names them, and are part of the pass's version.
 *
 * Follows Apple's "Creating the source for a pass" (slots, densities, languages).
 */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { passes } from "../../src/db/schema.ts";
import { createContext } from "../../src/http/context.ts";
import worker from "../../src/index.ts";
import { changePass } from "../../src/passes/change.ts";
import { mergingImages } from "../../src/passes/change-images.ts";
import type { Pass } from "../../src/passes/show.ts";
import { drawPng } from "../apple/png.ts";
import { counted, forwarding } from "../counting.ts";
import { admin, call, download, icon, refused } from "../harness.ts";
import { passRow, setRows } from "../rows.ts";
import { ask, holderOf } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.own-images";
const MIB = 1024 * 1024;
const colour = (red: number, width = 10) => drawPng(width, 10, () => [red, 0, 0, 255]);
const base = {
  ...icon,
  "logo.png": colour(1).toBase64(),
  "strip.png": colour(2).toBase64(),
  "strip@2x.png": colour(3, 20).toBase64(),
  "strip@3x.png": colour(4, 30).toBase64(),
  "fr.lproj/strip.png": colour(5).toBase64(),
};
const strings = { fr: { POINTS: "POINTS FR" } };
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE, { images: base, strings })).id;
});

/** What lies in a bundle beside what every bundle has, in base64. */
async function imagesIn(pass: Pick<Pass, "downloadUrl">): Promise<Record<string, string>> {
  const { files } = await download(pass);
  const images = Object.entries(files).filter(([path]) => path.endsWith(".png"));
  return Object.fromEntries(images.map(([path, bytes]) => [path, bytes.toBase64()]));
}
async function rowOf(id: number) {
  const { tag, pack, images } = await passRow(id);
  return { tag, pack, images };
}
const packs = async () => (await env.BUCKET.list({ prefix: "packs/" })).objects.map(({ key }) => key);

/** The template's images without those of a slot. */
function without(slot: string): Record<string, string> {
  return Object.fromEntries(Object.entries(base).filter(([path]) => !new RegExp(`\\b${slot}\\b`).test(path)));
}

describe("an image of a pass", () => {
  test("replaces all densities and languages of its slot, and nothing else", async () => {
    const own = { "strip.png": colour(100).toBase64() };
    const pass = await admin.issue(templateId, { images: own });
    expect(await imagesIn(pass)).toEqual({ ...without("strip"), ...own });
    expect((await download(pass)).strings).toEqual(strings);
    expect(await imagesIn(await admin.issue(templateId))).toEqual(base);
  });

  test("may have its own densities and languages, and a slot that the template does not have", async () => {
    const own = {
      "logo.png": colour(100).toBase64(),
      "logo@2x.png": colour(101, 20).toBase64(),
      "de.lproj/logo.png": colour(102).toBase64(),
      "thumbnail.png": `data:image/png;base64,${colour(103).toBase64()}`,
    };
    const pass = await admin.issue(templateId, { images: own });
    expect(await imagesIn(pass)).toEqual({
      ...without("logo"),
      ...own,
      "thumbnail.png": colour(103).toBase64(),
    });
  });

  test("in the icon's slot replaces the template's icon, and icon.png is required", async () => {
    const own = { "icon.png": colour(104, 29).toBase64() };
    const pass = await admin.issue(templateId, { images: own });
    expect(await imagesIn(pass)).toEqual({ ...without("icon"), ...own });
    const bare = await admin.issue(templateId);
    const missing = { status: 422, code: "missing_icon", pointer: "/images" };
    for (const path of ["fr.lproj/icon@2x.png", "fr.lproj/icon.png"]) {
      const images = { [path]: icon["icon@2x.png"], "logo.png": base["logo.png"] };
      await refused(["POST", `/templates/${templateId}/passes`, { images }], missing);
      await refused(["PATCH", `/passes/${bare.id}`, { images }], missing);
    }
    await admin.change(pass.id, { images: { "fr.lproj/icon@2x.png": icon["icon@2x.png"] } });
    await refused(["PATCH", `/passes/${pass.id}`, { images: { "icon.png": null } }], missing);
  });

  test("stays when the template's images change", async () => {
    const template = await admin.makeTemplate(PASS_TYPE, { images: base });
    const own = { "strip.png": colour(105).toBase64() };
    const pass = await admin.issue(template.id, { images: own });
    const images = { ...icon, "strip.png": colour(6).toBase64(), "footer.png": colour(7).toBase64() };
    await admin.changeTemplate(template.id, { images: { ...images, "logo.png": null } });
    expect(await imagesIn(pass)).toEqual({ ...images, ...own });
  });

  test("is shown by hash and size, without its bytes", async () => {
    const bytes = colour(106, 12);
    const pass = await admin.issue(templateId, { images: { "logo.png": bytes.toBase64() } });
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    expect(pass.images).toEqual({
      "logo.png": { sha256: hash, bytes: bytes.length, width: 12, height: 10 },
    });
    expect(await admin.show(pass.id)).toEqual(pass);
  });

  test.each<[what: string, path: string, content: string]>([
    ["a name that Wallet does not know", "photo.png", base["logo.png"]],
    ["a path out of the bundle", "../logo.png", base["logo.png"]],
    ["pass.json", "pass.json", base["logo.png"]],
    ["no base64", "logo.png", "not base64!"],
    ["no PNG", "logo.png", btoa("GIF89a")],
    ["a PNG that broke off", "logo.png", colour(1).slice(0, -12).toBase64()],
  ])("that is %s is refused, and nothing is stored", async (_what, path, content) => {
    const pass = await admin.issue(templateId);
    const pointer = `/images/${path.replaceAll("/", "~1")}`;
    const refusal = { status: 422, code: "invalid_image", pointer };
    const body = { images: { [path]: content }, values: { points: "9" } };
    await refused(["POST", `/templates/${templateId}/passes`, body], refusal);
    await refused(["PATCH", `/passes/${pass.id}`, body], refusal);
  });
});

describe("a change of a pass's images", () => {
  test("merges them by slot and folder, null removes a slot or all of them, and the pass becomes newer", async () => {
    const strip = { "strip.png": colour(110).toBase64(), "fr.lproj/strip.png": colour(109).toBase64() };
    const pass = await admin.issue(templateId, {
      images: { ...strip, "logo@2x.png": colour(108, 20).toBase64() },
    });
    const tags = [(await rowOf(pass.id)).tag];
    const logo = { "logo.png": colour(111).toBase64() };
    const merged = await admin.change(pass.id, { images: { ...logo, "fr.lproj/strip@3x.png": null } });
    expect(Object.keys(merged.images)).toEqual(["logo.png", "strip.png"]);
    expect(await imagesIn(pass)).toEqual({ ...icon, ...logo, "strip.png": strip["strip.png"] });
    tags.push((await rowOf(pass.id)).tag);
    expect((await admin.change(pass.id, { images: {} })).revision).toBe(merged.revision);
    expect((await admin.change(pass.id, { images: null })).images).toEqual({});
    expect(await imagesIn(pass)).toEqual(base);
    expect(await rowOf(pass.id)).toMatchObject({ pack: null, images: "{}" });
    tags.push((await rowOf(pass.id)).tag);
    expect(new Set(tags).size).toBe(3);
    expect(tags).toEqual(tags.toSorted((a, b) => a - b));
  });

  test("keeps them if the request has no images, as a redemption does", async () => {
    const own = { "strip.png": colour(112).toBase64() };
    const pass = await admin.issue(templateId, { images: own });
    await admin.change(pass.id, { values: { points: "1" }, barcodeAltText: "4711" });
    await admin.redeem(pass.id);
    expect(await imagesIn(pass)).toEqual({ ...without("strip"), ...own });
  });

  test("to the same images has no effect, and keeps the pack", async () => {
    const images = { "strip.png": colour(113).toBase64(), "logo.png": colour(114).toBase64() };
    const pass = await admin.issue(templateId, { images });
    const before = await rowOf(pass.id);
    await admin.change(pass.id, { images: Object.fromEntries(Object.entries(images).reverse()) });
    expect(await rowOf(pass.id)).toEqual(before);
    await admin.change(pass.id, { images, values: { points: "1" } });
    expect((await rowOf(pass.id)).pack).toBe(before.pack);
    expect(before.pack).toMatch(/^packs\//);
  });

  test("with a value that does not fit is refused and changes no image", async () => {
    const pass = await admin.issue(templateId, { images: { "strip.png": colour(115).toBase64() } });
    const before = await rowOf(pass.id);
    const body = { images: null, values: { until: "never" } };
    expect((await call("PATCH", `/passes/${pass.id}`, body)).body.code).toBe("value_does_not_fit");
    expect(await rowOf(pass.id)).toEqual(before);
  });
});

test("changes of two slots at the same time both count, and one that is always too late is refused", async () => {
  const { id } = await admin.issue(templateId);
  const context = createContext({ env, executionCtx: createExecutionContext() }, Date.now() + 60_000);
  const slot = (name: string) => new Map([[`${name}.png`, colour(116)]]);
  const both = ["logo", "footer"].map((name) => mergingImages(changePass, slot(name))(context, id, {}));
  await Promise.all(both);
  expect(Object.keys((await admin.show(id)).images)).toEqual(["footer.png", "logo.png"]);
  let attempts = 0;
  const DB = forwarding(env.DB, {
    async batch(statements: D1PreparedStatement[]) {
      // The write of the change, and not the declaration of its upload.
      if (statements.length > 3) await setRows(passes, { id }, { pack: `packs/${attempts++}` });
      return env.DB.batch(statements);
    },
  });
  const { pack } = await rowOf(id);
  const bucket = forwarding(env.BUCKET, { get: () => env.BUCKET.get(pack ?? "") });
  const late = createContext(
    { env: { ...env, DB, BUCKET: bucket }, executionCtx: createExecutionContext() },
    Date.now(),
  );
  const refusal = mergingImages(changePass, slot("strip"))(late, id, { values: { points: { value: "9" } } });
  await expect(refusal).rejects.toMatchObject({ code: "changed_meanwhile" });
  expect(attempts).toBe(3);
  await setRows(passes, { id }, { pack });
  expect((await admin.show(id)).values).toEqual({});
});

test("1 MiB of images is accepted for one pass, and a byte more is refused", async () => {
  const small = colour(120);
  /** A PNG of that many bytes: a text chunk after the header fills it. */
  const sized = (bytes: number) => {
    const text = new Uint8Array(bytes - small.length - 12);
    const frame = new Uint8Array(8);
    new DataView(frame.buffer).setUint32(0, text.length);
    frame.set([0x74, 0x45, 0x58, 0x74], 4); // tEXt
    return new Uint8Array([...small.slice(0, 33), ...frame, ...text, 0, 0, 0, 0, ...small.slice(33)]);
  };
  const images = (total: number) => ({
    "strip.png": sized(total - small.length).toBase64(),
    "logo.png": small.toBase64(),
  });
  const pass = await admin.issue(templateId, { images: images(MIB) });
  const facts = Object.values(pass.images).reduce((sum, { bytes }) => sum + bytes, 0);
  expect(facts).toBe(MIB);
  const refusal = { status: 422, code: "invalid_image", pointer: "/images" };
  await refused(["POST", `/templates/${templateId}/passes`, { images: images(MIB + 1) }], refusal);
  await refused(["PATCH", `/passes/${pass.id}`, { images: images(MIB + 1) }], refusal);
});

test("a pass without its own images stores no pack, and one with images costs one more read of R2", async () => {
  const counters = counted(env);
  const fetchOf = async (pass: Pass) => {
    const { path, authorization } = await holderOf(pass);
    const context = createExecutionContext();
    counters.spent();
    const bindings = { ...counters.env, KEEP_BUILT_PASSES: "no" };
    const response = await worker.fetch(ask("GET", path, authorization), bindings, context);
    await response.arrayBuffer();
    await waitOnExecutionContext(context);
    const { trips, statements, gets, puts } = counters.spent();
    return { status: response.status, trips, statements, gets, puts };
  };
  const before = await packs();
  const plain = await admin.issue(templateId);
  await admin.change(plain.id, { values: { points: "1" } });
  expect(await packs()).toEqual(before);
  await fetchOf(plain); // now the isolate holds the template's pack
  const once = { status: 200, trips: 1, statements: 1, gets: 0, puts: 0 };
  expect(await fetchOf(plain)).toEqual(once);
  const own = await admin.issue(templateId, { images: { "logo.png": base["logo.png"] } });
  // The first download is recorded, which is one more statement.
  expect(await fetchOf(own)).toEqual({ ...once, trips: 2, statements: 2, gets: 1 });
  expect(await fetchOf(own)).toEqual(once);
});
