/**
 * The OpenAPI document, as others use it: two linters with the rules that they recommend find nothing, and the clients
 * that two generators write compile strictly and live the life of a pass.
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { appleControl } from "../apple/control.ts";
import { drawPng } from "../apple/png.ts";
import type { Setting, Story } from "./clients/story.ts";
import { generated, runTool } from "./tools.ts";

test("Redocly's recommended rules find no error and no warning", async () => {
  const { status, output } = await runTool(
    "redocly",
    ...["lint", "openapi.json", "--extends", "recommended", "--format", "json"],
  );
  const { totals, problems } = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
  expect(problems).toEqual([]);
  expect({ status, totals }).toEqual({ status: 0, totals: { errors: 0, warnings: 0, ignored: 0 } });
});

test("Spectral's rules for OpenAPI find no error and no warning", async () => {
  writeFileSync(join(generated, "spectral.yaml"), 'extends: ["spectral:oas"]\n');
  const { status, output } = await runTool(
    "spectral",
    ...["lint", "openapi.json", "--ruleset", "spectral.yaml", "--fail-severity", "hint"],
  );
  expect(output).toContain("No results with a severity of 'hint' or higher found!");
  expect(status).toBe(0);
});

test("the generated clients, and programs that use them, compile strictly", async () => {
  expect(await runTool("tsc", "-p", join(import.meta.dirname, "clients"))).toEqual({ status: 0, output: "" });
});

test.each(["openapi-fetch", "hey-api"])("the client %s lives the life of a pass", async (name) => {
  // Not a literal, because the repository's own TypeScript does not compile what is generated.
  const { live }: { live: (setting: Setting) => Promise<Story> } = await import(`./clients/${name}.ts`);
  const { issued, ...story } = await live(await setting());
  const [first, second] = issued;
  expect(story).toEqual({
    certificates: ["active"],
    stamps: 4,
    replayed: [null, "true"],
    dryRun: [4, 5],
    scans: ["redeemed", "redeemed", "redeemed", "voided"],
    counted: 1,
    statuses: ["active", "redeemed", "active", "voided"],
    refused: "already_redeemed",
    gate: ["scanner", "redeemed", true],
    redeemed: { count: 1, isExact: true },
    found: first,
    listed: [second, first],
    missing: 404,
  });
});

async function setting(): Promise<Setting> {
  const instance = inject("instance");
  const passTypeIdentifier = `pass.test.contract-${randomBytes(6).toString("hex")}`;
  const apple = appleControl(instance.appleOrigin);
  const teamIdentifier = "EDGEPASS01";
  return {
    baseUrl: instance.origin,
    token: instance.adminToken,
    passTypeIdentifier,
    icon: Buffer.from(drawPng(29, 29, () => [237, 184, 61, 255])).toString("base64"),
    certify: async (csr) => (await apple.issue({ csr, passTypeIdentifier, teamIdentifier })).pem,
  };
}
