/**
 * Which objects in R2 are used: every request that stores, names or drops one, and crashes between these steps. After each,
 * the hourly job leaves exactly what a row names.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { objects, objectUses, templates } from "../../src/db/schema.ts";
import { createContext } from "../../src/http/context.ts";
import { changeTemplate } from "../../src/templates/change.ts";
import { adminCost } from "../cost.ts";
import { counted, forwarding } from "../counting.ts";
import { LOST } from "../failing-d1.ts";
import { admin, call, download, icon } from "../harness.ts";
import { db, insertRows, passRow, rowsOf, setRows, templateRow } from "../rows.ts";
import { askWith } from "../wallet/web-service.ts";
import {
  adminRequest,
  assetOf,
  bucketWith,
  callWith,
  colour,
  expectNothingLeft,
  fail,
  HOUR_MS,
  hourlyJob,
  keysIn,
} from "./world.ts";

const PASS_TYPE = "pass.test.objects";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

afterEach(async () => {
  vi.restoreAllMocks();
  await expectNothingLeft();
});

const packOf = async (id: number) => (await passRow(id)).pack ?? "";
const own = (red: number) => ({ images: { "strip.png": colour(red) } });
const withIcon = (red: number) => ({ images: { "icon.png": colour(red) } });
const withLogo = { images: { ...icon, "logo.png": colour(10) } };
const usesOf = async (owner: string) => (await rowsOf(objectUses, { owner })).map(({ key }) => key);
const quiet = () => vi.spyOn(console, "error").mockImplementation(() => {});

describe("a template", () => {
  test("uses its pack and its images from its creation to its deletion, and they stay an hour longer", async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE, withIcon(1));
    const { pack } = await templateRow(id);
    const asset = await assetOf(colour(1));
    expect((await usesOf(`template:${id}`)).toSorted()).toEqual([asset, pack]);
    expect(await rowsOf(objects)).toEqual([]);
    await call("DELETE", `/templates/${id}`);
    expect(await usesOf(`template:${id}`)).toEqual([]);
    await hourlyJob(HOUR_MS / 2);
    expect(await keysIn()).toEqual(expect.arrayContaining([asset, pack]));
    await hourlyJob(HOUR_MS + 1000);
    expect(await keysIn()).not.toContain(asset);
    expect(await keysIn()).not.toContain(pack);
  });

  test("drops the images and the pack that it replaces, and keeps what stays", async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE, {
      images: { "icon.png": colour(2), "logo.png": colour(3) },
    });
    const old = (await templateRow(id)).pack;
    await admin.changeTemplate(id, { images: { "icon.png": colour(2), "logo.png": colour(4) } });
    const { pack } = await templateRow(id);
    const used = [await assetOf(colour(2)), await assetOf(colour(4)), pack].toSorted();
    expect((await usesOf(`template:${id}`)).toSorted()).toEqual(used);
    const waiting = (await rowsOf(objects)).map(({ key }) => key);
    expect(waiting.toSorted()).toEqual([await assetOf(colour(3)), old].toSorted());
    await admin.changeTemplate(id, { strings: { fr: { POINTS: "new" } } });
    await expectNothingLeft();
    await download(await admin.issue(id));
  });

  test("that is sent its own images again stores nothing", async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE, withIcon(5));
    const { answer } = await adminCost("PATCH", `/templates/${id}`, withIcon(5));
    expect(answer).toMatchObject({ puts: 0, rowsWritten: 0 });
    expect(await rowsOf(objects)).toEqual([]);
  });

  test("whose files were replaced twice while D1 lost an answer keeps the replaced packs for an hour", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const { id } = await admin.makeTemplate(PASS_TYPE, withIcon(12));
    const packs: string[] = [];
    const replaceAndLose = async () => {
      if (packs.push((await templateRow(id)).pack) > 1) return;
      // A direct call, because a request in this isolate would wait for its turn.
      const images = new Map([["icon.png", Uint8Array.fromBase64(colour(14))]]);
      await changeTemplate(createContext({ env, executionCtx: createExecutionContext() }, Date.now()), id, {
        images,
      });
      throw new Error(LOST);
    };
    const batch = async (statements: D1PreparedStatement[]) => {
      const results = await env.DB.batch(statements);
      if (statements.length > 3) await replaceAndLose();
      return results;
    };
    const request = adminRequest("PATCH", `/templates/${id}`, withIcon(13));
    expect((await askWith({ DB: forwarding(env.DB, { batch }) }, request)).status).toBe(200);
    // A request that has read the row between the two changes still finds its pack.
    expect(await keysIn("packs/")).toEqual(expect.arrayContaining(packs));
  });

  test("that is refused leaves only what the hourly job deletes", async () => {
    await admin.makeTemplate(PASS_TYPE, { ...withIcon(6), externalId: "taken" });
    const body = { name: "x", passTypeIdentifier: PASS_TYPE, pass: {}, externalId: "taken", ...withIcon(7) };
    const { pass } = await admin.makeTemplate(PASS_TYPE);
    expect((await call("POST", "/templates", { ...body, pass })).status).toBe(409);
    const { id } = await admin.makeTemplate(PASS_TYPE, withIcon(8));
    const renamed = await call("PATCH", `/templates/${id}`, { externalId: "taken", ...withIcon(9) });
    expect(renamed.status).toBe(409);
    await expectNothingLeft();
    expect(await keysIn()).toContain(await assetOf(colour(8)));
  });

  test("shares an image with another one, and the image stays until both have dropped it", async () => {
    const [one, other] = [
      await admin.makeTemplate(PASS_TYPE, withLogo),
      await admin.makeTemplate(PASS_TYPE, withLogo),
    ];
    const shared = await assetOf(colour(10));
    await call("DELETE", `/templates/${one.id}`);
    await expectNothingLeft();
    expect(await keysIn()).toContain(shared);
    // A change of the strings makes a new pack from the stored images.
    await admin.changeTemplate(other.id, { strings: { fr: { POINTS: "neuf" } } });
    await admin.changeTemplate(other.id, { images: { "logo.png": null } });
    await expectNothingLeft();
    expect(await keysIn()).not.toContain(shared);
  });
});

test("a pack in a row stays in R2, also if the request that put it there is then refused", async () => {
  quiet();
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const [one, other] = [await admin.makeTemplate(PASS_TYPE), await admin.makeTemplate(PASS_TYPE)];
  let batches = 0;
  const DB = forwarding(env.DB, {
    async batch(statements: D1PreparedStatement[]) {
      const results = await env.DB.batch(statements);
      if (++batches !== 2) return results; // the first one declares the upload
      // Written directly, as another isolate would write it: in this isolate, the request has the turn of templates.
      await setRows(templates, { id: one.id }, { externalId: null, revision: 3, writeId: 1 });
      await setRows(templates, { id: other.id }, { externalId: "wanted" });
      throw new Error(LOST);
    },
  });
  const request = adminRequest("PATCH", `/templates/${one.id}`, { externalId: "wanted", ...withIcon(12) });
  expect((await askWith({ DB }, request)).status).toBe(409);
  expect(await keysIn("packs/")).toContain((await templateRow(one.id)).pack);
  await download(await admin.issue(one.id));
});

describe("a pass", () => {
  test("with own images uses its pack until they are replaced, removed or the pass is deleted", async () => {
    const [kept, replaced, emptied, deleted] = await Promise.all(
      [20, 21, 22, 23].map((red) => admin.issue(templateId, own(red))),
    );
    if (!kept || !replaced || !emptied || !deleted) throw new Error("four passes");
    const old = await Promise.all([replaced, emptied, deleted].map(({ id }) => packOf(id)));
    await admin.change(replaced.id, own(24));
    await admin.change(replaced.id, own(25));
    await admin.change(emptied.id, { images: null });
    await admin.delete(deleted.id);
    expect(await usesOf(`pass:${replaced.id}`)).toEqual([await packOf(replaced.id)]);
    for (const { id } of [emptied, deleted]) expect(await usesOf(`pass:${id}`)).toEqual([]);
    expect(await keysIn("packs/")).toEqual(expect.arrayContaining(old));
    await expectNothingLeft();
    for (const key of old) expect(await keysIn("packs/")).not.toContain(key);
    expect((await download(kept)).files["strip.png"]?.toBase64()).toBe(colour(20));
    expect((await download(replaced)).files["strip.png"]?.toBase64()).toBe(colour(25));
  });

  test("keeps its pack if a change of its images is refused, or sends the same images", async () => {
    const pass = await admin.issue(templateId, own(26));
    const pack = await packOf(pass.id);
    const refused = await call("PATCH", `/passes/${pass.id}`, { images: null, values: { until: "never" } });
    expect(refused.body.code).toBe("value_does_not_fit");
    const other = await call("PATCH", `/passes/${pass.id}`, { ...own(27), values: { until: "never" } });
    expect(other.body.code).toBe("value_does_not_fit");
    await admin.change(pass.id, own(26));
    expect(await usesOf(`pass:${pass.id}`)).toEqual([pack]);
    await expectNothingLeft();
    await download(pass);
  });

  test("whose serial number is taken leaves only what the hourly job deletes", async () => {
    const body = { serialNumber: "taken", ...own(28) };
    const pass = await admin.issue(templateId, body);
    expect((await call("POST", `/templates/${templateId}/passes`, body)).status).toBe(409);
    await expectNothingLeft();
    await download(pass);
  });

  test("without own images touches neither table, and own images cost six rows more", async () => {
    const { env: bindings, spent } = counted(env);
    const issue = async (body: object) => {
      const response = await askWith(bindings, adminRequest("POST", `/templates/${templateId}/passes`, body));
      const { trips, rowsWritten } = spent();
      return { status: response.status, trips, rowsWritten };
    };
    expect(await issue({})).toEqual({ status: 201, trips: 2, rowsWritten: 13 });
    expect(await issue(own(29))).toEqual({ status: 201, trips: 3, rowsWritten: 13 + 6 });
  });
});

describe("a crash", () => {
  const issueWith = (changed: Parameters<typeof askWith>[0], red: number) =>
    callWith(changed.BUCKET ?? env.BUCKET, "POST", `/templates/${templateId}/passes`, own(red));

  test("between the declaration and the put leaves a row, which the hourly job removes", async () => {
    quiet();
    const before = await keysIn("packs/");
    expect((await issueWith({ BUCKET: bucketWith("put", "packs/", fail) }, 30)).status).toBe(500);
    expect(await keysIn("packs/")).toEqual(before);
    expect(await rowsOf(objects)).toHaveLength(1);
  });

  test("between the put and the batch that names it leaves an object, which the hourly job deletes", async () => {
    quiet();
    const before = await keysIn("packs/");
    const stored = bucketWith("put", "packs/", (put) => put().then(fail));
    expect((await issueWith({ BUCKET: stored }, 31)).status).toBe(500);
    expect(await keysIn("packs/")).toHaveLength(before.length + 1);
    await expectNothingLeft();
    expect(await keysIn("packs/")).toEqual(before);
  });

  test("before the declaration leaves nothing", async () => {
    quiet();
    const before = await keysIn();
    const broken = forwarding(env.DB, {
      batch: () => Promise.reject(new Error("D1 is down")),
    });
    const { id } = await admin.issue(templateId);
    const request = adminRequest("PATCH", `/passes/${id}`, own(32));
    expect((await askWith({ DB: broken }, request)).status).toBeGreaterThanOrEqual(500);
    expect(await keysIn()).toEqual(before);
  });
});

test("every object of the bucket may be entered into objects: the hourly job deletes only what is not used", async () => {
  const pass = await admin.issue(templateId, own(40));
  await env.BUCKET.put("packs/of-a-lost-time", "x");
  const all = [...(await keysIn("assets/")), ...(await keysIn("packs/"))];
  await insertRows(
    objects,
    all.map((key) => ({ key, since: 0 })),
  );
  await expectNothingLeft();
  expect([...(await keysIn("assets/")), ...(await keysIn("packs/"))]).toEqual(
    all.filter((key) => key !== "packs/of-a-lost-time"),
  );
  await download(pass);
});

test("a use is found by its key and by its owner through an index", async () => {
  const plans = await Promise.all(
    ["key = 'x'", "owner = 'x'"].map((where) =>
      db.all<{ detail: string }>(`EXPLAIN QUERY PLAN SELECT 1 FROM object_uses WHERE ${where}`),
    ),
  );
  for (const [step] of plans) expect(step?.detail).toMatch(/^SEARCH object_uses USING/);
});
