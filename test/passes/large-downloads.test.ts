/**
 * Downloads of large passes by slow readers: what the Worker holds for each of them is a chunk, and the images are in R2 or in
 * one pack that all downloads share.
 *
 * The packs here have files of any bytes, because only their size counts.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { bodyOf } from "../../src/bytes.ts";
import { templates } from "../../src/db/schema.ts";
import { CHUNK_BYTES } from "../../src/memory.ts";
import type { Pass } from "../../src/passes/show.ts";
import { newPackKey, storePack } from "../../src/templates/packs.ts";
import { counted, forwarding } from "../counting.ts";
import { ADMIN_TOKEN, admin, get } from "../harness.ts";
import { passRow, setRows } from "../rows.ts";
import { ask, askWith } from "../wallet/web-service.ts";
import { idsOf, linkTo, opened, pathOf } from "./bundle-client.ts";

const PASS_TYPE = "pass.test.large-downloads";
const LARGE_BYTES = 11 * 1024 * 1024;
/** R2 and streams read a little ahead. */
const AHEAD_BYTES = 8 * CHUNK_BYTES;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "RSA"); // whose signatures are the same each time
});

/** A pass of a template whose pack no request has loaded yet. */
async function issueLarge(bytes = LARGE_BYTES): Promise<Pass> {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const file = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += CHUNK_BYTES) crypto.getRandomValues(file.subarray(at, at + CHUNK_BYTES));
  const pack = newPackKey();
  await storePack(env.BUCKET, pack, new Map([["strip.png", file]]), {});
  await setRows(templates, { id }, { pack });
  return admin.issue(id);
}

const path = ({ downloadUrl }: Pass) => new URL(downloadUrl).pathname;
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };
const KEEP = { KEEP_BUILT_PASSES: "yes" };
const BUILD = { KEEP_BUILT_PASSES: "no" };

/** The bucket, and what is read of the bodies of its objects. */
function watchBodies() {
  const seen = { bytes: 0, cancelled: 0 };
  const bucket = forwarding(env.BUCKET, {
    async get(key: string) {
      const object = await env.BUCKET.get(key);
      if (object === null) return null;
      const reader = object.body.getReader();
      const source: UnderlyingSource<Uint8Array> = {
        async pull(controller) {
          const { done, value } = await reader.read();
          if (done) return controller.close();
          seen.bytes += value.length;
          controller.enqueue(value);
        },
        cancel: () => {
          seen.cancelled += 1;
          return reader.cancel();
        },
      };
      const body = new ReadableStream(source, { highWaterMark: 0 });
      const { size, customMetadata } = object;
      return { size, customMetadata, body };
    },
  });
  return { bucket, seen };
}

test("a body is copied chunk by chunk, as it is read", async () => {
  let taken = 0;
  class Watched extends Uint8Array {
    override subarray(begin = 0, end = this.length): Uint8Array<ArrayBuffer> {
      const part = new Uint8Array(this.buffer, begin, Math.min(end, this.length) - begin);
      taken += part.length;
      return part as Uint8Array<ArrayBuffer>;
    }
  }
  const body = bodyOf([new Uint8Array(7), new Watched(LARGE_BYTES).fill(5), new Uint8Array(9)]);
  if (!(body instanceof ReadableStream)) throw new Error("a large body is not a stream");
  const reader = body.getReader();
  await scheduler.wait(20);
  expect(taken).toBeLessThanOrEqual(2 * CHUNK_BYTES);
  let read = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    read += chunk.value.length;
    expect(chunk.value.length).toBeLessThanOrEqual(CHUNK_BYTES);
    expect(taken).toBeLessThanOrEqual(read + 2 * CHUNK_BYTES);
  }
  expect(read).toBe(7 + LARGE_BYTES + 9);
});

test("downloads that begin at once read the pack once, and each gets the whole pass with its length", async () => {
  const pass = await issueLarge();
  const { env: counting, spent } = counted(env);
  const responses = await Promise.all(
    Array.from({ length: 8 }, () => askWith({ ...counting, ...BUILD }, ask("GET", path(pass)))),
  );
  expect(spent().gets).toBe(1);
  const [first, ...others] = await Promise.all(responses.map(bytesOf));
  expect(first?.length).toBeGreaterThan(LARGE_BYTES);
  for (const [at, response] of responses.entries())
    expect([response.status, response.headers.get("content-length")], `${at}`).toEqual([
      200,
      `${first?.length}`,
    ]);
  for (const other of others) expect(first !== undefined && isEqual(other, first)).toBe(true);
});

test("a stored pass is a stream from R2, also in a bundle: it is read as the client reads it", async () => {
  const pass = await issueLarge();
  const built = await bytesOf(await askWith(KEEP, ask("GET", path(pass))));
  expect((await passRow(pass.id)).builtEtag).not.toBeNull();
  const bundle = pathOf(await linkTo([pass]));
  for (const address of [path(pass), bundle]) {
    const { bucket, seen } = watchBodies();
    const response = await askWith({ ...KEEP, BUCKET: bucket }, ask("GET", address));
    await scheduler.wait(20);
    expect(seen.bytes).toBeLessThanOrEqual(AHEAD_BYTES);
    const reader = response.body?.getReader();
    await reader?.read();
    await scheduler.wait(20);
    expect(seen.bytes).toBeLessThanOrEqual(2 * AHEAD_BYTES);
    await reader?.cancel();
    await scheduler.wait(20);
    expect([seen.cancelled, seen.bytes < LARGE_BYTES]).toEqual([1, true]);
  }
  const again = await askWith(KEEP, ask("GET", path(pass)));
  expect(again.headers.get("content-length")).toBe(String(built.length));
  expect(isEqual(await bytesOf(again), built)).toBe(true);
  const [file] = await opened(await askWith(KEEP, ask("GET", bundle)));
  expect(file !== undefined && isEqual(file.bytes, built)).toBe(true);
});

test("a pass that an earlier version stored without a checksum is in a bundle too", async () => {
  const pass = await issueLarge(100_000);
  const built = await bytesOf(await askWith(KEEP, ask("GET", path(pass))));
  const key = `built/${pass.id}/${(await passRow(pass.id)).builtEtag?.replaceAll('"', "")}`;
  await env.BUCKET.put(key, built);
  const [file] = await opened(await get(`/admin/v1/bundles/download?passIds=${idsOf([pass])}`, KEY));
  expect(file?.bytes).toEqual(built);
});

test("HEAD has the headers of GET, and builds, reads and stores nothing", async () => {
  const pass = await issueLarge();
  const { env: counting, spent } = counted(env);
  await askWith(BUILD, ask("GET", path(pass))).then(bytesOf);
  const head = await askWith({ ...counting, ...KEEP }, ask("HEAD", path(pass)));
  expect(spent()).toMatchObject({ trips: 1, gets: 0, puts: 0 });
  const whole = await askWith(KEEP, ask("GET", path(pass)));
  expect([head.status, await head.text(), head.headers.get("content-length")]).toEqual([
    200,
    "",
    String((await bytesOf(whole)).length),
  ]);
  for (const name of ["etag", "last-modified", "content-type", "content-disposition", "cache-control"])
    expect(head.headers.get(name)).toBe(whole.headers.get(name));
});

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && crypto.subtle.timingSafeEqual(one, other);
}
