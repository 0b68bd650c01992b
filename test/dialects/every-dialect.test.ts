/**
 * One pass in all APIs: Passdock's API makes it, Airship's lists it, iPhones fetch it on both device paths, and after Passdock's API
 * has redeemed it, every API shows it as voided.
 */
import { beforeAll, expect, test, vi } from "vitest";
import { changes } from "../../src/db/schema.ts";
import { ADMIN_TOKEN, accept, admin, apple, download, get, iphone, ORIGIN, send } from "../harness.ts";
import { countRows } from "../rows.ts";

const PASS_TYPE = "pass.test.every-dialect";
const BASIC = { Authorization: `Basic ${btoa(`:${ADMIN_TOKEN}`)}` };
const KEY = `api_token=${ADMIN_TOKEN}`;

const ticket = {
  description: "Concert ticket",
  organizationName: "Edgepass Hall",
  eventTicket: {
    primaryFields: [{ key: "show", label: "SHOW", value: "Spring Tour" }],
    secondaryFields: [{ key: "gate", label: "GATE", value: "", changeMessage: "Gate changed to %@" }],
    auxiliaryFields: [{ key: "seat", label: "SEAT", value: "" }],
  },
  barcodes: [{ format: "PKBarcodeFormatQR" }],
};

let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE, { pass: ticket })).id;
});

/** Passdock's API, with a form as its documentation sends it. */
async function passdock(method: string, path: string, form?: string) {
  const headers = { "Content-Type": "application/x-www-form-urlencoded" };
  const sent = form === undefined ? { method } : { method, headers, body: form };
  const response = await send(new Request(`${ORIGIN}/api/v1${path}`, sent));
  return { status: response.status, body: JSON.parse((await response.text()) || "null") };
}

async function airship(projectId: number, eventId: number, query = "") {
  const response = await get(`/v1/events/project/${projectId}/${eventId}/passes${query}`, BASIC);
  return response.json<{ count: number; passes: { id: number; url: string; status: string }[] }>();
}

/** A fetch that calls Apple's web service at the path of VoltMX's clients. */
function belowApi(request: Request): Promise<Response> {
  return send(new Request(request.url.replace(`${ORIGIN}/v1/`, `${ORIGIN}/api/v1/`), request));
}

test("a pass that is made in one API is listed, fetched, redeemed and shown as voided in the others", async () => {
  // Passdock's client makes it.
  const path = `/templates/${templateId}/passes`;
  const made = await passdock("POST", `${path}?${KEY}`, 'pass={"serial_number":"shared-1","seat":"A 12"}');
  expect(made.status).toBe(201);
  const id: number = made.body.id;

  // The organiser puts it into an event, and Airship's client finds it there.
  const project = await admin.makeProject({ name: "Tour" });
  const event = await admin.makeEvent({ name: "Berlin", values: { gate: "4" } }, project.id);
  await admin.change(id, { eventId: event.id });
  expect(await airship(project.id, event.id)).toMatchObject({
    count: 1,
    passes: [{ id, templateId, serialNumber: "shared-1", status: "not_been_installed" }],
  });

  // Two iPhones install it, each on one of the two device paths.
  const phones = [iphone(), iphone({ fetch: belowApi })] as const;
  for (const phone of phones) {
    expect((await phone.addFrom(made.body.download)).registered).toEqual([
      { serialNumber: "shared-1", status: 201 },
    ]);
  }
  const [installed] = (await airship(project.id, event.id, "?status=installed")).passes;
  expect(installed).toMatchObject({ id, status: "installed" });

  // The event's gate changes: one write, and both phones show it.
  await admin.changeEvent(event, { values: { gate: "9" } });
  for (const phone of phones) {
    await vi.waitFor(async () => expect(await apple.history(phone.pushToken)).not.toEqual([]), 10_000);
    await phone.receivePush(PASS_TYPE);
    expect(phone.pass(PASS_TYPE, "shared-1").pass).toMatchObject({
      eventTicket: {
        secondaryFields: [{ key: "gate", value: "9" }],
        auxiliaryFields: [{ key: "seat", value: "A 12" }],
      },
    });
  }

  // The gate scans it with Passdock's client: it is found by its code and redeemed, and a second scan changes nothing.
  const found = await passdock("GET", `/passes/search?code=shared-1&${KEY}`);
  expect(found).toMatchObject({ status: 200, body: { id, secondary: [{ key: "gate", value: "9" }] } });
  for (let scan = 1; scan <= 2; scan++)
    expect((await passdock("PUT", `${path}/${id}/redeem?redeemed=true&${KEY}`)).status).toBe(200);
  const redemptions = await countRows(changes, { passId: id, kind: "redeemed" });
  expect(redemptions).toBe(1);

  // Voided everywhere.
  for (const phone of phones) {
    await phone.receivePush(PASS_TYPE);
    expect(phone.pass(PASS_TYPE, "shared-1").pass.voided).toBe(true);
    expect(phone.complaints).toEqual([]);
  }
  expect(await admin.show(id)).toMatchObject({
    status: "redeemed",
    eventId: event.id,
    installStatus: "installed",
  });
  expect((await download({ downloadUrl: made.body.download })).pass.voided).toBe(true);
  const byAirship = await get(new URL(installed?.url ?? "").pathname, BASIC);
  expect((await accept(new Uint8Array(await byAirship.arrayBuffer()))).pass.voided).toBe(true);
  const [listed] = (await passdock("GET", `${path}?compact=true&${KEY}`)).body;
  expect(listed).toMatchObject({ id, redeemed_at: expect.stringMatching(/Z$/) });
  expect(await (await get(new URL((await admin.show(id)).landingUrl).pathname)).text()).toContain(
    "Already used",
  );
});
