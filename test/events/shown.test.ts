/**
 * What a pass of an event shows: its template, over it the event, over that the pass itself; and how a pass joins an event, leaves
 * it, and stays when the event is deleted.
 *
 * Follows Apple's "Pass" and "PassFieldContent".
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, download, refused, storeCard } from "../harness.ts";
import { newestChangeId } from "../rows.ts";

const PASS_TYPE = "pass.test.events.shown";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

type Json = Record<string, unknown>;
type Fields = Record<"headerFields" | "primaryFields" | "secondaryFields" | "backFields", Json[]>;
/** pass.json as Wallet reads it, with its one field of each section at hand. */
async function shown(pass: Pick<Pass, "downloadUrl">) {
  const json = (await download(pass)).pass;
  const { headerFields, primaryFields, secondaryFields, backFields } = json.storeCard as Fields;
  const [balance, points, until, terms] = [headerFields, primaryFields, secondaryFields, backFields].map(
    ([field]) => field,
  );
  return { json, balance, points, until, terms };
}
async function found(query: string): Promise<number[]> {
  return (await call<{ items: Pass[] }>("GET", `/passes${query}`)).body.items.map(({ id }) => id);
}

describe("each attribute of a field is", () => {
  test("the pass's own, else the event's, else the template's", async () => {
    const { id: eventId } = await admin.makeEvent({
      values: {
        points: { value: "event", label: "EVENT", changeMessage: "event: %@" },
        terms: { label: "Rules" },
        balance: 3,
      },
    });
    const values = { points: { value: "pass", changeMessage: "pass: %@" }, balance: { label: "MINE" } };
    const { points, terms, balance, until } = await shown(await admin.issue(templateId, { eventId, values }));
    expect(points).toEqual({ key: "points", value: "pass", label: "EVENT", changeMessage: "pass: %@" });
    expect(terms).toEqual({ key: "terms", value: "One coffee for ten points.", label: "Rules" });
    expect(balance).toEqual({ key: "balance", value: 3, label: "MINE", currencyCode: "EUR" });
    expect(until).toEqual(storeCard.storeCard.secondaryFields[0]);
  });

  test("the event's again after the pass's was removed", async () => {
    const { id: eventId } = await admin.makeEvent({ values: { points: { value: "event", label: "EVENT" } } });
    const values = { points: { value: "pass", label: "PASS" } };
    const { id } = await admin.issue(templateId, { eventId, values });
    const bare = await admin.change(id, { values: { points: null } });
    expect((await shown(bare)).points).toMatchObject({ value: "event", label: "EVENT" });
    const left = await admin.change(id, { eventId: null });
    expect((await shown(left)).points).toEqual(storeCard.storeCard.primaryFields[0]);
  });

  test("the event's only if the template has the field and its style can show the value", async () => {
    const { id: eventId } = await admin.makeEvent({
      values: { until: "after midnight", balance: "free", gate: "7", points: "event" },
    });
    const { until, balance, points, json } = await shown(await admin.issue(templateId, { eventId }));
    // Wallet refuses a date style over a text: shown plainly.
    expect(until).toEqual({ key: "until", label: "UNTIL", value: "after midnight" });
    expect(balance).toEqual({ key: "balance", label: "BALANCE", value: "free" });
    expect(points?.value).toBe("event");
    expect(JSON.stringify(json)).not.toContain('"gate"');
  });

  test("without the template's attributedValue if the event has another value", async () => {
    const backFields = [{ key: "link", value: "a", attributedValue: "<a href='https://a.example'>a</a>" }];
    const pass = { ...storeCard, storeCard: { backFields } };
    const template = await admin.makeTemplate(PASS_TYPE, { pass });
    const link = async (values: Json) => {
      const { id: eventId } = await admin.makeEvent({ values });
      const { pass: json } = await download(await admin.issue(template.id, { eventId }));
      return (json.storeCard as Fields).backFields[0];
    };
    expect(await link({ link: "b" })).toEqual({ key: "link", value: "b" });
    expect(await link({ link: { label: "L" } })).toEqual({ ...backFields[0], label: "L" });
  });
});

describe("pass.json", () => {
  test("has each other key from the pass, else from the event, else from the template", async () => {
    const pass = { ...storeCard, logoText: "template", labelColor: "rgb(1, 1, 1)", maxDistance: 1 };
    const template = await admin.makeTemplate(PASS_TYPE, { pass });
    const event = await admin.makeEvent({
      pass: { logoText: "event", labelColor: "rgb(2, 2, 2)", backgroundColor: "" },
    });
    const own = { labelColor: "rgb(3, 3, 3)" };
    const { json } = await shown(await admin.issue(template.id, { eventId: event.id, pass: own }));
    expect(json).toMatchObject({ logoText: "event", labelColor: "rgb(3, 3, 3)", maxDistance: 1 });
    expect(json).not.toHaveProperty("backgroundColor");
  });

  test("merges with those of the layers below if it is an object, and replaces them if it is an array", async () => {
    const pass = { ...storeCard, userInfo: { a: 1, deep: { x: 1, y: 1 } }, associatedStoreIdentifiers: [1] };
    const template = await admin.makeTemplate(PASS_TYPE, { pass });
    const { id: eventId } = await admin.makeEvent({ pass: { userInfo: { b: 2, deep: { y: 2 } } } });
    const own = { userInfo: { deep: { z: 3 }, c: [3] }, associatedStoreIdentifiers: [3] };
    const { json } = await shown(await admin.issue(template.id, { eventId, pass: own }));
    expect(json.userInfo).toEqual({ a: 1, b: 2, c: [3], deep: { x: 1, y: 2, z: 3 } });
    expect(json.associatedStoreIdentifiers).toEqual([3]);
  });

  test("is missing if the event or the pass takes it away, and a pass may set it again", async () => {
    const pass = { ...storeCard, ofTemplate: 1, ofBoth: 1, again: { a: 1 } };
    const template = await admin.makeTemplate(PASS_TYPE, { pass });
    const event = await admin.makeEvent({
      pass: { ofBoth: 2, ofEvent: 2, both: 2 },
      without: ["ofTemplate", "again", "both"],
    });
    expect(event.without).toEqual(["ofTemplate", "again", "both"]);
    const plain = (await shown(await admin.issue(template.id, { eventId: event.id }))).json;
    expect(plain).toMatchObject({ ofBoth: 2, ofEvent: 2 });
    for (const key of event.without) expect(plain).not.toHaveProperty(key);
    const own = { eventId: event.id, pass: { again: { b: 3 } }, without: ["ofBoth", "ofEvent", "ofBoth"] };
    const issued = await admin.issue(template.id, own);
    expect(issued.without).toEqual(["ofBoth", "ofEvent"]);
    const { json } = await shown(issued);
    expect(json.again).toEqual({ b: 3 });
    for (const key of ["ofTemplate", "ofBoth", "ofEvent"]) expect(json).not.toHaveProperty(key);
    await admin.changeEvent(event, { without: [] });
    const changed = await admin.change(issued.id, { without: ["ofEvent"] });
    expect((await shown(changed)).json).toMatchObject({ ofTemplate: 1, ofBoth: 2, again: { a: 1, b: 3 } });
    expect((await shown(changed)).json).not.toHaveProperty("ofEvent");
  });

  test("has both barcode keys from the last layer that sets one, with the pass's own message", async () => {
    const { id: eventId } = await admin.makeEvent({
      pass: { barcode: { format: "PKBarcodeFormatAztec", message: "event", altText: "of the event" } },
    });
    const ofEvent = (await shown(await admin.issue(templateId, { eventId }))).json;
    const aztec = { format: "PKBarcodeFormatAztec", messageEncoding: "iso-8859-1", altText: "of the event" };
    expect(ofEvent.barcodes).toEqual([{ ...aztec, message: "event" }]);
    expect(ofEvent.barcode).toEqual({ ...aztec, message: "event" });
    const scanned = await admin.issue(templateId, {
      eventId,
      barcodeMessage: "mine",
      barcodeAltText: "4711",
    });
    expect((await shown(scanned)).json.barcodes).toEqual([{ ...aztec, message: "mine", altText: "4711" }]);
    const pass = { barcodes: [{ format: "PKBarcodeFormatPDF417", message: "pass" }] };
    const own = (await shown(await admin.issue(templateId, { eventId, pass }))).json;
    const pdf417 = { format: "PKBarcodeFormatPDF417", message: "pass", messageEncoding: "iso-8859-1" };
    expect([own.barcodes, own.barcode]).toEqual([[pdf417], pdf417]);
  });

  test("has voided for a redeemed pass, whatever its event sets", async () => {
    const { id: eventId } = await admin.makeEvent({ pass: { voided: false } });
    const { id } = await admin.issue(templateId, { eventId });
    expect((await shown(await admin.redeem(id))).json.voided).toBe(true);
    expect((await shown(await admin.unredeem(id))).json.voided).toBe(false);
  });

  test("shows a change of the event in all its passes, of every template, and in no others", async () => {
    const event = await admin.makeEvent({ values: { points: "before" } });
    const other = await admin.makeTemplate(PASS_TYPE);
    const inside = [
      await admin.issue(templateId, { eventId: event.id }),
      await admin.issue(other.id, { eventId: event.id }),
    ];
    const outside = await admin.issue(templateId);
    for (const pass of [...inside, outside]) await download(pass); // so that bundles are kept
    await admin.changeEvent(event, { values: { points: "after" } });
    for (const pass of inside) expect((await shown(pass)).points?.value).toBe("after");
    expect((await shown(outside)).points?.value).toBe("0");
  });
});

describe("the event of a pass", () => {
  test("is set when the pass is issued or later, can be replaced or removed, and passes are found by it", async () => {
    const [first, second] = [await admin.makeEvent(), await admin.makeEvent()];
    const born = await admin.issue(templateId, { eventId: first.id });
    expect([born.eventId, (await admin.show(born.id)).eventId]).toEqual([first.id, first.id]);
    const late = await admin.issue(templateId);
    expect((await admin.change(late.id, { eventId: first.id })).eventId).toBe(first.id);
    const deleted = await admin.issue(templateId, { eventId: first.id });
    await admin.delete(deleted.id);
    expect(await found(`?eventId=${first.id}`)).toEqual([late.id, born.id]);
    expect(await found(`?eventId=${first.id}&limit=1&cursor=${late.id}`)).toEqual([born.id]);
    expect((await admin.change(born.id, { eventId: second.id })).eventId).toBe(second.id);
    expect([await found(`?eventId=${first.id}`), await found(`?eventId=${second.id}`)]).toEqual([
      [late.id],
      [born.id],
    ]);
    // What a change does not name stays.
    expect((await admin.change(born.id, { values: { points: "1" } })).eventId).toBe(second.id);
    expect((await admin.change(born.id, { eventId: null })).eventId).toBeNull();
    expect(await found(`?eventId=${second.id}`)).toEqual([]);
  });

  test("must exist, or nothing of the request is written", async () => {
    const deleted = await admin.makeEvent();
    await admin.deleteEvent(deleted);
    const pass = await admin.issue(templateId);
    const refusal = { status: 404, code: "event_not_found", pointer: "/eventId" };
    for (const eventId of [deleted.id, 999_999]) {
      const change = { eventId, values: { points: "9" }, tags: ["x"], externalId: "x" };
      await refused(["POST", `/templates/${templateId}/passes`, change], refusal);
      await refused(["PATCH", `/passes/${pass.id}`, change], refusal);
    }
    for (const eventId of [0, -1, 1.5, "1"]) {
      const malformed = { status: 400, code: "invalid_body", pointer: "/eventId" };
      await refused(["POST", `/templates/${templateId}/passes`, { eventId }], malformed);
      await refused(["PATCH", `/passes/${pass.id}`, { eventId }], malformed);
    }
  });

  test("is looked for after the values: of two errors issuing and changing report the same", async () => {
    const pass = await admin.issue(templateId);
    const body = { eventId: 999_999, values: { until: "never" } };
    const refusal = { status: 422, code: "value_does_not_fit", pointer: "/values/until" };
    await refused(["POST", `/templates/${templateId}/passes`, body], refusal);
    await refused(["PATCH", `/passes/${pass.id}`, body], refusal);
  });

  test("is not changed by a request that is refused for another reason", async () => {
    const { id: eventId } = await admin.makeEvent();
    const pass = await admin.issue(templateId);
    const body = { eventId, values: { until: "never" } };
    const pointer = "/values/until";
    await refused(["PATCH", `/passes/${pass.id}`, body], {
      status: 422,
      code: "value_does_not_fit",
      pointer,
    });
  });

  test("does not make the pass newer if it is the same as before", async () => {
    const { id: eventId } = await admin.makeEvent();
    const { id } = await admin.issue(templateId, { eventId });
    const newest = newestChangeId;
    const before = await newest();
    await admin.change(id, { eventId });
    const without = await admin.issue(templateId);
    await admin.change(without.id, { eventId: null });
    expect(await newest()).toBe(Number(before) + 1); // the pass that was issued
  });

  test("can be deleted, and then its passes stay without the event's values and can be moved to another event", async () => {
    const event = await admin.makeEvent({ values: { points: "event" }, pass: { logoText: "event" } });
    const { id } = await admin.issue(templateId, { eventId: event.id, values: { terms: "mine" } });
    expect((await shown(await admin.show(id))).json.logoText).toBe("event");
    await admin.deleteEvent(event);
    const alone = await admin.show(id);
    expect(alone).toMatchObject({ eventId: null, status: "active", values: { terms: { value: "mine" } } });
    const { json, points, terms } = await shown(alone);
    expect(json).not.toHaveProperty("logoText");
    expect([points?.value, terms?.value]).toEqual(["0", "mine"]);
    const next = await admin.makeEvent({ values: { points: "next" } });
    expect((await admin.change(id, { values: { terms: "still" } })).eventId).toBeNull();
    expect((await shown(await admin.change(id, { eventId: next.id }))).points?.value).toBe("next");
  });
});
