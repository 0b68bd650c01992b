/**
 * The Content-Length of a bundle: computed before anything is built, and always the length of what is then sent.
 *
 * Follows RFC 9110 §8.6 and §9.3.2.
 */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { lengthOf } from "../../src/bytes.ts";
import { passes as passRows, templates } from "../../src/db/schema.ts";
import { writeJson } from "../../src/json.ts";
import { lengthOfMergedPack, loadMergedPack, storeOwnImages } from "../../src/passes/own-images.ts";
import type { Pass } from "../../src/passes/show.ts";
import { buildPass, bytesOfPass } from "../../src/pkpass/build/build.ts";
import { bytesOfPack, serialisePack } from "../../src/pkpass/build/pack.ts";
import { describeImages, templateImages } from "../../src/templates/images.ts";
import { type Images, newPackKey, storePack } from "../../src/templates/packs.ts";
import { drawPng } from "../apple/png.ts";
import { counted, forwarding } from "../counting.ts";
import { ADMIN_TOKEN, admin, call, get, icon, send } from "../harness.ts";
import { db, setRows } from "../rows.ts";
import { ask, askWith } from "../wallet/web-service.ts";
import { idsOf, linkTo, makeThree, opened, pathOf } from "./bundle-client.ts";
import { rewards } from "./rewards.ts";

const PASS_TYPE = "pass.test.bundle-length";
let three: [Pass, Pass, Pass];
/** Passes of all kinds: own images, translations, sign-up, an event, both kinds of keys. */
let ten: Pass[];

const png = (side: number, shade: number) => drawPng(side, side, (x, y) => [x * shade, y * 3, shade, 255]);

beforeAll(async () => {
  const made = await makeThree(PASS_TYPE);
  three = made.three;
  const strings = { fr: { POINTS: 'PTS "é"\n' }, "zh-Hant": { POINTS: "點數" } };
  const translated = await admin.makeTemplate(`${PASS_TYPE}.other`, { strings });
  const signUp = await admin.makeTemplate(PASS_TYPE, rewards);
  const event = await admin.makeEvent({ values: { points: "from the event 😀" } });
  const image = png(80, 9).toBase64();
  ten = [
    ...three,
    await admin.issue(made.templateId, { images: { "thumbnail@3x.png": image } }),
    await admin.issue(made.templateId, { images: { "icon.png": image, "fr.lproj/logo@2x.png": image } }),
    await admin.issue(translated.id, { serialNumber: "AB/ü 😀/25", values: { points: "é".repeat(500) } }),
    await admin.issue(translated.id, { images: { ...icon, "strip.png": image }, eventId: event.id }),
    await admin.issue(signUp.id, { barcodeMessage: "Привет", barcodeAltText: '"\\' }),
    await admin.issue(signUp.id, { images: { "personalizationLogo.png": image } }),
    await admin.issue(translated.id, { pass: { userInfo: { deep: ["\u2028", 1.5, null] } } }),
  ];
});
afterEach(() => vi.restoreAllMocks());

async function lengths(response: Response) {
  expect(response.status).toBe(200);
  const announced = Number(response.headers.get("content-length"));
  return [announced, (await response.arrayBuffer()).byteLength];
}

test.each(["yes", "no"])(
  "the announced length is that of the body, with KEEP_BUILT_PASSES=%s",
  async (KEEP_BUILT_PASSES) => {
    for (const passes of [ten, [...ten].reverse(), ...ten.map((pass) => [pass])]) {
      const path = pathOf(await linkTo(passes));
      // The first time they are built, the second time they may be stored.
      for (let time = 0; time < 2; time++) {
        const [announced, real] = await lengths(await askWith({ KEEP_BUILT_PASSES }, ask("GET", path)));
        expect(announced).toBe(real);
      }
    }
  },
);

test("the announced length is the same in HEAD and with the key, and HEAD builds nothing", async () => {
  const path = pathOf(await linkTo(ten));
  const [length] = await lengths(await get(path));
  const { env: counting, spent } = counted(env);
  const head = await askWith({ ...counting, KEEP_BUILT_PASSES: "no" }, ask("HEAD", path));
  expect([head.status, await head.text(), Number(head.headers.get("content-length"))]).toEqual([
    200,
    "",
    length,
  ]);
  expect(spent()).toMatchObject({ trips: 1, gets: 0, puts: 0 });
  const byKey = await get(`/admin/v1/bundles/download?passIds=${idsOf(ten)}`, {
    Authorization: `Bearer ${ADMIN_TOKEN}`,
  });
  expect(await lengths(byKey)).toEqual([length, length]);
});

test("the download of a single pass announces its length too, also in HEAD", async () => {
  const [pass] = three;
  const [announced, real] = await lengths(await send(new Request(pass.downloadUrl)));
  expect(announced).toBe(real);
  const head = await send(new Request(pass.downloadUrl, { method: "HEAD" }));
  expect([await head.text(), Number(head.headers.get("content-length"))]).toEqual(["", real]);
});

test("for a template that this isolate has not seen, R2 is asked for its size, not for its images", async () => {
  const seen = await admin.makeTemplate(PASS_TYPE);
  const unseen = await admin.makeTemplate(PASS_TYPE);
  const passes = [await admin.issue(seen.id), await admin.issue(unseen.id), await admin.issue(unseen.id)];
  const asked: string[] = [];
  const bucket = forwarding(env.BUCKET, {
    get: (key: string) => {
      asked.push("get");
      return env.BUCKET.get(key);
    },
    head: (key: string) => {
      asked.push("head");
      return env.BUCKET.head(key);
    },
  });
  const path = pathOf(await linkTo(passes));
  const response = await askWith({ BUCKET: bucket, KEEP_BUILT_PASSES: "no" }, ask("GET", path));
  expect(asked).toEqual(["get", "head"]);
  const [announced, real] = await lengths(response);
  expect(announced).toBe(real);
  expect(asked).toEqual(["get", "head", "get"]);
});

test("if a pass is not as long as announced, the download is aborted and logged", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  const template = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(template.id, { images: { "thumbnail.png": png(90, 3).toBase64() } });
  const path = pathOf(await linkTo([three[0], pass]));
  for (const bytes of [1, 1_000_000]) {
    const facts = {
      "thumbnail.png": { ...pass.images["thumbnail.png"], bytes, sha256: "", width: 1, height: 1 },
    };
    await setRows(passRows, { id: pass.id }, { images: writeJson(facts) });
    const response = await askWith({ KEEP_BUILT_PASSES: "no" }, ask("GET", path));
    expect(response.status).toBe(200);
    await expect(response.arrayBuffer()).rejects.toThrow();
  }
  const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(lines).toMatchObject([{ event: "download_aborted" }, { event: "download_aborted" }]);
});

test("passes of more than 150 MB in total are refused before a byte is sent", async () => {
  const template = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(template.id, { images: { "thumbnail.png": png(90, 3).toBase64() } });
  const facts = { "thumbnail.png": { sha256: "", bytes: 150_000_000, width: 1, height: 1 } };
  await setRows(passRows, { id: pass.id }, { images: writeJson(facts) });
  for (const method of ["GET", "HEAD"]) {
    const response = await send(ask(method, pathOf(await linkTo([three[0], pass]))));
    expect(response.status).toBe(422);
  }
  const byKey = await call("GET", `/bundles/download?passIds=${pass.id}`);
  expect(byKey.body).toMatchObject({ status: 422, code: "bundle_too_large" });
});

test("a pass that is deleted after the link was opened, and a pack that is lost, never give an incomplete file as a whole one", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(id, { images: { "thumbnail.png": png(90, 3).toBase64() } });
  const path = pathOf(await linkTo([three[0], pass]));
  // Its own images are deleted with the pass: here as soon as the first pass was read.
  let isDeleted = false;
  const bucket = forwarding(env.BUCKET, {
    get: async (key: string) => (isDeleted ? null : env.BUCKET.get(key)),
  });
  const response = await askWith({ BUCKET: bucket, KEEP_BUILT_PASSES: "no" }, ask("GET", path));
  expect(response.status).toBe(200);
  isDeleted = true;
  await admin.delete(pass.id);
  await expect(response.arrayBuffer()).rejects.toThrow();
  expect(await opened(await get(path))).toHaveLength(1);

  const lost = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
  await setRows(templates, { id: lost.templateId }, { pack: "packs/lost" });
  expect((await get(pathOf(await linkTo([three[0], lost])))).status).toBe(500);
});

/** Paths that replace each other, in densities and languages. */
const paths = fc.constantFrom(
  ...["icon", "logo", "thumbnail"].flatMap((slot) =>
    ["", "@2x", "@3x"].flatMap((density) =>
      ["", "fr.lproj/", "pt-BR.lproj/"].map((folder) => `${folder}${slot}${density}.png`),
    ),
  ),
);
const images = fc.dictionary(paths, fc.integer({ min: 1, max: 40 }), { maxKeys: 6 });

test("the computed length is the real one, for any images, texts and signatures", async () => {
  const files = (sides: Record<string, number>): Images =>
    new Map(Object.entries(sides).map(([path, side]) => [path, png(side, side)]));
  const bytes = fc.integer({ min: 0, max: 3000 });
  await fc.assert(
    fc.asyncProperty(
      images,
      images,
      fc.dictionary(fc.constantFrom("fr", "de", "zh-Hant"), fc.dictionary(fc.string(), fc.string())),
      fc.record({ passJson: bytes, personalization: fc.option(bytes, { nil: undefined }), signature: bytes }),
      async (base, own, strings, { passJson, personalization, signature }) => {
        const full = templateImages(files({ ...base, "icon.png": 29 }));
        const template = { pack: newPackKey(), images: writeJson(await describeImages(full)) };
        await storePack(env.BUCKET, template.pack, full.files, strings);
        const pass = await storeOwnImages(
          { db, bucket: env.BUCKET, now: 0 },
          files(Object.keys(own).some((path) => path.includes("icon")) ? { ...own, "icon.png": 30 } : own),
        );
        const merged = await loadMergedPack(env.BUCKET, template.pack, pass.pack);
        const pack = await lengthOfMergedPack(env.BUCKET, template, pass);
        expect(pack).toBe(bytesOfPack(lengthOf(serialisePack(merged))));
        const sign = Object.assign(async () => new Uint8Array(signature), { signatureBytes: signature });
        const form = personalization === undefined ? undefined : new Uint8Array(personalization);
        const built = await buildPass(merged, new Uint8Array(passJson), sign, 0, form);
        expect(bytesOfPass({ pack, passJson, personalization, signature })).toBe(lengthOf(built));
      },
    ),
    { numRuns: 60 },
  );
});
