/**
 * Lists of large rows: a page ends early, so that neither the answer nor what D1 sends is larger than memory allows, and the
 * cursors still lead to every item once. Passdock's lists have no cursor: they are complete, and arrive piece by piece.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { deadLetters, deviceLogs, events, passes, passTags, templates } from "../../src/db/schema.ts";
import { writeJson } from "../../src/json.ts";
import { PAGE_BYTES } from "../../src/memory.ts";
import type { Pass } from "../../src/passes/show.ts";
import { counted } from "../counting.ts";
import { callWith, created, make } from "../dialects/passdock-client.ts";
import { ADMIN_TOKEN, admin, storeCard } from "../harness.ts";
import { copyPass, insertRows, rowsOf, setRows } from "../rows.ts";
import { ask, askWith } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.large-lists";
const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };
/** The largest row of D1. */
const ROW_BYTES = 2_000_000;
/** What JSON adds to the texts of a row: the names of its members, dates, links. */
const NAMES_BYTES = 1500;

let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

interface Listed {
  readonly items: readonly { readonly id: number }[];
  readonly nextCursor: string | null;
}

/** The bytes of what these statements answer: the largest answer. */
async function largestAnswer(asked: readonly { sql: string; values: readonly unknown[] }[]): Promise<number> {
  const sizes = [];
  for (const { sql, values } of asked)
    sizes.push(
      JSON.stringify(
        await env.DB.prepare(sql)
          .bind(...values)
          .raw(),
      ).length,
    );
  return Math.max(...sizes);
}

/** All pages of a list, each within the bounds. */
async function walk(path: string, limit: number): Promise<number[][]> {
  const pages: number[][] = [];
  for (let cursor = ""; ; ) {
    const counters = counted(env);
    const response = await askWith(counters.env, ask("GET", `/admin/v1${path}limit=${limit}${cursor}`, KEY));
    const text = await response.text();
    expect(response.status).toBe(200);
    const { items, nextCursor } = JSON.parse(text) as Listed;
    expect(items.length).toBeLessThanOrEqual(limit);
    const bound = (items.length === 1 ? ROW_BYTES : PAGE_BYTES) + items.length * NAMES_BYTES;
    expect(text.length).toBeLessThanOrEqual(bound);
    expect(await largestAnswer(counters.asked)).toBeLessThanOrEqual(bound);
    pages.push(items.map(({ id }) => id));
    if (nextCursor === null) return pages;
    expect(items.length).toBeGreaterThan(0);
    cursor = `&cursor=${nextCursor}`;
  }
}

/** Sizes in bytes, oldest first: the newest three fill a page, then comes one that is larger than a page, then small ones. */
const SIZES = [10, 10, 225_000, 10, 225_000, 1_900_000, 50_000, 100_000, 350_000];
const filled = (bytes: number) => "x".repeat(bytes);

/** Makes rows with these sizes. @returns the path of their list, and their ids, oldest first */
const LISTS: Record<string, () => Promise<{ path: string; ids: number[] }>> = {
  async passes() {
    const { id } = await admin.issue(templateId);
    const ids = await copyPass(id, SIZES.length, "large-");
    for (const [at, bytes] of SIZES.entries())
      await setRows(
        passes,
        { id: ids[at] ?? 0 },
        { values: writeJson({ points: { value: filled(bytes) } }) },
      );
    return { path: `/passes?templateId=${templateId}&`, ids: [id, ...ids] };
  },
  async templates() {
    const { id: projectId } = await admin.makeProject();
    const ids: number[] = [];
    for (const bytes of SIZES) {
      const { id } = await admin.makeTemplate(PASS_TYPE, { projectId });
      await setRows(templates, { id }, { strings: writeJson({ fr: { POINTS: filled(bytes) } }) });
      ids.push(id);
    }
    return { path: `/templates?projectId=${projectId}&`, ids };
  },
  async events() {
    const { id: projectId } = await admin.makeProject();
    const ids: number[] = [];
    for (const bytes of SIZES) {
      const { id } = await admin.makeEvent({}, projectId);
      await setRows(events, { id }, { values: writeJson({ points: { value: filled(bytes) } }) });
      ids.push(id);
    }
    return { path: `/projects/${projectId}/events?`, ids };
  },
  async "dead letters"() {
    const row = (bytes: number, at: number) => ({
      messageId: `large-${at}`,
      message: writeJson({ kind: "change", reason: filled(bytes) }),
      receivedAt: Date.now(),
    });
    for (const [at, bytes] of SIZES.entries()) await insertRows(deadLetters, [row(bytes, at)]);
    return { path: "/dead-letters?", ids: (await rowsOf(deadLetters)).map(({ id }) => id) };
  },
  async "device logs"() {
    for (const bytes of SIZES)
      await insertRows(deviceLogs, [
        { client: "", messages: writeJson([filled(bytes)]), receivedAt: Date.now() },
      ]);
    return { path: "/device-logs?", ids: (await rowsOf(deviceLogs)).map(({ id }) => id) };
  },
};

describe.each(Object.keys(LISTS))("the list of %s", (name) => {
  test("has every item once, newest first, and a page never exceeds its limit of bytes", async () => {
    const { path, ids } = (await LISTS[name]?.()) ?? { path: "", ids: [] };
    const newestFirst = ids.toReversed();
    const pages = await walk(path, 50);
    expect(pages.flat()).toEqual(newestFirst);
    expect(pages.slice(0, 2).map((page) => page.length)).toEqual([3, 1]);
    expect(pages).toHaveLength(3);
    expect((await walk(path, 2)).flat()).toEqual(newestFirst);
    expect((await walk(path, 1)).flat()).toEqual(newestFirst);
    expect((await walk(path, ids.length)).flat()).toEqual(newestFirst);
  });
});

test("a page that is full by its limit has a cursor only if an item follows", async () => {
  const { id: projectId } = await admin.makeProject();
  for (let n = 0; n < 4; n++) await admin.makeEvent({}, projectId);
  const path = `/projects/${projectId}/events?`;
  expect((await walk(path, 2)).map((page) => page.length)).toEqual([2, 2]);
  expect((await walk(path, 3)).map((page) => page.length)).toEqual([3, 1]);
  expect((await walk(path, 4)).map((page) => page.length)).toEqual([4]);
});

test("the tags of passes count for the size of a page, and so do the templates and events of a search by code", async () => {
  const barcodes = [{ format: "PKBarcodeFormatQR", message: "m", messageEncoding: "utf-8", altText: "" }];
  const pass = { ...storeCard, barcodes, userInfo: filled(90_000) };
  const { id } = await admin.makeTemplate(PASS_TYPE, { pass });
  const code = "large-code";
  const first = await admin.issue(id, { barcodeMessage: code });
  const ids = [first.id, ...(await copyPass(first.id, 23, "coded-"))].toReversed();
  const coded = await walk(`/passes?code=${code}&`, 50);
  expect([coded.flat(), coded.length]).toEqual([ids, 5]);
  const tags = Array.from({ length: 1000 }, (_, n) => ({ tag: `${n}-`.padEnd(100, "t") }));
  for (const passId of ids)
    await insertRows(
      passTags,
      tags.map(({ tag }) => ({ passId, tag })),
    );
  const tagged = await walk(`/passes?templateId=${id}&`, 50);
  expect([tagged.flat(), tagged.length]).toEqual([ids, 5]);
});

describe("Passdock's lists", () => {
  let passdockTemplate: number;
  let ids: number[];
  const small = { storeCard: { primaryFields: [{ key: "points", label: "POINTS", value: "" }] } };

  beforeAll(async () => {
    passdockTemplate = await make(PASS_TYPE, { ...storeCard, ...small });
    const first = await created(passdockTemplate, { points: filled(90_000), bar: { message: "all" } });
    ids = [first.id, ...(await copyPass(first.id, 54, "passdock-large-"))].toReversed();
  });
  const listPath = () => `/templates/${passdockTemplate}/passes`;

  test.each([
    { what: "the first page", query: {}, path: "", range: [0, 50] as const },
    { what: "the second page", query: { page: 2 }, path: "", range: [50, 55] as const },
    { what: "the compact list", query: { compact: true }, path: "", range: [0, 50] as const },
    { what: "a search", query: { code: "all", many: true }, path: "/search", range: [0, 50] as const },
  ])(
    "$what is complete, with the same bytes as JSON.stringify of all items, and D1 sends it in pages",
    async ({ query, path, range }) => {
      const counters = counted(env);
      const response = await callWith(counters.env, "GET", listPath() + path, query);
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(response.headers.get("cache-control")).toBe("private, no-store");
      const text = await response.text();
      const items = JSON.parse(text) as Pass[];
      expect(items.map(({ id }) => id)).toEqual(ids.slice(...range));
      expect(text === JSON.stringify(items)).toBe(true);
      expect(await largestAnswer(counters.asked)).toBeLessThanOrEqual(PAGE_BYTES + 50 * 4 * NAMES_BYTES);
      const pages = counters.asked.filter(({ sql }) => sql.includes("row_number()")).length;
      expect(pages).toBe(range[0] === 50 ? 1 : 10);
    },
  );

  test("a reader that stops makes D1 load no further page", async () => {
    const counters = counted(env);
    const response = await callWith(counters.env, "GET", listPath());
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(counters.asked.filter(({ sql }) => sql.includes("row_number()"))).toHaveLength(1);
  });

  test("a small list is one query", async () => {
    const templateId = await make(PASS_TYPE, storeCard);
    await created(templateId);
    const counters = counted(env);
    const response = await callWith(counters.env, "GET", `/templates/${templateId}/passes`);
    expect(JSON.parse(await response.text())).toHaveLength(1);
    expect(counters.asked).toHaveLength(1);
  });
});
