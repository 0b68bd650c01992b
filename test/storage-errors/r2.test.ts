/**
 * What clients get when R2 has an error.
 */
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { admin, passToken } from "../harness.ts";
import { passRow } from "../rows.ts";
import { ask, NO_FAILURE, PASS_TYPE, prepareStorage, templateId } from "./client.ts";

prepareStorage();

test("a lost connection to R2 is 503 with Retry-After too, and is not called an error of the database", async () => {
  const message = "Network connection lost.";
  const pass = await admin.issue((await admin.makeTemplate(PASS_TYPE)).id);
  const { Authorization } = await passToken(pass);
  const holder = { Authorization };
  vi.spyOn(env.BUCKET, "get").mockRejectedValue(new Error(message));
  const [apple, voltmx] = [
    await ask(["GET", `/v1/passes/${PASS_TYPE}/${pass.serialNumber}`, undefined, holder], NO_FAILURE),
    await ask(["GET", `/api/v1/passes/${PASS_TYPE}/${pass.serialNumber}`, undefined, holder], NO_FAILURE),
  ];
  expect([apple.status, apple.headers.get("retry-after"), apple.body.code]).toEqual([
    503,
    "5",
    "service_unavailable",
  ]);
  expect(apple.log.join()).toContain(message);
  expect([voltmx.status, voltmx.headers.get("retry-after"), voltmx.body.code]).toEqual([
    500,
    "5",
    "pass_not_built",
  ]);
});

test("a pass that is deleted is answered 204, even if its built pass cannot be deleted", async () => {
  const pass: Pass = await admin.issue(templateId);
  const { downloadUrl } = pass;
  await ask(["GET", new URL(downloadUrl).pathname, undefined, {}], NO_FAILURE);
  expect((await passRow(pass.id)).builtEtag).not.toBeNull();
  const bucket = vi.spyOn(env.BUCKET, "delete").mockRejectedValue(new Error("R2 is down"));
  const { status } = await ask(["DELETE", `/admin/v1/passes/${pass.id}`], NO_FAILURE);
  expect(bucket).toHaveBeenCalled();
  expect(status).toBe(204);
});
