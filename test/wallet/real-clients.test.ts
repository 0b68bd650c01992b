/**
 * What clients of the web service send beyond Apple's pages: the schemes, tokens, paths and bodies of iOS and of other
 * wallets; and each of those wallets with a pass of this service. Follows the behaviour of iOS 16 and 17, and the
 * public sources and developer pages of FossWallet, PassAndroid, KDE's kpkpass, GNOME's Passes, the Dart package
 * passkit, WalletPasses, WalletUnion and Pass2U.
 */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { deviceLogs } from "../../src/db/schema.ts";
import { writeJson } from "../../src/json.ts";
import type { Pass } from "../../src/passes/show.ts";
import { fieldsOf } from "../apple/iphone-pass-json.ts";
import { WALLETS, Wallet, type WalletProfile } from "../apple/wallets.ts";
import { admin, apple, get, randomPushToken, send } from "../harness.ts";
import { countRows } from "../rows.ts";
import { ask, holderOf, listPath, randomDevice, registrationsOf, updates } from "./web-service.ts";

const PASS_TYPE = "pass.test.real-clients";
const GCM_TOKEN = `APA91b${"x_Y-z:9".repeat(20)}`;
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
  const strings = { de: { POINTS: 'PUNKTE "für" dich\\\n', BALANCE: "GUTHABEN" } };
  templateId = (await admin.makeTemplate(PASS_TYPE, { strings })).id;
});

async function issue(body: Record<string, unknown> = {}) {
  const pass = await admin.issue(templateId, body);
  return { pass, holder: await holderOf(pass) };
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

describe("detecting the client", () => {
  test.each([
    ["ApplePass", "apple"],
    ["applepass", "apple"],
    ["APPLEPASS", "apple"],
    ["AndroidPass", "androidpass"],
    ["androidPASS", "androidpass"],
    ["WalletUnionPass", "walletunionpass"],
    ["walletunionpass", "walletunionpass"],
  ])("the scheme %s is accepted, and its registration is of the kind %s", async (scheme, client) => {
    const { holder } = await issue();
    const device = randomDevice();
    const Authorization = `${scheme} ${holder.token}`;
    expect((await holder.fetch({ Authorization })).status).toBe(200);
    expect((await holder.register(device, undefined, { Authorization })).status).toBe(201);
    expect(await registrationsOf(device)).toMatchObject([{ client }]);
    expect((await holder.unregister(device, { Authorization })).status).toBe(200);
  });

  test.each([
    [{ "X-Pass-Client": "Passes" }, randomPushToken(), "other"],
    [{ "User-Agent": "WalletPasses/2.4 (Linux; U; Android 14; en-us)" }, randomPushToken(), "androidpass"],
    [{ "User-Agent": "WalletUnion/1.0 Passbook/1.0 (Linux)" }, randomPushToken(), "walletunionpass"],
    [{ "User-Agent": "passd/1.0 CFNetwork/1410.0.3 Darwin/22.6.0" }, GCM_TOKEN, "other"],
    [
      { "User-Agent": "passd/1.0 CFNetwork/1410.0.3 Darwin/22.6.0" },
      randomPushToken().toUpperCase(),
      "apple",
    ],
    [{}, `${randomPushToken()}${randomPushToken()}`, "apple"],
    [{}, randomPushToken().slice(1), "other"],
  ])(
    "ApplePass with %j and the token %s makes a registration of the kind %s",
    async (headers, pushToken, client) => {
      const { holder } = await issue();
      const device = randomDevice();
      expect((await holder.register(device, { pushToken }, headers)).status).toBe(201);
      expect(await registrationsOf(device)).toMatchObject([{ client, pushToken }]);
    },
  );

  test.each(["a", "a".repeat(512), GCM_TOKEN, "A.b-c_d:e"])(
    "the pushToken %s is stored unchanged",
    async (pushToken) => {
      const { holder } = await issue();
      const device = randomDevice();
      expect((await holder.register(device, { pushToken })).status).toBe(201);
      expect(await registrationsOf(device)).toMatchObject([{ pushToken }]);
    },
  );

  test("a change is pushed only to Apple's tokens, and can be listed at that time", async () => {
    const { pass, holder } = await issue();
    const foreign = [GCM_TOKEN, randomPushToken()];
    await holder.register(randomDevice(), { pushToken: foreign[0] });
    await holder.register(
      randomDevice(),
      { pushToken: foreign[1] },
      { Authorization: `AndroidPass ${holder.token}` },
    );
    const [device, pushToken] = [randomDevice(), randomPushToken()];
    await holder.register(device, { pushToken });
    const tag = (await updates(device, PASS_TYPE))?.lastUpdated;
    await admin.change(pass.id, { values: { points: "8" } });
    await vi.waitFor(
      async () => expect(await apple.history(pushToken)).toMatchObject([{ status: 200 }]),
      10_000,
    );
    expect((await updates(device, PASS_TYPE, tag))?.serialNumbers).toEqual([pass.serialNumber]);
    for (const token of foreign) expect(await apple.history(token)).toEqual([]);
    expect((await admin.show(pass.id)).registrations).toBe(3);
  });
});

describe("variants of requests", () => {
  test.each(["application/json", "text/plain; charset=utf-8", "application/octet-stream", "nonsense", ""])(
    "a body is read as JSON whatever its Content-Type (%j)",
    async (type) => {
      const { holder } = await issue();
      const body = new TextEncoder().encode(JSON.stringify({ pushToken: randomPushToken() }));
      const headers: Record<string, string> = type === "" ? {} : { "Content-Type": type };
      expect((await holder.register(randomDevice(), body, headers)).status).toBe(201);
      expect((await send(ask("POST", "/v1/log", headers, new TextEncoder().encode("[]")))).status).toBe(200);
    },
  );

  test.each<[string, (path: string) => string]>([
    ["//v1", (path) => `/${path}`],
    ["///v1//", (path) => `//${path.replace("/v1/", "/v1//")}`],
    ["/v1/v1", (path) => `/v1${path}`],
    ["/v1//v1", (path) => `/v1/${path}`],
    ["a trailing slash", (path) => `${path}/`],
    ["/v1/v1 and a trailing slash", (path) => `/v1${path}/`],
  ])("all routes accept a path with %s", async (_how, bent) => {
    const { holder } = await issue();
    const device = randomDevice();
    const { authorization: auth } = holder;
    const registration = bent(holder.registration(device));
    const statuses: number[] = [];
    for (const request of [
      ask("GET", bent(holder.path), auth),
      ask("POST", registration, auth, { pushToken: randomPushToken() }),
      ask("GET", `${bent(listPath(device, PASS_TYPE))}?passesUpdatedSince=0`),
      ask("DELETE", registration, auth),
      ask("POST", bent("/v1/log"), {}, { logs: [] }),
      ask("POST", bent(`${holder.path}/passLifecycleUpdate`), {}, { passState: "added" }),
    ]) {
      statuses.push((await send(request)).status);
    }
    expect(statuses).toEqual([200, 201, 200, 200, 200, 200]);
  });

  test.each(["two words", "100%", "100%25", "a%20b", "+1 & ü=ß", "'single' \"double\"", "~.-_", "日本"])(
    "the serial number %j is found, encoded once and twice",
    async (serialNumber) => {
      const { holder } = await issue({ serialNumber });
      const once = encodeURIComponent(serialNumber);
      for (const encoded of [once, encodeURIComponent(once)]) {
        const device = randomDevice();
        const path = `/v1/passes/${PASS_TYPE}/${encoded}`;
        const registration = `/v1/devices/${device}/registrations/${PASS_TYPE}/${encoded}`;
        const { authorization: auth } = holder;
        expect((await send(ask("GET", path, auth))).status).toBe(200);
        expect((await send(ask("POST", registration, auth, { pushToken: "abc" }))).status).toBe(201);
        expect((await updates(device, PASS_TYPE))?.serialNumbers).toEqual([serialNumber]);
        expect((await send(ask("DELETE", registration, auth))).status).toBe(200);
        expect(await registrationsOf(device)).toEqual([]);
      }
    },
  );
});

/**
 * Opens the link of a pass.
 * @returns its pass.json and translations, as this wallet reads them
 */
async function opened(wallet: Wallet, pass: Pass) {
  return wallet.open(await bytesOf(await get(new URL(pass.downloadUrl).pathname)));
}

const PROFILES: WalletProfile[] = Object.values(WALLETS);

test.each(PROFILES)("$name opens a pass, fetches it, and gets its change", async (profile) => {
  const wallet = new Wallet(profile, { fetch: send });
  const { pass } = await issue({ values: { points: "1" } });
  const { pass: held, strings } = await opened(wallet, pass);
  expect(strings.de?.BALANCE).toBe("GUTHABEN");
  const first = await wallet.fetchPass(held);
  expect(first).toMatchObject({ kind: "pass", pass: held });
  const lastModified = first.kind === "pass" ? first.lastModified : undefined;
  const again = await wallet.fetchPass(held, lastModified);
  expect(again.kind).toBe(profile.sendsIfModifiedSince ? "notModified" : "pass");
  await admin.change(pass.id, { values: { points: "2" } });
  const changed = await wallet.fetchPass({ ...held, webServiceURL: `${held.webServiceURL}/` }, lastModified);
  expect(changed.kind === "pass" && fieldsOf(changed.pass).get("points")?.value).toBe("2");
});

test.each(PROFILES.filter((profile) => profile.registers))(
  "$name registers, lists, logs and unregisters",
  async (profile) => {
    const wallet = new Wallet(profile, { fetch: send });
    const { pass } = await issue();
    const { pass: held } = await opened(wallet, pass);
    expect(await wallet.register(held)).toEqual({ kind: "done", status: 201 });
    expect(await wallet.register(held)).toEqual({ kind: "done", status: 200 });
    expect(await registrationsOf(wallet.deviceLibraryIdentifier)).toMatchObject([
      { pushToken: wallet.pushToken },
    ]);
    const listed = await wallet.list(held);
    expect(listed).toMatchObject({ kind: "listed", serialNumbers: [pass.serialNumber] });
    const tag = listed.kind === "listed" ? listed.lastUpdated : undefined;
    expect(await wallet.list(held, tag)).toEqual({ kind: "nothingNew" });
    await admin.change(pass.id, { values: { points: "2" } });
    expect(await wallet.list(held, tag)).toMatchObject({ serialNumbers: [pass.serialNumber] });
    expect(await wallet.log(held, [`a line of ${profile.name}`])).toEqual({ kind: "done", status: 200 });
    expect(await countRows(deviceLogs, { messages: writeJson([`a line of ${profile.name}`]) })).toBe(1);
    expect(await wallet.unregister(held)).toEqual({ kind: "done", status: 200 });
    expect(await wallet.list(held)).toEqual({ kind: "nothingNew" });
  },
);
