/**
 * How events change what the page shows.
 */
import { expect, test } from "vitest";
import { DEFAULT_SETTINGS, readSettings, storeSettings } from "../../../src/browser/scanner/settings.ts";
import {
  firstState,
  isOffline,
  keyRefusal,
  reduce,
  type ScannerEvent,
} from "../../../src/browser/scanner/state.ts";
import { answered, keptScan, NOW } from "./samples.ts";

const session = { key: "epkey_1", place: null };
const after = (...events: ScannerEvent[]) => events.reduce(reduce, { ...firstState(NOW), session });
const sender = { waiting: 1, trouble: null, clockError: 0 };
const lost = {
  kind: "sender_changed",
  sender: { ...sender, trouble: { kind: "unreachable", reason: "network", retryAfterMs: null } },
} as const;
const back = { kind: "sender_changed", sender } as const;
const scan = keptScan();

test("an answer is shown until it is closed, and the scan stays as the last one", () => {
  const state = after({ kind: "checking" }, { kind: "answered", scan }, { kind: "closed" });
  expect(state).toMatchObject({ isChecking: false, answer: null, last: scan });
});

test("an answer that arrives after the key was forgotten is kept, and not shown", () => {
  const state = after({ kind: "checking" }, { kind: "signed_out" }, { kind: "answered", scan });
  expect(state).toMatchObject({ isChecking: false, answer: null, last: scan });
});

test("the next code replaces an answer at once", () => {
  expect(after({ kind: "answered", scan }, { kind: "checking" }).answer).toBeNull();
});

test("an answer that arrives later, or an undo, changes the last scan", () => {
  const late = answered("voided");
  const log = { recent: [late], conflicts: [late], counts: null };
  expect(after({ kind: "answered", scan }, { kind: "log_read", log }).last).toEqual(late);
  expect(after({ kind: "answered", scan }, { kind: "updated", scan: late }).answer).toEqual(late);
});

test("another view closes the answer, but the way back to the camera does not", () => {
  expect(after({ kind: "answered", scan }, { kind: "viewed", view: "recent" }).answer).toBeNull();
  expect(after({ kind: "answered", scan }, { kind: "viewed", view: "scan" }).answer).toBe(scan);
});

test("the note about two phones comes back each time the network is lost", () => {
  const read = after(lost, { kind: "note_read" });
  expect(reduce(read, lost).isNoteRead).toBe(true);
  expect(reduce(reduce(read, back), lost).isNoteRead).toBe(false);
  expect(isOffline(after({ kind: "online_changed", isOnline: false }))).toBe(true);
});

test("a key is refused by an answer to the sender, or by the check of the key", () => {
  const trouble = { kind: "key", status: 401, code: "key_revoked", detail: "" } as const;
  expect(keyRefusal(after({ kind: "sender_changed", sender: { ...sender, trouble } }))).toBe("key_revoked");
  expect(keyRefusal(after({ kind: "key_checked", key: { kind: "refused", code: "key_expired" } }))).toBe(
    "key_expired",
  );
  expect(keyRefusal(after(back))).toBeUndefined();
});

test("another key closes the answer, begins with the question for the place, and keeps the place", () => {
  const another = { key: "epkey_2", place: "Gate 2" };
  const state = after(
    { kind: "signed_in", session, isKept: true },
    { kind: "started", place: "Gate 2" },
    { kind: "answered", scan },
    { kind: "signed_in", session: another, isKept: true },
  );
  expect(state).toMatchObject({ session: another, isStarted: false, answer: null });
});

test("a message goes away", () => {
  const said = after({ kind: "said", text: "Undone." });
  expect(reduce(said, { kind: "ticked", now: NOW + 1000 }).message?.text).toBe("Undone.");
  expect(reduce(said, { kind: "ticked", now: NOW + 5000 }).message).toBeNull();
});

test("settings are read as they were stored, and anything else is the default", () => {
  const texts = new Map<string, string>();
  const store = {
    getItem: (name: string) => texts.get(name) ?? null,
    setItem: (name: string, text: string) => void texts.set(name, text),
    removeItem: (name: string) => void texts.delete(name),
  };
  expect(readSettings(store)).toEqual(DEFAULT_SETTINGS);
  const settings = {
    ...DEFAULT_SETTINGS,
    hand: "left",
    text: "largest",
    sound: false,
    stay: true,
    cameraId: "a&b=c",
  } as const;
  storeSettings(store, settings);
  expect(readSettings(store)).toEqual(settings);
  for (const name of texts.keys()) texts.set(name, "hand=both&text=huge&sound=loud");
  expect(readSettings(store)).toEqual({ ...DEFAULT_SETTINGS, sound: false });
});
