/**
 * Serial numbers with slashes, percent signs and other characters: every route of Apple's web service that has one in its
 * path, as an iPhone and as other clients send it.
 *
 * An iPhone percent-encodes each part of the path twice, but sends a slash as a slash (iphone-wire.ts). Other clients encode
 * once, with or without the slashes, and some not at all.
 */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { counted } from "../counting.ts";
import { request, type Summary } from "../dialects/passdock-client.ts";
import { ADMIN_TOKEN, accept, admin, call, get, iphone, randomPushToken, refused, send } from "../harness.ts";
import { ADA, rewards, signUp } from "../passes/rewards.ts";
import { ask, askWith, randomDevice, registrationsOf, tokenOf, updates } from "./web-service.ts";

const PASS_TYPE = "pass.test.serial-numbers";
let templateId: number;
let voltmxId: number;

const SERIAL_NUMBERS = [
  "AB-07/09/25",
  "H8JP44-ORD07/09/25-1",
  "v1/passes",
  "registrations/v1/registrations",
  "devices/x/registrations/pass.test.serial-numbers/1",
  "personalize/1",
  "passLifecycleUpdate/personalize/x",
  "Zürich HB/100% + 5&6=7/ü€😀",
  "a%2Fb/c%252Fd",
  "...a/..b/c..",
  "a/~!$'()*,;:@/z",
  "api/v1/log",
  "line\u2028/\u2029\u0085separators",
];

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE, rewards)).id;
  voltmxId = (await admin.makeTemplate(PASS_TYPE, { ...rewards, webService: "/api" })).id;
});

const once = (text: string) => encodeURIComponent(text);
const twice = (text: string) => once(once(text));
const eachSegment = (encode: (text: string) => string) => (text: string) =>
  text.split("/").map(encode).join("/");
/** How clients write a serial number into a path. */
const SPELLINGS: readonly [client: string, spell: (serialNumber: string) => string][] = [
  ["an iPhone", eachSegment(twice)],
  ["a client that encodes the whole", once],
  ["a client that encodes the whole twice", twice],
  ["a client that encodes each segment", eachSegment(once)],
];

describe.each(["", "/api"] as const)("the web service at %s/v1", (prefix) => {
  // The first one at both. Each other one here at one of them, and with the spelling of an iPhone below at the other.
  const turn = prefix === "" ? 1 : 0;
  const names = SERIAL_NUMBERS.filter((_, at) => at === 0 || at % 2 === turn);
  test.each(names)("an iPhone holds %s through all of its life", async (name) => {
    const serialNumber = prefix === "" ? name : `${name}/api`;
    const pass = await admin.issue(prefix === "" ? templateId : voltmxId, { serialNumber });
    expect(pass.serialNumber).toBe(serialNumber);
    const phone = iphone();
    const added = await phone.addFrom(pass.downloadUrl, ADA);
    expect(added.registered).toEqual([{ serialNumber, status: 201 }]);
    expect(added.personalized).toEqual([serialNumber]);
    const device = phone.deviceLibraryIdentifier(phone.pass(PASS_TYPE, serialNumber));
    expect(await registrationsOf(device)).toMatchObject([{ serialNumber }]);
    expect(await admin.takePersonalization(pass.id)).toMatchObject({ passId: pass.id });

    await admin.change(pass.id, { values: { points: "5" } });
    const received = await phone.receivePush(PASS_TYPE);
    expect(received.listed).toEqual([serialNumber]);
    expect(received.updated).toMatchObject([{ serialNumber }]);
    expect((await phone.refresh(phone.pass(PASS_TYPE, serialNumber))).notModified).toEqual([serialNumber]);
    const removed = await phone.remove(phone.pass(PASS_TYPE, serialNumber));
    expect(removed).toMatchObject({ unregistered: [serialNumber], failed: [] });
    expect([phone.complaints, phone.console, phone.failures]).toEqual([[], [], []]);
  });
});

test.each(SPELLINGS)("every route finds the pass if %s asks", async (_client, spell) => {
  for (const [at, name] of SERIAL_NUMBERS.entries()) {
    const pass = await admin.issue(templateId, { serialNumber: `${name}/${crypto.randomUUID()}` });
    const authorization = { Authorization: `ApplePass ${await tokenOf(pass)}` };
    const path = `${PASS_TYPE}/${spell(pass.serialNumber)}`;
    const status = async (method: string, target: string, body?: unknown) =>
      (await send(ask(method, target, authorization, body))).status;
    const device = randomDevice();
    // The first one under both, the others in turns, because the prefix is the same for all.
    for (const prefix of at === 0 ? ["/v1", "/api/v1"] : [at % 2 === 0 ? "/v1" : "/api/v1"]) {
      const registration = `${prefix}/devices/${device}/registrations/${path}`;
      expect(await status("POST", registration, { pushToken: randomPushToken() })).toBe(201);
      expect((await updates(device, PASS_TYPE))?.serialNumbers).toEqual([pass.serialNumber]);
      expect(await status("GET", `${prefix}/passes/${path}`)).toBe(200);
      expect(await status("POST", `${prefix}/passes/${path}/personalize`, signUp())).toBe(200);
      const state = { passState: `added ${prefix}` };
      expect(await status("POST", `${prefix}/passes/${path}/passLifecycleUpdate`, state)).toBe(200);
      expect((await admin.show(pass.id)).lifecycleState).toBe(state.passState);
      expect(await status("DELETE", registration)).toBe(200);
    }
    expect((await admin.show(pass.id)).personalizedAt).not.toBeNull();
  }
});

test("of a and a/b, each request reaches only the pass that it names", async () => {
  const [a, ab] = [
    await admin.issue(templateId, { serialNumber: "a" }),
    await admin.issue(templateId, { serialNumber: "a/b" }),
  ];
  const [tokenA, tokenAb] = [await tokenOf(a), await tokenOf(ab)];
  const device = randomDevice();
  for (const [path, own, other] of [
    ["a", tokenA, tokenAb],
    ["a/b", tokenAb, tokenA],
    ["a%2Fb", tokenAb, tokenA],
    ["a%252Fb", tokenAb, tokenA],
  ] as const) {
    const status = async (method: string, target: string, token: string, body?: unknown) =>
      (await send(ask(method, target, { Authorization: `ApplePass ${token}` }, body))).status;
    const registration = `/v1/devices/${device}/registrations/${PASS_TYPE}/${path}`;
    const address = `/v1/passes/${PASS_TYPE}/${path}`;
    for (const [token, expected] of [
      [own, 200],
      [other, 401],
    ] as const) {
      expect(await status("GET", address, token)).toBe(expected);
      expect(await status("GET", `/api${address}`, token)).toBe(expected);
      expect(await status("POST", `${address}/personalize`, token, signUp())).toBe(expected);
      const body = { pushToken: randomPushToken() };
      expect(await status("POST", registration, token, body)).toBe(expected === 200 ? 201 : 401);
      expect(await status("DELETE", registration, token)).toBe(expected);
    }
  }
  await send(ask("POST", `/v1/passes/${PASS_TYPE}/a/b/passLifecycleUpdate`, {}, { passState: "of a/b" }));
  expect((await admin.show(a.id)).lifecycleState).toBeNull();
  expect((await admin.show(ab.id)).lifecycleState).toBe("of a/b");
});

test.each(["a/personalize", "a/b/passLifecycleUpdate", "personalize", "passLifecycleUpdate"])(
  "%s is refused as a serial number, because the last segment would be a route of another pass",
  async (serialNumber) => {
    const refusal = { status: 400, code: "invalid_body", pointer: "/serialNumber" };
    const { detail } = await refused(["POST", `/templates/${templateId}/passes`, { serialNumber }], refusal);
    expect(detail).toContain("must not end with personalize or passLifecycleUpdate");
  },
);

test("a forged token for a serial number with slashes asks nothing of the database", async () => {
  await admin.issue(templateId, { serialNumber: "forged/1" });
  const forged = { Authorization: `ApplePass ep1_${"A".repeat(43)}` };
  const paths = ["forged/1", "forged%2F1", "forged%252F1", "forged/2", `x${"/x".repeat(3000)}`];
  for (const path of paths) {
    for (const request of [
      ask("GET", `/v1/passes/${PASS_TYPE}/${path}`, forged),
      ask("POST", `/v1/passes/${PASS_TYPE}/${path}/personalize`, forged, signUp()),
      ask("DELETE", `/v1/devices/${randomDevice()}/registrations/${PASS_TYPE}/${path}`, forged),
    ]) {
      const { env: counting, asked } = counted(env);
      expect((await askWith(counting, request)).status).toBe(401);
      expect(asked).toEqual([]);
    }
  }
});

test("a search, a download and a bundle find a pass whose serial number has slashes", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const passes = [
    await admin.issue(id, { serialNumber: "Gate/07/09" }),
    await admin.issue(id, { serialNumber: "Gate/07_09" }),
  ] as const;
  const { body } = await call<{ items: Pass[] }>("GET", `/passes?code=${once("Gate/07/09")}`);
  expect(body.items.map((found) => found.id)).toEqual([passes[0].id]);
  const response = await get(new URL(passes[0].downloadUrl).pathname);
  expect(response.headers.get("content-disposition")).toBe('attachment; filename="Gate_07_09.pkpass"');
  const checked = await accept(new Uint8Array(await response.arrayBuffer()));
  expect(checked.pass.serialNumber).toBe("Gate/07/09");
  expect(await (await get(new URL(passes[0].landingUrl).pathname)).text()).toContain("Gate/07/09");
  const taken = { status: 409, code: "serial_number_taken", pointer: "/serialNumber" };
  await refused(["POST", `/templates/${id}/passes`, { serialNumber: "Gate/07/09" }], taken);
});

test("Passdock's and Airship's clients create, find and list passes whose serial numbers have slashes", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const serialNumber = "LH 4/2026/11 ü";
  const address = `/templates/${id}/passes`;
  const form = new URLSearchParams({ pass: JSON.stringify({ serial_number: serialNumber }) });
  const made = await send(request("POST", address, {}, String(form)));
  expect(made.status).toBe(201);
  const { id: passId } = await made.json<Summary>();
  expect((await send(request("POST", address, {}, String(form)))).status).toBe(400); // it is taken
  const found = await send(request("GET", `${address}/search`, { serial_number: serialNumber }));
  expect(await found.json()).toMatchObject({ id: passId, serial_number: serialNumber });
  const byCode = await send(request("GET", "/passes/search", { code: serialNumber }));
  expect(await byCode.json()).toMatchObject({ id: passId });
  const update = { pass: { serial_number: serialNumber, points: "3" } };
  expect((await send(request("PUT", `${address}/${passId}`, {}, update))).status).toBe(200);

  const event = await admin.makeEvent();
  await admin.change(passId, { eventId: event.id });
  const listed = await get(`/v1/events/project/${event.projectId}/${event.id}/passes`, {
    Authorization: `Bearer ${ADMIN_TOKEN}`,
  });
  expect(await listed.json()).toMatchObject({ passes: [{ id: passId, serialNumber }] });
});
