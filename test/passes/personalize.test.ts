/**
 * Rewards sign-up as phones do it: the form is filled in, the token comes back signed, and the next version of the pass has no form;
 * and what is kept of what was entered. Refusals are in personalize-refusals.test.ts.
 *
 * Follows Apple's "Return a Personalized Pass" and "Rewards Enrollment". iOS signs up before it
 * registers, accepts only 200 and never repeats the request. It sends an Authorization, which Apple's page does not mention.
 */
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { personalizations } from "../../src/db/schema.ts";
import type { Pass } from "../../src/passes/show.ts";
import { IPhone } from "../apple/iphone.ts";
import { verifySignature } from "../apple/iphone-signature.ts";
import type { Fetch } from "../apple/iphone-wire.ts";
import { admin, apple, call, download, rootPem, send } from "../harness.ts";
import { changesOf as changesOfTarget, countRows } from "../rows.ts";
import { type Holder, holderOf } from "../wallet/web-service.ts";
import { ADA, personalization, rewards, signUp } from "./rewards.ts";

const PASS_TYPE = "pass.test.personalize";
let templateId: number;
let pass: Pass;
let holder: Holder;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE, rewards)).id;
});

beforeEach(async () => {
  pass = await admin.issue(templateId);
  holder = await holderOf(pass);
});

function phone(fetch: Fetch = send): IPhone {
  return new IPhone({ fetch, rootPem });
}

function expectContent(...phones: IPhone[]): void {
  for (const { complaints, console, failures } of phones)
    expect({ complaints, console, failures }).toEqual({ complaints: [], console: [], failures: [] });
}

async function changesOf({ id }: Pass) {
  const log = await changesOfTarget({ passId: id });
  // A registration is logged if the pass has changed since its download.
  return log.filter(({ kind }) => kind !== "registered").map(({ kind, actor }) => ({ kind, actor }));
}
const SIGNED_UP = [
  { kind: "issued", actor: "admin" },
  { kind: "personalized", actor: "holder" },
];
const isKept = async ({ id }: Pass) => (await countRows(personalizations, { passId: id })) > 0;

describe("sign-up on a phone", () => {
  test("the form is shown first, the signature is valid, and the next version has no form", async () => {
    const one = phone();
    const happened = await one.addFrom(pass.downloadUrl, ADA);
    const { serialNumber } = pass;
    expect(happened).toMatchObject({
      personalized: [serialNumber],
      updated: [{ serialNumber }],
      registered: [{ serialNumber, status: 201 }],
      failed: [],
    });
    expect(one.exchanges.map(({ method, status }) => `${method} ${status}`).slice(0, 2)).toEqual([
      "POST 200", // personalize
      "GET 200",
    ]);
    const held = one.pass(PASS_TYPE, serialNumber);
    expect(Object.keys(held.files)).not.toContain("personalization.json");
    expect(held.pass.nfc).toEqual(rewards.pass.nfc);
    expect(await admin.takePersonalization(pass.id)).toEqual({
      passId: pass.id,
      receivedAt: expect.stringMatching(/Z$/),
      ...ADA,
    });
    expectContent(one);
  });

  test("a second phone with the pass is pushed and no longer shows the form", async () => {
    const [hers, his] = [phone(), phone()];
    await his.addFrom(pass.downloadUrl); // he closes the sheet
    await hers.addFrom(pass.downloadUrl, ADA);
    await vi.waitFor(async () => expect(await apple.history(his.pushToken)).toHaveLength(1), 10_000);
    expect((await his.receivePush(PASS_TYPE)).updated).toHaveLength(1);
    const held = his.pass(PASS_TYPE, pass.serialNumber);
    await expect(his.personalize(held, ADA)).rejects.toThrow("asks for nothing");
    expectContent(hers, his);
  });

  test("closing the form keeps the pass, and the form can be filled in later", async () => {
    const one = phone();
    await one.addFrom(pass.downloadUrl);
    const held = one.pass(PASS_TYPE, pass.serialNumber);
    expect(JSON.parse(new TextDecoder().decode(held.files["personalization.json"]))).toEqual(personalization);
    expect((await admin.show(pass.id)).personalizedAt).toBeNull();
    expect((await one.personalize(held, ADA)).personalized).toEqual([pass.serialNumber]);
    expect((await admin.show(pass.id)).personalizedAt).toMatch(/Z$/);
    expectContent(one);
  });

  test("a repeated request whose first response was lost is one sign-up", async () => {
    const one = phone(lost());
    const first = await one.addFrom(pass.downloadUrl, ADA);
    expect([first.personalized, first.failed.length]).toEqual([[], 1]);
    expect(one.failures).toEqual([]); // never repeated by itself
    // What it fetched since has no sheet; another copy of the first download still has one.
    expect(await changesOf(pass)).toEqual(SIGNED_UP);
    const again = await holder.personalize(signUp({ ...ADA, emailAddress: "ada@example.org" }));
    expect(again.status).toBe(200);
    expect(await changesOf(pass)).toEqual(SIGNED_UP);
    expect((await admin.takePersonalization(pass.id)).emailAddress).toBe("ada@example.org");
  });

  test("the phone refuses a signature of another certificate with Apple's message", async () => {
    const other = await holderOf(await admin.issue(templateId));
    const swapped = phone(async (request) => {
      if (!request.url.endsWith("/personalize")) return send(request);
      return other.personalize(signUp(ADA, "another token"));
    });
    await swapped.addFrom(pass.downloadUrl, ADA);
    expect(swapped.complaints).toEqual([
      expect.stringContaining("Received invalid personalizaiton token signature"),
    ]);
  });

  test("a serial number that iOS encodes twice, and the other device path, lead to the same pass", async () => {
    const odd = await admin.issue(templateId, { serialNumber: "a b ü%" });
    const api = await admin.makeTemplate(PASS_TYPE, { ...rewards, webService: "/api" });
    for (const one of [odd, await admin.issue(api.id)]) {
      const owner = phone();
      const happened = await owner.addFrom(one.downloadUrl, ADA);
      expect(happened.personalized).toEqual([one.serialNumber]);
      expectContent(owner);
    }
  });
});

/** A way on which the first answer to a sign-up breaks off. */
function lost(): Fetch {
  let times = 1;
  return async (request) => {
    const response = await send(request);
    if (!request.url.endsWith("/personalize") || times-- === 0) return response;
    throw new Error("the connection was lost");
  };
}

test("the response is 200 with the detached signature of the token's bytes, and contains nothing about the holder", async () => {
  const token = "Zeichen für dich 🦊 / +=";
  const response = await holder.personalize(signUp(ADA, token));
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/octet-stream");
  const signature = new Uint8Array(await response.arrayBuffer());
  const at = new Date();
  const signed = await verifySignature(signature, new TextEncoder().encode(token), rootPem, at);
  expect(signed.passTypeIdentifier).toBe(PASS_TYPE);
  expect(Math.abs(signed.signingTime.getTime() - at.getTime())).toBeLessThan(60_000);
  await expect(verifySignature(signature, new TextEncoder().encode("x"), rootPem, at)).rejects.toThrow();
});

test("a second sign-up before the data was taken is answered 200 and replaces the data, without a second change", async () => {
  await holder.personalize(signUp());
  const { personalizedAt } = await admin.show(pass.id);
  const newer = { fullName: "Ada King", givenName: "Ada", familyName: "King", postalCode: "KT24 5TA" };
  expect((await holder.personalize(signUp(newer))).status).toBe(200);
  expect((await admin.show(pass.id)).personalizedAt).toBe(personalizedAt);
  const { passId, receivedAt, ...info } = await admin.takePersonalization(pass.id);
  expect([passId, info]).toEqual([pass.id, newer]);
  expect(Date.parse(receivedAt)).toBeGreaterThanOrEqual(Date.parse(String(personalizedAt)));
  expect(await changesOf(pass)).toEqual(SIGNED_UP);
});

test("a second sign-up after the data was taken is answered 200 with a signature, and nothing is stored", async () => {
  await holder.personalize(signUp());
  await admin.takePersonalization(pass.id);
  const response = await holder.personalize(signUp({ ...ADA, fullName: "Somebody else" }));
  expect([response.status, await isKept(pass)]).toEqual([200, false]);
  expect((await call("POST", `/passes/${pass.id}/personalization/take`)).status).toBe(404);
  expect(await changesOf(pass)).toEqual(SIGNED_UP);
});

test("of twenty concurrent sign-ups, each is signed, one makes a change, and the data of one is stored", async () => {
  const many = Array.from({ length: 20 }, (_, i) => ({ fullName: `Name ${i}`, postalCode: `Code ${i}` }));
  const answers = await Promise.all(many.map((info) => holder.personalize(signUp(info))));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(await changesOf(pass)).toEqual(SIGNED_UP);
  const { passId, receivedAt, ...info } = await admin.takePersonalization(pass.id);
  expect(many).toContainEqual(info);
});

test("a sign-up that is concurrent with a deletion of the pass leaves no data of the holder", async () => {
  const all = [holder.personalize(signUp()), admin.delete(pass.id), holder.personalize(signUp())];
  const [first, , second] = await Promise.all(all);
  for (const answer of [first, second]) expect([200, 404]).toContain((answer as Response).status);
  expect(await isKept(pass)).toBe(false);
});

describe("only the requested data is stored", () => {
  test.each([
    ["Name", { fullName: ADA.fullName, givenName: ADA.givenName, familyName: ADA.familyName }],
    ["PostalCode", { postalCode: ADA.postalCode, ISOCountryCode: ADA.ISOCountryCode }],
    ["EmailAddress", { emailAddress: ADA.emailAddress }],
    ["PhoneNumber", { phoneNumber: ADA.phoneNumber }],
  ])("%s, and nothing else, whatever is sent", async (field, expected) => {
    const asks = {
      ...personalization,
      requiredPersonalizationFields: [`PKPassPersonalizationField${field}`],
    };
    const { id } = await admin.makeTemplate(PASS_TYPE, { ...rewards, personalization: asks });
    const asked = await admin.issue(id);
    const more = { ...ADA, birthday: "1815-12-10", __proto__: null, constructor: "x", nested: { a: [1] } };
    const body = { ...signUp(more), more: "than that" };
    expect((await (await holderOf(asked)).personalize(body)).status).toBe(200);
    const { passId, receivedAt, ...info } = await admin.takePersonalization(asked.id);
    expect(info).toEqual(expected);
  });

  test("a null or empty field is treated as absent; 200 characters are allowed", async () => {
    const long = "ü".repeat(200);
    const info = { fullName: long, givenName: null, familyName: "", emailAddress: '"\\ü"@example.com' };
    expect((await holder.personalize(signUp(info))).status).toBe(200);
    const { fullName, emailAddress, ...more } = await admin.takePersonalization(pass.id);
    expect({ fullName, emailAddress }).toEqual({ fullName: long, emailAddress: info.emailAddress });
    expect(Object.keys(more)).toEqual(["passId", "receivedAt"]);
  });
});

test("a download after the sign-up is a new version without the form", async () => {
  const before = await holder.fetch();
  const etag = before.headers.get("etag") ?? "";
  const lastModified = before.headers.get("last-modified") ?? "";
  expect((await holder.fetch({ "If-None-Match": etag })).status).toBe(304);
  await holder.personalize(signUp());
  expect((await holder.fetch({ "If-None-Match": etag })).status).toBe(200);
  expect((await holder.fetch({ "If-Modified-Since": lastModified })).status).toBe(200);
  const { files } = await download(pass);
  expect(Object.keys(files)).not.toContain("personalization.json");
  expect(Object.keys(files)).toContain("personalizationLogo@3x.png");
});

test("the Content-Type of the body is ignored", async () => {
  for (const type of ["text/plain; charset=utf-8", "application/x-www-form-urlencoded", ""])
    expect((await holder.personalize(signUp(), { "Content-Type": type })).status).toBe(200);
});
