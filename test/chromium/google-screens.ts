/**
 * Google Wallet for `npm run screenshots`: the card of each type on Android, passes that are offered in one Wallet only, and in the
 * dashboard the issuers, the panel of a template, a pass that is in both Wallets, and changes that concern both.
 */
import type { Page } from "playwright-core";
import type { GoogleCheck, GoogleIssuer } from "../../src/google-wallet/issuers.ts";
import { googleBehind, googleFailures, googleProblem } from "../../src/health/google-findings.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { Template } from "../../src/templates/show.ts";
import { IPhone } from "../apple/iphone.ts";
import type { InstanceFacts } from "../curl/run-instance.ts";
import { googleControl } from "../google/stand-in/control.ts";
import { coffeeCard, coupon, giftCard } from "../pkpass/samples/cards.ts";
import { concert } from "../pkpass/samples/events.ts";
import { semanticFlight } from "../pkpass/samples/flight.ts";
import { trainTicket } from "../pkpass/samples/journeys.ts";
import { libraryCard } from "../pkpass/samples/memberships.ts";
import type { Sample } from "../pkpass/samples/sample.ts";
import { templateOf } from "../pkpass/samples/template.ts";
import type { Admin } from "../tools/local/admin.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import { showAllStyles } from "../tools/local/showcase.ts";
import type { ShowcaseImages } from "../tools/local/showcase-images.ts";
import { arabicFlight } from "./arabic-flight.ts";
import type { DashboardScreen } from "./dashboard-screens.ts";
import { changeWasStored, openTab, review, settle } from "./editor-screens.ts";
import { type Screen, USER_AGENTS } from "./screens.ts";

/** A sample of each of Google's types. */
const TYPES: Readonly<Record<string, Sample>> = {
  flight: semanticFlight,
  event: concert,
  loyalty: coffeeCard,
  offer: coupon,
  generic: libraryCard,
  transit: trainTicket,
  "gift-card": giftCard,
};
const { android, iphone, windows } = USER_AGENTS;
const AT = "2026-11-28T21:14:00Z";

/** @param instance has an issuer */
export async function googleScreens(
  screen: DashboardScreen,
  admin: Admin,
  images: Promise<ShowcaseImages>,
  instance: InstanceFacts,
): Promise<Screen[]> {
  const drawn = await images;
  const pages = [...(await typeScreens(admin, drawn)), ...(await offeredScreens(admin, drawn))];
  return [...pages, ...issuerScreens(screen), ...(await bothScreens(screen, admin, drawn, instance))];
}

/** The card of each type, and in Arabic. */
async function typeScreens(admin: Admin, images: ShowcaseImages): Promise<Screen[]> {
  const drawn = { ...images, [arabicFlight.name]: images[semanticFlight.name] ?? {} };
  const shown = await showAllStyles(admin, [...Object.values(TYPES), arabicFlight], async () => drawn);
  const names = [...Object.keys(TYPES), "in-arabic"];
  return shown.map(({ page }, index) => ({
    name: `google-${names[index]}`,
    path: new URL(page).pathname,
    userAgent: android,
    ...(names[index] === "in-arabic" && { locale: "ar" }),
  }));
}

/** A pass that is only for one Wallet, on devices of the other one, and one that is no longer valid. */
async function offeredScreens(admin: Admin, images: ShowcaseImages): Promise<Screen[]> {
  const pathOf = async (more: object) => {
    const pass = await makePass(admin, images, coffeeCard, more);
    return { id: pass.id, path: new URL(pass.landingUrl).pathname };
  };
  const [onlyGoogle, onlyApple, voided] = await Promise.all([
    pathOf({ wallets: "google" }),
    pathOf({ wallets: "apple" }),
    pathOf({ contact: "help@coffee.example.com" }),
  ]);
  await admin.send("POST", `/passes/${voided.id}/void`, {});
  return [
    { name: "google-only-on-android", path: onlyGoogle.path, userAgent: android },
    { name: "google-only-on-iphone", path: onlyGoogle.path, userAgent: iphone },
    { name: "google-only-on-windows", path: onlyGoogle.path, userAgent: windows },
    { name: "google-voided", path: voided.path, userAgent: android },
    { name: "google-not-offered", path: onlyApple.path, userAgent: android },
    { name: "google-in-german", path: onlyGoogle.path, userAgent: android, locale: "de" },
  ];
}

/** The dashboard's page Google Wallet in its states. */
function issuerScreens(screen: DashboardScreen): Screen[] {
  const page = (name: string, act?: (page: Page) => Promise<unknown>, answers?: Record<string, unknown>) =>
    screen(`google-${name}`, "#/google-wallet", act, answers);
  return [
    page("issuer"),
    page("issuers", undefined, { "google-issuers": ISSUERS }),
    page("issuers-none", undefined, { "google-issuers": NONE }),
    page("issuer-new", async (page) => {
      await page.getByText("New issuer", { exact: true }).click();
      await page.getByLabel("Issuer ID").fill("3388 0000 0001 2345 678");
    }),
    page("issuer-new-refused", async (page) => {
      await page.getByText("New issuer", { exact: true }).click();
      await page.getByLabel("Issuer ID").fill("3388000000012345678");
      await page.locator("#google-key-file").setInputFiles(jsonFile('{"installed": {}}'));
      await page.getByRole("alert").waitFor();
    }),
    page("issuer-replace-key", (page) => page.getByText("Replace the key", { exact: true }).first().click()),
    page("issuer-delete", (page) => page.getByRole("button", { name: "Delete" }).first().click()),
    page("refused", undefined, { "google-failures": { items: REFUSED.slice(0, 2), nextCursor: null } }),
    page("refused-for-several-reasons", undefined, {
      "google-failures": { items: REFUSED, nextCursor: null },
    }),
    screen("google-findings", "#/", undefined, { health: { status: "warning", findings, nextSteps: [] } }),
  ];
}

/** A pass on an iPhone that is saved at Google too: its page, changes of it, and a template and an event with such passes. */
async function bothScreens(
  screen: DashboardScreen,
  admin: Admin,
  images: ShowcaseImages,
  instance: InstanceFacts,
): Promise<Screen[]> {
  const google = { language: "en", hints: { points: "stamps" } };
  const saved = await makePass(admin, images, coffeeCard, { google }, { values: { stamps: 3 } });
  await new IPhone({ fetch: (request) => fetch(request), rootPem: instance.rootPem }).addFrom(
    saved.downloadUrl,
  );
  await save(saved, admin, instance);
  const pass = `#/passes/${saved.id}`;
  const template = `#/templates/${saved.templateId}`;
  const { id: project } = await admin.send<{ id: number }>("POST", "/projects", { name: "Winter tour" });
  const { id: event } = await admin.send<{ id: number }>("POST", `/projects/${project}/events`, {
    name: "The Lanterns in Linz",
    values: { venue: "Old Harbour, Linz" },
  });
  const eventPage = `#/events/${event}?project=${project}`;
  const progress = (state: object) => ({ "projects/\\d+/events/\\d+/progress": { ...PROGRESS, ...state } });
  const inPanel = async (page: Page) => {
    await openTab(page, "Google");
    await settle(page);
  };
  const openChange = async (page: Page) => {
    await page.getByText("Change what it shows").click();
    await page.getByRole("button", { name: "Add 1 to STAMPS" }).click();
    await page.getByRole("button", { name: "Preview" }).click();
    await page.locator(".form-report").waitFor();
  };
  return [
    screen("google-passes", "#/passes?wallet=google"),
    screen("google-pass", pass, settle),
    screen("google-pass-card", pass, async (page) => {
      await page.getByRole("radio", { name: "Google Wallet" }).check();
      await page.locator(".google-card").waitFor();
      await settle(page);
    }),
    screen("google-pass-refused", pass, settle, {
      [`passes/${saved.id}`]: { ...(await admin.get<object>(`/passes/${saved.id}`)), google: REFUSED_PASS },
    }),
    screen("google-pass-change", pass, openChange),
    screen("google-editor", template, inPanel),
    screen("google-editor-preview", template, async (page) => {
      await inPanel(page);
      const preview = page.getByRole("button", { name: "Preview" });
      if (await preview.isVisible()) await preview.click();
      await settle(page);
    }),
    screen("google-editor-review", template, (page) => review(page, DRY_RUN)),
    screen("google-editor-progress", template, (page) => changeWasStored(page, DRY_RUN, PROGRESS)),
    screen("google-event-progress", eventPage, undefined, progress({})),
    screen("google-event-done", eventPage, undefined, progress(ALL_SENT)),
    screen("google-event-refused", eventPage, undefined, progress({ ...ALL_SENT, google: SOME_REFUSED })),
  ];
}

/** Saves the pass at Google: the first click, then Google's callback. */
async function save(pass: Pass, admin: Admin, { origin, googleOrigin }: InstanceFacts): Promise<void> {
  const control = googleControl(googleOrigin);
  const { items } = await admin.get<{ items: { issuerId: string }[] }>("/google-issuers");
  const link = `${new URL(pass.landingUrl).pathname}/google`;
  await fetch(origin + link, { redirect: "manual" });
  const { objects } = await control.stored(items[0]?.issuerId ?? "");
  const object = objects.at(-1);
  if (object === undefined) throw new Error("the stand-in Google has no object");
  const ids = { classId: String(object.classId), objectId: String(object.id) };
  const body = JSON.stringify(await control.signCallback({ eventType: "save", ...ids }));
  await fetch(`${origin}/google/callback`, { method: "POST", body });
}

async function makePass(
  admin: Admin,
  images: ShowcaseImages,
  sample: Sample,
  more: object,
  content: object = {},
): Promise<Pass> {
  const body = { ...templateOf(sample, images[sample.name]), ...more };
  const { id } = await admin.send<Template>("POST", "/templates", {
    ...body,
    passTypeIdentifier: PASS_TYPE_IDENTIFIER,
  });
  return await admin.send<Pass>("POST", `/templates/${id}/passes`, content);
}

const jsonFile = (text: string) => ({
  name: "key.json",
  mimeType: "application/json",
  buffer: Buffer.from(text),
});

const NONE = { items: [], nextCursor: null };
const issuer = (last: number, lastCheck: Partial<GoogleCheck> | null): GoogleIssuer => ({
  issuerId: `338800000001234567${last}`,
  clientEmail: `wallet-${last}@example-project.iam.gserviceaccount.com`,
  privateKeyId: "0123456789abcdef",
  createdAt: AT,
  updatedAt: AT,
  lastCheck: lastCheck && { checkedAt: AT, ok: false, code: null, detail: "", cure: null, ...lastCheck },
});
const REFUSING = issuer(2, {
  code: "not_invited",
  detail: "Google answered 403: Permission denied: permissionDenied",
  cure: "Invite wallet-2@example-project.iam.gserviceaccount.com as a user of the issuer 3388000000012345672 in the Google Pay & Wallet Console.",
});
const IN_DEMO_MODE = issuer(3, {
  code: "demo_mode",
  detail: "The issuer account is in demo mode",
  cure: "Ask for publishing access in the Google Pay & Wallet Console.",
});
/** One that works, one in demo mode, one that Google refuses, and one that was not checked. */
const ISSUERS = {
  items: [
    issuer(1, { ok: true, detail: "Google accepts the service account." }),
    REFUSING,
    IN_DEMO_MODE,
    issuer(4, null),
  ],
  nextCursor: null,
};
const refused = (passId: number | null, templateId: number | null, detail: string, cure: string) => ({
  resourceId: `3388000000012345671.epx-${passId ?? "t"}-${templateId ?? "p"}`,
  ...{ templateId, eventId: null, passId, detail, cure, refusedAt: AT },
});
const CORRECT = "Correct the field in the template or in the pass. A change sends it again.";
const REFUSED = [
  refused(41, null, "Invalid value at 'loyalty_object.barcode.value'", CORRECT),
  refused(40, null, "Invalid value at 'loyalty_object.barcode.value'", CORRECT),
  refused(
    null,
    3,
    "Image cannot be loaded: https://passes.example.com/g/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.png",
    "Let Google's servers load the images: no bot rule of the zone may be before /g/*.",
  ),
];
const REFUSED_PASS = {
  state: "failed",
  sentAt: AT,
  problem: { detail: "Invalid value at 'loyalty_object.barcode.value'", cure: CORRECT },
};
const findings = [REFUSING, IN_DEMO_MODE]
  .flatMap((each) => googleProblem(each, true))
  .concat(googleFailures(3), googleBehind({ isBehind: true, late: 1204 }));

/** A change of a template that many people have in both Wallets. */
const DRY_RUN = {
  notifications: [{ kind: "text", text: "You now have 9 stamps", message: "" }],
  googleNotifications: [
    { kind: "text", text: "STAMPS: You now have 9 stamps" },
    { kind: "google_words", field: "balance" },
    { kind: "silent", reason: "no_message", field: "level" },
  ],
  googleReach: { passes: 100_000, calls: 100_000, seconds: 6660 },
  phones: { count: 1204, googlePasses: 100_000, isExact: true },
};
const PROGRESS = {
  change: { id: 90, push: "queued", dueAt: null },
  phones: { count: 118_000, isExact: false },
  ...{ notified: 41_200, gaveUp: 0, paused: false, pushesPerSecond: 500, perSecond: 497.2 },
  endsAt: new Date(Date.now() + 3 * 60_000).toISOString(),
  google: {
    objects: { count: 10_000, isExact: false },
    waiting: 8400,
    gaveUp: 0,
    classes: { waiting: 1, gaveUp: 0 },
    seconds: 620,
  },
};
const ALL_SENT = {
  change: { id: 90, push: "dispatched", dueAt: null },
  ...{ phones: { count: 118_000, isExact: true }, notified: 118_000, perSecond: null, endsAt: null },
  google: { ...PROGRESS.google, waiting: 0, classes: { waiting: 0, gaveUp: 0 }, seconds: 0 },
};
const SOME_REFUSED = { ...ALL_SENT.google, gaveUp: 12 };
