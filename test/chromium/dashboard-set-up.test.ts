/**
 * The set-up in the dashboard: a new pass type from its identifier to the first pass, each mistake of a file named, and what the
 * overview says while something is missing.
 */
import { randomBytes } from "node:crypto";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { appleControl } from "../apple/control.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { admin, issue, makeTemplate } from "./organizer.ts";
import { adminToken, appleOrigin, origin, PHONE, Visitor } from "./visitor.ts";

const apple = appleControl(appleOrigin);
/** The team of the instance, which has an APNs key. */
const TEAM = "EDGEPASS01";

const newIdentifier = () => `pass.test.set-up-${randomBytes(4).toString("hex")}`;
const stepOf = (page: Page, title: string) =>
  page.locator(".set-up > li", { has: page.getByRole("heading", { name: title, exact: true }) });

/** A visitor who has signed in. */
async function signedIn(hash: string, width = 1280): Promise<Visitor> {
  const visitor = await Visitor.comes({ width });
  await visitor.opens("/admin/");
  await openDashboard(visitor.page, adminToken, hash);
  return visitor;
}

async function statesOf(page: Page): Promise<string[]> {
  const texts = await page.locator(".set-up > li > .split .badge").allTextContents();
  return texts.map((text) => text.replace(/^\S /, ""));
}

const file = (name: string, text: string) => ({
  name,
  mimeType: "application/octet-stream",
  buffer: Buffer.from(text),
});

test("a new pass type, step by step: signing request, certificate, push check, template and first pass", async () => {
  const visitor = await signedIn("#/set-up?passType=new");
  await using _ = visitor;
  const { page } = visitor;
  const identifier = newIdentifier();
  expect(await statesOf(page)).toEqual(["Next", ...Array.from({ length: 6 }, () => "Later")]);
  await page.getByLabel("Pass type identifier").fill(identifier);
  await page.reload();
  expect(await page.getByLabel("Pass type identifier").inputValue()).toBe(identifier);
  await page.getByLabel("Pass type identifier").press("Enter");

  await page.getByText("1 of 7 steps is done.").waitFor();
  await page.locator("h2:focus", { hasText: "Signing request for Apple" }).waitFor();
  expect(page.url()).toContain(identifier);
  expect(await stepOf(page, "Signing request for Apple").textContent()).toContain("Create Certificate");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download signing request" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(`${identifier}.certSigningRequest`);
  const csr = Buffer.concat(await (await download.createReadStream()).toArray()).toString();

  const certificate = stepOf(page, "Certificate");
  visitor.expectsRefusal(`/admin/v1/pass-types/${identifier}/certificate`);
  const { pem: ofAnother } = await apple.issue({
    csr,
    passTypeIdentifier: "pass.test.another",
    teamIdentifier: TEAM,
  });
  for (const [wrong, code] of [
    [csr, "csr_instead_of_certificate"],
    ["no certificate", "certificate_malformed"],
    [ofAnother, "pass_type_mismatch"],
  ] as const) {
    await certificate.locator("input[type=file]").setInputFiles(file("pass.cer", wrong));
    await certificate.getByRole("alert").getByText(code).waitFor();
  }
  const { pem } = await apple.issue({ csr, passTypeIdentifier: identifier, teamIdentifier: TEAM });
  await certificate.locator("input[type=file]").setInputFiles(file("pass.cer", pem));

  // The team has a key already, so the next step is the check.
  await page.getByText("4 of 7 steps are done. Next: Push check.").waitFor();
  await page.locator("h2:focus", { hasText: "Push check" }).waitFor();
  expect(await stepOf(page, "APNs key").textContent()).toContain(`of team ${TEAM}`);
  const check = stepOf(page, "Push check");
  await check.getByRole("button", { name: "Check pushes" }).click();
  await check.getByText("Pushes can get out").waitFor();
  await page.getByText("5 of 7 steps are done. Next: Template.").waitFor();

  expect(await page.getByRole("link", { name: "New template" }).getAttribute("href")).toBe("#/templates/new");
  const template = await makeTemplate({}, { passTypeIdentifier: identifier, name: "First card" });
  await page.getByRole("button", { name: "Check again" }).first().click();
  await page.getByText("6 of 7 steps are done. Next: First pass.").waitFor();
  expect(await page.getByRole("link", { name: "Issue a pass" }).getAttribute("href")).toBe(
    `#/new-pass/${template}`,
  );
  const { path } = await issue(template);
  await page.getByRole("button", { name: "Check again" }).first().click();
  await page.getByText("Everything is set up.").waitFor();
  const pass = stepOf(page, "First pass");
  await pass.getByRole("button", { name: "QR code" }).click();
  await pass.locator(".holder-page img").waitFor();
  expect(await visitor.scans(".set-up .holder-page img")).toEqual([origin + path]);
  expect(await page.getByRole("link", { name: "Go to New key" }).count()).toBe(1);
});

test("a pass type of a team without an APNs key shows how to make one, and a wrong key is named at its drop", async () => {
  const identifier = newIdentifier();
  const { csr } = await admin.send<{ csr: string }>("POST", "/pass-types", {
    passTypeIdentifier: identifier,
  });
  const team = randomBytes(5).toString("hex").toUpperCase();
  const { pem } = await apple.issue({ csr, passTypeIdentifier: identifier, teamIdentifier: team });
  await admin.send("PUT", `/pass-types/${identifier}/certificate`, { certificate: pem });
  const visitor = await signedIn(`#/set-up?passType=${identifier}`);
  await using _ = visitor;
  const { page } = visitor;
  const key = stepOf(page, "APNs key");
  // It is known from the certificate.
  expect(await key.getByLabel("Team id").count()).toBe(0);
  expect(await key.textContent()).toContain(`choose the team ${team}`);
  await key.locator("input[type=file]").setInputFiles(file("AuthKey_SETUPKEY01.p8", pem));
  await key.getByRole("alert").getByText("AuthKey_SETUPKEY01.p8 is a certificate.").waitFor();
  const { privateKey } = await apple.makeKey({ keyId: "SETUPKEY01", teamIdentifier: team });
  await key.locator("input[type=file]").setInputFiles(file("AuthKey_SETUPKEY01.p8", privateKey));
  await key.getByText(`SETUPKEY01 of team ${team}`).waitFor();
  await page.getByText("Next: Push check.").waitFor();
});

test("an overview of a service without a pass type leads to the set-up", async () => {
  const visitor = await signedIn("#/scans", PHONE);
  await using _ = visitor;
  const { page } = visitor;
  const step = { code: "create_pass_type", message: "Create a pass type.", method: "POST" };
  await page.route("**/admin/v1/health", (route) =>
    route.fulfill({
      json: {
        status: "setup",
        findings: [
          { severity: "setup", code: "no_pass_type", message: "There is none.", cure: "Create one." },
        ],
        nextSteps: [{ ...step, path: "/admin/v1/pass-types" }],
      },
    }),
  );
  await page.evaluate("location.hash = '#/'");
  await page.getByText("This service is new.").waitFor();
  expect(await page.getByRole("link", { name: "Go to Set up" }).count()).toBe(1);
  await page.getByRole("link", { name: "Set it up" }).click();
  await page.getByRole("heading", { name: "Set up", exact: true }).waitFor();
});

test("the set-up fits on a phone and a desktop, does not move while it loads, can be tapped, and axe finds nothing", async () => {
  const identifier = newIdentifier();
  await admin.send("POST", "/pass-types", { passTypeIdentifier: identifier });
  for (const passType of [identifier, "pass.dev.edgepass"]) {
    const visitor = await signedIn(`#/set-up?passType=${passType}`, PHONE);
    await using _ = visitor;
    const { page } = visitor;
    await page.reload();
    await page.locator(".set-up").waitFor();
    await page.getByText("Being checked").first().waitFor({ state: "detached" });
    await visitor.expectsNoShift();
    await visitor.expectsToFit();
  }
});

test("a pass type that was created by mistake is deleted, and one with a template is kept with the reason", async () => {
  const [mistake, used] = [newIdentifier(), newIdentifier()];
  for (const passTypeIdentifier of [mistake, used])
    await admin.send("POST", "/pass-types", { passTypeIdentifier });
  await makeTemplate({}, { passTypeIdentifier: used });
  const visitor = await signedIn("#/pass-types");
  await using _ = visitor;
  const { page } = visitor;
  const remove = async (identifier: string) => {
    await page.getByRole("button", { name: `Delete ${identifier}` }).click();
    await page.getByRole("button", { name: "Delete it" }).click();
  };
  await remove(mistake);
  await page.getByText(`${mistake} is deleted.`).waitFor();
  expect(await page.getByRole("heading", { name: mistake }).count()).toBe(0);
  visitor.expectsRefusal(`/admin/v1/pass-types/${used}`);
  await remove(used);
  await page.getByRole("alert").getByText("Delete its templates first").waitFor();
});
