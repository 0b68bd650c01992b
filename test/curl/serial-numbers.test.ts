/**
 * Serial numbers with slashes over real HTTP: each route of Apple's web service with real curl, in the spelling of an
 * iPhone and of other clients, with and without --path-as-is (without it, curl removes dot segments itself, as a phone
 * does).
 */
import { readdir } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { endpoint } from "../apple/iphone-wire.ts";
import { curl } from "./curl.ts";
import { adminToken, bundle, downloaded, issue, makePassType, makeTemplate, origin } from "./instance.ts";

const SERIAL_NUMBERS = ["AB-07/09/25", "H8JP44-ORD07/09/25-1", "v1/registrations/1", "a b/100%/ü+&=😀"];
let passType: string;
let templateId: number;

beforeAll(async () => {
  passType = await makePassType();
  const card = { description: "Card", organizationName: "Edgepass", storeCard: {} };
  templateId = await makeTemplate(passType, card);
});

const tokenOf = async (pass: Pass) => String((await bundle(pass.downloadUrl)).pass.authenticationToken);

test.each(SERIAL_NUMBERS)("curl reaches the pass %s on every route", async (serialNumber) => {
  const pass = await issue(templateId, { serialNumber });
  const holder = ["-H", `Authorization: ApplePass ${await tokenOf(pass)}`];
  const json = ["-H", "Content-Type: application/json", "-d"];
  const device = "0123456789abcdef0123456789abcdef";
  const part = encodeURIComponent(serialNumber);
  const addresses = (...before: string[]) => [
    endpoint(origin, [...before, serialNumber]),
    ...[part, encodeURIComponent(part), part.replaceAll("%2F", "/")].map((last) =>
      [origin, "v1", ...before, last].join("/"),
    ),
  ];
  // Every other address as it is, and the others for the next serial number.
  const nth = SERIAL_NUMBERS.indexOf(serialNumber);
  const asIsOf = (at: number) => ((at + nth) % 2 === 0 ? [] : ["--path-as-is"]);
  const status = async (at: number, ...args: string[]) =>
    (await curl(["-i", ...asIsOf(at), ...holder, ...args])).status;
  for (const [at, address] of addresses("devices", device, "registrations", passType).entries()) {
    expect(await status(at, ...json, '{"pushToken": "abcd"}', address)).toBe(201);
    const list = await curl(["-i", `${origin}/v1/devices/${device}/registrations/${passType}`]);
    expect(list.json()).toMatchObject({ serialNumbers: [serialNumber] });
    expect(await status(at, "-X", "DELETE", address)).toBe(200);
  }
  for (const [at, address] of addresses("passes", passType).entries()) {
    await downloaded(["-f", "-OJ", ...asIsOf(at), ...holder, address], async (folder) => {
      expect(await readdir(folder)).toEqual([`${serialNumber.replace(/[^A-Za-z0-9._-]+/g, "_")}.pkpass`]);
    });
    expect(await status(at, ...json, '{"passState": "added"}', `${address}/passLifecycleUpdate`)).toBe(200);
    expect(await status(at, ...json, "{}", `${address}/personalize`)).toBe(400); // the token is right, the body is not
  }
  const key = ["-H", `Authorization: Bearer ${adminToken}`];
  const shown = await curl(["-i", ...key, `${origin}/admin/v1/passes/${pass.id}`]);
  expect(shown.json()).toMatchObject({ serialNumber, lifecycleState: "added" });
});

test("a path with dots, empty segments or another pass's rest does not open a pass", async () => {
  const pass = await issue(templateId, { serialNumber: "gate/7" });
  const holder = ["-H", `Authorization: ApplePass ${await tokenOf(pass)}`];
  const at = `${origin}/v1/passes/${passType}`;
  const status = async (path: string) =>
    (await curl(["-i", "--path-as-is", ...holder, `${at}/${path}`])).status;
  expect(await status("gate/7")).toBe(200);
  for (const path of [
    "gate",
    "gate/8",
    "gate/7/x",
    "x/gate/7",
    "gate%5C7",
    "gate/%2e%2e%2f7",
    "gate%252F%2F7",
  ])
    expect([path, await status(path)]).toEqual([path, 401]);
});
