/**
 * The data of holders who signed up: read by the operator or taken once, sealed in the database, re-sealed when MASTER_SECRET is
 * rotated, deleted with the pass, and never written to a log or an error. And templates that ask for it.
 *
 * Follows Apple's "Personalize", and Regulation (EU) 2016/679, article 5 (1) c, e and f.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { personalizations } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import type { Pass } from "../../src/passes/show.ts";
import { createSecrets, type Secrets } from "../../src/secrets/secrets.ts";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { ADMIN_TOKEN, admin, call, download, type Problem, refused, stored } from "../harness.ts";
import { deleteRows, insertRows, rowsOf, setRows, templateRow } from "../rows.ts";
import { ask, askWith, holderOf, keptBundle } from "../wallet/web-service.ts";
import { ADA, personalization, rewards, signUp } from "./rewards.ts";

const PASS_TYPE = "pass.test.personalization";
const OLD = env.MASTER_SECRET ?? "";
const SECOND = `2:${"second-secret-".repeat(3)}`;
let templateId: number;
let pass: Pass;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE, rewards)).id;
});

beforeEach(async () => {
  pass = await admin.issue(templateId);
});
afterEach(() => vi.restoreAllMocks());

async function signedUp(info: object = ADA): Promise<Pass> {
  const response = await (await holderOf(pass)).personalize(signUp(info));
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return admin.show(pass.id);
}
const take = (id = pass.id, body?: unknown) => call("POST", `/passes/${id}/personalization/take`, body);
const sealed = async () => (await rowsOf(personalizations, { passId: pass.id }))[0]?.info ?? null;
const NOT_FOUND = { status: 404, body: { code: "personalization_not_found" } };

describe("taking personal data", () => {
  test("returns once what was entered and when, and deletes it", async () => {
    const { personalizedAt } = await signedUp();
    const { status, headers, body } = await take();
    expect([status, body]).toEqual([200, { passId: pass.id, receivedAt: personalizedAt, ...ADA }]);
    expect(headers.get("cache-control")).toBe("private, no-store");
    expect(await take()).toMatchObject(NOT_FOUND);
    expect(await sealed()).toBeNull();
    expect((await admin.show(pass.id)).personalizedAt).toBe(personalizedAt);
  });

  test("returns the data to only one of ten requests at the same time, and 404 to the others", async () => {
    await signedUp();
    const answers = await Promise.all(Array.from({ length: 10 }, () => take()));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array<number>(9).fill(404)]);
  });

  test("with keep leaves the data, which can be read again until it is taken", async () => {
    await signedUp();
    for (const body of [{ keep: true }, { keep: true }, { keep: false }])
      expect(await take(pass.id, body)).toMatchObject({ status: 200, body: ADA });
    expect(await take(pass.id, { keep: true })).toMatchObject(NOT_FOUND);
  });

  test("returns 404 for a pass that nobody signed up with, and for an unknown one", async () => {
    for (const id of [pass.id, 999_999]) {
      const expected = { status: 404, code: "personalization_not_found" };
      await refused(["POST", `/passes/${id}/personalization/take`], expected);
    }
  });

  test.each<[unknown, string]>([
    [{ keep: "yes" }, "/keep"],
    [{ kept: true }, "/kept"],
    [[], ""],
  ])("refuses %j, and takes nothing", async (body, pointer) => {
    await signedUp();
    const request = ["POST", `/passes/${pass.id}/personalization/take`, body] as const;
    await refused([...request], { status: 400, code: "invalid_body", pointer });
    expect((await take()).status).toBe(200);
  });
});

describe("the stored data", () => {
  test("is sealed for its row: no table contains any of the text, and it cannot be opened in another row", async () => {
    await signedUp();
    const { rows: tables } = await stored();
    const rows = JSON.stringify(tables);
    for (const text of Object.values(ADA).filter((value) => value.length > 2))
      expect(rows).not.toContain(text);
    const other = await admin.issue(templateId);
    await setRows(personalizations, { passId: pass.id }, { passId: other.id });
    vi.spyOn(console, "error").mockImplementation(() => {});
    expect((await take(other.id, { keep: true })).status).toBe(500);
  });

  test("is deleted with its pass", async () => {
    await signedUp();
    const other = await admin.issue(templateId);
    await admin.delete(other.id);
    expect(await sealed()).not.toBeNull();
    await admin.delete(pass.id);
    expect(await sealed()).toBeNull();
    expect(await take()).toMatchObject(NOT_FOUND);
  });

  test("cannot be taken without its MASTER_SECRET entry, and can be read again when the entry is restored", async () => {
    await signedUp();
    vi.spyOn(console, "error").mockImplementation(() => {});
    const lost = await askWith({ MASTER_SECRET: SECOND }, taking());
    expect([lost.status, (await lost.json<Problem>()).code]).toEqual([503, "not_configured"]);
    const back = await askWith({ MASTER_SECRET: `${SECOND},${OLD}` }, taking());
    expect([back.status, await back.json()]).toMatchObject([200, ADA]);
  });

  test("is resealed by the hourly sweep, hundreds of rows at once, and the API counts the rows with an older entry", async () => {
    await deleteRows(personalizations);
    await signedUp();
    await layBeside(250, createSecrets(OLD));
    const both = `${SECOND},${OLD}`;
    const before = await sealedUnderOld(both);
    expect(before).toBeGreaterThanOrEqual(251);
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    await layBeside(30, createSecrets(OLD), "of another pass"); // they do not open, and must not stop the others
    await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), {
      ...env,
      MASTER_SECRET: both,
    });
    expect(await sealedUnderOld(both)).toBe(30);
    const lines = logged.mock.calls.map(([line]) => JSON.parse(String(line)));
    expect(lines[0]).toMatchObject({ event: "reseal_failed", table: "personalizations" });
    const answer = await askWith({ MASTER_SECRET: SECOND }, taking());
    expect(await answer.json()).toMatchObject(ADA);
  });
});

const taking = () =>
  ask("POST", `/admin/v1/passes/${pass.id}/personalization/take`, { Authorization: `Bearer ${ADMIN_TOKEN}` });

/** Inserts rows of passes that do not exist. @param sealed for the row's own pass, or for another one */
async function layBeside(
  count: number,
  secrets: Secrets,
  sealed: "of its pass" | "of another pass" = "of its pass",
): Promise<void> {
  const last = Math.max(...(await rowsOf(personalizations)).map(({ passId }) => passId));
  const rows = Array.from({ length: count }, async (_, n) => {
    const passId = last + (n + 1) * 1000;
    const key = { passId: sealed === "of its pass" ? passId : passId + 1 };
    const info = new TextEncoder().encode(JSON.stringify(ADA));
    return { passId, info: await secrets.seal("personalizations.info", key, info), receivedAt: 0 };
  });
  await insertRows(personalizations, await Promise.all(rows));
}

async function sealedUnderOld(MASTER_SECRET: string): Promise<number> {
  const request = ask("GET", "/admin/v1/master-secret", { Authorization: `Bearer ${ADMIN_TOKEN}` });
  const answer = await (await askWith({ MASTER_SECRET }, request)).json<{
    older: { keyId: string; sealed: number }[];
  }>();
  return answer.older.find(({ keyId }) => keyId === "1")?.sealed ?? 0;
}

describe("templates with personalization", () => {
  const filesOf = async (one: Pass) => Object.keys((await download(one)).files);
  const asked = async (one: Pass) => {
    const file = (await download(one)).files["personalization.json"];
    return file === undefined ? undefined : JSON.parse(new TextDecoder().decode(file));
  };

  test("show their personalization, and their passes contain it with unknown keys, in a form that Wallet and openssl accept", async () => {
    const more = { ...personalization, futureKey: { deep: [1] } };
    const template = await admin.makeTemplate(PASS_TYPE, { ...rewards, personalization: more });
    expect(template.personalization).toEqual(more);
    expect((await call<Template>("GET", `/templates/${template.id}`)).body).toEqual(template);
    expect(await asked(await admin.issue(template.id))).toEqual(more);
  });

  test("lose it by null and replace it by an object, which changes the passes, but the same value again does not", async () => {
    const { id } = await admin.makeTemplate(PASS_TYPE, { ...rewards, personalization: undefined });
    const one = await admin.issue(id);
    expect(await filesOf(one)).not.toContain("personalization.json");
    const tags = [await tagOf(id)];
    for (const value of [personalization, { ...personalization, description: "New" }, null]) {
      for (const time of ["first", "again"]) {
        const changed = await admin.changeTemplate(id, { personalization: value });
        expect(changed.personalization, time).toEqual(value);
        expect(await asked(one)).toEqual(value ?? undefined);
      }
      tags.push(await tagOf(id));
    }
    expect(tags).toEqual([...new Set(tags)].toSorted((a, b) => a - b));
    await admin.changeTemplate(id, { name: "Renamed" });
    expect(await tagOf(id)).toBe(tags.at(-1));
  });

  test("do not serve a built pass from before a sign-up after it", async () => {
    const holder = await holderOf(pass);
    await holder.fetch();
    const etag = await keptBundle(pass);
    await signedUp();
    expect((await holder.fetch()).headers.get("etag")).not.toBe(etag);
    expect(await filesOf(pass)).not.toContain("personalization.json");
  });

  test.each([
    [
      "nothing to ask",
      { description: "x", requiredPersonalizationFields: [] },
      "/personalization/requiredPersonalizationFields",
    ],
    [
      "no description",
      { requiredPersonalizationFields: ["PKPassPersonalizationFieldName"] },
      "/personalization/description",
    ],
    [
      "terms that are no text",
      { ...personalization, termsAndConditions: 7 },
      "/personalization/termsAndConditions",
    ],
  ])("with %s are refused as a pass that Wallet refuses", async (_what, value, pointer) => {
    const whole = { name: "x", passTypeIdentifier: PASS_TYPE, ...rewards, personalization: value };
    const expected = { status: 422, code: "invalid_pass", pointer };
    await refused(["POST", "/templates", whole], expected);
    const patch = { description: null, ...value }; // what the template has stays, unless it is removed
    await refused(["PATCH", `/templates/${templateId}`, { personalization: patch }], expected);
  });

  test("with terms that are too large are refused", async () => {
    const terms = { ...personalization, termsAndConditions: "x".repeat(20_000) };
    const request = ["PATCH", `/templates/${templateId}`, { personalization: terms }] as const;
    await refused([...request], { status: 400, code: "invalid_body", pointer: "/personalization" });
  });

  test("get a warning if Wallet would ignore it: without nfc or logo, or with an unknown field", async () => {
    const { nfc: _, ...pass } = rewards.pass;
    const { "personalizationLogo@3x.png": __, ...images } = rewards.images;
    const odd = { ...personalization, requiredPersonalizationFields: ["PKPassPersonalizationFieldEmail"] };
    const body = { name: "x", passTypeIdentifier: PASS_TYPE, pass, images, personalization: odd };
    const { lint } = (
      await call<{ lint: { findings: { code: string; pointer: string }[] } }>("POST", "/templates", body)
    ).body;
    const told = lint.findings.map(({ code, pointer }) => `${code} ${pointer}`);
    expect(told).toContain("personalization_ignored /personalization");
    expect(told.join("\n")).toMatch(/\/personalization\/requiredPersonalizationFields\/0/);
    const whole = await call<{ lint: { findings: { code: string }[] } }>("POST", "/templates", {
      ...body,
      ...rewards,
    });
    const codes = whole.body.lint.findings.map(({ code }) => code);
    expect(codes).toContain("nfc_needs_entitlement");
    expect(codes).not.toContain("personalization_ignored");
  });

  test("have passes that ask until the holder has signed up, with or without their own logo", async () => {
    await signedUp();
    const logo = drawPng(150, 40, () => [1, 2, 3, 255]).toBase64();
    const other = await admin.issue(templateId, { images: { "personalizationLogo.png": logo } });
    expect(await asked(pass)).toBeUndefined();
    expect(await asked(other)).toEqual(personalization);
  });
});

const tagOf = async (id: number) => (await templateRow(id)).tag;
