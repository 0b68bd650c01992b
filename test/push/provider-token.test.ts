/**
 * The provider token: one for all isolates, replaced after 50 minutes, never before 20. Each isolate is an instance of the
 * module, with a cache of its own; they share D1.
 *
 * Follows Apple's "Establishing a token-based connection to APNs" and RFC 7519.
 */
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { beforeEach, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/client.ts";
import { apnsKeys, providerTokens } from "../../src/db/schema.ts";
import { admin, TEAM } from "../harness.ts";
import { rowsOf } from "../rows.ts";

const db = openDatabase(env.DB);
const { secrets } = readConfig(env);
const MINUTE_MS = 60_000;
const NOW = Date.UTC(2026, 10, 22, 12);

type Row = typeof apnsKeys.$inferSelect;
let key: Row;

beforeEach(async () => {
  const keyId = await admin.makeApnsKey();
  const row = (await db.select().from(apnsKeys)).find((candidate) => candidate.keyId === keyId);
  if (row === undefined) throw new Error("the key was not stored");
  key = row;
});

let isolates = 0;

/** A new isolate: it shares D1 with the others and remembers nothing. */
async function isolate() {
  isolates += 1;
  const instance = `../../src/push/provider-token.ts?isolate=${isolates}`;
  const { providerToken }: typeof import("../../src/push/provider-token.ts") = await import(instance);
  return (now: number, rejected?: { token: string; issuedAt: number }) =>
    providerToken(db, secrets, key, now, rejected);
}

const rows = () => rowsOf(providerTokens, { keyId: key.keyId });

test("a provider token is signed with ES256 over the team and the time in whole seconds, and contains nothing else", async () => {
  const token = await isolate();
  const { token: jwt, issuedAt } = await token(NOW + 999);
  expect(issuedAt).toBe(NOW);
  expect(decodeProtectedHeader(jwt)).toEqual({ alg: "ES256", kid: key.keyId });
  expect(decodeJwt(jwt)).toEqual({ iss: TEAM, iat: NOW / 1000 });
});

test("all isolates use one token, through D1", async () => {
  const [first, second] = [await isolate(), await isolate()];
  const minted = await first(NOW);
  expect(await second(NOW + MINUTE_MS)).toEqual(minted);
  expect(await first(NOW + 49 * MINUTE_MS)).toEqual(minted);
  expect(await rows()).toHaveLength(1);
});

test("a provider token is replaced when it is 50 minutes old, and not a millisecond earlier", async () => {
  const [first, second] = [await isolate(), await isolate()];
  const minted = await first(NOW);
  expect(await first(NOW + 50 * MINUTE_MS - 1)).toEqual(minted);
  const replaced = await first(NOW + 50 * MINUTE_MS);
  expect(replaced.issuedAt).toBe(NOW + 50 * MINUTE_MS);
  expect(replaced.token).not.toBe(minted.token);
  expect(await second(NOW + 51 * MINUTE_MS)).toEqual(replaced);
});

test("an isolate that still has the old token in its cache reads the new one from D1 and creates none", async () => {
  const [first, second] = [await isolate(), await isolate()];
  await first(NOW);
  await second(NOW);
  const replaced = await first(NOW + 50 * MINUTE_MS);
  expect(await second(NOW + 60 * MINUTE_MS)).toEqual(replaced);
});

test("a token that APNs reports as expired stays until it is 20 minutes old, and is then replaced", async () => {
  const token = await isolate();
  const minted = await token(NOW);
  expect(await token(NOW + 20 * MINUTE_MS - 1, minted)).toEqual(minted);
  const replaced = await token(NOW + 20 * MINUTE_MS, minted);
  expect(replaced.issuedAt).toBe(NOW + 20 * MINUTE_MS);
  expect(await token(NOW + 21 * MINUTE_MS)).toEqual(replaced);
});

test("an isolate whose rejected token another isolate has replaced uses the new one, and creates none", async () => {
  const [first, second] = [await isolate(), await isolate()];
  const minted = await first(NOW);
  await second(NOW);
  const replaced = await first(NOW + 20 * MINUTE_MS, minted);
  expect(await second(NOW + 45 * MINUTE_MS, minted)).toEqual(replaced);
  expect(await rows()).toHaveLength(1);
});

test("ten isolates that find no token at the same time create only one, which all of them use", async () => {
  const ten = await Promise.all(Array.from({ length: 10 }, isolate));
  const minted = await Promise.all(ten.map((token) => token(NOW)));
  expect(new Set(minted.map(({ token }) => token)).size).toBe(1);
  expect(await rows()).toEqual([expect.objectContaining({ issuedAt: NOW })]);
  expect(await (await isolate())(NOW + MINUTE_MS)).toEqual(minted[0]);
});

test("ten isolates that replace a token at the same time, each with its own clock, create only one", async () => {
  await (await isolate())(NOW);
  const ten = await Promise.all(Array.from({ length: 10 }, isolate));
  const replaced = await Promise.all(ten.map((token, n) => token(NOW + 50 * MINUTE_MS + n * 1000)));
  expect(new Set(replaced.map(({ token }) => token)).size).toBe(1);
});

test("ten callers in one isolate create only one token", async () => {
  const token = await isolate();
  const minted = await Promise.all(Array.from({ length: 10 }, () => token(NOW)));
  expect(new Set(minted.map(({ token }) => token)).size).toBe(1);
});

test("each key has its own token", async () => {
  const token = await isolate();
  const first = await token(NOW);
  const keyId = await admin.makeApnsKey();
  const other = (await db.select().from(apnsKeys)).find((row) => row.keyId === keyId);
  key = other ?? key;
  expect(decodeProtectedHeader((await token(NOW)).token).kid).toBe(keyId);
  expect(decodeProtectedHeader(first.token).kid).not.toBe(keyId);
});

test("a provider token is sealed in D1, and can be opened only in its own row", async () => {
  const token = await isolate();
  const { token: jwt } = await token(NOW);
  const [row] = await db.select().from(providerTokens).where(eq(providerTokens.keyId, key.keyId));
  expect(row?.token).toMatch(/^1\.[\w-]+\.[\w-]+$/);
  expect(row?.token).not.toContain(jwt.slice(0, 40));
  if (row === undefined) throw new Error("There is no provider token");
  const open = (of: Partial<typeof key>) =>
    secrets.open("provider_tokens.token", { ...key, ...of }, row.token);
  expect(new TextDecoder().decode(await open({}))).toBe(jwt);
  await expect(open({ keyId: "OTHERKEYID" })).rejects.toThrow();
  await expect(open({ createdAt: key.createdAt + 1 })).rejects.toThrow();
});
