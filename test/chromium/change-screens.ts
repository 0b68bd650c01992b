/**
 * The dashboard's pages that issue and change passes, for `npm run screenshots`: each step of a new pass, a change, an event and a
 * message, and a pass in each state. Stand-in iPhones have the passes.
 */
import type { Page } from "playwright-core";
import type { Pass } from "../../src/passes/show.ts";
import { IPhone } from "../apple/iphone.ts";
import { coffeeCard } from "../pkpass/samples/cards.ts";
import { concert } from "../pkpass/samples/events.ts";
import { templateOf } from "../pkpass/samples/template.ts";
import type { Admin } from "../tools/local/admin.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import type { ShowcaseImages } from "../tools/local/showcase-images.ts";
import type { DashboardScreen } from "./dashboard-screens.ts";
import type { Screen } from "./screens.ts";

const HOLDERS = ["Ana Horvat", "Léa Martin", "Jonas Weber"];

interface Made {
  readonly id: number;
}

export async function changeScreens(
  screen: DashboardScreen,
  admin: Admin,
  images: Promise<ShowcaseImages>,
  rootPem: string,
): Promise<Screen[]> {
  const made = await makePasses(admin, await images, rootPem);
  const pass = `#/passes/${made.coffee}`;
  const event = `#/events/${made.event}?project=${made.project}`;
  const newPass = `#/new-pass/${made.coffeeTemplate}`;
  return [
    screen("new-pass", newPass),
    screen("new-pass-faults", newPass, async (page) => {
      await page.getByLabel("STAMPS").fill("seven");
      await page.getByRole("button", { name: "Issue the pass" }).click();
      await page.getByText("Code, event, tags and more").click();
    }),
    screen("new-pass-issued", newPass, async (page) => {
      await page.getByLabel("NAME").fill("Ana Horvat");
      await page.getByRole("button", { name: "Issue the pass" }).click();
      await page.locator(".holder-page img").waitFor();
    }),
    screen("pass-on-phone", pass),
    screen("pass-change", pass, openChange),
    screen("pass-change-preview", pass, previewStamp),
    screen("pass-changed", pass, async (page) => {
      await previewStamp(page);
      await page.getByRole("button", { name: /^Change/ }).click();
      await page.getByText("The pass was changed.").waitFor();
    }),
    screen("pass-of-event", `#/passes/${made.ticket}`),
    screen("pass-voided", `#/passes/${made.voided}`),
    screen("pass-used", `#/passes/${made.redeemed}`),
    screen("pass-expired", `#/passes/${made.expired}`),
    screen("projects", "#/events"),
    screen("projects-none", "#/events", undefined, { projects: { items: [], nextCursor: null } }),
    screen("events", `#/events?project=${made.project}`),
    screen("events-none", `#/events?project=${made.emptyProject}`),
    screen("event", event),
    screen("event-preview", event, async (page) => {
      await page.getByLabel("VENUE").fill("Open Air Stage, Vienna");
      await preview(page);
    }),
    screen("event-void", event, async (page) => {
      await page.getByLabel("Its passes are").selectOption("voided");
      await preview(page);
    }),
    screen("event-progress", event, undefined, { "projects/\\d+/events/\\d+/progress": PROGRESS }),
    screen("event-paused", event, undefined, {
      "projects/\\d+/events/\\d+/progress": { ...PROGRESS, paused: true, perSecond: null, endsAt: null },
    }),
    screen("message", `#/messages/${made.coffeeTemplate}`),
    screen("message-preview", `#/messages/${made.coffeeTemplate}`, async (page) => {
      const field = page.getByLabel("Field");
      if (await field.isVisible()) await field.selectOption({ label: "NEWS" });
      await page.locator("textarea").fill("Double stamps all week, in every shop.");
      await preview(page);
    }),
  ];
}

async function openChange(page: Page): Promise<void> {
  await page.getByText("Change what it shows").click();
  await page.getByLabel("STAMPS", { exact: true }).waitFor();
}

async function previewStamp(page: Page): Promise<void> {
  await openChange(page);
  await page.getByRole("button", { name: "Add 1 to STAMPS" }).click();
  await preview(page);
}

async function preview(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Preview" }).click();
  await page.locator(".form-report").waitFor();
}

/** A stamp card on a phone; a concert with its tickets on phones; a ticket in each other state. */
async function makePasses(admin: Admin, images: ShowcaseImages, rootPem: string) {
  const make = (path: string, body: object) => admin.send<Made>("POST", path, body);
  const { id: emptyProject } = await make("/projects", { name: "Winter tour" });
  const { id: project } = await make("/projects", { name: "Summer concerts" });
  const { id: event } = await make(`/projects/${project}/events`, {
    name: "The Lanterns in Vienna",
    externalId: "VIE-2027-09",
    values: { venue: "Grand Hall, Vienna" },
  });
  await make(`/projects/${project}/events`, { name: "The Lanterns in Graz", values: { venue: "Old Arena" } });
  const base = { passTypeIdentifier: PASS_TYPE_IDENTIFIER };
  const { id: coffeeTemplate } = await make("/templates", {
    ...base,
    ...templateOf(coffeeCard, images[coffeeCard.name]),
  });
  const { id: ticketTemplate } = await make("/templates", {
    ...base,
    ...templateOf(concert, images[concert.name]),
    projectId: project,
  });
  const issue = (template: number, body: object) =>
    admin.send<Pass>("POST", `/templates/${template}/passes`, body);
  const onPhone = async (template: number, body: object) => {
    const pass = await issue(template, body);
    await new IPhone({ fetch: (request) => fetch(request), rootPem }).addFrom(pass.downloadUrl);
    return pass.id;
  };
  const coffee = await onPhone(coffeeTemplate, { values: { stamps: 3, name: "Ana Horvat" } });
  const tickets: number[] = [];
  for (const holder of HOLDERS) {
    tickets.push(await onPhone(ticketTemplate, { eventId: event, values: { holder }, tags: ["parterre"] }));
  }
  const ofHolder = (holder: string) => ({ values: { holder } });
  const { id: voided } = await issue(ticketTemplate, ofHolder("Mira Novak"));
  await admin.send("POST", `/passes/${voided}/void`, { reason: "Refunded on request" });
  const { id: redeemed } = await issue(ticketTemplate, ofHolder("Paul Berger"));
  await admin.send("POST", `/passes/${redeemed}/redeem`, {});
  const { id: expired } = await issue(ticketTemplate, {
    ...ofHolder("Eva Lang"),
    pass: { expirationDate: "2026-01-31T23:59+01:00" },
  });
  const ticket = tickets[0] ?? 0;
  return { project, emptyProject, event, coffeeTemplate, coffee, ticket, voided, redeemed, expired };
}

/** The progress of a change with many phones, which a new instance does not have. */
const PROGRESS = {
  change: { id: 90, push: "queued", dueAt: null },
  phones: { count: 118_000, isExact: false },
  notified: 41_200,
  gaveUp: 12,
  paused: false,
  pushesPerSecond: 500,
  perSecond: 497.2,
  endsAt: new Date(Date.now() + 3 * 60_000).toISOString(),
};
