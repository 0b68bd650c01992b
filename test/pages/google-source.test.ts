/**
 * Who gets the card of Google Wallet on the page of a pass: Android phones, once the deployment has an issuer, and every device if the
 * pass is only for Google Wallet.
 */
import { expect, test } from "vitest";
import { makeIssuer } from "../google-wallet/accounts.ts";
import { admin, send } from "../harness.ts";
import { USER_AGENTS } from "./user-agents.ts";

const PASS_TYPE = "pass.test.google-card";

test("an Android phone gets Google's card once there is an issuer, and no other device does", async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const { landingUrl } = await admin.issue(templateId);
  const drawnFor = async (name: string) => {
    const agent = USER_AGENTS.find(([what]) => what === name)?.[1] ?? "";
    const page = await (await send(new Request(landingUrl, { headers: { "User-Agent": agent } }))).text();
    const cards = [...page.matchAll(/<article class="(google-card|card)/g)].map(([, card]) => card);
    return { cards, images: [...page.matchAll(/src="(\/g\/[0-9a-f]{64}\.png)"/g)].map(([, path]) => path) };
  };
  expect((await drawnFor("Chrome on Android")).cards).toEqual(["card"]);
  await makeIssuer();
  const android = await drawnFor("Chrome on Android");
  expect(android.cards).toEqual(["google-card"]);
  expect(android.images.length).toBeGreaterThan(0);
  for (const path of android.images)
    expect((await send(new Request(new URL(path ?? "", landingUrl)))).status).toBe(200);
  expect((await drawnFor("Safari")).cards).toEqual(["card"]);
  expect((await drawnFor("Windows")).cards).toEqual(["card"]);
  await admin.changeTemplate(templateId, { wallets: "google" });
  for (const name of ["Chrome on Android", "Safari", "Windows"])
    expect((await drawnFor(name)).cards).toEqual(["google-card"]);
  await admin.changeTemplate(templateId, { wallets: "apple" });
  for (const name of ["Chrome on Android", "Safari", "Windows"])
    expect((await drawnFor(name)).cards).toEqual(["card"]);
});
