/**
 * Who is signed in to the dashboard, and why somebody no longer is.
 */
import { expect, test } from "vitest";
import {
  readTypedKey,
  type Session,
  sessionAfter,
  storedSession,
  storeSession,
} from "../../../src/browser/dashboard/session.ts";
import type { Me } from "../../../src/browser/me.ts";
import type { Answer } from "../../../src/browser/request.ts";
import { memoryStore } from "./memory-store.ts";

const me: Me = {
  actor: "key:3 Box office",
  role: "admin",
  name: "Box office",
  expiresAt: null,
  scope: null,
  resources: null,
};
const key = "epkey_3";
const signedIn: Session = { kind: "signed_in", key, me };
const checking: Session = { kind: "checking", key };
const ok: Answer<Me> = { kind: "ok", body: me, serverTime: null };
const refused = (code: string): Answer<Me> => ({
  kind: "refused",
  status: 401,
  code,
  detail: "",
  serverTime: null,
});
const offline: Answer<Me> = { kind: "unreachable", reason: "network", retryAfterMs: null };
const checked = (session: Session, answer: Answer<Me>, of = key) =>
  sessionAfter(session, { kind: "key_checked", key: of, answer });

test("a key is signed in when the server says what it may do", () => {
  expect(checked(checking, ok)).toEqual(signedIn);
});

test.each([
  ["key_revoked", /revoked/],
  ["key_expired", /expired/],
  ["unauthorized", /does not know/],
])("a key that is refused with %s is signed out with the reason", (code, reason) => {
  for (const session of [checking, signedIn]) {
    const expected = { kind: "signed_out", reason: expect.stringMatching(reason), isRefused: true };
    expect(checked(session, refused(code))).toEqual(expected);
    expect(sessionAfter(session, { kind: "key_refused", key, code, detail: "" })).toEqual(expected);
  }
});

test("without a network a key that has worked stays signed in, and another one waits", () => {
  expect(checked(signedIn, offline)).toBe(signedIn);
  expect(checked(checking, offline)).toEqual({
    kind: "unreachable",
    key,
    detail: expect.stringMatching(/no connection/),
  });
});

test("an answer about an earlier key changes nothing", () => {
  expect(checked(signedIn, refused("key_revoked"), "epkey_2")).toBe(signedIn);
  const late = { kind: "key_refused", key: "epkey_2", code: "key_revoked", detail: "" } as const;
  expect(sessionAfter(signedIn, late)).toBe(signedIn);
  const out: Session = { kind: "signed_out", reason: null, isRefused: false };
  expect(checked(out, ok)).toBe(out);
});

test("a sign-out in another tab counts for the same key only", () => {
  expect(sessionAfter(signedIn, { kind: "left_elsewhere", actor: "key:4 Till" })).toBe(signedIn);
  expect(sessionAfter(signedIn, { kind: "left_elsewhere", actor: me.actor })).toMatchObject({
    kind: "signed_out",
    reason: expect.stringMatching(/another tab/),
  });
});

test("a tab that does not know whose key it has is signed out with the others", () => {
  const waiting: Session = { kind: "unreachable", key: "epkey_x", detail: "" };
  const left = { kind: "left_elsewhere", actor: "admin" } as const;
  expect(sessionAfter(waiting, left)).toMatchObject({ kind: "signed_out" });
  expect(sessionAfter({ kind: "checking", key: "epkey_x" }, left)).toMatchObject({ kind: "signed_out" });
});

test("the tab keeps the key over a reload, and forgets it at the sign-out", () => {
  const { texts, store } = memoryStore();
  storeSession(store, signedIn);
  expect(storedSession(store)).toEqual(checking);
  storeSession(store, sessionAfter(signedIn, { kind: "left" }));
  expect([storedSession(store).kind, texts.size]).toEqual(["signed_out", 0]);
});

test("a key is read as people paste it, and what no header can have is no key", () => {
  expect(["  epkey_1 \n", "Bearer epkey_1"].map(readTypedKey)).toEqual(["epkey_1", "epkey_1"]);
  expect(["", "two words", "schlüssel"].map(readTypedKey)).toEqual([undefined, undefined, undefined]);
});
