/**
 * Responses of Passdock's API: their members, authentication, and the number of queries that they need.
 */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import worker from "../../src/index.ts";
import { counted } from "../counting.ts";
import { ADMIN_TOKEN, admin, ORIGIN, send } from "../harness.ts";
import {
  boardingPass,
  call,
  callWith,
  created,
  type Full,
  freshSerial,
  genericPass,
  make,
  pathOf,
  read,
  refusal,
  request,
  show,
} from "./passdock-client.ts";

const PASS_TYPE = "pass.test.passdock-answers";
let boarding: number;
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  boarding = await make(PASS_TYPE, boardingPass);
});

const SECONDS = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const issued = (templateId: number, body: Record<string, unknown> = {}) => admin.issue(templateId, body);
const list = <Item = Full>(templateId: number, query = {}) =>
  read<Item[]>(call("GET", `/templates/${templateId}/passes`, query));

describe("the full object", () => {
  test("has exactly the documented members, with the values that a phone shows", async () => {
    const serialNumber = freshSerial();
    const event = await admin.makeEvent({ values: { gate: "7" }, pass: { logoText: "Night flights" } });
    const { id, webToken } = await issued(boarding, {
      serialNumber,
      eventId: event.id,
      values: { price: { value: 9.5, label: "COST" }, departure: "2026-12-24T18:30Z" },
      pass: { labelColor: "rgb(0,0,0)", relevantDate: "2026-12-24T18:30Z" },
      barcodeAltText: "alt",
    });
    const download = `${ORIGIN}/passes/${id}/${webToken}.pkpass`;
    const summary = { family_id: boarding, id, web_token: webToken, download };
    const plain = { changeMessage: "", label: "", value: "" };
    const price = { ...plain, key: "price", label: "COST", value: 9.5, currencyCode: "EUR" };
    const styles = { dateStyle: "PKDateStyleMedium", timeStyle: "PKDateStyleMedium" };
    const departure = {
      ...plain,
      key: "departure",
      label: "DEPARTURE",
      value: "2026-12-24T18:30Z",
      ...styles,
    };
    const full = {
      ...summary,
      serial_number: serialNumber,
      header: [{ key: "gate", label: "GATE", value: "7", changeMessage: "Gate changed to %@" }],
      primary: ["from", "to"].map((key) => ({ ...plain, key })),
      secondary: [price],
      auxiliary: [departure],
      back: [{ ...plain, key: "terms", label: "TERMS", value: "As printed." }],
      bar: {
        format: "PKBarcodeFormatQR",
        message: serialNumber,
        messageEncoding: "iso-8859-1",
        altText: "alt",
      },
      custom: [{ transitType: "PKTransitTypeAir" }],
      relevance: { relevantDate: "2026-12-24T18:30Z" },
      visual: {
        backgroundColor: "rgb(237,184,61)",
        foregroundColor: "",
        labelColor: "rgb(0,0,0)",
        logoText: "Night flights",
      },
      created_at: SECONDS,
      updated_at: SECONDS,
    };
    const shown = await read(call("GET", `/templates/${boarding}/passes/${id}`));
    expect(shown).toEqual({ ...full, render_html_url: `${ORIGIN}/p/${id}/${webToken}` });
    expect((await list(boarding))[0]).toEqual(full);
    expect(await read(call("GET", "/passes/search", { code: serialNumber }))).toEqual(full);
    expect((await list(boarding, { compact: true }))[0]).toEqual({ ...summary, redeemed_at: null });
  });

  test("has an empty bar without a barcode, and a transit type for boarding passes only", async () => {
    const { barcodes: _, ...bare } = genericPass;
    const extra = { ...bare.generic, additionalInfoFields: [{ key: "extra", value: "x" }] };
    const shown = await show(await created(await make(PASS_TYPE, { ...bare, generic: extra })));
    expect(shown).toMatchObject({ bar: {}, custom: [], relevance: {} });
    expect(JSON.stringify(shown)).not.toContain("extra");
  });
});

describe("lists and searches", () => {
  test("an empty page is [], even far after the end, and an unknown template is refused with 404 before a wrong page", async () => {
    const empty = await make(PASS_TYPE, genericPass);
    expect(await list(empty)).toEqual([]);
    expect(await list(boarding, { page: "999999999999999" })).toEqual([]);
    expect((await refusal(call("GET", `/templates/${boarding}/passes`, { page: "0" }))).code).toBe(400);
    expect((await refusal(call("GET", "/templates/987654/passes", { page: "0" }))).code).toBe(404);
    expect((await refusal(call("GET", "/templates/987654/passes/search"))).code).toBe(404);
  });

  test("serial_number and many=true of old clients return an array, newest first", async () => {
    const other = await make(PASS_TYPE, genericPass);
    const bar = { message: `both ${freshSerial()}` };
    const serial_number = freshSerial();
    const [first, second] = [await created(boarding, { serial_number, bar }), await created(other, { bar })];
    const ids = async (path: string, query: object) =>
      (await read<Full[]>(call("GET", path, { ...query, many: true }))).map(({ id }) => id);
    expect(await ids("/passes/search", { code: bar.message })).toEqual([second.id, first.id]);
    expect(await ids("/passes/search", { serial_number })).toEqual([first.id]);
    expect(await ids(`/templates/${boarding}/passes/search`, { serial_number })).toEqual([first.id]);
    expect(await ids(`/templates/${other}/passes/search`, { serial_number })).toEqual([]);
    expect((await read<Full>(call("GET", "/passes/search", { serial_number }))).id).toBe(first.id);
    expect((await refusal(call("GET", "/passes/search", { code: serial_number }))).code).toBe(404);
    expect((await refusal(call("GET", "/passes/search", { code: "x", many: "all" }))).code).toBe(400);
  });

  test("search is never parsed as an id", async () => {
    for (const method of ["PUT", "DELETE"]) {
      expect((await refusal(call(method, `/templates/${boarding}/passes/search`))).code).toBe(400);
    }
  });
});

test("ids that are not numbers are refused with 400, and with 404 by Show Pass", async () => {
  const { id } = await created(boarding);
  for (const path of [`/templates/x/passes/${id}`, `/templates/${boarding}/passes/x`]) {
    expect((await refusal(call("GET", path))).code).toBe(404);
    for (const [method, at] of [
      ["PUT", path],
      ["DELETE", path],
      ["PUT", `${path}/redeem`],
    ] as const) {
      expect((await refusal(call(method, at, {}, method === "PUT" ? "pass={}" : undefined))).code).toBe(400);
    }
  }
  expect((await refusal(call("GET", "/templates/x/passes"))).code).toBe(400);
  expect((await refusal(call("GET", `/templates/${boarding}/passes/${"9".repeat(400)}`))).code).toBe(404);
});

test("a pass of another template is refused with 404 by all requests", async () => {
  const { id } = await created(boarding);
  const elsewhere = `/templates/${await make(PASS_TYPE, genericPass)}/passes/${id}`;
  for (const asked of [
    ["GET", elsewhere],
    ["GET", elsewhere, { show: true }],
    ["PUT", elsewhere, {}, { pass: { gate: "1" } }],
    ["PUT", `${elsewhere}/redeem`, { redeemed: true }],
    ["DELETE", elsewhere],
  ] as Parameters<typeof call>[]) {
    expect((await refusal(call(...asked))).code).toBe(404);
  }
  expect(await admin.show(id)).toMatchObject({ values: {}, status: "active" });
});

test("show=true returns the built pass and honors conditional headers", async () => {
  const at = await created(boarding);
  const bundle = await call("GET", pathOf(at), { show: true });
  expect(bundle.headers.get("content-type")).toBe("application/vnd.apple.pkpass");
  const again = request("GET", pathOf(at), { show: true });
  again.headers.set("If-None-Match", bundle.headers.get("etag") ?? "");
  expect((await send(again)).status).toBe(304);
});

describe("authentication", () => {
  const status = async (headers: Record<string, string>, query = "") =>
    (await send(new Request(`${ORIGIN}/api/v1/templates/${boarding}/passes${query}`, { headers }))).status;

  test("the key is accepted in the query or as Bearer, and otherwise the response is 401", async () => {
    expect(await status({}, `?api_token=${ADMIN_TOKEN}`)).toBe(200);
    expect(await status({ Authorization: `Bearer ${ADMIN_TOKEN}` })).toBe(200);
    // A browser sends a Basic password by itself, with a form that any page may post.
    expect(await status({ Authorization: `Basic ${btoa(`user:${ADMIN_TOKEN}`)}` })).toBe(401);
    expect(await status({}, "?api_token=wrong")).toBe(401);
    expect(await status({})).toBe(401);
  });

  test("the key is also accepted in a form or a JSON body", async () => {
    const path = `/templates/${boarding}/passes`;
    const pass = () => ({ serial_number: freshSerial() });
    const form = `api_token=${ADMIN_TOKEN}&pass=${JSON.stringify(pass())}`;
    expect((await call("POST", path, { api_token: "" }, form)).status).toBe(201);
    const json = { api_token: ADMIN_TOKEN, pass: pass() };
    expect((await call("POST", path, { api_token: "" }, json)).status).toBe(201);
    expect((await refusal(call("POST", path, { api_token: "wrong" }, form))).code).toBe(401);
  });

  test("api_token can be disabled", async () => {
    const asked = ["GET", `/templates/${boarding}/passes`] as const;
    const refused = await callWith({ LEGACY_AUTHORIZATION: "basic" }, ...asked);
    expect(refused.status).toBe(401);
    expect(refused.headers.get("www-authenticate")).toBe('Bearer realm="Edgepass"');
  });

  test("no response can be stored by a shared cache", async () => {
    const at = await created(boarding);
    for (const path of [pathOf(at), `/templates/${boarding}/passes`, "/templates/987654/passes"]) {
      expect((await call("GET", path)).headers.get("cache-control")).toBe("private, no-store");
    }
  });
});

describe("number of queries", () => {
  const counters = counted(env);
  async function cost(...asked: Parameters<typeof request>) {
    const context = createExecutionContext();
    counters.spent();
    const response = await worker.fetch(request(...asked), counters.env, context);
    await waitOnExecutionContext(context);
    const { trips, rowsRead } = counters.spent();
    return { status: response.status, trips, rowsRead };
  }

  test("a list, a search and a pass need one query each, and a change needs two and one to mark the outbox", async () => {
    const at = await created(boarding);
    const passes = `/templates/${boarding}/passes`;
    const pass = { serial_number: freshSerial(), gate: "1" };
    expect(await cost("GET", passes)).toMatchObject({ status: 200, trips: 1 });
    expect(await cost("GET", passes, { compact: true })).toMatchObject({ status: 200, trips: 1 });
    expect(await cost("GET", pathOf(at))).toMatchObject({ status: 200, trips: 1 });
    expect(await cost("GET", "/passes/search", { code: "x" })).toMatchObject({ status: 404, trips: 1 });
    expect(await cost("GET", `${passes}/search`, { code: "x" })).toMatchObject({ status: 404, trips: 1 });
    expect(await cost("POST", passes, {}, { pass })).toMatchObject({ status: 201, trips: 3 });
    expect(await cost("PUT", pathOf(at), {}, { pass: { gate: "2" } })).toMatchObject({
      status: 200,
      trips: 3,
    });
    const redeemed = await cost("PUT", `${pathOf(at)}/redeem`, { redeemed: true });
    expect(redeemed).toMatchObject({ status: 200, trips: 3 });
  });

  test("a search reads as few rows in a template with many passes as in one with few", async () => {
    const templateId = await make(PASS_TYPE, genericPass);
    const at = await created(templateId, { bar: { message: `rare ${freshSerial()}` } });
    const { bar, serial_number } = await show(at);
    const search = async (query: Record<string, string>) =>
      (await cost("GET", `/templates/${templateId}/passes/search`, query)).rowsRead;
    const asked = async () => [await search({ code: bar.message ?? "" }), await search({ serial_number })];
    const few = await asked();
    for (let n = 0; n < 30; n++) await created(templateId);
    expect(await asked()).toEqual(few);
  });
});
