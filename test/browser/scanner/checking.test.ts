/**
 * Codes, one after another: what is shown, heard, and when it is closed.
 */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Checking, createChecking } from "../../../src/browser/scanner/checking.ts";
import type { Sender, SenderState } from "../../../src/browser/scanner/log/sender.ts";
import type { KeptScan, NewScan } from "../../../src/browser/scanner/scan.ts";
import { firstState, reduce, type ScannerState } from "../../../src/browser/scanner/state.ts";
import { answered, keptScan, NOW, SAMPLES } from "./samples.ts";

let state: ScannerState;
let checking: Checking;
let sent: NewScan[];
let played: string[];
let trouble: SenderState["trouble"];
/** The answers by code. Any other code is valid. */
const ANSWERS: Readonly<Record<string, KeptScan | undefined>> = {
  voided: SAMPLES.voided,
  full: SAMPLES["full-card"],
  offline: SAMPLES.unchecked,
  seen: SAMPLES["seen-before"],
};

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  state = { ...firstState(NOW), session: { key: "epkey_1", place: "Gate 2" } };
  sent = [];
  played = [];
  trouble = null;
  const sender: Pick<Sender, "check" | "recheck" | "undo" | "state"> = {
    state: () => ({ waiting: 0, trouble, clockError: 0 }),
    async check(scan) {
      sent.push(scan);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const answer = ANSWERS[scan.code] ?? answered("redeemed");
      return { ...answer, code: scan.code, scanId: `${sent.length}` };
    },
    recheck: async (scan) => ({ ...answered("redeemed"), scanId: scan.scanId }),
    undo: async (scan) => ({ ...scan, undo: "done" }),
  };
  checking = createChecking({
    state: () => state,
    dispatch(event) {
      state = reduce(state, event);
    },
    sender: sender as Sender,
    signals: { unlock() {}, play: (tone) => void played.push(tone) },
    seenBefore: async () => SAMPLES.unchecked,
    onChange() {},
  });
});
afterEach(() => vi.useRealTimers());

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const shown = () => state.answer?.code;

test("an answer that lets somebody in is closed by itself, and one that does not stays", async () => {
  checking.scan("A");
  expect(state.isChecking).toBe(true);
  await after(100);
  expect([shown(), played]).toEqual(["A", ["go"]]);
  await after(1600);
  expect(shown()).toBeUndefined();
  checking.scan("voided");
  await after(60_000);
  expect([shown(), played]).toEqual(["voided", ["go", "stop"]]);
  checking.close();
  expect(shown()).toBeUndefined();
});

test("a next code replaces an answer at once, and is not closed by the time of the one before", async () => {
  checking.scan("A");
  await after(1600);
  checking.scan("offline");
  await after(100);
  expect(shown()).toBe("offline");
  await after(1000);
  expect(shown()).toBe("offline");
});

test("a code that is read while another one is checked is neither lost nor sent twice, and both answers are seen", async () => {
  checking.scan("voided");
  checking.scan("B");
  checking.scan("B");
  await after(100);
  expect(shown()).toBe("voided");
  await after(1300);
  expect(shown()).toBe("B");
  expect(sent.map(({ code }) => code)).toEqual(["voided", "B"]);
});

test("codes that wait for their turn are recorded at once: a page that ends then loses none of them", async () => {
  for (const code of ["A", "B", "C"]) checking.scan(code);
  expect(sent.map(({ code }) => code)).toEqual(["A", "B", "C"]);
  await after(1500);
  expect(shown()).toBe("B");
  await after(1200);
  expect([shown(), sent.length]).toEqual(["C", 3]);
});

test("a scanner that reads the same pass twice at once sends it once: no second stamp, and no red after the green", async () => {
  checking.scan("A");
  checking.scan("A");
  await after(50);
  checking.scan("A");
  await after(5000);
  expect([sent.length, played]).toEqual([1, ["go"]]);
  checking.scan("A");
  await after(100);
  expect(sent).toHaveLength(2);
});

test("the reward is a new scan of the same code, and refusing it only closes the question", async () => {
  checking.scan("full");
  await after(100);
  void checking.act("no_reward", state.answer ?? keptScan());
  expect([shown(), sent.length]).toEqual([undefined, 1]);
  void checking.act("reward", state.last ?? keptScan());
  await after(100);
  expect(sent[1]).toEqual({ code: "full", place: "Gate 2", reward: true });
});

test("undo closes the answer and says that it is done", async () => {
  checking.scan("offline");
  await after(100);
  await checking.act("undo", state.answer ?? keptScan());
  expect([shown(), state.last?.undo, state.message?.text]).toEqual([undefined, "done", "Undone."]);
});

test("a code that was seen before comes with the scan that saw it", async () => {
  checking.scan("seen");
  await after(100);
  expect([shown(), state.earlier]).toEqual(["seen", SAMPLES.unchecked]);
  checking.scan("A");
  await after(100);
  expect(state.earlier).toBeUndefined();
});

test("without a key that works, an answer stays until somebody has read why", async () => {
  trouble = { kind: "key", status: 401, code: "key_revoked", detail: "" };
  checking.scan("offline");
  await after(60_000);
  expect([shown(), state.sender.trouble]).toEqual(["offline", trouble]);
});

test("with the setting to keep answers, none is closed by itself", async () => {
  state = { ...state, settings: { ...state.settings, stay: true } };
  checking.scan("A");
  await after(60_000);
  expect(shown()).toBe("A");
});
