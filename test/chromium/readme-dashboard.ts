/**
 * The dashboard in README.md: the editor with a stamp card, and the page of a pass that a phone has.
 */
import type { BrowserContext, Page } from "playwright-core";
import type { Pass } from "../../src/passes/show.ts";
import { IPhone } from "../apple/iphone.ts";
import type { InstanceFacts } from "../curl/run-instance.ts";
import { adminOf } from "../tools/local/admin.ts";
import { DEMO } from "../tools/local/provision.ts";
import { openDashboard } from "./dashboard-screens.ts";

const SIZE = { width: 1180, height: 820 };

export async function openEditor(desktop: BrowserContext, instance: InstanceFacts): Promise<Page> {
  const page = await openPage(desktop, instance, `#/templates/${await demoTemplate(instance)}`);
  await page.getByRole("tab", { name: /^Fields/ }).click();
  await page.locator(".field-summary").nth(1).click();
  await page.getByRole("list", { name: "Findings" }).waitFor();
  await page.evaluate("scrollTo(0, 0)");
  return page;
}

export async function openPass(desktop: BrowserContext, instance: InstanceFacts): Promise<Page> {
  const admin = adminOf(instance.origin, instance.adminToken);
  const path = `/templates/${await demoTemplate(instance)}/passes`;
  const { id, downloadUrl } = await admin.send<Pass>("POST", path, {
    values: { name: "Ada Lovelace", stamps: 7, balance: 12.5 },
  });
  await new IPhone({ fetch: (request) => fetch(request), rootPem: instance.rootPem }).addFrom(downloadUrl);
  const page = await openPage(desktop, instance, `#/passes/${id}`);
  await page.getByRole("list", { name: "Phones" }).getByRole("listitem").waitFor();
  return page;
}

/** The id of the demo template, which each instance has. */
async function demoTemplate({ origin, adminToken }: InstanceFacts): Promise<number> {
  interface Listed {
    readonly items: readonly { readonly id: number; readonly externalId: string | null }[];
  }
  const { items } = await adminOf(origin, adminToken).get<Listed>("/templates?limit=200");
  const found = items.find(({ externalId }) => externalId === DEMO);
  if (found === undefined) throw new Error("the demo template is missing");
  return found.id;
}

async function openPage(
  desktop: BrowserContext,
  { origin, adminToken }: InstanceFacts,
  hash: string,
): Promise<Page> {
  const page = await desktop.newPage();
  await page.setViewportSize(SIZE);
  await page.goto(`${origin}/admin/`);
  await openDashboard(page, adminToken, hash);
  await page.locator(".card-preview").first().waitFor();
  return page;
}
