/**
 * The change log as a client sees it: the tag in the ETag, and Last-Modified. Both rise together with every change of what a
 * phone shows, whatever the clock does; and a write that changes nothing leaves no trace.
 *
 * Follows RFC 9110 §8.8 (validators; Last-Modified has a grain of one second).
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { changes } from "../../src/db/schema.ts";
import { counted } from "../counting.ts";
import { admin, call, get, passToken, storeCard, TEAM } from "../harness.ts";
import { callWithQueue, spyQueue } from "../push/consume.ts";
import { type changeRow, copyPass, newestChangeId, rowsOf } from "../rows.ts";

const PASS_TYPE = "pass.test.change-log";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

afterEach(() => {
  vi.useRealTimers();
});

interface Subject {
  readonly id: number;
  readonly templateId: number;
  readonly path: string;
  readonly headers: Record<string, string>;
}
interface Version {
  readonly tag: number;
  readonly lastModifiedAt: number;
}

async function issue(template: number): Promise<Subject> {
  const pass = await admin.issue(template);
  const { Authorization } = await passToken(pass);
  const path = `/v1/passes/${PASS_TYPE}/${pass.serialNumber}`;
  return { id: pass.id, templateId: template, path, headers: { Authorization, "If-None-Match": "*" } };
}

/** What a client sees of the newest version, without its bytes. */
async function versionOf({ path, headers }: Subject): Promise<Version> {
  const response = await get(path, headers);
  expect(response.status).toBe(304);
  const tag = /^"(\d+)-/.exec(response.headers.get("etag") ?? "")?.[1];
  return { tag: Number(tag), lastModifiedAt: Date.parse(response.headers.get("last-modified") ?? "") };
}

type ChangeRow = Awaited<ReturnType<typeof changeRow>>;
const changesAfter = async (id: number) => (await rowsOf(changes)).filter((change) => change.id > id);

/** mulberry32: a small generator that a seed repeats. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const seeds = [1, Date.now() % 2 ** 31];

test.each(seeds)(
  "tag and Last-Modified both increase for every pass that a change affects (seed %i)",
  async (seed) => {
    const random = randomFrom(seed);
    let now = Date.now() + 3_600_000; // so that no step back is before the certificate
    vi.useFakeTimers({ toFake: ["Date"], now });
    /** Stands still, moves within a second, jumps, and sometimes goes back, as clocks of many machines do. */
    const tick = () => {
      now += [0, 0, 1, 120, 999, 1000, 45_000, -700, -2500][random(9)] ?? 0;
      vi.setSystemTime(now);
    };
    const templates = [await admin.makeTemplate(PASS_TYPE), await admin.makeTemplate(PASS_TYPE)].map(
      ({ id }) => id,
    );
    const passes: Subject[] = [];
    for (const template of [...templates, ...templates]) passes.push(await issue(template));
    let known = await Promise.all(passes.map(versionOf));
    const anyOf = <Item>(items: readonly Item[]): Item => {
      const item = items[random(items.length)];
      if (item === undefined) throw new Error("there is nothing to choose from");
      return item;
    };

    for (let step = 0; step < 20; step += 1) {
      tick();
      const what = `seed ${seed}, step ${step}`;
      const last = await newestChangeId();
      const kind = random(10);
      let concerns: (pass: Subject) => boolean = () => false;
      if (kind < 6) {
        const pass = anyOf(passes);
        await callWithQueue(spyQueue(), "PATCH", `/passes/${pass.id}`, {
          values: { points: `${seed} ${step}` },
        });
        concerns = ({ id }) => id === pass.id;
      } else if (kind < 9) {
        const template = anyOf(templates);
        const pass = { ...storeCard, logoText: `${seed} ${step}` };
        await callWithQueue(spyQueue(), "PATCH", `/templates/${template}`, { pass });
        concerns = ({ templateId }) => templateId === template;
      } else {
        const born = await issue(anyOf(templates));
        passes.push(born);
        known.push(await versionOf(born));
        expect(known.at(-1)?.tag, what).toBe(last + 1);
      }
      const made = await changesAfter(last);
      expect(made, what).toHaveLength(1);
      const versions = await Promise.all(passes.map(versionOf));
      for (const [index, pass] of passes.entries()) {
        const [before, after] = [known[index], versions[index]];
        if (before === undefined || after === undefined) throw new Error(`${what}: a pass without a version`);
        if (!concerns(pass)) {
          expect(after, what).toEqual(before);
          continue;
        }
        expect(after.tag, what).toBe(made[0]?.id);
        expect(after.tag, what).toBeGreaterThan(before.tag);
        expect(after.lastModifiedAt, what).toBeGreaterThan(before.lastModifiedAt);
        expect(after.lastModifiedAt, what).toBeGreaterThanOrEqual(now);
        expect(after.lastModifiedAt, what).toBe(made[0]?.at);
      }
      known = versions;
    }
  },
);

test("a new pass of an old template has its own tag, and a Last-Modified that is not earlier than its template's", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const template = await admin.makeTemplate(PASS_TYPE);
  for (const logoText of ["a", "b", "c"]) {
    await callWithQueue(spyQueue(), "PATCH", `/templates/${template.id}`, {
      pass: { ...storeCard, logoText },
    });
  }
  const [change] = (await changesAfter((await newestChangeId()) - 1)) as [ChangeRow];
  const pass = await issue(template.id);
  const version = await versionOf(pass);
  expect(version.lastModifiedAt).toBe(change.at);
  expect(version.tag).toBe(change.id + 1);
  expect(await changesAfter(change.id)).toEqual([expect.objectContaining({ kind: "issued", at: change.at })]);
});

test("the issue and the deletion of a pass are recorded as already dispatched, because there is no phone to notify", async () => {
  const last = await newestChangeId();
  const pass = await admin.issue(templateId);
  await admin.delete(pass.id);
  expect(await changesAfter(last)).toEqual([
    expect.objectContaining({
      kind: "issued",
      passId: pass.id,
      templateId: null,
      actor: "admin",
      queuedAt: null,
      dispatchedAt: expect.any(Number),
    }),
    expect.objectContaining({
      kind: "deleted",
      passId: pass.id,
      templateId: null,
      actor: "admin",
      queuedAt: null,
      dispatchedAt: expect.any(Number),
    }),
  ]);
});

test("each change is one row with its kind, actor and target, and never contains the key", async () => {
  const pass = await admin.issue(templateId);
  const last = await newestChangeId();
  await admin.change(pass.id, { values: { points: "5" } });
  await admin.redeem(pass.id, { redemptionId: "till 4" });
  await admin.changeTemplate(templateId, { pass: { ...storeCard, logoText: "audited" } });
  const rows = await changesAfter(last);
  expect(
    rows.map(({ kind, passId, templateId, actor, detail }) => [kind, passId, templateId, actor, detail]),
  ).toEqual([
    ["changed", pass.id, null, "admin", null],
    ["redeemed", pass.id, null, "admin", "till 4"],
    ["changed", null, templateId, "admin", null],
  ]);
});

test("a write that phones do not show, or that has no effect, is not recorded as a change", async () => {
  const pass = await admin.issue(templateId, { values: { points: "5" }, tags: ["a"] });
  const { pass: templatePass } = await admin.changeTemplate(templateId, {
    pass: { ...storeCard, logoText: "same" },
  });
  const last = await newestChangeId();
  await admin.change(pass.id, { values: { points: "5" } });
  await admin.change(pass.id, { values: { balance: null } });
  await admin.change(pass.id, { pass: {}, barcodeMessage: pass.barcodeMessage });
  await admin.change(pass.id, { externalId: "outside", tags: ["a", "b"] });
  await admin.change(pass.id, {});
  await admin.changeTemplate(templateId, { pass: templatePass });
  await admin.changeTemplate(templateId, { name: "Another name" });
  await admin.redeem(pass.id, { redemptionId: "once" });
  await admin.redeem(pass.id, { redemptionId: "once" });
  expect((await changesAfter(last)).map(({ kind }) => kind)).toEqual(["redeemed"]);
});

test("of two redemptions at the same time, one succeeds and the other writes nothing", async () => {
  const pass = await admin.issue(templateId);
  const last = await newestChangeId();
  const answers = await Promise.all(
    ["north", "south"].map((redemptionId) => call("POST", `/passes/${pass.id}/redeem`, { redemptionId })),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  const winner = answers.findIndex(({ status }) => status === 200);
  expect((await changesAfter(last)).map(({ kind, detail }) => [kind, detail])).toEqual([
    ["redeemed", ["north", "south"][winner]],
  ]);
});

test("many changes of one pass at the same time have different tags, and the pass has the last one", async () => {
  const pass = await issue(templateId);
  const last = await newestChangeId();
  const fields = Array.from({ length: 8 }, (_, n) => ({ values: { points: `p${n}` } }));
  await Promise.all(fields.map((body) => callWithQueue(spyQueue(), "PATCH", `/passes/${pass.id}`, body)));
  const rows = await changesAfter(last);
  expect(rows).toHaveLength(8);
  expect(new Set(rows.map(({ at }) => at)).size).toBe(8);
  expect(await versionOf(pass)).toEqual({ tag: rows.at(-1)?.id, lastModifiedAt: rows.at(-1)?.at });
});

test("a template's change writes the same number of rows with 500 passes as with none", async () => {
  const written = async (passCount: number) => {
    const template = await admin.makeTemplate(PASS_TYPE);
    const pass = await admin.issue(template.id);
    await copyPass(pass.id, passCount, `many-${template.id}-`);
    const counters = counted(env);
    const body = { pass: { ...storeCard, logoText: "wide" } };
    const { status } = await callWithQueue(
      spyQueue(),
      "PATCH",
      `/templates/${template.id}`,
      body,
      counters.env,
    );
    expect(status).toBe(200);
    const { rowsRead, rowsWritten, trips } = counters.spent();
    return { pass, cost: { rowsRead, rowsWritten, trips } };
  };
  const [few, many] = [await written(0), await written(500)];
  expect(many.cost).toEqual(few.cost);
  // One of the trips looks for an issuer of Google Wallet.
  expect(many.cost).toMatchObject({ trips: 4, rowsWritten: 9 });
});
