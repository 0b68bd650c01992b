/**
 * The score of a phone's pushes, compared with a simple model of it in JavaScript: a push sooner than two hours after the
 * last one raises it by the cube of how much sooner, a later one lowers it, never below 0.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { devices } from "../../src/db/schema.ts";
import { countPushedTooOften, markPushed } from "../../src/push/pace.ts";
import { explain } from "../cost.ts";
import { counted } from "../counting.ts";
import { admin, call, iphone, TEAM } from "../harness.ts";
import { rowsOf } from "../rows.ts";
import { consume, db, pushJob } from "./consume.ts";
import { DELIVERED, refusal } from "./timeline.ts";

const PASS_TYPE = "pass.test.score";
const INTERVAL_MS = 2 * 60 * 60_000;
const PAUSE_MS = 45_000;
let templateId: number;

beforeAll(async () => {
  await admin.makeApnsKey();
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

async function phoneWithAPass() {
  const phone = iphone();
  await phone.addFrom((await admin.issue(templateId)).downloadUrl);
  return phone;
}

async function scoreOf(token: string): Promise<number | undefined> {
  return (await rowsOf(devices, { pushToken: token }))[0]?.pushScore;
}

/** The model: from the times of the pushes to the score. */
function modelled(pushedAt: readonly number[]): number {
  return pushedAt.reduce((score, at, n) => {
    const last = pushedAt[n - 1];
    if (last === undefined) return score;
    const sooner = (INTERVAL_MS - (at - last)) / INTERVAL_MS;
    return Math.max(0, score + (sooner > 0 ? sooner ** 3 : sooner));
  }, 0);
}

async function pushAt(token: string, times: readonly number[]): Promise<void> {
  for (const at of times) await markPushed(db, PASS_TYPE, [token], 1, at);
}

const every = (count: number, gap: number) => Array.from({ length: count }, (_, n) => 1_000_000 + n * gap);

test.each([
  { name: "five in a row", times: every(5, PAUSE_MS), about: 3.93 },
  { name: "one an hour", times: every(9, INTERVAL_MS / 2), about: 1 },
  { name: "two hours apart", times: every(5, INTERVAL_MS), about: 0 },
  { name: "three hours apart", times: every(5, 1.5 * INTERVAL_MS), about: 0 },
  {
    name: "five in a row, then one three hours later",
    times: [...every(5, PAUSE_MS), 20_000_000],
    about: 2.3,
  },
])("pushes $name give the same score as the reference model", async ({ times, about }) => {
  const { pushToken } = await phoneWithAPass();
  await pushAt(pushToken, times);
  const score = await scoreOf(pushToken);
  expect(score).toBeCloseTo(modelled(times), 9);
  expect(score).toBeCloseTo(about, 1);
});

test("pushes at random times give the same score as the reference model", async () => {
  for (let round = 0; round < 5; round++) {
    const { pushToken } = await phoneWithAPass();
    let at = 1_000_000;
    const times = Array.from({ length: 12 }, () => {
      at += Math.floor(Math.random() ** 3 * 2 * INTERVAL_MS) + 1;
      return at;
    });
    await pushAt(pushToken, times);
    expect([times, await scoreOf(pushToken)]).toEqual([times, expect.closeTo(modelled(times), 9)]);
  }
});

test("only delivered pushes count, and only for the pass type's devices with that token", async () => {
  const [pushed, failed, other] = [await phoneWithAPass(), await phoneWithAPass(), await phoneWithAPass()];
  const start = Date.now();
  for (let n = 0; n < 3; n++) {
    await consume([pushJob(PASS_TYPE, [pushed.pushToken, failed.pushToken])], {
      now: () => start + n * PAUSE_MS,
      fetch: async (url) => (url.endsWith(pushed.pushToken) ? DELIVERED() : refusal("Shutdown")),
    });
  }
  expect(await scoreOf(pushed.pushToken)).toBeCloseTo(modelled(every(3, PAUSE_MS)), 9);
  expect(await scoreOf(failed.pushToken)).toBe(0);
  expect(await scoreOf(other.pushToken)).toBe(0);
});

test("a phone keeps its score when it rotates its token", async () => {
  const phone = await phoneWithAPass();
  const times = every(4, PAUSE_MS);
  await pushAt(phone.pushToken, times);
  await phone.rotatePushToken();
  await pushAt(phone.pushToken, [2_000_000]);
  expect(await scoreOf(phone.pushToken)).toBeCloseTo(modelled(times), 9);
});

/** What health says of them at this moment. */
async function warnings(now: number): Promise<string[]> {
  vi.useFakeTimers({ toFake: ["Date"], now });
  const { body } = await call<{ findings: { code: string; message: string }[] }>("GET", "/health");
  vi.useRealTimers();
  return body.findings.flatMap(({ code, message }) => (code === "pushed_too_often" ? [message] : []));
}

test("health warns about phones that are more than ten pushes above the rate, by pass type, and finds them by an index", async () => {
  const [much, little] = [await phoneWithAPass(), await phoneWithAPass()];
  const now = Date.now();
  const times = every(12, PAUSE_MS).map((at) => at + now);
  await pushAt(much.pushToken, times.slice(0, 11));
  await pushAt(little.pushToken, times.slice(0, 5));
  expect(await warnings(now)).toEqual([]);
  await pushAt(much.pushToken, times.slice(11));
  expect(await countPushedTooOften(db, now)).toEqual([{ passTypeIdentifier: PASS_TYPE, devices: 1 }]);
  expect(await warnings(now)).toEqual([
    expect.stringMatching(new RegExp(`^Devices that get pushes for ${PASS_TYPE} .*: 1\\.`)),
  ]);
  const counters = counted(env);
  await countPushedTooOften(openDatabase(counters.env.DB), now);
  const steps = (await explain(counters.asked)).map(({ step }) => step);
  expect(steps).toEqual([expect.stringContaining("devices_pushed_too_often")]);
});

test("the score of a phone that is no longer pushed decreases as it would with a late push", async () => {
  const type = "pass.test.score.recovery";
  await admin.makePassType(type, TEAM, "P-256");
  const phone = iphone();
  await phone.addFrom((await admin.issue((await admin.makeTemplate(type)).id)).downloadUrl);
  const now = Date.now();
  const times = every(13, PAUSE_MS).map((at) => at + now);
  for (const at of times) await markPushed(db, type, [phone.pushToken], 1, at);
  const last = times.at(-1) ?? 0;
  const isWarned = async (at: number) =>
    (await countPushedTooOften(db, at)).some(({ passTypeIdentifier }) => passTypeIdentifier === type);
  // The time at which a push would leave the model at ten: one interval that costs nothing, and the excess.
  const endsAt = last + INTERVAL_MS + (modelled(times) - 10) * INTERVAL_MS;
  expect(modelled([...times, endsAt])).toBeCloseTo(10, 9);
  expect(endsAt - last).toBeGreaterThan(INTERVAL_MS);
  for (const [at, expected] of [
    [last - 1, true], // a time in the future comes from another isolate's clock
    [last + INTERVAL_MS, true],
    [endsAt - 1000, true],
    [endsAt + 1000, false],
    [endsAt + 1000 * INTERVAL_MS, false],
  ] as const)
    expect([at - last, await isWarned(at)]).toEqual([at - last, expected]);
  expect(await warnings(endsAt - 1000)).toContainEqual(expect.stringContaining(type));
  expect(await warnings(endsAt + 1000)).not.toContainEqual(expect.stringContaining(type));
  // A push finds the previous score, minus the part that time has removed.
  await markPushed(db, type, [phone.pushToken], 1, endsAt);
  expect(await scoreOf(phone.pushToken)).toBeCloseTo(10, 9);
});

test("the score of a phone with a new token that was never pushed decreases in the same way", async () => {
  const phone = await phoneWithAPass();
  const now = Date.now();
  await pushAt(
    phone.pushToken,
    every(13, PAUSE_MS).map((at) => at + now),
  );
  const before = (await countPushedTooOften(db, now))[0]?.devices ?? 0;
  await phone.rotatePushToken();
  expect((await countPushedTooOften(db, now))[0]?.devices).toBe(before);
  expect(await countPushedTooOften(db, now + 5 * INTERVAL_MS)).toEqual([]);
});
