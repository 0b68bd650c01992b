/**
 * Issuers of Google Wallet over the admin API: what is stored and shown, and what is refused with which reason.
 */
import { expect, test } from "vitest";
import { googleIssuers, googleObjects, googleTokens } from "../../src/db/schema.ts";
import type { GoogleIssuer } from "../../src/google-wallet/issuers.ts";
import { writeJson } from "../../src/json.ts";
import { call } from "../harness.ts";
import { countRows, insertRows, rowOf } from "../rows.ts";
import { makeIssuer, makePem, pem, serviceAccount } from "./accounts.ts";

const at = (issuerId: string) => `/google-issuers/${issuerId}`;

test("an issuer is stored with its key sealed, and no answer has the key", async () => {
  const account = serviceAccount();
  const issuerId = "3388000000012345678";
  const made = await call<GoogleIssuer>("POST", "/google-issuers", { issuerId, serviceAccount: account });
  expect([made.status, made.headers.get("location")]).toEqual([201, `/admin/v1/google-issuers/${issuerId}`]);
  expect(made.body).toEqual({
    issuerId,
    clientEmail: account.client_email,
    privateKeyId: account.private_key_id,
    lastCheck: null,
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
  expect((await call("GET", at(issuerId))).body).toEqual(made.body);
  expect((await call<{ items: unknown[] }>("GET", "/google-issuers")).body.items).toEqual([made.body]);
  const row = JSON.stringify(await rowOf(googleIssuers, { issuerId }));
  expect(row).not.toContain(pem.split("\n")[1]);
  expect(row).toMatch(/"privateKey":"1\./);
});

test("the text of the file is accepted too, and a second issuer with the same id is refused", async () => {
  const issuerId = "3388000000000000002";
  const body = { issuerId, serviceAccount: JSON.stringify(serviceAccount(), null, 2) };
  expect((await call("POST", "/google-issuers", body)).status).toBe(201);
  expect((await call("POST", "/google-issuers", body)).body).toMatchObject({
    code: "google_issuer_exists",
    pointer: "/issuerId",
    // The dashboard leaves out calls in parentheses.
    detail: expect.stringMatching(/instead \(PATCH [^)]*\)\.$/),
  });
});

test("a new service account replaces the key, the token and the result of the check", async () => {
  const issuerId = await makeIssuer();
  const { privateKey } = await rowOf(googleIssuers, { issuerId });
  await insertRows(googleTokens, [{ issuerId, token: privateKey as never, expiresAt: 1 }]);
  const serviceAccountOfOther = serviceAccount({ client_email: "other@roasters.iam.gserviceaccount.com" });
  const { status, body } = await call<GoogleIssuer>("PATCH", at(issuerId), {
    serviceAccount: serviceAccountOfOther,
  });
  expect([status, body.clientEmail, body.lastCheck]).toEqual([200, serviceAccountOfOther.client_email, null]);
  expect(await countRows(googleTokens, { issuerId })).toBe(0);
  expect((await call("PATCH", at(issuerId), {})).body).toEqual(body);
  expect((await call("PATCH", at("1"), {})).body.code).toBe("google_issuer_not_found");
});

test("an issuer can be deleted until somebody has saved a pass of it", async () => {
  const issuerId = await makeIssuer();
  const row = { issuerId, passId: 1, type: "generic", resourceId: "r", classId: "c", sent: writeJson({}) };
  await insertRows(googleObjects, [{ ...row, sentAt: 1, createdAt: 1 }]);
  expect((await call("DELETE", at(issuerId))).body.code).toBe("google_issuer_in_use");
  const unused = await makeIssuer();
  expect((await call("DELETE", at(unused))).status).toBe(204);
  expect((await call("GET", at(unused))).body.code).toBe("google_issuer_not_found");
  expect((await call("DELETE", at(unused))).body.code).toBe("google_issuer_not_found");
});

test("an issuer's id that is a number is refused, because it would lose digits", async () => {
  const text = `{"issuerId":3388000000012345678,"serviceAccount":{}}`;
  expect((await call("POST", "/google-issuers", text)).body).toMatchObject({
    code: "invalid_body",
    pointer: "/issuerId",
  });
});

const ENCRYPTED =
  "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";

test.each<[what: string, account: unknown, detail: RegExp, member: string]>([
  ["no JSON", "hello", /not JSON/, ""],
  ["a certificate", pem.replaceAll("PRIVATE KEY", "CERTIFICATE"), /This is a certificate\. /, ""],
  ["a picture", "\u0089PNG\r\n\u001a\n\u0000", /a binary file/, ""],
  ["a public key", pem.replaceAll("PRIVATE", "PUBLIC"), /This is a public key/, ""],
  ["a private key alone", pem, /only a private key/, ""],
  ["an API key", "AIzaSyA-1234567890", /API key/, ""],
  ["an OAuth client", { installed: { client_id: "1" } }, /OAuth client ID/, ""],
  ["credentials of gcloud", serviceAccount({ type: "authorized_user" }), /gcloud/, "/type"],
  ["a workload identity", serviceAccount({ type: "external_account" }), /workload identity/, "/type"],
  ["an object as the type", serviceAccount({ type: { toString: 1 } }), /type is not a text/, "/type"],
  ["no e-mail", serviceAccount({ client_email: undefined }), /client_email is missing/, "/client_email"],
  ["no address", serviceAccount({ client_email: "a@\u202eb.com" }), /no e-mail address/, "/client_email"],
  ["two lines", serviceAccount({ client_email: "a@b.com\nc" }), /no e-mail address/, "/client_email"],
  [
    "a long text",
    serviceAccount({ client_email: `a@${"b".repeat(400)}` }),
    /longer than 320/,
    "/client_email",
  ],
  ["a sentence", serviceAccount({ private_key_id: "the key\nof 2026" }), /no id of a key/, "/private_key_id"],
  ["no id of the key", serviceAccount({ private_key_id: "" }), /private_key_id/, "/private_key_id"],
  ["no key", serviceAccount({ private_key: undefined }), /private_key is missing/, "/private_key"],
  ["half a key", serviceAccount({ private_key: pem.slice(0, 400) }), /no readable/, "/private_key"],
  ["an EC key", serviceAccount({ private_key: await makePem("EC") }), /elliptic-curve/, "/private_key"],
  ["an encrypted key", serviceAccount({ private_key: ENCRYPTED }), /encrypted/, "/private_key"],
  ["another token_uri", serviceAccount({ token_uri: "https://evil.example/token" }), /evil/, "/token_uri"],
])("%s is refused, and the answer says what it is", async (_what, account, detail, member) => {
  const { status, body } = await call("POST", "/google-issuers", { issuerId: "77", serviceAccount: account });
  expect([status, body.pointer]).toEqual([422, `/serviceAccount${member}`]);
  const isEncrypted = detail.test("encrypted");
  expect(body.code).toBe(isEncrypted ? "key_encrypted" : "service_account_malformed");
  expect(body.detail).toMatch(detail);
  expect(JSON.stringify(body)).not.toContain(pem.split("\n")[1]);
});
