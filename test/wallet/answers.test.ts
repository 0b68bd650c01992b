/**
 * Responses that iOS and other wallets demand in addition to Apple's pages: the codes, the headers, the times and tags
 * of versions, and the content of the pass itself. Follows the behaviour of iOS 16 and 17, and the public sources of
 * FossWallet, KDE's kpkpass and GNOME's Passes.
 */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { admin, download, get, ORIGIN, randomPushToken, send, storeCard } from "../harness.ts";
import { passRow } from "../rows.ts";
import {
  ask,
  askWith,
  type Holder,
  holderOf,
  keptBundle,
  listPath,
  randomDevice,
  updates,
} from "./web-service.ts";

const PASS_TYPE = "pass.test.answers";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "RSA"); // whose signatures are the same each time
  await admin.makeApnsKey();
  const strings = { de: { POINTS: 'PUNKTE "für" dich\\\n' } };
  templateId = (await admin.makeTemplate(PASS_TYPE, { strings })).id;
});
afterEach(() => vi.useRealTimers());

async function issue(body: Record<string, unknown> = {}) {
  const pass = await admin.issue(templateId, body);
  return { pass, holder: await holderOf(pass) };
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

/** One request of each kind, in the order of a pass's life, as a phone sends them. */
function life(holder: Holder, device: string, headers: Record<string, string> = {}): [number, Request][] {
  const auth = { ...holder.authorization, ...headers };
  const body = { pushToken: randomPushToken() };
  return [
    [201, ask("POST", holder.registration(device), auth, body)],
    [200, ask("POST", holder.registration(device), auth, body)],
    [200, ask("GET", listPath(device, PASS_TYPE), headers)],
    [200, ask("GET", holder.path, auth)],
    [304, ask("GET", holder.path, { ...auth, "If-None-Match": "*" })],
    [200, ask("POST", `${holder.path}/passLifecycleUpdate`, headers, { passState: "added" })],
    [200, ask("POST", "/v1/log", headers, { logs: ["a line"] })],
    [200, ask("DELETE", holder.registration(device), auth)],
    [200, ask("DELETE", holder.registration(device), auth)],
    [204, ask("GET", listPath(device, PASS_TYPE), headers)],
    [200, ask("GET", holder.path, auth)],
  ];
}

test("each request gets exactly the success code that iOS accepts, no cookie, no redirect and no compression", async () => {
  const { holder } = await issue();
  for (const [status, request] of life(holder, randomDevice(), {
    "Accept-Encoding": "gzip, deflate, br",
  })) {
    const response = await send(request);
    expect(response.status, `${request.method} ${request.url}`).toBe(status);
    for (const name of ["set-cookie", "location", "content-encoding"]) {
      expect(response.headers.has(name), `${name} of ${request.url}`).toBe(false);
    }
  }
});

test("a fetch needs no registration, and a client that sends Last-Modified back is answered 304", async () => {
  const { pass, holder } = await issue();
  const first = await holder.fetch();
  expect(first.status).toBe(200);
  const since = { "If-Modified-Since": first.headers.get("last-modified") ?? "" };
  expect((await holder.fetch(since)).status).toBe(304);
  expect((await holder.fetch()).status).toBe(200);
  expect((await admin.show(pass.id)).registrations).toBe(0);
});

test("two changes within one second have increasing tags and Last-Modified, and both can be fetched", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Math.ceil(Date.now() / 1000) * 1000 });
  const { pass, holder } = await issue();
  const device = randomDevice();
  await holder.register(device);
  let tag = (await updates(device, PASS_TYPE))?.lastUpdated;
  let since = (await holder.fetch()).headers.get("last-modified") ?? "";
  for (const act of [
    () => admin.change(pass.id, { values: { points: "1" } }),
    () => admin.change(pass.id, { values: { points: "2" } }),
    () => admin.changeTemplate(templateId, { pass: { ...storeCard, logoText: pass.serialNumber } }),
    () => admin.change(pass.id, { values: { points: "3" } }),
    () => admin.redeem(pass.id),
  ]) {
    await act();
    const found = await updates(device, PASS_TYPE, tag);
    expect(found?.serialNumbers).toEqual([pass.serialNumber]);
    expect(Number(found?.lastUpdated)).toBeGreaterThan(Number(tag));
    const response = await holder.fetch({ "If-Modified-Since": since });
    expect(response.status).toBe(200);
    const lastModified = response.headers.get("last-modified") ?? "";
    expect(Date.parse(lastModified)).toBeGreaterThan(Date.parse(since));
    expect((await holder.fetch({ "If-Modified-Since": lastModified })).status).toBe(304);
    [tag, since] = [found?.lastUpdated, lastModified];
  }
});

test("the same version has the same bytes, cached or built again, now or a day later", async () => {
  const { pass, holder } = await issue();
  const built = () => askWith({ KEEP_BUILT_PASSES: "no" }, ask("GET", holder.path, holder.authorization));
  const first = await built();
  const bytes = await bytesOf(first);
  expect(await bytesOf(await built())).toEqual(bytes);
  expect((await passRow(pass.id)).builtEtag).toBeNull();
  await holder.fetch();
  expect(await keptBundle(pass)).toBe(first.headers.get("etag"));
  expect(await bytesOf(await holder.fetch())).toEqual(bytes);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_000 });
  const later = await built();
  expect(later.headers.get("last-modified")).toBe(first.headers.get("last-modified"));
  expect(await bytesOf(later)).toEqual(bytes);
});

test("a pass names its web service without a trailing slash or query, and both barcodes and barcode", async () => {
  const { pass } = await issue({ barcodeMessage: "scan me" });
  const checked = await download(pass);
  expect(checked.pass.webServiceURL).toBe(ORIGIN);
  const barcode = { format: "PKBarcodeFormatQR", message: "scan me", messageEncoding: "utf-8" };
  expect(checked.pass.barcodes).toMatchObject([{ format: barcode.format, message: barcode.message }]);
  expect(checked.pass.barcode).toMatchObject({ format: barcode.format, message: barcode.message });
  for (const key of ["description", "organizationName", "serialNumber"])
    expect(checked.pass[key]).toBeTypeOf("string");
  expect(checked.pass.formatVersion).toBe(1);
});

test("the signing time of the signature is the time of the version", async () => {
  const { pass, holder } = await issue();
  const lastModified = (await holder.fetch()).headers.get("last-modified") ?? "";
  expect((await download(pass)).signingTime).toEqual(new Date(lastModified));
});

test("pass.strings is UTF-8 that begins with punctuation, so that no wallet detects it as UTF-16", async () => {
  const { files, strings } = await download((await issue()).pass);
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
    files["de.lproj/pass.strings"],
  );
  expect(text).toMatch(/^["/]/);
  expect(strings.de?.POINTS).toBe('PUNKTE "für" dich\\\n');
});

test("a redeemed pass can still be fetched, with voided as a boolean", async () => {
  const { pass, holder } = await issue();
  await admin.redeem(pass.id);
  expect((await holder.fetch()).status).toBe(200);
  expect((await download(pass)).pass.voided).toBe(true);
});

test("DELETE ends only the updates, and the pass can still be fetched and downloaded", async () => {
  const { pass, holder } = await issue();
  const device = randomDevice();
  await holder.register(device);
  const etag = (await holder.fetch()).headers.get("etag");
  await holder.unregister(device);
  const after = await holder.fetch();
  expect([after.status, after.headers.get("etag")]).toEqual([200, etag]);
  expect((await get(new URL(pass.downloadUrl).pathname)).status).toBe(200);
  expect(await admin.show(pass.id)).toMatchObject({ registrations: 0, status: "active" });
});

test("many phones that list and fetch after one push never get 429", async () => {
  const { pass, holder } = await issue();
  const devices = Array.from({ length: 60 }, randomDevice);
  await Promise.all(devices.map((device) => holder.register(device)));
  await admin.change(pass.id, { values: { points: "77" } });
  const from = { "CF-Connecting-IP": "192.0.2.200" };
  const herd = [...devices, ...devices].flatMap((device) => [
    send(ask("GET", listPath(device, PASS_TYPE), from)),
    holder.fetch(from),
  ]);
  const statuses = new Set((await Promise.all(herd)).map((response) => response.status));
  expect([...statuses]).toEqual([200]);
});
