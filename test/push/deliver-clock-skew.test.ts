/**
 * Clocks that differ: ours is an hour ahead of APNs or behind it, for a while. That removes no registration, creates no
 * provider token too early, and ends by itself.
 *
 * APNs has a clock of its own here, and checks provider tokens by the stand-in's rules. Follows Apple's "Establishing a
 * token-based connection to APNs" (none older than an hour, a new one every 20 minutes at most) and "Handling
 * notification responses from APNs" (the timestamp of a 410).
 */
import { decodeJwt, exportJWK, exportPKCS8, generateKeyPair, importJWK } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { registrations as registrationRows } from "../../src/db/schema.ts";
import { type ApnsAccounts, judge, type Reason } from "../apple/apns-rules.ts";
import { admin, call, iphone, randomPushToken, TEAM } from "../harness.ts";
import { setRows } from "../rows.ts";
import { consume, pushJob } from "./consume.ts";
import {
  type Apns,
  DELIVERED,
  refusal,
  registerTokens,
  registrationsOf,
  timeline,
  unregistered,
  watchLog,
} from "./timeline.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
let start: number;
let teams = 0;

beforeEach(() => {
  start = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: start });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A pass type of a team of its own, whose key an APNs of its own knows. */
async function team() {
  teams += 1;
  const teamIdentifier = `SKEW00000${teams}`;
  const keyId = `SKEWKEY00${teams}`;
  const passTypeIdentifier = `pass.test.skew.${teams}`;
  const pair = await generateKeyPair("ES256", { extractable: true });
  const privateKey = await exportPKCS8(pair.privateKey);
  expect((await call("POST", "/apns-keys", { keyId, teamIdentifier, privateKey })).status).toBe(201);
  await admin.makePassType(passTypeIdentifier, teamIdentifier, "P-256");
  const publicKey = await importJWK(await exportJWK(pair.publicKey), "ES256");
  if (!(publicKey instanceof CryptoKey)) throw new Error("a provider token key is a P-256 key");
  const accounts: ApnsAccounts = {
    keys: new Map([[keyId, { teamIdentifier, publicKey }]]),
    topics: new Map([[passTypeIdentifier, teamIdentifier]]),
    providerTokens: new Map(),
  };
  const pass = await admin.issue((await admin.makeTemplate(passTypeIdentifier)).id);
  return { passTypeIdentifier, pass, accounts };
}

/** Lets single pushes, one every ten minutes for two hours, run into skewed clocks, and all come to its end. */
async function pushThrough(skewMs: number, lastsMs: number, futureIs: Reason) {
  watchLog();
  const { passTypeIdentifier, pass, accounts } = await team();
  const begins = start + 10 * MINUTE_MS;
  const ends = begins + lastsMs;
  /** When each provider token that APNs has seen was issued, by signature, in order. */
  const issuedAt = new Map<string, number>();
  const apns: Apns = async ({ at, request }) => {
    const authorization = new Map(request.headers).get("authorization") ?? "";
    const iat = (decodeJwt(authorization.replace("bearer ", "")).iat ?? 0) * 1000;
    issuedAt.set(authorization, iat);
    const { refusal: reason } = await judge(request, accounts, at);
    if (reason === undefined) return DELIVERED();
    const isFuture = reason === "ExpiredProviderToken" && iat > at;
    return refusal(isFuture ? futureIs : reason);
  };
  const line = timeline(start, apns, (at) => (begins <= at && at < ends ? at + skewMs : at));
  const tokens = Array.from({ length: 12 }, randomPushToken);
  await registerTokens(pass, tokens);
  for (const [n, token] of tokens.entries())
    await line.queue.send(pushJob(passTypeIdentifier, [token]), { delaySeconds: n * 600 });
  await line.drain();
  return { line, tokens, ends, issuedAt: [...issuedAt.values()] };
}

const [EXPIRED, INVALID] = ["ExpiredProviderToken", "InvalidProviderToken"] as const;
// If our clock is behind, a token that was issued before is valid for another hour, so the effect is later.
test.each([
  { name: "an hour ahead, called expired", skewMs: HOUR_MS, lastsMs: HOUR_MS / 2, futureIs: EXPIRED },
  { name: "further ahead, called expired", skewMs: 1.2 * HOUR_MS, lastsMs: 0.6 * HOUR_MS, futureIs: EXPIRED },
  { name: "further ahead, called invalid", skewMs: 1.2 * HOUR_MS, lastsMs: 0.6 * HOUR_MS, futureIs: INVALID },
  { name: "an hour behind", skewMs: -HOUR_MS, lastsMs: 1.5 * HOUR_MS, futureIs: EXPIRED },
  { name: "further behind", skewMs: -1.2 * HOUR_MS, lastsMs: 1.5 * HOUR_MS, futureIs: EXPIRED },
])(
  "while our clock is $name, no registration is removed, and when it is right again every phone is pushed once",
  async ({ skewMs, lastsMs, futureIs }) => {
    const { line, tokens, ends, issuedAt } = await pushThrough(skewMs, lastsMs, futureIs ?? "");
    const { pushes, dead } = line;
    expect(pushes.some(({ status }) => status === 403)).toBe(true);
    const delivered = pushes.filter(({ status }) => status === 200).map(({ token }) => token);
    expect(delivered.toSorted()).toEqual(tokens.toSorted());
    expect([dead, await registrationsOf(tokens)]).toEqual([[], tokens.length]);
    // A token that was issued in the future is accepted when that time comes: no other one is created.
    const within = Math.max(0, skewMs);
    expect(pushes.filter(({ at, status }) => at > ends + within && status !== 200)).toEqual([]);
    const inOrder = issuedAt.toSorted((a, b) => a - b);
    for (const [n, iat] of inOrder.entries())
      if (n > 0) expect(iat - (inOrder[n - 1] ?? 0)).toBeGreaterThanOrEqual(20 * MINUTE_MS - 1000);
  },
);

describe("the timestamp of a 410", () => {
  /** A phone whose only pass it registered at this time. */
  async function holder(registeredAt: number) {
    const passTypeIdentifier = `pass.test.skew.gone.${++teams}`;
    await admin.makeApnsKey();
    await admin.makePassType(passTypeIdentifier, TEAM, "P-256");
    const pass = await admin.issue((await admin.makeTemplate(passTypeIdentifier)).id);
    const phone = iphone();
    await phone.addFrom(pass.downloadUrl);
    await setRows(registrationRows, { pushToken: phone.pushToken }, { registeredAt });
    const registrations = async () => (await admin.show(pass.id)).registrations;
    const again = async () => {
      const held = phone.pass(passTypeIdentifier, pass.serialNumber);
      await phone.switchUpdatesOff(held);
      await phone.switchUpdatesOn(held);
    };
    return { phone, registrations, again, job: pushJob(passTypeIdentifier, [phone.pushToken]) };
  }

  test.each([
    ["an hour later than our clock", HOUR_MS],
    ["a moment later", 6000],
    ["now", 0],
    ["an hour earlier", -HOUR_MS],
  ])("that is %s does not remove what the phone registers during the push", async (_, later) => {
    const { registrations, again, job } = await holder(start - 10 * HOUR_MS);
    const { sent } = await consume([job], {
      fetch: async () => {
        vi.setSystemTime(start + 5000);
        await again();
        return unregistered(start + later);
      },
    });
    // APNs may answer 410 for a moment after a token is valid again: its update is not lost.
    const next = { message: { ...job, attempt: 2 }, delaySeconds: expect.any(Number) };
    expect([sent, await registrations()]).toEqual([[next], 1]);
  });

  test.each([
    ["an hour later than our clock", HOUR_MS],
    ["an hour earlier", -HOUR_MS],
  ])("that is %s removes what was registered before it", async (_, later) => {
    const { registrations, job } = await holder(start - 10 * HOUR_MS);
    await consume([job], { fetch: async () => unregistered(start + later) });
    expect(await registrations()).toBe(0);
  });

  test("that is earlier than our clock does not remove what the phone has registered since, and its change is pushed", async () => {
    const { phone, registrations, job } = await holder(start - HOUR_MS / 2);
    const line = timeline(start, () =>
      line.pushes.length === 0 ? unregistered(start - HOUR_MS) : DELIVERED(),
    );
    await line.queue.send(job);
    await line.drain();
    expect(await registrations()).toBe(1);
    expect(line.pushes.map(({ token, status }) => [token, status])).toEqual([
      [phone.pushToken, 410],
      [phone.pushToken, 200],
    ]);
  });

  test("of several tokens has the effect that only the one that is still registered is pushed again", async () => {
    const { phone, job } = await holder(start - HOUR_MS / 2);
    const { sent } = await consume([{ ...job, tokens: [phone.pushToken, randomPushToken()] }], {
      fetch: async () => unregistered(start - HOUR_MS),
    });
    expect(sent.map(({ message }) => message)).toEqual([{ ...job, attempt: 2 }]);
  });
});
