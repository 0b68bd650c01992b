/**
 * Requests without an answer: a repeat takes effect once, also after a reload.
 */
import { expect, test } from "vitest";
import { forgetDrafts } from "../../../src/browser/dashboard/drafts.ts";
import { callAnswered, digestOfCall, keyOfCall } from "../../../src/browser/dashboard/unanswered.ts";
import { openTextStore } from "../../../src/browser/text-store.ts";
import { memoryStore } from "./memory-store.ts";

const issue = { method: "POST", path: "/templates/7/passes", body: { values: { name: "Ada" } } };

test("the repeat of a call has its key until it is answered, whichever part of the page makes it", async () => {
  const { store } = memoryStore();
  const digest = await digestOfCall(issue);
  const key = keyOfCall(store, digest);
  expect(keyOfCall(store, await digestOfCall({ ...issue, body: { values: { name: "Ada" } } }))).toBe(key);
  callAnswered(store, digest);
  expect(keyOfCall(store, digest)).not.toBe(key);
});

test("calls that differ in anything have keys of their own", async () => {
  const file = new Uint8Array([1, 2, 3]);
  const calls = [
    issue,
    { ...issue, method: "PUT" },
    { ...issue, path: "/templates/8/passes" },
    { ...issue, body: { values: { name: "Ada " } } },
    { ...issue, body: undefined, file },
    { ...issue, body: undefined, file: file.with(0, 2) },
  ];
  const digests = await Promise.all(calls.map(digestOfCall));
  expect(new Set(digests).size).toBe(calls.length);
});

test("what was asked for cannot be read from the storage, and a sign-out removes it", async () => {
  const { store, texts } = memoryStore();
  keyOfCall(store, await digestOfCall(issue));
  expect([...texts.values()].join()).not.toContain("Ada");
  forgetDrafts(store);
  expect([...texts.values()].join("")).toBe("");
});

test("only the newest are kept, and a browser that keeps nothing gets a key too", () => {
  const { store } = memoryStore();
  const first = keyOfCall(store, "first");
  for (let index = 0; index < 20; index++) keyOfCall(store, `later-${index}`);
  expect(keyOfCall(store, "first")).not.toBe(first);
  const refusing = openTextStore(() => {
    throw new Error("SecurityError");
  });
  expect(keyOfCall(refusing, "first")).toMatch(/^[0-9a-f-]{36}$/);
});
