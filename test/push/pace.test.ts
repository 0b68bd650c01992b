/**
 * How often a phone is pushed: not again for a change that its last push covered, never twice within 45 seconds, and still
 * after every change.
 *
 * Follows Apple's "Adding a Web Service to Update Passes": a push says that something changed, the phone asks what.
 */
import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { lastPushes, markPushed } from "../../src/push/pace.ts";
import { admin, iphone, randomPushToken, TEAM } from "../harness.ts";
import { newestChangeId } from "../rows.ts";
import { db, pushJob } from "./consume.ts";
import { type Apns, DELIVERED, refusal, registerTokens, timeline } from "./timeline.ts";

const PASS_TYPE = "pass.test.pace";
const OTHER_TYPE = "pass.test.pace.other";
const SECOND_MS = 1000;
let start: number;

beforeAll(async () => {
  await admin.makeApnsKey();
  for (const type of [PASS_TYPE, OTHER_TYPE]) await admin.makePassType(type, TEAM, "P-256");
});

beforeEach(() => {
  start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A phone that holds passes of one template. */
async function holder(count: number, passTypeIdentifier = PASS_TYPE) {
  const { id } = await admin.makeTemplate(passTypeIdentifier);
  const phone = iphone();
  const passes = [];
  for (let n = 0; n < count; n++) {
    const pass = await admin.issue(id);
    await phone.addFrom(pass.downloadUrl);
    passes.push(pass);
  }
  const [first, second] = passes;
  if (first === undefined) throw new Error("a holder has a pass");
  return { phone, passes, first, second: second ?? first, templateId: id };
}

let version = 0;
const change = (line: ReturnType<typeof timeline>, pass: { id: number }) => {
  version += 1;
  return line.call("PATCH", `/passes/${pass.id}`, { values: { points: `${version}` } });
};

test("a change that was made before the phone's last push needs no other push", async () => {
  const { first, second } = await holder(2);
  const line = timeline(start);
  await change(line, first);
  await change(line, second);
  const jobs = line.waiting.length;
  await line.runUntil(start);
  await line.drain();
  expect(jobs).toBe(2);
  expect(line.pushes).toHaveLength(1);
});

test("a change that was made after the phone's last push waits until 45 seconds have passed", async () => {
  const { first, second } = await holder(2);
  const line = timeline(start);
  await change(line, first);
  await line.runUntil(start + 10 * SECOND_MS);
  await change(line, second);
  await line.runUntil(start + 10 * SECOND_MS);
  expect(line.waiting.map(({ at }) => at)).toEqual([start + 45 * SECOND_MS]);
  await line.drain();
  expect(line.pushes.map(({ at }) => at - start)).toEqual([0, 45 * SECOND_MS]);
});

test("only a phone that was just pushed waits, and the rest of the message is pushed immediately", async () => {
  const { first, templateId } = await holder(1);
  const [early, notified, fresh] = [randomPushToken(), randomPushToken(), randomPushToken()];
  await registerTokens({ ...first, templateId }, [early, notified, fresh]);
  const through = await newestChangeId();
  await markPushed(db, PASS_TYPE, [early], through - 1, start - 5 * SECOND_MS);
  await markPushed(db, PASS_TYPE, [notified], through, start - 5 * SECOND_MS);
  const line = timeline(start);
  await line.queue.send(pushJob(PASS_TYPE, [early, notified, fresh], 3, through));
  await line.runUntil(start);
  expect(line.pushes.map(({ token }) => token)).toEqual([fresh]);
  const rest = pushJob(PASS_TYPE, [early], 3, through);
  expect(line.waiting).toEqual([{ at: start + 40 * SECOND_MS, message: rest }]);
});

test("a waiting token is dropped only if another push has covered its change", async () => {
  for (const [toldThrough, pushes] of [
    [0, 0],
    [-1, 1],
  ] as const) {
    const { phone } = await holder(1);
    const through = await newestChangeId();
    const line = timeline(start);
    await markPushed(db, PASS_TYPE, [phone.pushToken], through - 1, start);
    await line.queue.send(pushJob(PASS_TYPE, [phone.pushToken], 1, through));
    await line.runUntil(start + 20 * SECOND_MS);
    await markPushed(db, PASS_TYPE, [phone.pushToken], through + toldThrough, start + 20 * SECOND_MS);
    await line.drain();
    expect(line.pushes).toHaveLength(pushes);
  }
});

test("a message of an earlier version, which has no change id, is delayed and never dropped", async () => {
  const { phone } = await holder(1);
  await markPushed(db, PASS_TYPE, [phone.pushToken], 10 ** 9, start);
  const line = timeline(start);
  await line.queue.send(pushJob(PASS_TYPE, [phone.pushToken]));
  await line.drain();
  expect(line.pushes.map(({ at }) => at - start)).toEqual([45 * SECOND_MS]);
});

test("a push for one pass type does not count for another, although the phone has one token", async () => {
  const { phone } = await holder(1);
  await markPushed(db, PASS_TYPE, [phone.pushToken], 10 ** 9, start);
  const line = timeline(start);
  await line.queue.send(pushJob(OTHER_TYPE, [phone.pushToken], 1, await newestChangeId()));
  await line.drain();
  expect(line.pushes.map(({ at }) => at)).toEqual([start]);
});

test("a change that is made during a push gets another push", async () => {
  const { first, second } = await holder(2);
  let made = 0;
  const line = timeline(start, async () => {
    if (made++ === 0) await change(line, second); // the phone has asked for its updates already
    return DELIVERED();
  });
  await change(line, first);
  await line.drain();
  expect(line.pushes.map(({ at }) => at - start)).toEqual([0, 45 * SECOND_MS]);
});

test("a failed push does not count, so its retry and the next change are pushed", async () => {
  const { first, second } = await holder(2);
  const answers = [refusal("InternalServerError"), refusal("Shutdown")];
  const line = timeline(start, () => answers.shift() ?? DELIVERED());
  await change(line, first);
  await line.runUntil(start + SECOND_MS);
  await change(line, second);
  await line.drain();
  // Both changes were made before the push that was delivered, so that one is enough.
  expect(line.pushes.map(({ status }) => status)).toEqual([500, 503, 200]);
});

test("a phone that rotated its token is pushed immediately, because pushes to the old token do not count", async () => {
  const { phone, first } = await holder(1);
  const old = phone.pushToken;
  const line = timeline(start);
  await change(line, first);
  await line.runUntil(start + SECOND_MS);
  await phone.rotatePushToken();
  const through = await newestChangeId();
  await line.queue.send(pushJob(PASS_TYPE, [phone.pushToken], 1, through));
  await line.drain();
  expect(line.pushes.map(({ token, at }) => [token, at - start])).toEqual([
    [old, 0],
    [phone.pushToken, SECOND_MS],
  ]);
});

test("a push to the old token that ends after the rotation does not count for the new one", async () => {
  const { phone, first } = await holder(1);
  const line = timeline(start, async ({ token }) => {
    if (token !== phone.pushToken) return DELIVERED();
    await phone.rotatePushToken();
    return DELIVERED();
  });
  await change(line, first);
  await line.runUntil(start);
  const { byToken } = await lastPushes(db, PASS_TYPE, [phone.pushToken]);
  expect([...byToken]).toEqual([]);
});

test("a phone that registers with the same token again keeps its last push", async () => {
  const { phone, first } = await holder(1);
  const line = timeline(start);
  await change(line, first);
  await line.runUntil(start);
  const before = await lastPushes(db, PASS_TYPE, [phone.pushToken]);
  expect(before.byToken.size).toBe(1);
  await phone.rotatePushToken(phone.pushToken);
  expect(await lastPushes(db, PASS_TYPE, [phone.pushToken])).toEqual(before);
});

/** A generator that gives the same numbers for the same seed (mulberry32). */
function random(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below;
  };
}

test.each([1, 2, 3, 4])(
  "whenever five passes on a phone change and pushes fail, the phone finally has all changes, and is never pushed twice in 45 seconds (seed %i)",
  async (seed) => {
    const below = random(seed);
    const { phone, passes } = await holder(5);
    let delivered = 0;
    const apns: Apns = async () => {
      if (below(1) < 0.3) return refusal("InternalServerError");
      await phone.receivePush(PASS_TYPE); // as soon as it can be, which is the hardest case
      if (delivered++ % 3 === 0) await changeAny();
      return DELIVERED();
    };
    const line = timeline(start, apns);
    let lastChangeAt = 0;
    async function changeAny() {
      const pass = passes[Math.floor(below(5))];
      if (pass === undefined) return;
      lastChangeAt = line.now();
      await change(line, pass);
    }
    for (let n = 0; n < 14; n++) {
      await line.runUntil(line.now() + Math.floor(below(1) < 0.4 ? 0 : below(70 * SECOND_MS)));
      await changeAny();
    }
    await line.drain();
    const times = line.pushes.filter(({ status }) => status === 200).map(({ at }) => at);
    for (const [n, at] of times.entries())
      if (n > 0) expect(at - (times[n - 1] ?? 0)).toBeGreaterThanOrEqual(45 * SECOND_MS);
    expect(times.at(-1)).toBeGreaterThanOrEqual(lastChangeAt);
    expect(phone.complaints).toEqual([]);
    const listed = await phone.receivePush(PASS_TYPE);
    expect(listed.updated).toEqual([]);
  },
);
