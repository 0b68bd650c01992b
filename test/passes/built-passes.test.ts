/**
 * The built passes of a deleted pass leave R2: those that its row names, and those that a crash left.
 */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { objects } from "../../src/db/schema.ts";
import { emptyFolder } from "../../src/objects/delete-unused.ts";
import { forwarding } from "../counting.ts";
import { admin, download } from "../harness.ts";
import { bucketWith, callWith, fail, HOUR_MS, hourlyJob, keysIn } from "../objects/world.ts";
import { passRow, rowsOf } from "../rows.ts";

const PASS_TYPE = "pass.test.built-passes";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

afterEach(() => {
  vi.restoreAllMocks();
});

const builtOf = ({ id }: { id: number }) => keysIn(`built/${id}/`);

/** A pass with a built pass in R2. */
async function built() {
  const pass = await admin.issue(templateId);
  await download(pass);
  await vi.waitFor(async () => expect(await builtOf(pass)).toHaveLength(1));
  return pass;
}

test("a deletion deletes all built passes of the pass, also one that no row names, and no others", async () => {
  const [pass, other] = [await built(), await built()];
  await env.BUCKET.put(`built/${pass.id}/1-left-by-a-crash`, "x");
  await env.BUCKET.put(`built/${pass.id}0/1-of-another-pass`, "x");
  await admin.delete(pass.id);
  expect(await builtOf(pass)).toEqual([]);
  expect((await passRow(pass.id)).builtEtag).toBeNull();
  expect(await builtOf(other)).toHaveLength(1);
  expect(await keysIn(`built/${pass.id}0/`)).toHaveLength(1);
});

test("if R2 fails during the deletion, the pass is deleted, and its built passes an hour later", async () => {
  const warnings = vi.spyOn(console, "warn").mockImplementation(() => {});
  const pass = await built();
  const answer = await callWith(bucketWith("delete", "built/", fail), "DELETE", `/passes/${pass.id}`);
  expect(answer.status).toBe(204);
  expect(warnings.mock.calls).toEqual([[expect.stringContaining("built_pass_deletion_postponed")]]);
  expect(await builtOf(pass)).toHaveLength(1);
  await hourlyJob(HOUR_MS + 1000);
  expect(await builtOf(pass)).toEqual([]);
  expect(await rowsOf(objects)).toEqual([]);
});

test("a built pass that a request stores after the deletion, and then crashes, is deleted by the hourly job", async () => {
  const pass = await built();
  await admin.delete(pass.id);
  await env.BUCKET.put(`built/${pass.id}/1-late`, "x");
  await hourlyJob(HOUR_MS + 1000);
  expect(await builtOf(pass)).toEqual([]);
});

test("a folder is emptied page by page, at most ten pages in one run", async () => {
  const lists: unknown[] = [];
  const deleted: string[] = [];
  const bucket = forwarding(env.BUCKET, {
    list: async (options: unknown) => {
      lists.push(options);
      return { objects: [{ key: `built/1/${lists.length}` }], truncated: true };
    },
    delete: async (keys: string[]) => void deleted.push(...keys),
  });
  await emptyFolder(bucket, "built/1/");
  expect([lists.length, deleted.length]).toEqual([10, 10]);
  expect(lists[0]).toEqual({ prefix: "built/1/", limit: 1000 });
});
