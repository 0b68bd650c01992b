/**
 * Template settings for clients of other systems: the path of the web service in passes, and the field keys that are reserved
 * while a dialect is enabled.
 *
 * The paths are those of Apple's web service and of VoltMX's (webServiceURL https://host/api). The keys are those of a pass in
 * Passdock's API, besides its fields.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { accept, admin, call, download, icon, iphone, ORIGIN, refused, storeCard } from "../harness.ts";
import { ask, askWith, holderOf } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.web-service";
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
});

describe("the web service of a template's passes", () => {
  test("is the origin itself, or its path /api if the template sets it", async () => {
    const plain = await admin.makeTemplate(PASS_TYPE);
    const api = await admin.makeTemplate(PASS_TYPE, { webService: "/api" });
    expect([plain.webService, api.webService]).toEqual(["/", "/api"]);
    const addressOf = async (templateId: number) =>
      (await download(await admin.issue(templateId))).pass.webServiceURL;
    expect([await addressOf(plain.id), await addressOf(api.id)]).toEqual([ORIGIN, `${ORIGIN}/api`]);
  });

  test("changes with the template, which makes each pass newer unless the value is the same", async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE);
    const pass = await admin.issue(id);
    const { fetch } = await holderOf(pass);
    const tagOf = async () => Number(/^"(\d+)-/.exec((await fetch()).headers.get("etag") ?? "")?.[1]);
    const tags = [await tagOf()];
    for (const [webService, address] of [
      ["/api", `${ORIGIN}/api`],
      ["/", ORIGIN],
    ] as const) {
      const since = (await fetch()).headers.get("last-modified") ?? "";
      expect((await admin.changeTemplate(id, { webService })).webService).toBe(webService);
      expect((await fetch({ "If-Modified-Since": since })).status).toBe(200);
      expect((await download(pass)).pass.webServiceURL).toBe(address);
      tags.push(await tagOf());
      await admin.changeTemplate(id, { webService });
      await admin.changeTemplate(id, { name: "Another" });
      expect(await tagOf()).toBe(tags.at(-1));
    }
    expect(new Set(tags).size).toBe(3);
    expect(tags).toEqual(tags.toSorted((a, b) => a - b));
  });

  test("can change, and a phone then uses the other path", async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE);
    const pass = await admin.issue(id);
    const phone = iphone();
    await phone.addFrom(pass.downloadUrl);
    await admin.changeTemplate(id, { webService: "/api", pass: { ...storeCard, logoText: "moved" } });
    await phone.receivePush(PASS_TYPE);
    const held = () => phone.pass(PASS_TYPE, pass.serialNumber).pass;
    expect(held()).toMatchObject({ logoText: "moved", webServiceURL: `${ORIGIN}/api` });
    await admin.change(pass.id, { values: { points: "through /api" } });
    await phone.receivePush(PASS_TYPE);
    await phone.refresh(phone.pass(PASS_TYPE, pass.serialNumber));
    expect(held().storeCard).toMatchObject({ primaryFields: [{ value: "through /api" }] });
    expect((await admin.show(pass.id)).registrations).toBeGreaterThan(0);
  });

  test("is the origin while the dialect at /api is disabled, so that no pass contains a path without routes", async () => {
    const pass = await admin.issue((await admin.makeTemplate(PASS_TYPE, { webService: "/api" })).id);
    const { path, authorization } = await holderOf(pass);
    const from = async (DIALECTS: string) => {
      const answer = await askWith({ DIALECTS }, ask("GET", path, authorization));
      const { pass: json } = await accept(new Uint8Array(await answer.arrayBuffer()));
      return { address: json.webServiceURL, etag: answer.headers.get("etag") };
    };
    const [open, closed] = [await from("voltmx"), await from("airship passdock")];
    expect([open.address, closed.address]).toEqual([`${ORIGIN}/api`, ORIGIN]);
    expect(open.etag).not.toBe(closed.etag);
  });

  test.each(["", "/v1", "api", "/api/", "https://evil.example", null])("is never %j", async (webService) => {
    const { id } = await admin.makeTemplate(PASS_TYPE);
    const refusal = { status: 400, code: "invalid_body", pointer: "/webService" };
    const body = { name: "x", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon, webService };
    await refused(["POST", "/templates", body], refusal);
    await refused(["PATCH", `/templates/${id}`, { webService }], refusal);
  });
});

describe("field keys that have another meaning in Passdock's API", () => {
  const KEYS = ["serial_number", "redeemed", "bar", "relevance"];
  const withKey = (key: string) => ({
    ...storeCard,
    storeCard: { ...storeCard.storeCard, auxiliaryFields: [{ key: "fine" }, { key, value: "x" }] },
  });
  const template = (key: string) => ({
    name: "x",
    passTypeIdentifier: PASS_TYPE,
    pass: withKey(key),
    images: icon,
  });

  test.each(KEYS)("%s is refused with a pointer to it, in new and in changed templates", async (key) => {
    const { id } = await admin.makeTemplate(PASS_TYPE);
    const pointer = "/pass/storeCard/auxiliaryFields/1/key";
    const refusal = { status: 422, code: "invalid_pass", pointer };
    const { detail } = await refused(["POST", "/templates", template(key)], refusal);
    expect(detail).toContain(`"${key}"`);
    expect(detail).toContain("DIALECTS");
    await refused(["PATCH", `/templates/${id}`, { pass: withKey(key), name: "y" }], refusal);
  });

  test.each(["serialNumber", "Bar", "bars", "BAR", "relevant", "redeemed_at"])(
    "%s is allowed",
    async (key) => {
      expect((await call("POST", "/templates", template(key))).status).toBe(201);
    },
  );

  test("all are allowed while that dialect is disabled", async () => {
    const headers = {
      Authorization: `Bearer ${env.ADMIN_TOKEN}`,
      "Content-Type": "application/json",
    };
    for (const key of KEYS) {
      const request = () => ask("POST", "/admin/v1/templates", headers, template(key));
      expect((await askWith({ DIALECTS: "voltmx airship" }, request())).status).toBe(201);
      expect((await askWith({ DIALECTS: "none" }, request())).status).toBe(201);
      expect((await askWith({ DIALECTS: "passdock" }, request())).status).toBe(422);
    }
  });

  test("are reserved only for fields, and labels, values and custom keys may have these names", async () => {
    const pass = {
      ...storeCard,
      bar: "of Apple's",
      storeCard: { headerFields: [{ key: "x", label: "bar", value: "redeemed" }] },
    };
    await admin.makeTemplate(PASS_TYPE, { pass });
  });
});
