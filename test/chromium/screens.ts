/**
 * The pages that people look at: a pass of each style; the page of a pass on each kind of device, and of a pass that is no longer
 * valid; a join page in each of its states, and its poster; the start page, an address without a page, and the reference of the
 * API. Their passes are issued on a running instance.
 */
import type { Page } from "playwright-core";
import type { Pass } from "../../src/passes/show.ts";
import type { Template } from "../../src/templates/show.ts";
import { coffeeCard } from "../pkpass/samples/cards.ts";
import { concert } from "../pkpass/samples/events.ts";
import { flight } from "../pkpass/samples/flight.ts";
import { samples } from "../pkpass/samples/samples.ts";
import { templateOf } from "../pkpass/samples/template.ts";
import type { Admin } from "../tools/local/admin.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import { showAllStyles } from "../tools/local/showcase.ts";
import type { ShowcaseImages } from "../tools/local/showcase-images.ts";
import { arabicFlight } from "./arabic-flight.ts";

export interface Screen {
  /** For a file name: lower case, without spaces. */
  readonly name: string;
  /** Relative to the origin. */
  readonly path: string;
  /** Default: the browser of the device. */
  readonly userAgent?: string;
  /** BCP 47. */
  readonly locale?: string;
  /** What a person does on the page before the picture. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

const IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
export const USER_AGENTS = {
  iphone: `${IOS} Version/18.5 Mobile/15E148 Safari/604.1`,
  inApp: `${IOS} Mobile/22F76 Instagram 385.0.0.30.78 (iPhone16,2; iOS 18_5; de_DE)`,
  mac: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
  windows: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36",
  android:
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/138.0.0.0 Mobile Safari/537.36",
} as const;

const OTHER_SCREENS: readonly Screen[] = [
  { name: "start-page", path: "/" },
  { name: "start-page-arabic", path: "/", locale: "ar" },
  { name: "not-found", path: "/nothing-here" },
  { name: "api-reference", path: "/admin/docs" },
];

const JOIN = {
  title: "Your tenth coffee is free",
  text: "Get our stamp card. It takes ten seconds.",
  consent: "I have read the terms at corner-roasters.example.com/terms.",
  fields: [
    { key: "name", label: "First name", type: "text", required: true, autocomplete: "given-name" },
    { key: "level", label: "How often do you come?", type: "select", options: ["Now and then", "Every day"] },
    { key: "since", label: "Your first coffee here", type: "date", hint: "A guess is fine." },
  ],
};

/** Everything. */
export async function allScreens(admin: Admin, images: Promise<ShowcaseImages>): Promise<Screen[]> {
  const passes = await passScreens(admin, images);
  const [devices, invalid, join] = await Promise.all([
    deviceScreens(admin, images),
    invalidScreens(admin, images),
    joinScreens(admin, images),
  ]);
  return [...passes, ...devices, ...invalid, ...join, ...OTHER_SCREENS];
}

/** One for each sample, in the same order. */
export async function passScreens(admin: Admin, images: Promise<ShowcaseImages>): Promise<Screen[]> {
  const shown = await showAllStyles(admin, samples, () => images);
  return shown.map(({ name, page }) => ({
    name: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    path: new URL(page).pathname,
  }));
}

/** The same pass on each kind of device, with its code uncovered, and in Arabic. */
async function deviceScreens(admin: Admin, images: Promise<ShowcaseImages>): Promise<Screen[]> {
  const drawn = { ...(await images), [arabicFlight.name]: (await images)[flight.name] ?? {} };
  const shown = await showAllStyles(admin, [flight, arabicFlight], async () => drawn);
  const [path = "", arabic = ""] = shown.map(({ page }) => new URL(page).pathname);
  return [
    { name: "on-iphone", path, userAgent: USER_AGENTS.iphone },
    { name: "on-iphone-in-an-app", path, userAgent: USER_AGENTS.inApp },
    { name: "on-mac", path, userAgent: USER_AGENTS.mac },
    { name: "on-windows", path, userAgent: USER_AGENTS.windows },
    {
      name: "on-windows-uncovered",
      path,
      userAgent: USER_AGENTS.windows,
      prepare: (page) => page.locator(".veil").click(),
    },
    { name: "on-android", path, userAgent: USER_AGENTS.android },
    { name: "in-arabic", path: arabic, locale: "ar" },
    { name: "in-arabic-on-mac", path: arabic, locale: "ar", userAgent: USER_AGENTS.mac },
    { name: "in-german-in-an-app", path, locale: "de", userAgent: USER_AGENTS.inApp },
    { name: "in-german-on-mac", path, locale: "de", userAgent: USER_AGENTS.mac },
  ];
}

/** A pass that is voided, redeemed, and expired. */
async function invalidScreens(admin: Admin, images: Promise<ShowcaseImages>): Promise<Screen[]> {
  const template = await createTemplate(admin, {
    ...templateOf(concert, (await images)[concert.name]),
    contact: "help@tickets.example.com",
  });
  const issue = (content: unknown) => admin.send<Pass>("POST", `/templates/${template.id}/passes`, content);
  const [voided, redeemed, expired] = await Promise.all([
    issue({}),
    issue({}),
    issue({ pass: { expirationDate: "2026-01-31T23:59+01:00" } }),
  ]);
  await admin.send("POST", `/passes/${voided.id}/void`, {});
  await admin.send("POST", `/passes/${redeemed.id}/redeem`, {});
  return Object.entries({ voided, redeemed, expired }).map(([name, { landingUrl }]) => ({
    name,
    path: new URL(landingUrl).pathname,
  }));
}

/** The form, empty and with errors; the page that is closed and the page that is full; the poster. */
async function joinScreens(admin: Admin, images: Promise<ShowcaseImages>): Promise<Screen[]> {
  const content = templateOf(coffeeCard, (await images)[coffeeCard.name]);
  const [, , full] = await Promise.all([
    createTemplate(admin, { ...content, join: { ...JOIN, slug: "coffee" } }),
    createTemplate(admin, {
      ...content,
      join: { ...JOIN, slug: "coffee-closed", closesAt: "2026-01-31T23:00:00Z" },
    }),
    createTemplate(admin, {
      ...content,
      join: { slug: "coffee-full", title: JOIN.title, fields: [], cap: 1 },
    }),
  ]);
  return [
    { name: "join", path: "/join/coffee" },
    { name: "join-with-errors", path: "/join/coffee", prepare: sendUnfilled },
    { name: "join-closed", path: "/join/coffee-closed" },
    { name: "join-full", path: "/join/coffee-full", prepare: (page) => useUp(page, full) },
    { name: "join-poster", path: "/join/coffee/poster" },
  ];
}

/** Sends the empty form, as a browser does that does not check it. */
async function sendUnfilled(page: Page): Promise<void> {
  await page.locator("form").evaluate((form) => form.setAttribute("novalidate", ""));
  await page.locator("button").click();
}

/** Takes the only pass, unless an earlier picture has. */
async function useUp(page: Page, { joinUrl }: Template): Promise<void> {
  const button = page.locator("button");
  if ((await button.count()) === 0) return;
  await button.click();
  await page.goto(joinUrl ?? "");
}

const createTemplate = (admin: Admin, content: object) =>
  admin.send<Template>("POST", "/templates", { ...content, passTypeIdentifier: PASS_TYPE_IDENTIFIER });
