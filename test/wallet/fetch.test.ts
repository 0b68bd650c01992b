/**
 * Fetching a pass: every status, the headers, and the conditions. Follows Apple's "Send an updated pass", and RFC 9110
 * §13 for conditional requests.
 */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { checkPass } from "../apple/pkpass.ts";
import { admin, call, rootPem, send } from "../harness.ts";
import { changesOf } from "../rows.ts";
import { ask, holderOf, keptBundle, refusal } from "./web-service.ts";

const PASS_TYPE = "pass.test.fetch";
const YEAR_MS = 366 * 24 * 3_600_000;
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});
afterEach(() => vi.useRealTimers());

test("a fetch is answered 200 with the built pass and each header as the clients need it", async () => {
  const pass = await admin.issue(templateId, { serialNumber: "fetch headers/1".replace("/", " ") });
  const response = await (await holderOf(pass)).fetch();
  expect(response.status).toBe(200);
  const { "last-modified": lastModified, etag, ...headers } = Object.fromEntries(response.headers);
  expect(headers).toMatchObject({
    "content-type": "application/vnd.apple.pkpass",
    "content-disposition": 'attachment; filename="fetch_headers_1.pkpass"',
    "cache-control": "private, no-cache",
    "x-content-type-options": "nosniff",
  });
  expect(lastModified).toMatch(
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/,
  );
  expect(etag).toMatch(/^"[\w-]+"$/);
  const overridden = [...(await changesOf({ passId: pass.id })), ...(await changesOf({ templateId }))];
  const at = Math.max(...overridden.map((change) => change.at));
  expect(Date.parse(lastModified ?? "")).toBe(at);
  const bytes = new Uint8Array(await response.arrayBuffer());
  await checkPass(bytes, { rootPem, passTypeIdentifier: PASS_TYPE, serialNumber: pass.serialNumber });
});

test.each<[string, (etag: string) => string]>([
  ["the ETag", (etag) => etag],
  ["the ETag, weakened by a proxy", (etag) => `W/${etag}`],
  ["a list with the ETag in it", (etag) => `"other", W/"third",${etag}`],
  ["*", () => "*"],
])("If-None-Match with %s is answered 304 without a body", async (_what, condition) => {
  const holder = await holderOf(await admin.issue(templateId));
  const first = await holder.fetch();
  const etag = first.headers.get("etag") ?? "";
  const response = await holder.fetch({ "If-None-Match": condition(etag) });
  expect([response.status, await response.text()]).toEqual([304, ""]);
  expect(response.headers.get("etag")).toBe(etag);
  expect(response.headers.get("last-modified")).toBe(first.headers.get("last-modified"));
});

test.each<[string, number, (at: number) => string]>([
  ["equal", 304, (at) => new Date(at).toUTCString()],
  ["later", 304, (at) => new Date(at + 86_400_000).toUTCString()],
  ["later, in the form of RFC 850", 304, (at) => rfc850(at + 86_400_000)],
  ["later, in the form of asctime", 304, (at) => asctime(at + 86_400_000)],
  ["a second earlier", 200, (at) => new Date(at - 1000).toUTCString()],
  ["of 1970", 200, () => "Thu, 01 Jan 1970 00:00:00 GMT"],
  ["empty", 200, () => ""],
  ["nonsense", 200, () => "yesterday"],
  ["seconds since 1970", 200, (at) => String(at / 1000 + 86_400)],
  ["a number that could be a year", 200, () => "99999"],
  ["a year", 200, () => "2099"],
  ["no HTTP date", 200, () => "2099-01-01T00:00:00Z"],
  ["an impossible date", 200, () => "Fri, 99 Jan 2099 00:00:00 GMT"],
])("If-Modified-Since that is %s is answered %i", async (_what, status, condition) => {
  const holder = await holderOf(await admin.issue(templateId));
  const at = Date.parse((await holder.fetch()).headers.get("last-modified") ?? "");
  expect((await holder.fetch({ "If-Modified-Since": condition(at) })).status).toBe(status);
});

test("If-None-Match takes precedence if both conditions are sent", async () => {
  const holder = await holderOf(await admin.issue(templateId));
  const { etag = "", "last-modified": lastModified = "" } = Object.fromEntries(
    (await holder.fetch()).headers,
  );
  const both = (tag: string, since: string) =>
    holder.fetch({ "If-None-Match": tag, "If-Modified-Since": since }).then((response) => response.status);
  expect(await both('"other"', lastModified)).toBe(200);
  expect(await both(etag, "Thu, 01 Jan 1970 00:00:00 GMT")).toBe(304);
});

test("after a change, a request with either condition returns the new version", async () => {
  const pass = await admin.issue(templateId);
  const holder = await holderOf(pass);
  const { etag = "", "last-modified": lastModified = "" } = Object.fromEntries(
    (await holder.fetch()).headers,
  );
  for (const act of [
    () => admin.change(pass.id, { values: { points: "9" } }),
    () => admin.changeTemplate(templateId, { strings: { es: { POINTS: pass.serialNumber } } }),
  ]) {
    await act();
    expect((await holder.fetch({ "If-None-Match": etag })).status).toBe(200);
    expect((await holder.fetch({ "If-Modified-Since": lastModified })).status).toBe(200);
  }
});

test("HEAD has the headers of GET and no body", async () => {
  const holder = await holderOf(await admin.issue(templateId));
  const response = await send(ask("HEAD", holder.path, holder.authorization));
  expect(response.status).toBe(200);
  expect(response.headers.get("etag")).toBe((await holder.fetch()).headers.get("etag"));
  expect((await send(ask("HEAD", holder.path))).status).toBe(401);
});

test("a fetch without the token is answered 401, with or without conditions", async () => {
  const holder = await holderOf(await admin.issue(templateId));
  const etag = (await holder.fetch()).headers.get("etag") ?? "";
  const conditions: Record<string, string>[] = [{}, { "If-None-Match": etag }, { "If-None-Match": "*" }];
  for (const headers of conditions) {
    const response = await send(ask("GET", holder.path, headers));
    expect(response.headers.get("etag")).toBeNull();
    expect(await refusal(response)).toEqual({ status: 401, code: "unauthorized" });
  }
});

test("a deleted pass is answered 404 with its own token, even to a phone that has its last version", async () => {
  const pass = await admin.issue(templateId);
  const holder = await holderOf(pass);
  const etag = (await holder.fetch()).headers.get("etag") ?? "";
  await admin.delete(pass.id);
  expect(await refusal(await holder.fetch())).toEqual({ status: 404, code: "pass_not_found" });
  expect((await holder.fetch({ "If-None-Match": etag })).status).toBe(404);
  expect((await send(ask("GET", holder.path, { Authorization: "ApplePass wrong" }))).status).toBe(401);
});

test("with an expired certificate a fetch is answered 503, even if the built pass is cached", async () => {
  const pass = await admin.issue(templateId);
  const holder = await holderOf(pass);
  const etag = (await holder.fetch()).headers.get("etag") ?? "";
  await keptBundle(pass);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + YEAR_MS });
  const expired = { status: 503, code: "signing_certificate_expired" };
  expect(await refusal(await holder.fetch())).toEqual(expired);
  // A client with the newest version needs no signature.
  expect((await holder.fetch({ "If-None-Match": etag })).status).toBe(304);
  vi.useRealTimers();
  expect((await holder.fetch()).status).toBe(200);
});

test("a pass type without a certificate is answered 503", async () => {
  const passTypeIdentifier = "pass.test.fetch.bare";
  await call("POST", "/pass-types", { passTypeIdentifier, keyAlgorithm: "P-256" });
  const bare = await admin.makeTemplate(passTypeIdentifier);
  const holder = await holderOf(await admin.issue(bare.id));
  expect(await refusal(await holder.fetch())).toEqual({ status: 503, code: "no_certificate" });
});

/** `Sunday, 06-Nov-94 08:49:37 GMT` (RFC 9110 §5.6.7) */
function rfc850(at: number): string {
  const [day = "", date, month, year = "", time] = new Date(at).toUTCString().split(/,? /);
  const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  return `${days.find((name) => name.startsWith(day))}, ${date}-${month}-${year.slice(2)} ${time} GMT`;
}

/** `Sun Nov  6 08:49:37 1994` (RFC 9110 §5.6.7) */
function asctime(at: number): string {
  const [day, date = "", month, year, time] = new Date(at).toUTCString().split(/,? /);
  return `${day} ${month} ${date.replace(/^0/, " ")} ${time} ${year}`;
}
