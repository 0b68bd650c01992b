/**
 * The key and the place of a phone: from a link or typed, kept, and not forgotten by accident.
 */
import { expect, test, vi } from "vitest";
import { isKept, openSession, readKeyText, signIn, signOut } from "../../../src/browser/scanner/session.ts";
import type { TextStore } from "../../../src/browser/text-store.ts";
import { scannerLink } from "../../../src/keys/scanner-link.ts";

const KEY = `epkey_1_7_${"0a".repeat(16)}_${"f".repeat(64)}`;
const OTHER = KEY.replace("_7_", "_8_");
const ORIGIN = "https://passes.example.com";

function storeOf(texts = new Map<string, string>()): TextStore {
  return {
    getItem: (name) => texts.get(name) ?? null,
    setItem: (name, text) => void texts.set(name, text),
    removeItem: (name) => void texts.delete(name),
  };
}
function open(store: TextStore, link: string) {
  const { hash, pathname, search } = new URL(link, ORIGIN);
  const replaceState = vi.fn();
  return {
    session: openSession(store, { hash, pathname, search }, { replaceState }),
    replaced: replaceState.mock.calls,
  };
}

test("a link signs in, leaves the address at once, and the phone knows its key and place after a restart", () => {
  const store = storeOf();
  expect(open(store, "/scan").session).toBeUndefined();
  const { session, replaced } = open(store, `/scan?lang=de#key=${KEY}&place=Gate%202%20%2B%203`);
  expect(session).toEqual({ key: KEY, place: "Gate 2 + 3" });
  expect(replaced).toEqual([[null, "", "/scan?lang=de"]]);
  expect(open(store, "/scan")).toEqual({ session, replaced: [] });
  expect(open(store, `/scan#key=${OTHER}`).session).toEqual({ key: OTHER, place: "Gate 2 + 3" });
});

test("a link with a broken key leaves the address too, and the session as it is; other fragments are left alone", () => {
  const store = storeOf();
  const session = signIn(store, { key: KEY, place: null });
  expect(open(store, "/scan#key=broken&place=Gate")).toEqual({ session, replaced: [[null, "", "/scan"]] });
  expect(open(store, "/scan#/settings")).toEqual({ session, replaced: [] });
});

test.each([
  [`  ${KEY}\n`, { key: KEY, place: null }],
  [`${ORIGIN}/scan#key=${KEY}&place=%20Gate%20%202%20`, { key: KEY, place: "Gate 2" }],
  [scannerLink(ORIGIN, KEY, "Gate 2 + 3"), { key: KEY, place: "Gate 2 + 3" }],
  [`#key=${KEY}&place=${"x".repeat(300)}`, { key: KEY, place: "x".repeat(200) }],
  ["admin-token", undefined],
  [`${ORIGIN}/scan`, undefined],
  [`${KEY} and more`, undefined],
])("typed or scanned: %s", (text, session) => {
  expect(readKeyText(text)).toEqual(session);
});

test("the key is not forgotten while scans wait, unless the person confirms it; the place stays", () => {
  const store = storeOf();
  const session = signIn(store, { key: KEY, place: "Gate 2" });
  expect(signOut(store, 3, false)).toEqual({ kind: "scans_wait", waiting: 3 });
  expect(open(store, "/scan").session).toEqual(session);
  expect(signOut(store, 3, true)).toEqual({ kind: "signed_out" });
  expect(open(store, "/scan").session).toBeUndefined();
  expect(open(store, `/scan#key=${OTHER}`).session).toEqual({ key: OTHER, place: "Gate 2" });
});

test("a browser that stores nothing can still scan, and the page knows that the key is not kept", () => {
  const fail = () => {
    throw new DOMException("not in this window", "SecurityError");
  };
  const store = { getItem: fail, setItem: fail, removeItem: fail };
  const { session } = open(store, `/scan#key=${KEY}`);
  expect(session).toEqual({ key: KEY, place: null });
  expect(session && isKept(store, session)).toBe(false);
  const kept = storeOf();
  expect(isKept(kept, signIn(kept, { key: KEY, place: null }))).toBe(true);
});
