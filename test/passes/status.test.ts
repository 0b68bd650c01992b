/**
 * The status of a pass: the rule in SQL is the rule in TypeScript, answers show it, and lists filter by it.
 */

import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { events, passes, templates } from "../../src/db/schema.ts";
import { type Json, writeJson } from "../../src/json.ts";
import { toPassJson } from "../../src/passes/content.ts";
import type { Pass } from "../../src/passes/show.ts";
import {
  hasStatus,
  isInvalidByEvent,
  PASS_STATUSES,
  statusColumns,
  statusFacts,
  statusOf,
} from "../../src/passes/status.ts";
import type { PassOverrides, TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { admin, call, refused, send, storeCard } from "../harness.ts";
import { copyPass, db, passRow, setRows } from "../rows.ts";

const PASS_TYPE = "pass.test.status";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

const digits = (value: number) => String(value).padStart(2, "0");
/** A date that `isW3cDate` accepts, near to each other, with any UTC offset that it accepts. */
const date = fc
  .record({
    at: fc.integer({ min: Date.UTC(2026, 0, 1) / 1000, max: Date.UTC(2026, 0, 4) / 1000 }),
    hasSeconds: fc.boolean(),
    offset: fc.constantFrom("Z", "+", "-"),
    hours: fc.integer({ min: 0, max: 23 }),
    minutes: fc.integer({ min: 0, max: 59 }),
  })
  .map(({ at, hasSeconds, offset, hours, minutes }) => {
    const local = new Date(at * 1000).toISOString().slice(0, hasSeconds ? 19 : 16);
    return local + (offset === "Z" ? "Z" : `${offset}${digits(hours)}:${digits(minutes)}`);
  });
const layer = fc.record({ voided: fc.boolean(), expirationDate: date }, { requiredKeys: [] });
const without = fc.subarray(["notvoided", "voided", "expirationDate", "nfc"]);
const time = fc.integer({ min: Date.UTC(2025, 11, 31), max: Date.UTC(2026, 0, 5) });
const moment = fc.option(time);

test("SQL, TypeScript and phones agree on the status, whatever the layers contain", async () => {
  const { id: eventId } = await admin.makeEvent();
  const issued = await passRow((await admin.issue(templateId, { eventId })).id);
  const { id } = issued;
  const content = fc.record({
    pass: layer,
    without,
    event: layer,
    eventWithout: without,
    hasEvent: fc.boolean(),
    template: layer,
    voidedAt: moment,
    redeemedAt: moment,
    now: time,
  });
  const property = fc.asyncProperty(content, async ({ hasEvent, voidedAt, redeemedAt, now, ...given }) => {
    const ofEvent = {
      pass: writeJson(given.event) as Json<PassOverrides>,
      without: writeJson(given.eventWithout),
    };
    const layers = {
      pass: { pass: writeJson(given.pass) as Json<PassOverrides>, without: writeJson(given.without) },
      event: hasEvent ? ofEvent : null,
      template: { pass: writeJson({ ...storeCard, ...given.template }) as Json<TemplatePass> },
    };
    const own = { ...layers.pass, voidedAt, redeemedAt, eventId: hasEvent ? eventId : null };
    const statuses = Object.fromEntries(
      PASS_STATUSES.map((status) => [status, sql`${hasStatus(status, now)}`.as(status)]),
    );
    const [, , , [row]] = await db.batch([
      db.update(passes).set(own).where(eq(passes.id, id)),
      db.update(events).set(ofEvent).where(eq(events.id, eventId)),
      db.update(templates).set(layers.template).where(eq(templates.id, templateId)),
      db
        .select({ ...statusColumns, ...statuses, byEvent: sql`${isInvalidByEvent(now)}`.as("by_event") })
        .from(passes)
        .where(eq(passes.id, id)),
    ]);
    const facts = statusFacts({ voidedAt, redeemedAt }, layers);
    const status = statusOf(facts, now);
    const shown = toPassJson({
      pass: { ...issued, ...own, barcodeMessage: null, barcodeAltText: null },
      template: { ...layers.template, barcodeText: null },
      event: layers.event === null ? null : { values: writeJson({}), ...layers.event },
    });
    expect(shown.voided === true).toBe(status === "voided" || status === "redeemed");
    expect(shown.expirationDate === undefined ? null : Date.parse(shown.expirationDate)).toBe(
      facts.expiresAt,
    );
    const alone = statusOf(statusFacts({ voidedAt, redeemedAt }, { ...layers, event: null }), now);
    expect(row).toEqual({
      byEvent: Number((status === "voided" || status === "expired") && alone === "active"),
      isVoidedByContent: Number(facts.isVoidedByContent),
      expiresAt: facts.expiresAt,
      ...Object.fromEntries(PASS_STATUSES.map((name) => [name, Number(name === status)])),
    });
  });
  await fc.assert(property, { numRuns: 100 });
  await setRows(templates, { id: templateId }, { pass: writeJson(storeCard) as Json<TemplatePass> });
});

/** One pass of each status. */
async function oneOfEach(template: number) {
  const [active, redeemed, voided, expired] = [
    await admin.issue(template, { pass: { expirationDate: "2099-01-01T00:00Z" } }),
    await admin.issue(template),
    await admin.issue(template),
    await admin.issue(template, { pass: { expirationDate: "2026-01-01T00:00Z" } }),
  ];
  await admin.redeem(redeemed.id);
  await admin.redeem(voided.id);
  await admin.void(voided.id);
  return { active, redeemed, voided, expired };
}

async function found(query: string): Promise<number[]> {
  return (await call<{ items: Pass[] }>("GET", `/passes?${query}`)).body.items.map(({ id }) => id);
}

test("each pass is listed under its status only, and shows it", async () => {
  const { id: template } = await admin.makeTemplate(PASS_TYPE);
  const each = await oneOfEach(template);
  for (const [status, { id }] of Object.entries(each)) {
    expect(await found(`templateId=${template}&status=${status}`), status).toEqual([id]);
    expect((await admin.show(id)).status).toBe(status);
  }
  const { body } = await call("GET", "/passes?status=void");
  expect(body).toMatchObject({ status: 400, code: "invalid_parameter", pointer: "/status" });
});

test("a change of an event or a template changes the status of its passes", async () => {
  const template = await admin.makeTemplate(PASS_TYPE);
  const event = await admin.makeEvent();
  const { id } = await admin.issue(template.id, { eventId: event.id });
  await admin.changeTemplate(template.id, { pass: { ...storeCard, expirationDate: "2026-01-01T00:00Z" } });
  expect((await admin.show(id)).status).toBe("expired");
  await admin.changeEvent(event, { pass: { voided: true } });
  expect((await admin.show(id)).status).toBe("voided");
  await admin.changeEvent(event, { pass: { voided: false, expirationDate: "2099-01-01T00:00Z" } });
  expect(await admin.show(id)).toMatchObject({ status: "active", expiresAt: "2099-01-01T00:00:00.000Z" });
  await admin.deleteEvent(event);
  expect((await admin.show(id)).status).toBe("expired");
});

test("an event that voids passes or lets them expire is deleted only with force, which makes them valid again", async () => {
  const { id: template } = await admin.makeTemplate(PASS_TYPE);
  for (const [status, pass] of [
    ["voided", { voided: true }],
    ["expired", { expirationDate: "2026-01-01T00:00Z" }],
  ] as const) {
    const event = await admin.makeEvent({ pass });
    const issue = (own = {}) => admin.issue(template, { eventId: event.id, ...own });
    const tickets = [await issue(), await issue()];
    const [redeemed, own] = [await issue(), await issue({ pass })];
    await call("POST", `/passes/${redeemed.id}/redeem`, { force: true });
    const remove = (query = "") => call("DELETE", `/projects/${event.projectId}/events/${event.id}${query}`);
    const revived = { code: "passes_become_valid", passes: 2, isExact: true };
    expect(await remove()).toMatchObject({ status: 409, body: revived });
    expect((await admin.show(tickets[0]?.id ?? 0)).status).toBe(status);
    expect((await remove("?force=true")).status).toBe(204);
    const shown = await Promise.all([...tickets, own].map(({ id }) => admin.show(id)));
    expect(shown.map((one) => one.status)).toEqual(["active", "active", status]);
    const harmless = await admin.makeEvent({ pass });
    await admin.void((await admin.issue(template, { eventId: harmless.id })).id);
    await admin.deleteEvent(harmless);
  }
});

test("an event with more passes than are examined is deleted without force only if it has not expired", async () => {
  const { id: template } = await admin.makeTemplate(PASS_TYPE);
  const event = await admin.makeEvent({ pass: { expirationDate: "2099-01-01T00:00Z" } });
  const { id } = await admin.issue(template, { eventId: event.id });
  await copyPass(id, 10_000, "many-");
  await setRows(passes, { eventId: event.id }, { voidedAt: 1 });
  await admin.changeEvent(event, { pass: { expirationDate: "2026-01-01T00:00Z" } });
  const path = `/projects/${event.projectId}/events/${event.id}`;
  const { detail } = await refused(["DELETE", path], { status: 409, code: "passes_become_valid" });
  expect(detail).toContain("passes that are older than its newest 10000 might be valid again");
  await admin.changeEvent(event, { pass: { expirationDate: "2099-01-01T00:00Z" } });
  await admin.deleteEvent(event);
});

test("the page of a pass says if it is voided, redeemed or expired, and does not offer to add it", async () => {
  const { voided, redeemed, expired } = await oneOfEach((await admin.makeTemplate(PASS_TYPE)).id);
  for (const [{ landingUrl }, reason] of [
    [voided, "This pass was withdrawn."],
    [redeemed, "This pass was redeemed"],
    [expired, "This pass expired on"],
  ] as const) {
    const page = await (await send(new Request(landingUrl))).text();
    expect(page).toContain(reason);
    expect(page).not.toMatch(/\.pkpass|<a class="(button|badge)/);
  }
});
