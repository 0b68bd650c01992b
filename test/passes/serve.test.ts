/**
 * What makes a new version of a pass, and what happens to the built passes of old versions.
 */
import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { forwarding } from "../counting.ts";
import { ADMIN_TOKEN, accept, admin, download, ORIGIN, storeCard } from "../harness.ts";

const PASS_TYPE = "pass.test.versions";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

afterEach(() => {
  vi.restoreAllMocks();
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

test("a null in the overrides removes the template's key", async () => {
  const made = await admin.makeTemplate(PASS_TYPE, { pass: { ...storeCard, newKey: "of Apple's" } });
  const kept = await admin.issue(made.id);
  expect((await download(kept)).pass.newKey).toBe("of Apple's");
  const without = await admin.issue(made.id, { pass: { newKey: null } });
  expect((await download(without)).pass).not.toHaveProperty("newKey");
});

test("the next sweep deletes the built pass of a deleted pass, if R2 failed during the deletion", async () => {
  const pass = await admin.issue(templateId);
  await download(pass);
  const bundles = async () => (await env.BUCKET.list({ prefix: `built/${pass.id}/` })).objects.length;
  await vi.waitFor(async () => expect(await bundles()).toBe(1));
  const bucket = forwarding(env.BUCKET, { delete: () => Promise.reject(new Error("R2 is down")) });
  vi.spyOn(console, "error").mockImplementation(() => {});
  const request = new Request(`${ORIGIN}/admin/v1/passes/${pass.id}`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
  });
  await worker.fetch(request, { ...env, BUCKET: bucket }, createExecutionContext());
  expect(await bundles()).toBe(1);
  await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), env);
  expect(await bundles()).toBe(0);
});
