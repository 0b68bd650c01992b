/**
 * What makes a new version of a pass.
 */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import worker from "../../src/index.ts";
import { accept, admin } from "../harness.ts";

const PASS_TYPE = "pass.test.versions";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

test("another PUBLIC_ORIGIN is another version, so no stored pass with the old address is served", async () => {
  const pass = await admin.issue(templateId);
  const path = new URL(pass.downloadUrl).pathname;
  const from = async (origin: string) => {
    const ctx = createExecutionContext();
    const answer = await worker.fetch(new Request(origin + path), { ...env, PUBLIC_ORIGIN: origin }, ctx);
    const checked = await accept(new Uint8Array(await answer.arrayBuffer()));
    await waitOnExecutionContext(ctx);
    return { etag: answer.headers.get("etag"), webServiceURL: checked.pass.webServiceURL };
  };
  const [old, moved] = [await from("https://old.example.com"), await from("https://new.example.com")];
  expect([old.webServiceURL, moved.webServiceURL]).toEqual([
    "https://old.example.com",
    "https://new.example.com",
  ]);
  expect(moved.etag).not.toBe(old.etag);
});
