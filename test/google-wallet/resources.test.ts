/**
 * Classes and objects at Google: how many calls a first and a later click cost, and what a change sends.
 */
import { env } from "cloudflare:workers";
import { decodeJwt, exportJWK, importJWK, importPKCS8, jwtVerify } from "jose";
import { beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/client.ts";
import { googleClasses, googleIssuers, googleObjects } from "../../src/db/schema.ts";
import { findIssuer } from "../../src/google-wallet/issuers.ts";
import { withRemoved } from "../../src/google-wallet/resources.ts";
import { makeSaveLink } from "../../src/google-wallet/save-link.ts";
import { googleLinkOf } from "../../src/passes/google-link.ts";
import { loadById } from "../../src/passes/load.ts";
import { admin } from "../harness.ts";
import { deleteRows, rowOf, rowsOf } from "../rows.ts";
import { googleError, makeIssuer, pem, type Script, scriptedGoogle } from "./accounts.ts";

const PASS_TYPE = "pass.test.google-resources";
const parts = { db: openDatabase(env.DB), config: readConfig(env) };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

async function makeWorld(script?: Script) {
  for (const { issuerId } of await rowsOf(googleIssuers)) await deleteRows(googleIssuers, { issuerId });
  const issuer = await findIssuer(parts.db, await makeIssuer());
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const { id: eventId } = await admin.makeEvent({ values: { points: "7" } });
  const { id: passId } = await admin.issue(templateId, { eventId });
  const google = scriptedGoogle(script);
  const click = async () => {
    google.heard.length = 0;
    const loaded = await loadById(parts.db, passId, Date.now());
    return googleLinkOf({ ...parts, fetch: google.fetch, now: Date.now(), clock: Date.now }, loaded).catch(
      (error: Error) => error,
    );
  };
  const calls = () => google.paths().map((path) => path.replace("/walletobjects/v1", ""));
  return { issuer, templateId, eventId, passId, google, click, calls };
}

test("the first click costs a token and two calls, later ones none, and a change one for each resource that differs", async () => {
  const { issuer, templateId, eventId, passId, google, click, calls } = await makeWorld();
  expect(await click()).toContain("/gp/v/save/");
  const classId = `${issuer.issuerId}.${issuer.idPrefix}-t${templateId}e${eventId}-loyalty`;
  expect(calls()).toEqual(["POST /token", "POST /loyaltyClass", "POST /loyaltyObject"]);
  expect(JSON.parse(google.heard[1]?.body ?? "")).toMatchObject({
    id: classId,
    reviewStatus: "UNDER_REVIEW",
  });
  await click();
  expect(calls()).toEqual([]);
  await admin.changeTemplate(templateId, { values: { terms: null } });
  await click();
  expect(calls()).toEqual([`PATCH /loyaltyClass/${classId}`]);
  await admin.change(passId, { values: { points: "8" } });
  await click();
  expect(calls()).toEqual([
    expect.stringMatching(/^PATCH \/loyaltyObject\//),
    expect.stringMatching(/^POST \/loyaltyObject\/.*\/addMessage$/),
  ]);
  expect(await rowsOf(googleClasses, { templateId })).toHaveLength(1);
  expect(await rowOf(googleObjects, { issuerId: issuer.issuerId })).toMatchObject({ passId, classId });
});

test("what exists at Google already is replaced, and what Google does not know is made", async () => {
  let isKnown = true;
  let isOpened = false;
  const { passId, click, calls } = await makeWorld(({ method, path }) => {
    if (method === "POST" && path.endsWith("Object") && isOpened)
      return googleError(409, "Exists.", "alreadyExists");
    if (path.endsWith("Class") && isKnown) return googleError(409, "Exists.", "alreadyExists");
    return method === "PATCH" && !isKnown ? googleError(404, "Not found.", "notFound") : undefined;
  });
  await click();
  expect(calls()).toEqual([
    "POST /token",
    "POST /loyaltyClass",
    expect.stringMatching(/^PUT \/loyaltyClass\//),
    "POST /loyaltyObject",
  ]);
  isKnown = false;
  await admin.change(passId, { values: { points: "8" } });
  await click();
  expect(calls()).toEqual([
    expect.stringMatching(/^PATCH \/loyaltyObject\//),
    "POST /loyaltyObject",
    expect.stringMatching(/\/addMessage$/),
  ]);
  // Somebody opens a link that has all of it between the two calls.
  isOpened = true;
  await admin.change(passId, { values: { points: "9" } });
  expect(await click()).toContain("/gp/v/save/");
  expect(calls()).toEqual([
    expect.stringMatching(/^PATCH \/loyaltyObject\//),
    "POST /loyaltyObject",
    expect.stringMatching(/^PUT \/loyaltyObject\//),
    expect.stringMatching(/\/addMessage$/),
  ]);
});

test("a refusal stores no resource, and what the operator has to do is the result of the last check", async () => {
  const { issuer, click } = await makeWorld(({ path }) =>
    path.includes("Class") ? googleError(403, "Permission denied.", "permissionDenied") : undefined,
  );
  expect(await click()).toMatchObject({ code: "google_unavailable" });
  expect(await rowsOf(googleClasses, { issuerId: issuer.issuerId })).toEqual([]);
  expect(JSON.parse((await findIssuer(parts.db, issuer.issuerId)).checkProblem ?? "")).toMatchObject({
    code: "not_invited",
  });
});

test("what was sent and is no longer there is null, at any depth, and arrays are sent whole", () => {
  const sent = { id: "1", hero: { uri: "a" }, points: { balance: { int: 5 }, label: "P" }, rows: [1, 2] };
  expect(withRemoved(sent, { id: "1", points: { balance: { string: "6" } }, rows: [3] })).toEqual({
    id: "1",
    hero: null,
    points: { balance: { string: "6", int: null }, label: null },
    rows: [3],
  });
});

test("the link to save an object is a short JWT of the service account, and ends after 15 minutes", async () => {
  const issuer = await findIssuer(parts.db, await makeIssuer());
  const object = { id: `${issuer.issuerId}.p42-loyalty`, classId: `${issuer.issuerId}.t1-loyalty` };
  const link = await makeSaveLink(parts.config, issuer, { type: "loyalty", object }, 1_800_000_000_000);
  if (!link.ok) return expect.fail(link.detail);
  const [address, jwt = ""] = link.url.split("/gp/v/save/");
  expect(address).toBe(parts.config.google.save);
  expect(jwt.length).toBeLessThan(1000);
  const { kty, n, e } = await exportJWK(await importPKCS8(pem, "RS256", { extractable: true }));
  const publicKey = await importJWK({ kty, n, e } as JsonWebKey & { kty: "RSA" }, "RS256");
  const { payload } = await jwtVerify(jwt, publicKey, {
    audience: "google",
    issuer: "edgepass@roasters.iam.gserviceaccount.com",
    currentDate: new Date(1_800_000_000_000),
  });
  expect(payload).toMatchObject({
    typ: "savetowallet",
    exp: 1_800_000_900,
    payload: { loyaltyObjects: [object] },
  });
});

test("a link that has all of the pass does not have what the pass could be copied with", async () => {
  const issuer = await findIssuer(parts.db, await makeIssuer());
  const object = { id: `${issuer.issuerId}.p43-generic`, barcode: { type: "QR_CODE", value: "1" } };
  const parameters = [{ key: "3132333435363738393031323334353637383930", valueLength: 8 }];
  const rotatingBarcode = { type: "QR_CODE", totpDetails: { algorithm: "TOTP_SHA1", parameters } };
  const given = { ...object, rotatingBarcode, smartTapRedemptionValue: "4711" };
  const link = await makeSaveLink(parts.config, issuer, { type: "generic", object: given }, Date.now());
  if (!link.ok) return expect.fail(link.detail);
  expect(decodeJwt(link.url.split("/").at(-1) ?? "").payload).toEqual({ genericObjects: [object] });
});
