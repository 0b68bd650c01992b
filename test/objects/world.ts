/**
 * For the tests of objects in R2: requests whose bucket fails or pauses, the hourly job at a later time, and what the bucket and
 * the tables then contain.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { Env } from "../../src/config.ts";
import { objects, objectUses } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import { drawPng } from "../apple/png.ts";
import { forwarding } from "../counting.ts";
import { ADMIN_TOKEN, ORIGIN } from "../harness.ts";
import { rowsOf } from "../rows.ts";
import { askWith } from "../wallet/web-service.ts";

export const HOUR_MS = 60 * 60_000;
const bucket = env.BUCKET;

/** A PNG of one colour, in base64. */
export const colour = (red: number) => drawPng(29, 29, () => [red, 0, 0, 255]).toBase64();

/** The R2 key of a template's image. */
export async function assetOf(base64: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", Uint8Array.fromBase64(base64));
  return `assets/${new Uint8Array(digest).toHex()}`;
}

/** A request to the admin API. */
export function adminRequest(method: string, path: string, body?: object): Request {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" };
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  return new Request(`${ORIGIN}/admin/v1${path}`, { method, headers, ...json });
}

/** A call of the admin API, with another bucket. */
export function callWith(BUCKET: R2Bucket, method: string, path: string, body?: object): Promise<Response> {
  return askWith({ BUCKET }, adminRequest(method, path, body));
}

type Method = "put" | "delete" | "list";

/** A bucket one of whose methods does something else for keys of this folder. */
export function bucketWith(
  method: Method,
  folder: string,
  act: (proceed: () => Promise<unknown>) => unknown,
) {
  return forwarding(bucket, {
    [method]: (key: string | string[] | { prefix?: string }, ...rest: unknown[]) => {
      const named = typeof key === "object" && "prefix" in key ? key.prefix : [key].flat()[0];
      const original: unknown = Reflect.get(bucket, method);
      if (typeof original !== "function") throw new Error(`the bucket has no ${method}`);
      const proceed = () => original.call(bucket, key, ...rest);
      return String(named).startsWith(folder) ? act(proceed) : proceed();
    },
  });
}

export const fail = () => Promise.reject(new Error("R2 is down"));

/** Runs the hourly job that much later, with changed settings or bindings. */
export async function hourlyJob(laterMs: number, changed: Partial<Env> = {}): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + laterMs });
  try {
    await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), { ...env, ...changed });
  } finally {
    vi.useRealTimers();
  }
}

export async function keysIn(prefix = ""): Promise<string[]> {
  return (await bucket.list({ prefix })).objects.map(({ key }) => key);
}

/** Runs the hourly job, and expects that the bucket then has exactly what is used, and that nothing waits. */
export async function expectNothingLeft(): Promise<void> {
  await hourlyJob(2 * HOUR_MS);
  const used = new Set((await rowsOf(objectUses)).map(({ key }) => key));
  const stored = [...(await keysIn("assets/")), ...(await keysIn("packs/"))];
  expect(new Set(stored)).toEqual(used);
  expect(await rowsOf(objects)).toEqual([]);
}
