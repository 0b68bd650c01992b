/**
 * `values: {"seat": {"hidden": true}}`: a field that one pass, or the passes of one event, do not have.
 */
import { beforeAll, expect, test } from "vitest";
import { ADMIN_TOKEN, admin, call, download, get, ORIGIN, refused, send, TEAM } from "../harness.ts";
import { callWithQueue, spyQueue } from "../push/consume.ts";

const PASS_TYPE = "pass.test.hidden-fields";
const ticket = {
  description: "Ticket",
  organizationName: "Edgepass Theatre",
  eventTicket: {
    primaryFields: [{ key: "seat", label: "SEAT", value: "12A", changeMessage: "Your seat is now %@" }],
    auxiliaryFields: [
      { key: "row", label: "ROW", value: "12" },
      { key: "door", label: "DOOR", value: "B" },
    ],
  },
  barcodes: [{ format: "PKBarcodeFormatQR" }],
};
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE, { pass: ticket })).id;
});

type Fields = { primaryFields?: { key: string; value: unknown }[]; auxiliaryFields?: { key: string }[] };
/** The fields in the downloaded pass: its section → `key=value`. */
async function fieldsOf(pass: { downloadUrl: string }) {
  const { eventTicket } = (await download(pass)).pass;
  const sections = Object.entries(eventTicket as Fields);
  return Object.fromEntries(
    sections.map(([name, fields]) => [
      name,
      (fields as { key: string; value: unknown }[]).map(({ key, value }) => `${key}=${value}`),
    ]),
  );
}

test("a hidden field is not in the pass and not on its page, and a section of hidden fields is not there", async () => {
  const hidden = { hidden: true };
  const pass = await admin.issue(templateId, { values: { seat: hidden, door: hidden } });
  expect(pass.values).toEqual({ seat: hidden, door: hidden });
  expect(await fieldsOf(pass)).toEqual({ auxiliaryFields: ["row=12"] });
  const page = await (await get(new URL(pass.landingUrl).pathname)).text();
  expect(page).toContain("ROW");
  expect(page).not.toMatch(/SEAT|DOOR/);
});

test("hidden stays when the value changes, and the field is shown again by false or without the override", async () => {
  const pass = await admin.issue(templateId);
  await admin.change(pass.id, { values: { seat: { hidden: true } } });
  const { values } = await admin.change(pass.id, { values: { seat: "7C" } });
  expect(values).toEqual({ seat: { hidden: true, value: "7C" } });
  expect(await fieldsOf(pass)).toEqual({ auxiliaryFields: ["row=12", "door=B"] });
  await admin.change(pass.id, { values: { seat: { hidden: false } } });
  expect(await fieldsOf(pass)).toMatchObject({ primaryFields: ["seat=7C"] });
  await admin.change(pass.id, { values: { seat: { hidden: true } } });
  await admin.change(pass.id, { values: { seat: null } });
  expect(await fieldsOf(pass)).toMatchObject({ primaryFields: ["seat=12A"] });
});

test("an event hides a field of all of its passes, and one of them can show it", async () => {
  const event = await admin.makeEvent({ values: { row: { hidden: true } } });
  const usual = await admin.issue(templateId, { eventId: event.id });
  const shown = await admin.issue(templateId, {
    eventId: event.id,
    values: { row: { hidden: false }, door: { hidden: true } },
  });
  expect((await fieldsOf(usual)).auxiliaryFields).toEqual(["door=B"]);
  expect((await fieldsOf(shown)).auxiliaryFields).toEqual(["row=12"]);
  await admin.changeEvent(event, { values: { row: { hidden: false } } });
  expect((await fieldsOf(usual)).auxiliaryFields).toEqual(["row=12", "door=B"]);
});

test("a field that is hidden or shown is pushed, and a change of a hidden field is not", async () => {
  const pass = await admin.issue(templateId);
  const pushes = async (seat: unknown) => {
    const queue = spyQueue();
    await callWithQueue(queue, "PATCH", `/passes/${pass.id}`, { values: { seat } });
    return queue.sent.length;
  };
  expect(await pushes({ hidden: false })).toBe(0);
  expect(await pushes({ hidden: true })).toBe(1);
  expect(await pushes("8C")).toBe(0);
  expect(await pushes({ hidden: false })).toBe(1);
});

test("the linter reports nothing about a hidden field", async () => {
  const lintOf = async (seat: object) => {
    const { body } = await call<{ lint: { findings: { pointer: string }[] } }>(
      "POST",
      `/templates/${templateId}/passes`,
      { values: { seat } },
    );
    return body.lint.findings.map(({ pointer }) => pointer);
  };
  const silent = { changeMessage: "no placeholder" };
  expect(await lintOf(silent)).toEqual(["/values/seat"]);
  expect(await lintOf({ ...silent, hidden: true })).toEqual([]);
});

test("only fields of the template can be hidden, and only by true or false", async () => {
  const path = `/templates/${templateId}/passes`;
  await refused(["POST", path, { values: { nowhere: { hidden: true } } }], {
    status: 422,
    code: "unknown_field",
    pointer: "/values/nowhere",
  });
  await refused(["POST", path, { values: { seat: { hidden: "yes" } } }], {
    status: 400,
    code: "invalid_body",
    pointer: "/values/seat/hidden",
  });
});

test("hidden is described in the OpenAPI document, and is not part of Passdock's API", async () => {
  const body = await (await get("/admin/openapi.json")).json<{
    components: { schemas: { FieldOverride: { properties: { hidden: object } } } };
  }>();
  expect(body.components.schemas.FieldOverride.properties.hidden).toMatchObject({ type: "boolean" });
  const passdock = await send(
    new Request(`${ORIGIN}/api/v1/templates/${templateId}/passes?api_token=${ADMIN_TOKEN}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ pass: { serial_number: "hidden", seat: { hidden: true } } }),
    }),
  );
  expect(passdock.status).toBe(422);
});
