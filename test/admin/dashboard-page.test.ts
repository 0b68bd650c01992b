/**
 * The dashboard's schemas against the answers of the real server, and the pages that it shows to each key: exactly those that the
 * server answers. The page itself is tested in test/browser and test/chromium.
 */
import { beforeAll, expect, test } from "vitest";
import { mayOpen, PAGES, type PageName } from "../../src/browser/dashboard/access.ts";
import * as answers from "../../src/browser/dashboard/admin-answers.ts";
import { createAdminApi } from "../../src/browser/dashboard/admin-api.ts";
import * as changeAnswers from "../../src/browser/dashboard/change/change-answers.ts";
import { parseDryRun, parseReport } from "../../src/browser/dashboard/change/dry-run.ts";
import { parseProgress } from "../../src/browser/dashboard/change/progress-words.ts";
import { draftOf, parseTemplateAnswer } from "../../src/browser/dashboard/editor/draft/stored-template.ts";
import * as passAnswers from "../../src/browser/dashboard/pass-answers.ts";
import * as templateAnswers from "../../src/browser/dashboard/template-answers.ts";
import type { Call, Parse } from "../../src/browser/request.ts";
import { googleObjects } from "../../src/db/schema.ts";
import { parseRounded } from "../../src/json.ts";
import { makeIssuer, serviceAccount } from "../google-wallet/accounts.ts";
import { ADMIN_TOKEN, admin, iphone, ORIGIN, send } from "../harness.ts";
import { makeKey } from "../keys/clients.ts";
import { deleteRows, insertRows } from "../rows.ts";
import { objectOf } from "./google-rows.ts";

const PASS_TYPE = "pass.test.dashboard";
let raw: unknown;
const refusals: string[] = [];
let templateId = 0;
let passId = 0;

function apiOf(key: string) {
  return createAdminApi(key, ({ code }) => refusals.push(code), {
    fetch: async (url, init) => {
      const response = await send(new Request(ORIGIN + url, init));
      const isJson = response.headers.get("content-type")?.includes("json") === true;
      raw = isJson ? parseRounded(await response.clone().text()) : undefined;
      return response;
    },
  });
}
const api = apiOf(ADMIN_TOKEN);

/** The answer as the page parses it, whose members must all be in the server's answer. */
async function understood<T>(path: string, parse: Parse<T>, method = "GET", body?: unknown): Promise<T> {
  const answer = await api.send({ method, path, ...(body === undefined ? {} : { body }) }, parse);
  if (answer.kind !== "ok") throw new Error(JSON.stringify(answer));
  expect(raw).toMatchObject(answer.body as object);
  return answer.body;
}

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  const join = { slug: "dashboard", title: "A card", fields: [] };
  templateId = (await admin.makeTemplate(PASS_TYPE, { name: "Card", join })).id;
  const values = { points: { value: "7", label: "PTS" } };
  const pass = await admin.issue(templateId, { serialNumber: "SN-1", values, tags: ["vip"] });
  passId = pass.id;
  await iphone().addFrom(pass.downloadUrl);
});

test("the page understands every list and resource that it reads", async () => {
  const { items } = await understood("/pass-types", answers.parsePassTypes);
  expect(items).toMatchObject([
    { passTypeIdentifier: PASS_TYPE, wallets: "both", certificates: [{ state: "active" }] },
  ]);
  const health = await understood("/health", answers.parseHealth);
  expect(health.nextSteps.length).toBeGreaterThan(0);
  const key = await understood("/keys", answers.parseMadeKey, "POST", { name: "Gate", role: "scanner" });
  expect(key.scanner?.qrCode).toMatch(/^data:image\/svg/);
  const keys = await understood("/keys", answers.parseKeys);
  expect(keys.items).toMatchObject([{ name: "Gate", role: "scanner", revokedAt: null }]);
  const templates = await understood("/template-summaries", answers.parseTemplateSummaries);
  expect(templates.items).toMatchObject([{ join: { title: "A card" }, joinUrl: expect.any(String) }]);
  await understood("/template-summaries", answers.parseNamed);
  await understood("/templates", templateAnswers.parseListedTemplates);
  const copy = `/templates/${templateId}/copy`;
  await understood(copy, templateAnswers.parseImportedTemplate, "POST", { name: "Card 2" });
  await admin.issue(templateId, { barcodeMessage: "C-1" });
  const scans = [{ scanId: "dashboard-1", code: "C-1", place: "Gate 2" }];
  await api.send({ method: "POST", path: "/scans", body: { scans } }, () => null);
  const listed = await understood("/scans", answers.parseScans);
  expect(listed).toMatchObject({ items: [{ outcome: "redeemed" }], counts: { total: 1 } });
  const hours = await understood("/scans/by-hour?utcOffset=-180", answers.parseHourCounts);
  expect(hours.items).toMatchObject([{ place: "Gate 2", outcome: "redeemed", count: 1 }]);
  const joined = await understood(`/templates/${templateId}/join`, answers.parseJoinState);
  expect(joined).toMatchObject({ state: "open", issued: 0, cap: null });
  expect(await understood("/push", answers.parsePushControl, "PUT", { pushesPerSecond: 20 })).toMatchObject({
    paused: false,
    pushesPerSecond: 20,
  });
  for (const path of ["/apns-keys", "/device-logs", "/dead-letters", "/google-failures"] as const) {
    const parse = {
      "/apns-keys": answers.parseApnsKeys,
      "/device-logs": answers.parseDeviceLogs,
      "/dead-letters": answers.parseDeadLetters,
      "/google-failures": answers.parseGoogleFailures,
    };
    expect(await understood<object>(path, parse[path])).toEqual({ items: [], nextCursor: null });
  }
});

test("the page understands passes, their phones and changes, and what its buttons are answered", async () => {
  const found = await understood("/passes?text=7&status=active&tag=vip", passAnswers.parsePasses);
  expect(found.items).toMatchObject([{ id: passId, values: { points: { value: "7" } }, tags: ["vip"] }]);
  const query = `?serialNumber=SN-1&templateId=${templateId}&installStatus=installed`;
  expect((await understood(`/passes${query}`, passAnswers.parsePasses)).items).toHaveLength(1);
  expect(await understood(`/passes/count${query}`, passAnswers.parsePassCount)).toEqual({
    count: 1,
    isExact: true,
  });
  const { installs, google } = await understood(`/passes/${passId}`, passAnswers.parsePass);
  expect(google).toBe(undefined);
  expect(installs).toMatchObject({
    apple: { status: "installed", installedAt: expect.any(String) },
    google: { status: "not_been_installed" },
  });
  const act = (verb: string, body?: object) =>
    understood(`/passes/${passId}/${verb}`, passAnswers.parsePass, "POST", body);
  expect(await act("redeem", { force: false })).toMatchObject({ status: "redeemed" });
  expect(await act("unredeem", {})).toMatchObject({ status: "active", redeemedAt: null });
  expect(await act("void", { reason: "lost" })).toMatchObject({ status: "voided", voidReason: "lost" });
  expect(await act("unvoid")).toMatchObject({ status: "active", landingUrl: expect.any(String) });
  const phones = await understood(`/passes/${passId}/phones`, passAnswers.parsePhones);
  expect(phones.items).toMatchObject([{ wallet: "apple", push: expect.any(String) }]);
  const changes = await understood(`/passes/${passId}/changes`, passAnswers.parseChanges);
  expect(changes.items.map(({ kind }) => kind)).toEqual([
    ...["unvoided", "voided", "unredeemed", "redeemed", "issued"],
  ]);
  const content = await understood(`/passes/${passId}/content`, passAnswers.parsePassContent);
  expect(Object.keys(content.images)).toContain("icon@2x.png");
  const image = await api.image(`/passes/${passId}/images/${content.images["icon.png"]?.sha256}`);
  expect(image).toMatchObject({ kind: "ok", body: expect.any(Uint8Array) });
  const template = await understood(`/templates/${templateId}`, passAnswers.parseTemplateName);
  expect(template).toEqual({ name: "Card", projectId: null });
  const edited = await understood(`/templates/${templateId}`, parseTemplateAnswer);
  expect(draftOf(edited)).toMatchObject({ name: "Card", join: { slug: "dashboard" } });
  const event = await admin.makeEvent();
  const path = `/projects/${event.projectId}/events/${event.id}`;
  expect(await understood(path, passAnswers.parseName)).toEqual({ name: event.name });
});

test("the page understands what its forms read and write, a dry run, and the progress of a change", async () => {
  const project = await understood("/projects", changeAnswers.parseProject, "POST", { name: "Concerts" });
  const events = `/projects/${project.id}/events`;
  const values = { gate: "B" };
  const event = await understood(events, changeAnswers.parseEvent, "POST", { name: "Opening night", values });
  expect(event).toMatchObject({ revision: 1, values: { gate: { value: "B" } }, pass: {} });
  expect((await understood("/projects", changeAnswers.parseProjects)).items).toContainEqual(project);
  expect((await understood(events, changeAnswers.parseEvents)).items).toHaveLength(1);
  const template = await understood(`/templates/${templateId}`, changeAnswers.parseChangeableTemplate);
  expect(template.pass).toMatchObject({ storeCard: {} });
  await understood("/templates", changeAnswers.parseChangeableTemplates);
  const path = `/passes/${passId}`;
  const pass = await understood(path, passAnswers.parsePass);
  expect(pass).toMatchObject({ revision: expect.any(Number), values: { points: { value: "7" } } });
  const body = { values: { points: "8" } };
  const dry = await understood(`${path}?dryRun=true`, parseDryRun, "PATCH", body);
  expect(dry).toMatchObject({ phones: { count: 1 }, notifications: [{ kind: "text", field: "points" }] });
  expect(dry.differences).toMatchObject([{ before: "7", after: "8" }]);
  const send = (ifMatch: string) => api.send({ method: "PATCH", path, body, ifMatch }, () => null);
  expect(await send('"999"')).toMatchObject({ kind: "refused", code: "precondition_failed" });
  expect(await send(`"${pass.revision}"`)).toMatchObject({ kind: "ok" });
  const lint = { templateId, values: { points: "8" } };
  expect(await understood("/lint", parseReport, "POST", lint)).toEqual({ findings: expect.any(Array) });
  const issued = await understood(
    `/templates/${templateId}/passes`,
    changeAnswers.parseIssuedPass,
    "POST",
    body,
  );
  expect(issued.landingUrl).toContain(ORIGIN);
  const progress = await understood(`/templates/${templateId}/progress`, parseProgress);
  expect(progress).toMatchObject({ phones: { count: 1, isExact: true }, gaveUp: 0 });
  await understood(`${events}/${event.id}/progress`, parseProgress);
});

test("the page understands issuers of Google Wallet and what a check has found", async () => {
  const issuerId = "3388000000000000777";
  const body = { issuerId, serviceAccount: JSON.stringify(serviceAccount()) };
  const stored = await understood("/google-issuers", answers.parseGoogleIssuer, "POST", body);
  expect(stored).toMatchObject({ issuerId, clientEmail: expect.stringContaining("@"), lastCheck: null });
  const path = `/google-issuers/${issuerId}`;
  // The stand-in does not know the service account.
  const check = await understood(`${path}/check`, answers.parseGoogleCheck, "POST");
  expect(check).toMatchObject({ ok: false, code: "key_refused", cure: expect.any(String) });
  const { items } = await understood("/google-issuers", answers.parseGoogleIssuers);
  expect(items).toEqual([{ ...stored, lastCheck: check }]);
  await api.send({ method: "DELETE", path }, () => null);
});

test("the page understands what Google has of a pass, what it refused, and how far a change is there", async () => {
  const issuerId = await makeIssuer();
  const refused = { code: "refused", detail: "Invalid value." };
  await insertRows(googleObjects, [objectOf(issuerId, passId, { gaveUpAt: 1, problem: refused })]);
  const saved = await understood(`/passes/${passId}`, passAnswers.parsePass);
  expect(saved.google).toMatchObject({ state: "failed", problem: { detail: refused.detail } });
  const { items } = await understood("/google-failures", answers.parseGoogleFailures);
  expect(items).toMatchObject([{ passId, detail: refused.detail, cure: expect.any(String) }]);
  const retried = await understood("/google-failures/retry", answers.parseRetried, "POST");
  expect(retried).toEqual({ retried: 1 });
  const { google } = await understood(`/templates/${templateId}/progress`, parseProgress);
  expect(google).toMatchObject({ waiting: 0, classes: { waiting: 0 } });
  await deleteRows(googleObjects);
  await api.send({ method: "DELETE", path: `/google-issuers/${issuerId}` }, () => null);
});

test("a refusal has the pointer to the field", async () => {
  const call = { method: "POST", path: "/keys", body: { name: "", role: "reader" } };
  expect(await api.send(call, answers.parseMadeKey)).toMatchObject({ kind: "refused", pointer: "/name" });
});

test("a certificate is sent as a file, and a mistake is named", async () => {
  const { items } = await understood("/pass-types", answers.parsePassTypes);
  const file = Uint8Array.from(new TextEncoder().encode(items[0]?.csr));
  const call = { method: "PUT", path: `/pass-types/${PASS_TYPE}/certificate`, file };
  const answer = await api.send(call, answers.parsePassType);
  expect(answer).toMatchObject({
    kind: "refused",
    code: "csr_instead_of_certificate",
    detail: expect.any(String),
  });
});

test("a request that was sent twice takes effect once", async () => {
  const body = { name: "Twice", role: "reader" };
  const call = { method: "POST", path: "/keys", body, idempotencyKey: "twice" };
  const before = (await understood("/keys", answers.parseKeys)).items.length;
  expect(await api.send(call, answers.parseMadeKey)).toMatchObject({ kind: "ok" });
  expect(await api.send(call, answers.parseMadeKey)).toMatchObject({ kind: "refused", code: "shown_once" });
  expect((await understood("/keys", answers.parseKeys)).items).toHaveLength(before + 1);
});

test("a key that no longer works is reported, whichever call it was", async () => {
  await apiOf("epkey_1_1_made-up").get("/keys", answers.parseKeys);
  expect(refusals).toEqual(["unauthorized"]);
});

/** The first call of each page. For a page that only writes, a body that is refused as invalid if the key may write at all. */
const FIRST_CALLS = (): Readonly<Record<PageName, string | Call>> => ({
  overview: "/health",
  "set-up": "/keys",
  templates: "/templates",
  "new-template": { method: "POST", path: "/templates", body: {} },
  template: `/templates/${templateId}`,
  message: { method: "POST", path: "/templates", body: {} },
  "new-pass": { method: "POST", path: `/templates/${templateId}/passes`, body: { values: [] } },
  events: "/projects",
  event: "/projects",
  scans: "/scans",
  posters: "/templates",
  keys: "/keys",
  "new-key": "/keys",
  "pass-types": "/pass-types",
  "google-wallet": "/google-issuers",
  pushes: "/push",
  "phone-logs": "/device-logs",
  passes: "/passes",
  pass: `/passes/${passId}`,
});

test.each([
  ["scanner", false],
  ["reader", false],
  ["issuer", false],
  ["admin", false],
  ["reader", true],
  ["issuer", true],
] as const)(
  "a key with the role %s, with a scope: %s, is shown exactly what the server answers",
  async (role, hasScope) => {
    const scope = hasScope ? { scope: { templates: [templateId] } } : {};
    const { key } = await makeKey({ name: role, role, ...scope });
    const me = await apiOf(key).me();
    if (me.kind !== "ok") throw new Error(JSON.stringify(me));
    for (const page of Object.keys(PAGES) as PageName[]) {
      const call = FIRST_CALLS()[page];
      const answer = await apiOf(key).send(
        typeof call === "string" ? { method: "GET", path: call } : call,
        () => null,
      );
      const isAnswered =
        answer.kind === "ok" || (answer.kind === "refused" && answer.code === "invalid_body");
      expect([page, mayOpen(page, me.body)]).toEqual([page, isAnswered]);
    }
  },
);
