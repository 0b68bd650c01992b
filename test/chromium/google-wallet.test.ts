/**
 * A holder with Android: from the page of the pass to Google Wallet, here the stand-in. The instance has an issuer, which that of the
 * other tests does not have.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { forkInstance } from "../curl/global-setup.ts";
import { googleControl } from "../google/stand-in/control.ts";
import { USER_AGENTS } from "../pages/user-agents.ts";
import { adminOf } from "../tools/local/admin.ts";
import { openDashboard } from "./dashboard-screens.ts";
import { HEIGHT, PHONE, Visitor } from "./visitor.ts";

const userAgent = USER_AGENTS.find(([what]) => what === "Chrome on Android")?.[1] ?? "";

let forked: Awaited<ReturnType<typeof forkInstance>>;
beforeAll(async () => {
  forked = await forkInstance(["--google"]);
});
afterAll(() => forked.end());

test("the button on the page of a pass leads to Google Wallet, which saves the pass and does not learn where the link was", async () => {
  const { instance } = forked;
  if ("failure" in instance) return expect.fail(instance.failure);
  const { origin: site, adminToken, googleOrigin } = instance;
  const control = googleControl(googleOrigin);
  const admin = adminOf(site, adminToken);
  const { items: issuers } = await admin.get<{ items: { issuerId: string }[] }>("/google-issuers");
  const issuerId = issuers[0]?.issuerId ?? "";
  const { items } = await admin.get<{ items: Pass[] }>("/passes?tag=welcome");
  const path = new URL(items[0]?.landingUrl ?? "").pathname;

  await using visitor = await Visitor.comes({ site, leadsTo: googleOrigin, userAgent, touch: true });
  await visitor.opens(path);
  const [first] = await visitor.sees("main > :not(.unseen)");
  expect([first?.text, (first?.bottom ?? HEIGHT) < HEIGHT / 4]).toEqual(["Add to Google Wallet", true]);
  expect(await visitor.violations()).toEqual([]);
  expect(await visitor.smallTargets()).toEqual([]);
  expect((await control.stored(issuerId)).objects).toEqual([]);

  await visitor.page.getByRole("link", { name: "Add to Google Wallet" }).tap();
  await visitor.page.getByRole("heading", { name: "Added to Google Wallet" }).waitFor();
  expect(new URL(visitor.page.url()).origin).toBe(googleOrigin);
  const { objects } = await control.stored(issuerId);
  expect(objects).toMatchObject([{ type: "loyalty", state: "ACTIVE", users: 1 }]);
  const [saved] = await control.history({ issuerId, kind: "save" });
  expect(saved).toMatchObject({ status: 200 });
  expect(saved?.referer).toBeUndefined();
});

test("the preview of a change says what the holder of a saved pass sees in Google Wallet", async () => {
  const { instance } = forked;
  if ("failure" in instance) return expect.fail(instance.failure);
  const { origin: site, adminToken } = instance;
  const { items } = await adminOf(site, adminToken).get<{ items: Pass[] }>("/passes?tag=welcome");
  await using visitor = await Visitor.comes({ site, width: PHONE });
  const { page } = visitor;
  await visitor.opens("/admin/");
  await openDashboard(page, adminToken, `#/passes/${items[0]?.id}`);
  await page.getByText("Change what it shows").click();
  await page.getByRole("button", { name: "Add 1 to BALANCE" }).click();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Google Wallet: 1 pass, within a minute.").waitFor();
  await page.getByText("Google notifies people in its own words.").waitFor();
  expect(await visitor.smallTargets()).toEqual([]);
});
