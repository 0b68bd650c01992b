/**
 * A phone at a gate meets random events: networks that fail before or after the server has counted, restarts, a second tab,
 * keys that are replaced, undos, a clock that is set. Afterwards the log and the server have to agree about every scan.
 */
import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { KeptScan } from "../../../../src/browser/scanner/scan.ts";
import { KEY, phoneOf, StandInServer, TestClock, until } from "./stand-in.ts";

const STEPS = 80;
const KEYS = [KEY, "epkey_1_2_b"];

/** Mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function runEvents(seed: number) {
  const random = randomOf(seed);
  const pick = <T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0];
  const clock = new TestClock();
  const server = new StandInServer(clock.now);
  for (const code of ["void 1", "void 2"]) server.voided.add(code);
  server.refusedCodes.add("refused");
  const codes = [
    "void 1",
    "void 2",
    "refused",
    ...Array.from({ length: 12 }, (_, index) => `ticket ${index}`),
  ];
  let phone = await phoneOf(server, clock, { random });
  /** What the person saw, by scanId. */
  const seen = new Map<string, KeptScan>();
  const see = (scan: KeptScan) => void seen.set(scan.scanId, scan);
  const portal = () => new Response("<html>", { headers: { "Content-Type": "text/html" } });

  /** The person scans while the answer is held: it comes in time, too late, or never because the page is closed. */
  const scanHeld = async () => {
    server.network = "held";
    let scan: KeptScan | undefined;
    const checking = phone.scan(pick(["void 1", ...codes])).then((checked) => {
      scan = checked;
      see(checked);
    });
    await until(() => scan !== undefined || server.held.length > 0);
    const end = pick(["answer", "late", "never"]);
    if (end !== "answer") clock.advance(4000);
    server.network = "up";
    if (end === "never") server.held = [];
    else server.release();
    await checking;
    if (end === "never") phone = await restart();
    server.network = "up";
  };
  const restart = () => {
    server.network = "down";
    return phone.restart();
  };
  const steps: Record<string, () => Promise<unknown>> = {
    scan: async () => see(await phone.scan(pick(["void 1", ...codes]))),
    scanInTab: async () => {
      const tab = await phone.tab();
      const both = [phone.scan(pick(["void 1", ...codes])), tab.scan(pick(["void 1", ...codes]))];
      for (const scan of await Promise.all(both)) see(scan);
      tab.sender.stop();
      await tab.sender.flush();
    },
    scanHeld,
    network: async () => {
      server.network = pick(["up", "up", "down", "lost", portal()]);
    },
    undo: async () => {
      const latest = await phone.log.latest(5);
      const scan = latest[Math.floor(random() * latest.length)];
      if (scan !== undefined) await phone.sender.undo(scan);
    },
    key: async () => phone.sender.useApi(server.api(pick([KEYS[0] ?? "", ...KEYS]))),
    revoke: async () => {
      server.revoked.clear();
      if (random() < 0.5) server.revoked.add(pick([KEYS[0] ?? "", ...KEYS]));
    },
    restart: async () => {
      phone = await restart();
      server.network = "up";
    },
    time: async () => clock.advance(pick([10, 4000, 60_000, 3_600_000])),
    setClock: async () => {
      clock.time += pick([-7_200_000, 7_200_000]);
    },
  };
  const names = ["scan", "scan", "scan", ...Object.keys(steps)] as [string, ...string[]];
  for (let step = 0; step < STEPS; step++) await steps[pick(names)]?.();

  server.network = "up";
  server.revoked.clear();
  server.refusedCodes.delete("refused");
  phone.sender.useApi(server.api(KEY));
  await until(async () => {
    await phone.sender.flush();
    return (await phone.log.countUnsettled()) === 0;
  });
  return { phone, server, seen };
}

test.each(Array.from({ length: 16 }, (_, seed) => seed))(
  "random events %i: nothing is lost, and each scan counts once",
  async (seed) => {
    const { phone, server, seen } = await runEvents(seed);
    const scans = await phone.log.latest(10_000);
    const conflicts = new Set((await phone.log.conflicts()).map(({ scanId }) => scanId));
    expect([...seen.keys()].filter((scanId) => !scans.some((scan) => scan.scanId === scanId))).toEqual([]);
    expect(
      [...server.stored.keys()].filter((scanId) => !scans.some((scan) => scan.scanId === scanId)),
    ).toEqual([]);
    expect(Math.max(...server.requests.map(({ length }) => length))).toBeLessThanOrEqual(50);
    const admitted = server.admitted().map(({ code }) => code);
    expect(new Set(admitted).size).toBe(admitted.length);
    for (const scan of scans) {
      const { scanId, state, undo, shown } = scan;
      const stored = server.stored.get(scanId);
      if (state.kind === "answered") {
        expect([stored?.outcome, "scan_id_reused"]).toContain(state.result.outcome);
        // Either the log has what the server counted, or it asks a person to look, or the scan was undone.
        if (state.result.outcome === "scan_id_reused" && shown === "unchecked")
          expect([conflicts.has(scanId), undo]).not.toEqual([false, "no"]);
      } else expect([stored, ["refused", "withdrawn"].includes(state.kind)]).toEqual([undefined, true]);
      if (undo === "done" && stored?.outcome === "redeemed") expect(stored.undoneAt).not.toBeNull();
      if (undo === "no") expect(stored?.undoneAt ?? null).toBeNull();
      const saw = seen.get(scanId);
      if (saw === undefined) continue;
      expect(shown === "checked").toBe(saw.state.kind === "answered");
      const isStop = state.kind === "answered" && state.result.outcome !== "redeemed";
      if (
        saw.state.kind === "waiting" &&
        saw.shown === "unchecked" &&
        undo === "no" &&
        isStop &&
        state.redeemedBy === null
      )
        expect(conflicts).toContain(scanId);
    }
  },
);
