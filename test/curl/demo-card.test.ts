/** The pass that every local instance begins with. */
import { expect, test } from "vitest";
import { admin } from "./instance.ts";

test("a scan of the demo's stamp card adds a stamp, and does not redeem it", async () => {
  const scans = [{ scanId: "demo-card", code: "welcome" }];
  expect(await admin.send("POST", "/scans", { scans })).toMatchObject({ results: [{ outcome: "added" }] });
});
