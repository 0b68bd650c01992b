/**
 * The packs in memory: one read for many requests, a bound that counts what is held, and no request that waits without an end.
 */
import { afterEach, expect, test, vi } from "vitest";
import type { Pack } from "../../src/pkpass/build/pack.ts";
import { createPackCache, type SharePack } from "../../src/templates/pack-cache.ts";

afterEach(() => vi.useRealTimers());

let packs = 0;
const freshKey = () => `packs/test-${++packs}`;
const packOf = (bytes: number): Pack => ({
  files: [],
  locals: [new Uint8Array(bytes)],
  centrals: new Uint8Array(0),
  manifest: "",
});
const unread = () => Promise.reject(new Error("it was read again"));
const isShared = (sharePack: SharePack, key: string) =>
  sharePack(key, unread).then(
    () => true,
    () => false,
  );
/** No pack is in use, and each is collected as soon as it is removed. */
const unused = () => ({ deref: () => undefined });

test("requests for the same pack at once share one read and one pack", async () => {
  const sharePack = createPackCache();
  const key = freshKey();
  const read = vi.fn(async () => {
    await scheduler.wait(30);
    return packOf(10);
  });
  const shared = await Promise.all(Array.from({ length: 24 }, () => sharePack(key, read)));
  expect([read.mock.calls.length, new Set(shared).size]).toEqual([1, 1]);
});

test("the cache keeps what was used last, up to its bound", async () => {
  const sharePack = createPackCache(300, unused);
  const [a, b, c, d] = ["a", "b", "c", "d"];
  for (const key of [a, b, c]) await sharePack(key, async () => packOf(100));
  expect(await isShared(sharePack, a)).toBe(true);
  await sharePack(d, async () => packOf(100));
  expect(await Promise.all([a, b, c, d].map((key) => isShared(sharePack, key)))).toEqual([
    true,
    false,
    true,
    true,
  ]);
  // Two of these leave room for none of the others.
  for (const key of ["e", "f"]) await sharePack(key, async () => packOf(150));
  expect(await Promise.all([a, c, d, "e", "f"].map((key) => isShared(sharePack, key)))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
});

test("a pack that is larger than the bound is not kept", async () => {
  const sharePack = createPackCache(300, unused);
  await sharePack("large", async () => packOf(301));
  expect(await isShared(sharePack, "large")).toBe(false);
});

test("packs that were removed and are still used are shared, and count", async () => {
  const collected = new Set<string>();
  const names = new Map<Pack, string>();
  const sharePack = createPackCache(300, (pack) => ({
    deref: () => (collected.has(names.get(pack) ?? "") ? undefined : pack),
  }));
  const load = (key: string, bytes: number) =>
    sharePack(key, async () => {
      const pack = packOf(bytes);
      names.set(pack, key);
      return pack;
    });
  const used = await load("used", 200);
  await load("next", 200);
  expect(await sharePack("used", unread)).toBe(used);
  await load("third", 50);
  // "used" and "next" are still in use with 400 bytes, so beside "third" nothing is kept.
  collected.add("used").add("next");
  expect(await isShared(sharePack, "used")).toBe(false);
  expect(await isShared(sharePack, "third")).toBe(true);
});

test("a request whose read was cancelled stops no other, and a read that fails is tried by the next request", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  const sharePack = createPackCache();
  const key = freshKey();
  void sharePack(key, () => new Promise(() => {}));
  const waiting = sharePack(key, async () => packOf(10));
  await vi.advanceTimersByTimeAsync(5000);
  expect((await waiting).locals[0]).toHaveLength(10);
  const failing = freshKey();
  await expect(sharePack(failing, unread)).rejects.toThrow("it was read again");
  expect((await sharePack(failing, async () => packOf(20))).locals[0]).toHaveLength(20);
});
