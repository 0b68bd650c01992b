/**
 * The minified Worker that `wrangler deploy` would upload does the main job, from the key to a pass that openssl verifies.
 * All tests of this folder run that Worker. This one checks that they do, and uses an RSA key, as passes for iPhones have.
 */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { PassType } from "../../src/identities/pass-types.ts";
import { appleControl } from "../apple/control.ts";
import { secondOpinion } from "../apple/inspect.ts";
import { checkPass } from "../apple/pkpass.ts";
import { admin, appleOrigin, built, downloaded, issue, makeTemplate, rootPem } from "./instance.ts";

const BYTES_PER_LINE = 500;

test("the tests of this folder run a Worker that is bundled into one minified file", async () => {
  const text = await readFile(built, "utf8");
  expect(text).not.toMatch(/from\s*"\.\.?\//);
  expect(text.length / text.split("\n").length).toBeGreaterThan(BYTES_PER_LINE);
});

test("it makes a key, takes its certificate, issues a pass, and openssl verifies the download", async () => {
  const passTypeIdentifier = `pass.test.deployed-${randomBytes(6).toString("hex")}`;
  const { csr } = await admin.send<PassType>("POST", "/pass-types", { passTypeIdentifier });
  const request = execFileSync("openssl", ["req", "-verify", "-noout", "-text"], {
    input: csr,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });
  expect(request).toContain("Public-Key: (2048 bit)");
  const options = { csr, passTypeIdentifier, teamIdentifier: "EDGEPASS01" };
  const { pem } = await appleControl(appleOrigin).issue(options);
  await admin.send("PUT", `/pass-types/${passTypeIdentifier}/certificate`, { certificate: pem });

  const card = { description: "Card", organizationName: "Edgepass", storeCard: {} };
  const { serialNumber, downloadUrl } = await issue(await makeTemplate(passTypeIdentifier, card));
  const file = await downloaded(["-f", "-o", "card.pkpass", downloadUrl], async (folder) =>
    Uint8Array.from(await readFile(join(folder, "card.pkpass"))),
  );
  const opinion = await secondOpinion(file, rootPem);
  expect(opinion).toEqual({ accepted: ["unzip", "openssl"], objections: [], absent: [] });
  const { pass } = await checkPass(file, { rootPem });
  expect(pass).toMatchObject({ passTypeIdentifier, serialNumber });
});
