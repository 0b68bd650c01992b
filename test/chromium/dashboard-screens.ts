/**
 * The dashboard's pages for `npm run screenshots`: with what the instance has, and with answers of the API that a new instance does
 * not give, such as findings, dead letters and failures.
 */
import type { Page } from "playwright-core";
import { noApnsKey, pushPaused, storedDeadLetters } from "../../src/health/findings.ts";
import type { Admin } from "../tools/local/admin.ts";
import { PASS_TYPE_IDENTIFIER } from "../tools/local/provision.ts";
import type { Screen } from "./screens.ts";

const SCANS = 36;
/** The chart has bars of several hours. */
const SCAN_EVERY_MS = 11 * 60_000;
/** One is as long as people make them. */
const LONG = "Haupteingang Nord, Einlassbereich für Ehrengäste, Begleitpersonen und Drehkreuz 7";
const PLACES = ["Gate 1", "Gate 2", LONG, "Bar"];

/** Signs in, and opens a page of the dashboard. */
export async function openDashboard(page: Page, key: string, hash: string): Promise<void> {
  await page.getByLabel("Key").fill(key);
  await page.keyboard.press("Enter");
  await page.locator("main h1").getByText("Sign in").waitFor({ state: "hidden" });
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  await page.locator(".placeholder").first().waitFor({ state: "detached" });
}

/**
 * @param act what a person does on the page before the picture
 * @param answers of the API, by the pattern of a path, in place of those of the instance
 */
export type DashboardScreen = (
  name: string,
  hash: string,
  act?: (page: Page) => Promise<unknown>,
  answers?: Readonly<Record<string, unknown>>,
) => Screen;

export function dashboardScreen(adminToken: string): DashboardScreen {
  return (name, hash, act = async () => {}, answers = {}) => ({
    name: `dashboard-${name}`,
    path: "/admin/",
    prepare: async (page) => {
      for (const [path, body] of Object.entries(answers)) await answerWith(page, path, body);
      await openDashboard(page, adminToken, hash);
      await act(page);
    },
  });
}

const NONE = { items: [], nextCursor: null };

export async function dashboardScreens(screen: DashboardScreen, admin: Admin): Promise<Screen[]> {
  const pass = `#/passes/${await fill(admin)}`;
  const full = await idOfFullTemplate(admin);
  const fillForm = async (page: Page) => {
    await page.getByLabel("Name").fill("Gate 2");
    await page.getByLabel("Place").fill("Gate 2");
  };
  return [
    { name: "dashboard-sign-in", path: "/admin/" },
    { name: "dashboard-sign-in-refused", path: "/admin/", prepare: signInWrong },
    screen("overview", "#/"),
    screen("overview-findings", "#/", undefined, { health: HEALTH }),
    screen("passes", "#/passes"),
    screen("passes-none", "#/passes?by=externalId&sought=nobody"),
    screen("passes-first", "#/passes", undefined, {
      passes: NONE,
      "passes/count": { count: 0, isExact: true },
    }),
    screen("pass", pass, undefined, PASS_HISTORY),
    screen("pass-void", pass, (page) => page.getByRole("button", { name: "Void", exact: true }).click()),
    screen("pass-redeemed", pass, async (page) => {
      const status = page.locator(".pass-actions");
      const redeem = status.getByRole("button", { name: "Redeem", exact: true });
      if (!(await redeem.isVisible())) return;
      await redeem.click();
      await status.getByRole("button", { name: "Redeem it" }).click();
      await status.getByText("No phone has it.").waitFor();
    }),
    screen("pass-qr-code", pass, async (page) => {
      await page.getByRole("button", { name: "QR code" }).click();
      await page.locator(".holder-page img").waitFor();
    }),
    screen("pass-missing", "#/passes/999999999"),
    screen("scans", "#/scans"),
    screen("scans-table", "#/scans", (page) => page.getByText("As a table").click()),
    screen("scans-none", "#/scans?place=Nowhere"),
    screen("posters", "#/posters", undefined, {
      [`templates/${full}/join`]: {
        state: "full",
        issued: 250,
        cap: 250,
        today: { count: 31, isExact: true },
      },
    }),
    screen("posters-none", "#/posters", undefined, { "template-summaries": NONE }),
    screen("keys", "#/keys"),
    screen("keys-none", "#/keys", undefined, { keys: NONE }),
    screen("keys-revoke", "#/keys", (page) => page.getByRole("button", { name: "Revoke" }).first().click()),
    screen("new-key", "#/keys/new", fillForm),
    screen("new-key-scope", "#/keys/new", async (page) => {
      await fillForm(page);
      await page.getByText("Only some").click();
      await page.getByRole("checkbox").first().check();
    }),
    screen("key-shown-once", "#/keys/new", async (page) => {
      await fillForm(page);
      await page.getByRole("button", { name: "Make the key" }).click();
      await page.locator(".key-card").waitFor();
    }),
    screen("pass-types", "#/pass-types", async (page) => {
      const own = page.getByRole("listitem").filter({ hasText: PASS_TYPE_IDENTIFIER });
      await own.getByRole("button", { name: "Check pushes" }).click();
      await page.getByText("Pushes can get out").or(page.locator(".problem")).first().waitFor();
    }),
    screen("certificate-refused", "#/pass-types", async (page) => {
      const file = {
        name: "pass.cer",
        mimeType: "application/pkix-cert",
        buffer: Buffer.from("no certificate"),
      };
      await page.locator(".file-drop input").first().setInputFiles(file);
      await page.locator(".problem").waitFor();
    }),
    screen("pushes", "#/pushes", undefined, { "dead-letters": DEAD_LETTERS }),
    screen("pushes-none", "#/pushes"),
    screen("pushes-paused", "#/pushes", undefined, {
      push: { paused: true, pausedAt: RECEIVED, pushesPerSecond: 50 },
    }),
    screen("phone-logs", "#/phone-logs", undefined, { "device-logs": DEVICE_LOGS }),
    screen("phone-logs-none", "#/phone-logs"),
    screen("failed", "#/phone-logs", undefined, { "device-logs": "fail" }),
    screen("not-found", "#/no-such-page"),
    { ...screen("menu", "#/", openMenu) },
  ];
}

async function openMenu(page: Page): Promise<void> {
  const menu = page.getByRole("button", { name: "Menu" });
  if (await menu.isVisible()) await menu.click();
}

async function signInWrong(page: Page): Promise<void> {
  await page.getByLabel("Key").fill("epkey_made_up");
  await page.keyboard.press("Enter");
  await page.locator(".problem").waitFor();
}

/** @param body "fail": the service is down */
async function answerWith(page: Page, path: string, body: unknown): Promise<void> {
  await page.route(new RegExp(`/admin/v1/${path}(\\?|$)`), (route) =>
    body === "fail" ? route.fulfill({ status: 503, body: "" }) : route.fulfill({ json: body }),
  );
}

/**
 * Keys of every role, one of which is revoked, and scans at several places.
 * @returns the id of a pass that was not scanned
 */
async function fill(admin: Admin): Promise<number> {
  const key = (body: unknown) => admin.send<{ id: number }>("POST", "/keys", body);
  for (const place of PLACES) await key({ name: place, role: "scanner", place });
  await key({ name: "Box office", role: "issuer", expiresAt: null });
  await key({ name: "Accounts", role: "reader", expiresAt: null });
  const { items } = await admin.get<{ items: { id: number }[] }>("/templates?limit=2");
  const scope = { templates: items.map(({ id }) => id) };
  await key({ name: "Guest list", role: "scanner", scope });
  await admin.send("DELETE", `/keys/${(await key({ name: "Lost phone", role: "scanner" })).id}`, undefined);
  const [template] = items;
  const codes = Array.from({ length: 4 }, (_, index) => `DASHBOARD-${Date.now()}-${index}`);
  for (const code of codes) {
    await admin.send("POST", `/templates/${template?.id}/passes`, { barcodeMessage: code });
  }
  const scans = Array.from({ length: SCANS }, (_, index) => ({
    scanId: crypto.randomUUID(),
    code: codes[index] ?? (index % 3 === 0 ? "NOBODY" : codes[index % codes.length]),
    place: PLACES[index % PLACES.length],
    at: new Date(Date.now() - (SCANS - index) * SCAN_EVERY_MS).toISOString(),
  }));
  await admin.send("POST", "/scans", { scans });
  const { id } = await admin.send<{ id: number }>("POST", `/templates/${template?.id}/passes`, {
    barcodeMessage: `DASHBOARD-${Date.now()}`,
    externalId: "order-1041",
    tags: ["vip", "row-7"],
  });
  return id;
}

/** The template of the join page that has a cap of one pass. */
async function idOfFullTemplate(admin: Admin): Promise<number | undefined> {
  const { items } = await admin.get<{ items: { id: number; joinUrl: string | null }[] }>(
    "/templates?limit=200",
  );
  return items.find(({ joinUrl }) => joinUrl?.endsWith("/coffee-full"))?.id;
}

/** The texts of the service itself. */
const HEALTH = {
  status: "error",
  findings: [
    noApnsKey("pass.com.example.card", "EXAMPLETEA", true),
    ...storedDeadLetters(3),
    ...pushPaused(Date.parse("2026-11-28T21:14:00Z"), 12),
  ],
  nextSteps: [
    {
      code: "check_push",
      message: "Check that pushes of pass.com.example.card get out.",
      method: "POST",
      path: "/admin/v1/pass-types/pass.com.example.card/push-check",
    },
    {
      code: "create_template",
      message: "Create a template: pass.json and images. icon@3x.png is enough.",
      method: "POST",
      path: "/admin/v1/templates",
    },
  ],
};
const RECEIVED = "2026-11-28T21:14:00Z";
const push = (id: number, reason: string, phones: number) => ({
  id,
  receivedAt: RECEIVED,
  message: {
    kind: "push",
    passTypeIdentifier: "pass.com.example.card",
    tokens: Array.from({ length: phones }, () => "ab"),
    attempt: 8,
    reason,
  },
});
const DEAD_LETTERS = {
  items: [push(9, "TopicDisallowed", 120), push(8, "InvalidProviderToken", 1)],
  nextCursor: "8",
};
const phone = (id: number, push: string, more: object) => ({
  ...{ id, device: `${id}f93ab7766`, pushToken: "…0a1b2c", wallet: "apple", registeredAt: RECEIVED },
  ...{ push, nextPushAt: null, lastAnswer: null, doubted: false, ...more },
});
const change = (id: number, kind: string, more: object) => ({
  ...{ id, kind, passId: 41, templateId: null, eventId: null, actor: "key:5 Box office", at: RECEIVED },
  ...{ redemptionId: null, push: "dispatched", dueAt: null, dispatchedAt: RECEIVED, ...more },
});
/** Phones in every state, and changes of a pass, its template and its event. */
const PASS_HISTORY = {
  "passes/\\d+/phones": {
    items: [
      phone(3, "done", { lastAnswer: { at: RECEIVED, accepted: true, reason: null } }),
      phone(2, "waiting", { nextPushAt: "2027-01-02T10:00:00Z" }),
      phone(1, "gave_up", { lastAnswer: { at: RECEIVED, accepted: false, reason: "TopicDisallowed" } }),
    ],
    nextCursor: null,
    paused: false,
    failure: null,
  },
  "passes/\\d+/changes": {
    items: [
      change(9, "changed", { passId: null, eventId: 4, push: "queued", dueAt: "2027-01-02T10:00:00Z" }),
      change(8, "unredeemed", {}),
      change(7, "redeemed", { actor: "key:3 Gate 2" }),
      change(6, "changed", { passId: null, templateId: 2, actor: "admin", push: "silent" }),
      change(5, "issued", { push: "silent" }),
    ],
    nextCursor: null,
  },
};
const DEVICE_LOGS = {
  items: [
    {
      id: 2,
      client: "passd/1.0 CFNetwork/1568 Darwin/24.5",
      receivedAt: RECEIVED,
      messages: [
        "[2026-11-28 21:14:00 +0100] Get pass task (pass type pass.com.example.card, serial number 41, if-modified-since (null); with web service url https://passes.example.com/) encountered error: Server response was malformed (Missing response data)",
      ],
    },
    { id: 1, client: "", receivedAt: RECEIVED, messages: ["hello"] },
  ],
  nextCursor: null,
};
