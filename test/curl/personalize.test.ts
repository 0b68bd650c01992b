/**
 * Rewards sign-up with real curl. openssl verifies the returned signature: it is made with the pass's certificate over
 * the token that was sent, and its chain ends at the root.
 */
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { READER_KEY } from "../pkpass/samples/events.ts";
import { curl } from "./curl.ts";
import { admin, adminToken, bundle, downloaded, issue, makePassType, origin, rootPem } from "./instance.ts";

const TOKEN = "a-token+of/this=phone ü";
const INFO = { fullName: "Ada Lovelace", givenName: "Ada", familyName: "Lovelace" };
const png = (width: number, height: number) =>
  Buffer.from(drawPng(width, height, () => [9, 120, 60, 255])).toString("base64");

test("the response is a signature over the token that openssl verifies, and the data can be read once", async () => {
  const passTypeIdentifier = await makePassType();
  const template = await admin.send<Template>("POST", "/templates", {
    name: "Rewards",
    passTypeIdentifier,
    pass: {
      description: "Card",
      organizationName: "Teahouse",
      storeCard: {},
      nfc: { message: "TH-1", encryptionPublicKey: READER_KEY },
    },
    images: { "icon@3x.png": png(87, 87), "personalizationLogo@3x.png": png(450, 120) },
    personalization: {
      description: "Collect a point for each cup.",
      requiredPersonalizationFields: ["PKPassPersonalizationFieldName"],
    },
  });
  const pass = await issue(template.id);
  const before = await bundle(pass.downloadUrl);
  expect(Object.keys(before.files)).toContain("personalization.json");

  const body = JSON.stringify({ personalizationToken: TOKEN, requiredPersonalizationInfo: INFO });
  const address = `${origin}/v1/passes/${passTypeIdentifier}/${pass.serialNumber}/personalize`;
  expect((await curl(["-i", "-d", body, address])).status).toBe(401);
  const holder = ["-H", `Authorization: ApplePass ${String(before.pass.authenticationToken)}`];
  const json = ["-H", "Content-Type: application/json"];
  await downloaded(["-f", "-o", "signature", ...holder, ...json, "-d", body, address], async (folder) => {
    await writeFile(join(folder, "token"), TOKEN);
    await writeFile(join(folder, "root.pem"), rootPem);
    const files = ["-in", "signature", "-content", "token", "-CAfile", "root.pem", "-out", "verified"];
    const verify = ["cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", ...files];
    execFileSync("openssl", [...verify, "-signer", "signer.pem"], { cwd: folder, stdio: "pipe" });
    expect(await readFile(join(folder, "verified"), "utf8")).toBe(TOKEN);
    const subject = ["x509", "-in", "signer.pem", "-noout", "-subject"];
    expect(String(execFileSync("openssl", subject, { cwd: folder }))).toContain(passTypeIdentifier);
    // The same openssl refuses a different text, so the check above is effective.
    await writeFile(join(folder, "token"), `${TOKEN} `);
    expect(() => execFileSync("openssl", verify, { cwd: folder, stdio: "pipe" })).toThrow(/Command failed/);
  });

  expect(Object.keys((await bundle(pass.downloadUrl)).files)).not.toContain("personalization.json");
  const key = ["-H", `Authorization: Bearer ${adminToken}`];
  const take = ["-i", "-X", "POST", ...key, `${origin}/admin/v1/passes/${pass.id}/personalization/take`];
  const taken = await curl(take);
  expect([taken.status, taken.json()]).toMatchObject([200, { passId: pass.id, ...INFO }]);
  expect((await curl(take)).status).toBe(404);
});
