/**
 * The sender and the log of the scanner: no scan is lost, and each counts once, whatever happens to the network, the battery, the key
 * and the clock.
 */
import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import type { KeptScan } from "../../../../src/browser/scanner/scan.ts";
import { KEY, type Phone, phoneOf, StandInServer, TestClock, until } from "./stand-in.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let clock: TestClock;
let server: StandInServer;
let phone: Phone;

beforeEach(async () => {
  clock = new TestClock();
  server = new StandInServer(clock.now);
  phone = await phoneOf(server, clock);
});

const outcome = ({ state }: Pick<KeptScan, "state">) =>
  state.kind === "answered" ? state.result.outcome : state.kind;
const codesOf = (scans: readonly { code: string }[]) => scans.map(({ code }) => code);
const kept = async (scan: KeptScan, { log } = phone) => {
  const found = await log.get(scan.scanId);
  if (found === undefined) throw new Error("a scan is lost");
  return found;
};
/** Many scans without network. */
async function scanOffline(count: number) {
  server.network = "down";
  for (let index = 0; index < count; index++) {
    clock.advance(1000);
    await phone.scan(`offline ${index}`);
  }
}
/** The network is back, as the browser says it. */
async function online(of = phone) {
  server.network = "up";
  await of.sender.flush();
}

test("a scan is answered at once, by the server's clock, and the person sees it", async () => {
  server.time = () => clock.time + 5 * HOUR;
  const scan = await phone.scan("A");
  expect(scan).toMatchObject({
    shown: "checked",
    state: { kind: "answered", result: { outcome: "redeemed" } },
  });
  expect(server.requests).toEqual([[{ scanId: scan.scanId, code: "A", place: "Gate 2" }]]);
  expect(await kept(scan)).toEqual(scan);
  expect(outcome(await phone.scan("A"))).toBe("already_redeemed");
  expect(await phone.log.conflicts()).toEqual([]);
});

test("100 scans without network survive a restart and are sent in two requests, oldest first, each counted once", async () => {
  await scanOffline(100);
  phone = await phone.restart();
  expect(phone.sender.state().waiting).toBe(100);
  await online();
  expect(server.requests.map(({ length }) => length)).toEqual([50, 50]);
  expect(codesOf(server.requests.flat())).toEqual(
    Array.from({ length: 100 }, (_, index) => `offline ${index}`),
  );
  expect(server.admitted()).toHaveLength(100);
  expect(phone.sender.state()).toEqual({ waiting: 0, trouble: null, clockError: 0 });
  expect((await phone.log.countsSince(0)).byTally).toMatchObject({ redeemed: 100, waiting: 0 });
});

test("a battery that dies before the request, or before its answer, loses nothing, and a person has to look at the answer that came later", async () => {
  server.voided.add("bad before").add("bad after");
  server.network = "down";
  const before = await phone.scan("bad before");
  server.network = "held";
  void phone.scan("bad after");
  await until(() => server.requests.length === 1);
  // The page is closed before the answer arrives.
  server.network = "down";
  phone = await phone.restart();
  expect((await phone.log.latest(9)).map(({ shown, state }) => [shown, state.kind])).toEqual([
    ["unchecked", "waiting"],
    ["unchecked", "waiting"],
  ]);
  await online();
  expect(server.stored.size).toBe(2);
  expect((await phone.log.conflicts()).map((scan) => [scan.code, outcome(scan)])).toEqual([
    ["bad before", "voided"],
    ["bad after", "voided"],
  ]);
  await phone.log.markLooked([before.scanId], clock.time);
  expect(codesOf(await phone.log.conflicts())).toEqual(["bad after"]);
});

test("a scan whose answer was lost is sent again and counts once", async () => {
  server.network = "lost";
  const scan = await phone.scan("A");
  expect([scan.shown, scan.state.kind, server.admitted().length]).toEqual(["unchecked", "waiting", 1]);
  await online();
  expect(outcome(await kept(scan))).toBe("redeemed");
  expect(await phone.log.conflicts()).toEqual([]);
});

test("after 4 s the person sees a scan that is not checked, and its late answer is not one that they saw", async () => {
  server.voided.add("A").add("B");
  server.network = "held";
  const asked = phone.scan("A");
  await until(() => server.requests.length === 1);
  await phone.sender.flush();
  clock.advance(4000);
  expect(await asked).toMatchObject({ shown: "unchecked", state: { kind: "waiting" } });
  server.release();
  const [late] = await until(async () => (await phone.log.conflicts()).length > 0 && phone.log.conflicts());
  expect(late).toMatchObject({ code: "A", shown: "unchecked", state: { kind: "answered" } });
  const inTime = phone.scan("B");
  await until(() => server.requests.length === 2);
  clock.advance(3999);
  server.release();
  expect(await inTime).toMatchObject({ shown: "checked", state: { kind: "answered" } });
  expect([codesOf(await phone.log.conflicts()), server.requests.length]).toEqual([["A"], 2]);
});

test("a new scan is sent at once and alone, also while a request of old ones has no answer", async () => {
  await scanOffline(120);
  server.network = "held";
  void phone.sender.flush();
  await until(() => server.requests.length === 1);
  server.network = "up";
  const scan = await phone.scan("new");
  expect([outcome(scan), codesOf(server.requests[1] ?? [])]).toEqual(["redeemed", ["new"]]);
  server.release();
  await phone.sender.flush();
  expect(server.requests.map(({ length }) => length)).toEqual([50, 1, 50, 20]);
});

test("what waits of the same code is sent before the new scan, in its request, so a second entry is refused", async () => {
  await scanOffline(3);
  server.network = "up";
  clock.time += 10 * MINUTE;
  const again = await phone.scan("offline 1");
  expect(codesOf(server.requests[0] ?? [])).toEqual(["offline 1", "offline 1"]);
  expect(again).toMatchObject({ shown: "checked", state: { result: { outcome: "already_redeemed" } } });
  expect(await phone.log.conflicts()).toEqual([]);
});

test("a scan that waits can be checked again: the same scan, after what waits of its code", async () => {
  server.network = "down";
  const first = await phone.scan("A");
  const second = await phone.scan("A");
  server.network = "up";
  const checked = await phone.sender.recheck(second);
  expect([outcome(checked), checked.shown]).toEqual(["already_redeemed", "checked"]);
  const ids = (scans: readonly { scanId: string }[] = []) => scans.map(({ scanId }) => scanId);
  expect(server.requests.map(ids)).toEqual([ids([first, second])]);
});

test("one scan that the server cannot take is refused alone and listed, and the others are sent", async () => {
  await scanOffline(50);
  server.refusedCodes.add("offline 17");
  await online();
  expect(server.admitted()).toHaveLength(49);
  const [refused, ...others] = await phone.log.conflicts();
  expect(refused).toMatchObject({ code: "offline 17", state: { kind: "refused", code: "invalid_body" } });
  expect([others, phone.sender.state()]).toMatchObject([[], { waiting: 0, trouble: null }]);
  server.refusedCodes.add("typed");
  expect(await phone.scan("typed")).toMatchObject({ state: { kind: "refused" } });
  expect(await phone.log.conflicts()).toHaveLength(1);
});

test("scans that are too large for one request are sent in smaller ones", async () => {
  await scanOffline(50);
  server.limit = 20;
  await online();
  expect([server.admitted().length, phone.sender.state().waiting]).toEqual([50, 0]);
});

test("a revoked key keeps all that waits and says so; another key sends it, and says what the first had sent", async () => {
  server.network = "lost";
  const sent = await phone.scan("sent by the first key");
  await scanOffline(119);
  server.revoked.add(KEY);
  server.network = "up";
  const asked = server.requests.length;
  await phone.sender.flush();
  const trouble = { kind: "key", status: 401, code: "key_revoked" };
  expect(phone.sender.state()).toMatchObject({ waiting: 120, trouble });
  expect([server.requests.length - asked, clock.pause]).toEqual([0, undefined]);
  expect(await phone.scan("shown in amber")).toMatchObject({ state: { kind: "waiting" } });
  phone.sender.useApi(server.api("epkey_1_2_b"));
  await phone.sender.flush();
  expect(phone.sender.state()).toMatchObject({ waiting: 0, trouble: null });
  expect(server.admitted()).toHaveLength(121);
  // It was counted with the first key. Only a person can find out what the answer was then.
  expect((await phone.log.conflicts()).map((scan) => [scan.scanId, outcome(scan)])).toEqual([
    [sent.scanId, "scan_id_reused"],
  ]);
});

test.each([
  [
    "the sign-in page of a Wi-Fi",
    new Response("<html>", { headers: { "Content-Type": "text/html" } }),
    "not_ours",
    1000,
  ],
  ["a redirect", new Response(null, { status: 302, headers: { Location: "/login" } }), "not_ours", 1000],
  ["a 403 of a firewall", new Response('{"code":"blocked"}', { status: 403 }), "not_ours", 1000],
  ["a 500", new Response("", { status: 500 }), "busy", 1000],
  ["a 429", new Response("", { status: 429, headers: { "Retry-After": "30" } }), "busy", 30_000],
])("%s refuses no scan: all wait, and are sent later", async (_name, response, reason, pause) => {
  await scanOffline(2);
  server.network = response;
  await phone.sender.flush();
  expect(phone.sender.state()).toMatchObject({ waiting: 2, trouble: { kind: "unreachable", reason } });
  expect(clock.pause).toBe(pause);
  server.network = "up";
  clock.advance(pause);
  await until(() => phone.sender.state().waiting === 0);
  expect(server.admitted()).toHaveLength(2);
});

test("a refusal of the address, and one of a result that is missing, refuses no scan either", async () => {
  await scanOffline(2);
  const headers = { "Content-Type": "application/problem+json" };
  server.network = new Response('{"code":"not_found","detail":"No such route."}', { status: 404, headers });
  await phone.sender.flush();
  expect(phone.sender.state()).toMatchObject({ waiting: 2, trouble: { kind: "refused", status: 404 } });
  server.network = new Response('{"results":[]}', { headers: { "Content-Type": "application/json" } });
  await phone.sender.flush();
  expect(phone.sender.state()).toMatchObject({ waiting: 2, trouble: { reason: "not_ours" } });
  expect(clock.pause).toBeGreaterThan(0);
});

test("another key is used at once, also if the answer to the first is still to come", async () => {
  await scanOffline(1);
  server.network = "held";
  server.revoked.add(KEY);
  const flushed = phone.sender.flush();
  await until(() => server.held.length === 1);
  server.network = "up";
  phone.sender.useApi(server.api("epkey_1_2_b"));
  server.release();
  await flushed;
  expect(phone.sender.state()).toMatchObject({ waiting: 0, trouble: null });
});

test("attempts come later and later, up to a minute, and not before Retry-After unless a person scans", async () => {
  await scanOffline(1);
  const pauses: unknown[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    await phone.sender.flush();
    pauses.push(clock.pause);
  }
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  server.network = new Response("", { status: 429, headers: { "Retry-After": "120" } });
  await phone.sender.flush();
  server.network = "up";
  await phone.sender.flush();
  expect(server.requests).toEqual([]);
  expect(outcome(await phone.scan("new"))).toBe("redeemed");
  await phone.sender.flush();
  expect(phone.sender.state()).toMatchObject({ waiting: 0, trouble: null });
});

test("a clock that is set back after a failed attempt delays nothing", async () => {
  await scanOffline(1);
  await phone.sender.flush();
  clock.time -= 3 * HOUR;
  await online();
  expect(phone.sender.state()).toMatchObject({ waiting: 0, trouble: null });
});

test("a clock that is wrong, and is set while scans wait, gives them the time of the server", async () => {
  server.time = () => clock.time + 3 * HOUR;
  await phone.scan("online");
  expect(phone.sender.state().clockError).toBe(3 * HOUR);
  const real = server.time();
  await scanOffline(1);
  // The network sets the clock.
  clock.time += 3 * HOUR + MINUTE;
  server.time = clock.now;
  await online();
  expect(server.requests.at(-1)).toMatchObject([{ at: new Date(real + 1000).toISOString() }]);
  expect(phone.sender.state().clockError).toBe(0);
  // Set back, the newest scan is still the first in the list.
  clock.time -= 9 * HOUR;
  await phone.scan("last");
  expect(codesOf(await phone.log.latest(2))).toEqual(["last", "offline 0"]);
});

test("the check of the key corrects the clock, also for scans before the first request", async () => {
  phone.sender.compareClock(clock.time + 3 * HOUR);
  await scanOffline(1);
  const { at, clockError } = (await phone.log.latest(1))[0] ?? {};
  expect([at, clockError]).toEqual([clock.time, 3 * HOUR]);
});

test("a clock that is set back without network changes the order of no scans: the first was let in, and nothing is to be looked at", async () => {
  server.network = "down";
  const first = await phone.scan("A");
  clock.time -= HOUR;
  const second = await phone.scan("A");
  expect([first.shown, second.shown]).toEqual(["unchecked", "seen_before"]);
  clock.time += 2 * HOUR;
  await online();
  expect([outcome(await kept(first)), outcome(await kept(second))]).toEqual(["redeemed", "already_redeemed"]);
  expect(await phone.log.conflicts()).toEqual([]);
});

test("undo: of a scan that was never sent, of one that is answered, and of one whose answer was lost", async () => {
  server.network = "down";
  const never = await phone.sender.undo(await phone.scan("never sent"));
  expect(never).toMatchObject({ state: { kind: "withdrawn" }, undo: "done" });
  server.network = "up";
  const answered = await phone.sender.undo(await phone.scan("answered"));
  expect(answered).toMatchObject({ undo: "done", state: { result: { undoneAt: expect.any(String) } } });
  await phone.scan("used");
  server.network = "lost";
  const nothing = await phone.sender.undo(await phone.scan("used"));
  const lost = await phone.sender.undo(await phone.scan("lost"));
  expect([lost.undo, await phone.log.seenBefore("lost")]).toEqual(["wanted", undefined]);
  await online();
  expect([(await kept(lost)).undo, (await kept(nothing)).undo]).toEqual(["done", "done"]);
  expect([codesOf([...server.stored.values()]).includes("never sent"), codesOf(server.admitted())]).toEqual([
    false,
    ["used"],
  ]);
  expect(await phone.log.conflicts()).toEqual([]);
  // The code is not used: neither on this phone nor on the server.
  expect(await phone.log.seenBefore("lost")).toBeUndefined();
  expect(outcome(await phone.scan("lost"))).toBe("redeemed");
});

test("a scan that was sent later, without an answer, is not withdrawn but undone", async () => {
  server.network = "down";
  const scan = await phone.scan("A");
  server.network = "lost";
  await phone.sender.flush();
  expect([server.admitted().length, (await phone.sender.undo(scan)).undo]).toEqual([1, "wanted"]);
  await online();
  expect([server.admitted(), (await kept(scan)).undo]).toEqual([[], "done"]);
});

test("an undo that waits is sent before a new scan of the code, and one that the server refuses is looked at", async () => {
  server.network = "lost";
  await phone.sender.undo(await phone.scan("A"));
  server.network = "up";
  expect(outcome(await phone.scan("A"))).toBe("redeemed");
  const scan = await phone.scan("B");
  server.network = "down";
  await phone.sender.undo(scan);
  server.network = "up";
  phone.sender.useApi(server.api("epkey_1_2_b"));
  await phone.sender.flush();
  expect(await phone.log.conflicts()).toMatchObject([
    { code: "B", undo: { refused: "It is scan_by_another_key." } },
  ]);
});

test("without network a code of this phone is seen before, and its answer is not looked at a second time", async () => {
  server.network = "down";
  await phone.scan("A");
  expect(await phone.scan("A")).toMatchObject({ shown: "seen_before", state: { kind: "waiting" } });
  await online();
  expect((await phone.log.latest(2)).map(outcome)).toEqual(["already_redeemed", "redeemed"]);
  expect(await phone.log.conflicts()).toEqual([]);
});

test("two tabs send the same scans at the same time, and each counts once", async () => {
  await scanOffline(60);
  const other = await phone.tab();
  server.network = "up";
  await Promise.all([phone.sender.flush(), other.sender.flush(), other.scan("new")]);
  await Promise.all([phone.sender.flush(), other.sender.flush()]);
  expect([server.admitted().length, await phone.log.countUnsettled()]).toEqual([61, 0]);
});

test("full storage: the person sees whether the server has answered, and otherwise that the scan is not recorded", async () => {
  const full = new DOMException("storage is full", "QuotaExceededError");
  phone = await phone.restart({ log: { ...phone.log, record: () => Promise.reject(full) } });
  expect(await phone.scan("A")).toMatchObject({ shown: "checked", state: { kind: "answered" } });
  expect(phone.sender.state().trouble).toMatchObject({ kind: "storage" });
  server.network = "down";
  expect((await phone.scan("B")).state).toMatchObject({
    kind: "not_stored",
    detail: expect.stringContaining("storage is full"),
  });
});

test("an exception of the log or of the lock does not end the sending", async () => {
  await scanOffline(1);
  const failing = vi.fn(phone.log.unsettled).mockRejectedValueOnce(new Error("of the log"));
  const inOneTab = vi
    .fn((work: () => Promise<void>) => work())
    .mockRejectedValueOnce(new Error("of the lock"));
  phone = await phone.restart({ log: { ...phone.log, unsettled: failing }, inOneTab });
  server.network = "up";
  // Starting tries twice: the first attempt fails at the lock, and the second at the log.
  expect(phone.sender.state().trouble).toEqual({ kind: "storage", detail: "Error: of the log" });
  clock.advance(clock.pause ?? 0);
  await until(() => phone.sender.state().waiting === 0);
  await phone.sender.flush();
  expect([phone.sender.state().trouble, server.admitted().length]).toEqual([null, 1]);
});

test("the event online during an attempt that fails is not lost", async () => {
  await scanOffline(1);
  server.network = new Response("", { status: 503 });
  phone.sender.subscribe(() => {
    const { trouble } = phone.sender.state();
    if (trouble?.kind === "unreachable" && trouble.reason === "busy") server.network = "up";
  });
  await Promise.all([phone.sender.flush(), phone.sender.flush()]);
  expect(phone.sender.state()).toMatchObject({ waiting: 0, trouble: null });
});
