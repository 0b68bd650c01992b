/**
 * The JSON bodies that the linter takes: the body of creating a template, of issuing a pass, and content alone.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../../src/pkpass/finding.ts";
import { drawPng } from "../../apple/png.ts";
import { admin, call, icon, refused, storeCard, TEAM } from "../../harness.ts";

const PASS_TYPE = "pass.test.lint-requests";

interface Report {
  readonly findings: Finding[];
}

let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  ({ id: templateId } = await admin.makeTemplate(PASS_TYPE));
});

async function lint(body: object): Promise<string[]> {
  const answer = await call<Report>("POST", "/lint", body);
  expect(answer.status).toBe(200);
  return answer.body.findings.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`);
}

describe("the body of creating a template", () => {
  test("gives the report that creating it returns", async () => {
    const { body: project } = await call<{ id: number }>("POST", "/projects", { name: "Tour" });
    const template = {
      name: "Card",
      passTypeIdentifier: PASS_TYPE,
      pass: { ...storeCard, logotext: "x" },
      images: icon,
      strings: { de: { points: "Punkte" } },
      webService: "/",
      projectId: project.id,
      externalId: "linted",
    };
    const linted = await call<Report>("POST", "/lint", template);
    const created = await call<{ lint: Report }>("POST", "/templates", template);
    expect([linted.status, created.status]).toEqual([200, 201]);
    expect(linted.body).toEqual(created.body.lint);
    expect(linted.body.findings.map(({ code }) => code)).toContain("unknown_key");
  });

  test("is refused for an unknown member, pass type or project, as creating it is", async () => {
    const template = { name: "Card", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
    for (const [change, expected] of [
      [{ more: 1 }, { status: 400, code: "invalid_body", pointer: "/more" }],
      [{ name: "" }, { status: 400, code: "invalid_body", pointer: "/name" }],
      [
        { passTypeIdentifier: "pass.test.nobody" },
        { status: 422, code: "pass_type_not_found", pointer: "/passTypeIdentifier" },
      ],
      [{ projectId: 999_999 }, { status: 404, code: "project_not_found", pointer: "/projectId" }],
    ] as const) {
      const { status } = await call("POST", "/templates", { ...template, ...change });
      await refused(["POST", "/lint", { ...template, ...change }], { ...expected, status });
    }
  });

  test("a pass type without a certificate is reported", async () => {
    const passTypeIdentifier = "pass.test.lint-bare";
    await call("POST", "/pass-types", { passTypeIdentifier });
    expect(await lint({ passTypeIdentifier, pass: storeCard, images: icon })).toContain(
      "warning certificate_missing /passTypeIdentifier",
    );
  });

  test("a field key that another API reserves is an error, since creating the template is refused", async () => {
    const pass = {
      ...storeCard,
      storeCard: { primaryFields: [{ key: "redeemed", label: "R", value: "x" }] },
    };
    const { status, body } = await call("POST", "/templates", {
      ...{ name: "Card", passTypeIdentifier: PASS_TYPE, images: icon },
      pass,
    });
    expect([status, body.pointer]).toEqual([422, "/pass/storeCard/primaryFields/0/key"]);
    expect(await lint({ pass, images: icon })).toContain(
      "error reserved_key /pass/storeCard/primaryFields/0/key",
    );
  });

  test.each(["foo.png", "logo@4x.png", "LOGO.png", "en_GB.lproj/logo.png"])(
    "an image that creating refuses is an error: %s",
    async (path) => {
      const images = { ...icon, [path]: Object.values(icon)[0] };
      const findings = await lint({ pass: storeCard, images });
      expect(findings.filter((finding) => finding.startsWith("error"))).toEqual([
        expect.stringContaining(`/images/${path.replace("/", "~1")}`),
      ]);
      const template = { name: "Card", passTypeIdentifier: PASS_TYPE, pass: storeCard, images };
      expect((await call("POST", "/templates", template)).status).toBe(422);
    },
  );

  test("a control character is refused, as by creating and issuing; a finished pass.json may have one", async () => {
    const pass = { ...storeCard, description: "a\u0001" };
    const refusal = { status: 400, code: "invalid_body", pointer: "/pass/description" };
    await refused(["POST", "/lint", { pass, images: icon }], refusal);
    const values = { points: "a\u0001" };
    await refused(["POST", "/lint", { templateId, values }], { ...refusal, pointer: "/values/points" });
    await lint({ pass: { ...pass, serialNumber: "1" } });
  });

  test("the ids of a finished pass.json are compared with the certificate of its pass type", async () => {
    const finished = {
      ...storeCard,
      formatVersion: 1,
      serialNumber: "1",
      passTypeIdentifier: PASS_TYPE,
      teamIdentifier: TEAM,
    };
    const mismatches = async (body: object) =>
      (await lint({ images: icon, ...body })).filter((finding) => finding.includes("certificate"));
    expect(await mismatches({ pass: finished })).toEqual([]);
    expect(await mismatches({ pass: finished, passTypeIdentifier: PASS_TYPE })).toEqual([]);
    const otherTeam = { ...finished, teamIdentifier: "OTHER00000" };
    expect(await mismatches({ pass: otherTeam })).toEqual([
      "error certificate_mismatch /pass/teamIdentifier",
    ]);
    const otherType = { ...finished, passTypeIdentifier: "pass.test.other" };
    expect(await mismatches({ pass: otherType, passTypeIdentifier: PASS_TYPE })).toEqual([
      "error certificate_mismatch /pass/passTypeIdentifier",
    ]);
    expect(await mismatches({ pass: otherType })).toEqual([]);
  });
});

describe("the body of issuing a pass, with templateId", () => {
  test("gives the report that issuing it returns, and issues nothing", async () => {
    const event = await admin.makeEvent({ pass: { expirationDate: "2027-01-01T00:00Z" } });
    const pass = {
      serialNumber: "linted",
      externalId: "linted",
      eventId: event.id,
      values: { points: { value: "12", changeMessage: "silent" } },
      pass: { logotext: "x", relevantDates: [{ date: "2027-02-01T00:00Z" }], bagPolicyURL: "no url" },
      barcodeMessage: "linted",
      images: { "thumbnail.png": drawPng(400, 10, () => [1, 2, 3, 255]).toBase64() },
      tags: ["vip"],
    };
    const linted = await call<Report>("POST", "/lint", { templateId, ...pass });
    const { body: before } = await call<{ items: unknown[] }>("GET", `/passes?templateId=${templateId}`);
    expect(before.items).toEqual([]);
    const issued = await call<{ lint: Report }>("POST", `/templates/${templateId}/passes`, pass);
    expect([linted.status, issued.status]).toEqual([200, 201]);
    expect(linted.body).toEqual(issued.body.lint);
    expect(linted.body.findings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual(
      expect.arrayContaining([
        "change_message_without_placeholder /values/points",
        "unknown_key /pass/logotext",
        "url_invalid /pass/bagPolicyURL",
      ]),
    );
  });

  test("templateId alone is a pass without values", async () => {
    expect(await lint({ templateId })).toEqual([]);
  });

  test.each([
    [{ values: { nothing: "1" } }, "/values/nothing"],
    [{ eventId: 999_999 }, "/eventId"],
    [{ more: 1 }, "/more"],
    [{ pass: { serialNumber: "1" } }, "/pass/serialNumber"],
    [{ images: { "logo.png": btoa("no image") } }, "/images/logo.png"],
  ])("%j is refused as issuing it is", async (change, pointer) => {
    const issued = await call("POST", `/templates/${templateId}/passes`, change);
    expect(issued.status).toBeGreaterThanOrEqual(400);
    const { code, detail } = issued.body;
    const problem = await refused(["POST", "/lint", { templateId, ...change }], {
      status: issued.status,
      code,
      pointer,
    });
    expect(problem.detail).toBe(detail);
  });

  test("an unknown templateId is template_not_found, and another type of it is invalid_body", async () => {
    await refused(["POST", "/lint", { templateId: 999_999 }], { status: 404, code: "template_not_found" });
    await refused(["POST", "/lint", { templateId: "1" }], {
      status: 400,
      code: "invalid_body",
      pointer: "/templateId",
    });
  });
});
