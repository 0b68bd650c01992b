/**
 * The root keys of Google's callbacks: how long they are kept, how often they are fetched, and what happens if they cannot be.
 */
import { beforeEach, expect, test } from "vitest";
import { googleIssuers, googleRootKeys } from "../../src/db/schema.ts";
import { verifyCallback } from "../../src/google-wallet/callback.ts";
import { rootKeys } from "../../src/google-wallet/root-keys.ts";
import { writeJson } from "../../src/json.ts";
import { createCallbackSigner } from "../google/stand-in/callbacks.ts";
import { db, deleteRows, rowOf } from "../rows.ts";
import { makeIssuer } from "./accounts.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.UTC(2026, 10, 29);
const signer = createCallbackSigner();
let servers = 0;

beforeEach(async () => {
  await deleteRows(googleRootKeys);
  await deleteRows(googleIssuers);
});

/** A server of keys with an address of its own, which this isolate does not know yet. */
function keyServer(answer: (now: number) => Response | Promise<Response>) {
  const origin = `https://keys-${++servers}.example.com`;
  const fetched: string[] = [];
  let present = NOW;
  const load = (now: number, at = origin) => {
    present = now;
    const config = { google: { keys: at } } as Parameters<typeof rootKeys>[0]["config"];
    const fetch = (url: string) => {
      fetched.push(url);
      return Promise.resolve(answer(present));
    };
    return rootKeys({ db, config, fetch, now });
  };
  return { load, fetched, origin };
}

const published = (now: number) => Response.json(signer.rootKeys(now));

test("they are fetched once, and kept for a day in memory and in the database", async () => {
  await makeIssuer();
  const { load, fetched, origin } = keyServer(published);
  const [key, ...others] = await load(NOW);
  expect([key?.expiresAt, others]).toEqual([NOW + 30 * DAY_MS, []]);
  expect(fetched).toEqual([`${origin}/gp/m/issuer/keys`]);
  expect(await load(NOW + DAY_MS - 1)).toEqual([key]);
  await deleteRows(googleIssuers); // as the memory is asked first
  expect(await load(NOW + DAY_MS - 1)).toEqual([key]);
  expect(fetched).toHaveLength(1);
  expect(await rowOf(googleRootKeys, {})).toMatchObject({ fetchedAt: NOW, expiresAt: NOW + DAY_MS });
  await makeIssuer();
  await load(NOW + DAY_MS);
  expect(fetched).toHaveLength(2);
});

test("a key that expires soon is fetched again an hour before, and never more often than every five minutes", async () => {
  await makeIssuer();
  const expiry = NOW + 2 * HOUR_MS;
  const { load, fetched } = keyServer(() => {
    const [key] = signer.rootKeys(NOW).keys;
    return Response.json({ keys: [{ ...key, keyExpiration: String(expiry) }] });
  });
  await load(NOW);
  await load(NOW + HOUR_MS - 1);
  expect(fetched).toHaveLength(1);
  await load(NOW + HOUR_MS);
  await load(NOW + HOUR_MS + 299_999);
  expect(fetched).toHaveLength(2);
});

test("without an issuer nothing is fetched, and that is remembered for some seconds", async () => {
  const { load, fetched } = keyServer(published);
  await expect(load(NOW)).rejects.toMatchObject({ code: "google_issuer_not_found" });
  await makeIssuer();
  await expect(load(NOW + 14_999)).rejects.toMatchObject({ code: "google_issuer_not_found" });
  expect(fetched).toEqual([]);
  expect(await load(NOW + 15_000)).toHaveLength(1);
});

test.each<[string, () => Response | Promise<Response>]>([
  ["an error", () => new Response("no", { status: 500 })],
  ["no connection", () => Promise.reject(new TypeError("no"))],
  ["a page", () => new Response("<html>")],
  ["no key", () => Response.json({ keys: [] })],
  ["expired keys", () => Response.json(signer.rootKeys(NOW - 40 * DAY_MS))],
  ["a redirect", () => new Response(null, { status: 302, headers: { Location: "https://example.com" } })],
])(
  "%s in place of keys: 503 with Retry-After, and nobody fetches again for 15 seconds",
  async (_, answer) => {
    await makeIssuer();
    let broken = true;
    const { load, fetched } = keyServer((now) => (broken ? answer() : published(now)));
    const refused = (seconds: string) => ({
      ...{ code: "google_keys_unavailable", status: 503, headers: { "Retry-After": seconds } },
    });
    await expect(load(NOW)).rejects.toMatchObject(refused("15"));
    await expect(load(NOW + 5000)).rejects.toMatchObject(refused("10"));
    expect(fetched).toHaveLength(1);
    broken = false;
    expect(await load(NOW + 15_000)).toHaveLength(1);
  },
);

test("only one of several isolates fetches, and the others wait for it", async () => {
  await makeIssuer();
  const [first, second] = [Promise.withResolvers<Response>(), keyServer(published)];
  const server = keyServer(() => first.promise);
  const loading = server.load(NOW);
  while (server.fetched.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  // The row is of another address: as if this isolate had the same one.
  await db.update(googleRootKeys).set({ keys: writeJson({ origin: second.origin }) });
  const headers = { "Retry-After": "3" };
  await expect(second.load(NOW + 1)).rejects.toMatchObject({ code: "google_keys_unavailable", headers });
  expect(second.fetched).toEqual([]);
  first.resolve(published(NOW));
  expect(await loading).toHaveLength(1);
});

test("of requests at the same time one fetches, and then all have the keys", async () => {
  await makeIssuer();
  const { load, fetched } = keyServer(published);
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => load(NOW)));
  expect(results.some(({ status }) => status === "fulfilled")).toBe(true);
  expect(fetched).toHaveLength(1);
  expect(await load(NOW)).toHaveLength(1);
});

test("the keys of another address, such as a stand-in's, are not used", async () => {
  await makeIssuer();
  await keyServer(published).load(NOW);
  const other = createCallbackSigner();
  const { load, fetched } = keyServer((now) => Response.json(other.rootKeys(now)));
  const keys = await load(NOW + 1);
  expect(fetched).toHaveLength(1);
  const event = { eventType: "save", classId: "1.c", objectId: "1.o" } as const;
  expect(await verifyCallback(signer.sign(event, NOW), keys, NOW + 1)).toMatchObject({ ok: false });
  expect(await verifyCallback(other.sign(event, NOW), keys, NOW + 1)).toMatchObject({ ok: true });
});

test("rotated keys: while Google lists both, both are accepted, and afterwards only the new one", async () => {
  await makeIssuer();
  const next = createCallbackSigner();
  let listed = [signer];
  const { load } = keyServer((now) =>
    Response.json({ keys: listed.flatMap((each) => each.rootKeys(now).keys) }),
  );
  const accepts = async (now: number) => {
    const keys = await load(now);
    const event = { eventType: "save", classId: "1.c", objectId: "1.o" } as const;
    const verified = [signer, next].map((each) => verifyCallback(each.sign(event, now), keys, now));
    return (await Promise.all(verified)).map(({ ok }) => ok);
  };
  expect(await accepts(NOW)).toEqual([true, false]);
  listed = [signer, next];
  expect(await accepts(NOW + DAY_MS)).toEqual([true, true]);
  listed = [next];
  expect(await accepts(NOW + 2 * DAY_MS)).toEqual([false, true]);
});
