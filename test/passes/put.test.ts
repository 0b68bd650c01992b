/**
 * PUT of a pass by its serial number: it makes one pass, however often and by however many clients it is sent. The pass then has
 * exactly the parts of the request, and keeps its history, such as a redemption.
 */
import { beforeAll, expect, test } from "vitest";
import { passes } from "../../src/db/schema.ts";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, icon, iphone, refused } from "../harness.ts";
import { changesOf, countRows } from "../rows.ts";

const PASS_TYPE = "pass.test.put";
let templateId: number;
let otherId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  otherId = (await admin.makeTemplate(PASS_TYPE)).id;
});

const pathOf = (serialNumber: string) => `/pass-types/${PASS_TYPE}/passes/${serialNumber}`;
const put = (serialNumber: string, body = {}, headers: Record<string, string> = {}) =>
  call<Pass & { code?: string; lint: object }>("PUT", pathOf(serialNumber), { templateId, ...body }, headers);

test("PUT issues the pass, also with slashes, and replaces exactly what an operator can set", async () => {
  const event = await admin.makeEvent();
  const full = {
    values: { points: "7" },
    pass: { logoText: "Mine" },
    images: icon,
    tags: ["vip"],
    externalId: "crm-1",
    eventId: event.id,
    barcodeMessage: "code",
    barcodeAltText: "text",
  };
  const issued = await put("AB-07/09/25", full);
  expect([issued.status, issued.headers.get("etag")]).toEqual([201, '"1"']);
  expect(issued.body).toMatchObject({ serialNumber: "AB-07/09/25", tags: ["vip"], lint: { findings: [{}] } });
  const { id, webToken } = issued.body;
  const phone = iphone();
  await phone.addFrom(issued.body.downloadUrl);
  await admin.redeem(id, { redemptionId: "till" });
  await admin.void(id, "stolen");

  const replaced = await put("AB-07%2F09%2F25", { values: { points: "8" } });
  expect(replaced.status, JSON.stringify(replaced.body)).toBe(200);
  expect(replaced.body).toMatchObject({
    id,
    webToken,
    values: { points: { value: "8" } },
    pass: {},
    images: {},
    tags: [],
    externalId: null,
    eventId: null,
    barcodeMessage: null,
    barcodeAltText: null,
    redemptionId: "till",
    voidReason: "stolen",
    registrations: 1,
    installStatus: "installed",
  });
  const { lint: _, ...shown } = replaced.body;
  expect(await admin.show(id)).toEqual(shown);
  // The same once more is no change for phones.
  const before = await changesOf({ passId: id });
  expect((await put("AB-07/09/25", { values: { points: "8" } })).status).toBe(200);
  expect(await changesOf({ passId: id })).toEqual(before);
});

test("a pass of another template and a deleted pass are 409, and nothing changes", async () => {
  const { id } = await admin.issue(templateId, { serialNumber: "held" });
  const problem = await refused(["PUT", pathOf("held"), { templateId: otherId }], {
    status: 409,
    code: "other_template",
    pointer: "/templateId",
  });
  expect(problem).toMatchObject({ passId: id, templateId });
  await admin.delete(id);
  const taken = { status: 409, code: "serial_number_taken", pointer: "/serialNumber" };
  expect((await refused(["PUT", pathOf("held"), { templateId }], taken)).passId).toBe(id);
});

test("an invalid PUT is refused, and issues nothing", async () => {
  await admin.makePassType("pass.test.put-other", undefined, "P-256");
  const foreign = (await admin.makeTemplate("pass.test.put-other")).id;
  const refusals: [Parameters<typeof refused>[0], Parameters<typeof refused>[1]][] = [
    [["PUT", pathOf("n"), { templateId: 999_999 }], { status: 404, code: "template_not_found" }],
    [
      ["PUT", pathOf("n"), { templateId: foreign }],
      { status: 400, code: "invalid_body", pointer: "/templateId" },
    ],
    [["PUT", pathOf("n"), {}], { status: 400, code: "invalid_body", pointer: "/templateId" }],
    [
      ["PUT", pathOf("n"), { templateId, serialNumber: "n" }],
      { status: 400, code: "invalid_body", pointer: "/serialNumber" },
    ],
    [
      ["PUT", pathOf("a/personalize"), { templateId }],
      { status: 400, code: "invalid_parameter", pointer: "/serialNumber" },
    ],
    ...["n//1", "/n/1", "n/1/"].map((path): (typeof refusals)[number] => [
      ["PUT", pathOf(path), { templateId }],
      { status: 400, code: "invalid_parameter", pointer: "/serialNumber" },
    ]),
    [
      ["PUT", pathOf("n"), { templateId, values: { none: "1" } }],
      { status: 422, code: "unknown_field", pointer: "/values/none" },
    ],
    [
      ["PUT", pathOf("n"), { templateId }, { "If-None-Match": '"1"' }],
      { status: 400, code: "invalid_header" },
    ],
  ];
  for (const [request, expected] of refusals) await refused(request, expected);
});

test("If-Match and If-None-Match decide whether a pass may be replaced or issued", async () => {
  for (const tag of ["*", '"1"'])
    expect((await put("conditional", {}, { "If-Match": tag })).body.code).toBe("precondition_failed");
  expect((await put("conditional", {}, { "If-None-Match": "*" })).status).toBe(201);
  const again = await put("conditional", { tags: ["x"] }, { "If-None-Match": "*" });
  expect([again.status, again.headers.get("etag"), again.body.code]).toEqual([
    412,
    '"1"',
    "precondition_failed",
  ]);
  expect((await put("conditional", { tags: ["x"] }, { "If-Match": '"7"' })).status).toBe(412);
  const replaced = await put("conditional", { tags: ["x"] }, { "If-Match": '"1"' });
  expect([replaced.status, replaced.headers.get("etag")]).toEqual([200, '"2"']);
  expect((await put("conditional", {}, { "If-Match": "*" })).status).toBe(200);
});

test("of ten PUTs at the same time, one issues the pass and the others replace it", async () => {
  const bodies = Array.from({ length: 10 }, (_, i) => ({ values: { points: String(i) }, tags: [`t${i}`] }));
  const answers = await Promise.all(bodies.map((body) => put("at/once", body)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array(9).fill(200), 201]);
  expect(await countRows(passes, { serialNumber: "at/once" })).toBe(1);
  const { values, tags } = await admin.show(answers[0]?.body.id ?? 0);
  expect(tags).toEqual([`t${values.points?.value}`]);
});
