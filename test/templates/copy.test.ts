/**
 * Copies of templates: to the same or another pass type, what they share with the original, and the refusals.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test, vi } from "vitest";
import { objectUses, templates } from "../../src/db/schema.ts";
import type { Template } from "../../src/templates/show.ts";
import { adminCost, NOTHING, spent } from "../cost.ts";
import { failingD1 } from "../failing-d1.ts";
import { type Answer, admin, call, download, icon, refused, storeCard } from "../harness.ts";
import { adminRequest, colour, expectNothingLeft } from "../objects/world.ts";
import { READER_KEY } from "../pkpass/samples/events.ts";
import { countRows, kindsOf, rowsOf, templateRow } from "../rows.ts";
import { askWith } from "../wallet/web-service.ts";

const FROM = "pass.test.copies.from";
const TO = "pass.test.copies.to";

beforeAll(async () => {
  for (const type of [FROM, TO]) await admin.makePassType(type, undefined, "P-256");
});

type Linted = Template & { lint: { findings: { code: string; severity: string; pointer: string }[] } };
const copy = (id: number, body?: object, headers?: Record<string, string>) =>
  call<Linted>("POST", `/templates/${id}/copy`, body, headers);
const usesOf = async (id: number) =>
  (await rowsOf(objectUses, { owner: `template:${id}` })).map(({ key }) => key).toSorted();

test("a copy has all of the original but its passes and its externalId, also for another pass type, without a use of R2", async () => {
  const { id: projectId } = await admin.makeProject();
  const original = await admin.makeTemplate(FROM, {
    externalId: "original",
    projectId,
    images: { ...icon, "strip@2x.png": colour(1) },
    strings: { fr: { POINTS: "POINTS FR" } },
    personalization: {
      description: "Join.",
      requiredPersonalizationFields: ["PKPassPersonalizationFieldName"],
    },
    barcodeText: "message",
    webService: "/api",
  });
  await admin.changeTemplate(original.id, { name: "Changed" });
  const body = { passTypeIdentifier: TO, externalId: "original" }; // it is unique within a pass type
  const { status, answer, after } = await adminCost("POST", `/templates/${original.id}/copy`, body);
  expect([status, after]).toEqual([201, NOTHING]);
  expect(answer).toEqual(spent({ trips: 3, statements: 7, rowsRead: 32, rowsWritten: 26 }));
  const made = (await rowsOf(templates, { passTypeIdentifier: TO }))[0]?.id ?? 0;
  const shown = (await call<Template>("GET", `/templates/${made}`)).body;
  const { createdAt, updatedAt } = shown;
  expect(shown).toEqual({ ...original, ...body, id: made, name: "Changed", createdAt, updatedAt });
  expect(createdAt).toBe(updatedAt);
  expect(await kindsOf({ templateId: made })).toEqual(["made"]);
  expect(await usesOf(made)).toEqual(await usesOf(original.id));
  const { tag, fields, pushAt } = await templateRow(made);
  expect(tag).toBeGreaterThan((await templateRow(original.id)).tag);
  expect([fields, pushAt]).toEqual([(await templateRow(original.id)).fields, 0]);
  const { files, pass } = await download(await admin.issue(made));
  expect(pass).toMatchObject({ passTypeIdentifier: TO, storeCard: storeCard.storeCard });
  expect(Object.keys(files)).toEqual(expect.arrayContaining(["strip.png", "fr.lproj/pass.strings"]));
});

test("a copy and its original change and are deleted apart, and the hourly job deletes no object of the other", async () => {
  const first = await admin.makeTemplate(FROM, { images: { ...icon, "logo.png": colour(2) } });
  const second = (await copy(first.id, { name: "Second", projectId: null })).body;
  const third = (await copy(second.id)).body;
  expect([second.name, second.projectId, third.name, third.passTypeIdentifier]).toEqual([
    "Second",
    null,
    "Second",
    FROM,
  ]);
  const passes = [await admin.issue(second.id), await admin.issue(third.id)];
  await call("DELETE", `/templates/${first.id}`);
  await admin.changeTemplate(second.id, { images: { "logo.png": null } });
  expect(third.images).toEqual((await call<Template>("GET", `/templates/${third.id}`)).body.images);
  await expectNothingLeft();
  const logos = await Promise.all(passes.map(async (pass) => "logo.png" in (await download(pass)).files));
  expect(logos).toEqual([false, true]);
});

test("an original that is deleted at the same time has no copy, or one with all of its objects", async () => {
  const originals = await Promise.all(
    Array.from({ length: 4 }, (_, n) => admin.makeTemplate(FROM, { images: { "icon.png": colour(10 + n) } })),
  );
  const answers = await Promise.all(
    originals.map(async ({ id }, n) => {
      const remove = () => call("DELETE", `/templates/${id}`);
      const [copied] = n % 2 === 0 ? [copy(id), remove()] : [remove(), copy(id)].reverse();
      return (await copied) as Answer<Linted>;
    }),
  );
  await expectNothingLeft();
  for (const { status, body } of answers) {
    expect([201, 404]).toContain(status);
    if (status === 201) await download(await admin.issue(body.id));
  }
});

test("a copy whose answer from D1 was lost is not made twice", async () => {
  vi.spyOn(console, "warn").mockImplementation(() => {});
  const { id } = await admin.makeTemplate(FROM);
  for (const when of ["before", "after"] as const) {
    const { DB } = failingD1(env.DB, { of: "writes", when });
    const name = `Lost ${when}`;
    const answer = await askWith({ DB }, adminRequest("POST", `/templates/${id}/copy`, { name }));
    expect([answer.status, await answer.json()]).toMatchObject([201, { name, passTypeIdentifier: FROM }]);
    expect(await countRows(templates, { name })).toBe(1);
  }
});

test("the report warns if the pass type of the copy has no certificate, and of nfc, which the certificate must allow", async () => {
  const without = "pass.test.copies.without";
  await call("POST", "/pass-types", { passTypeIdentifier: without, keyAlgorithm: "P-256" });
  const pass = { ...storeCard, nfc: { message: "1", encryptionPublicKey: READER_KEY } };
  const { id } = await admin.makeTemplate(FROM, { pass });
  const codes = async (body: object) => {
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const made = await copy(id, body, key);
    expect((await copy(id, body, key)).body, "the repeat").toEqual(made.body);
    return made.body.lint.findings.map(({ severity, code }) => `${severity} ${code}`);
  };
  const missing = "warning certificate_missing";
  expect(await codes({ passTypeIdentifier: without })).toEqual(
    expect.arrayContaining(["warning nfc_needs_entitlement", missing]),
  );
  expect(await codes({ passTypeIdentifier: TO })).not.toContain(missing);
});

test("a copy is refused as creating a template is, and leaves nothing", async () => {
  const { id } = await admin.makeTemplate(FROM, { externalId: "taken" });
  const path = `/templates/${id}/copy`;
  const cases = [
    [{ passTypeIdentifier: "pass.test.unknown" }, 404, "pass_type_not_found", "/passTypeIdentifier"],
    [{ projectId: 999_999 }, 404, "project_not_found", "/projectId"],
    [{ externalId: "taken" }, 409, "external_id_taken", "/externalId"],
    [{ pass: storeCard }, 400, "invalid_body", "/pass"],
    [{ name: "" }, 400, "invalid_body", "/name"],
  ] as const;
  for (const [body, status, code, pointer] of cases)
    await refused(["POST", path, body], { status, code, pointer });
  await call("DELETE", `/templates/${id}`);
  await refused(["POST", path, {}], { status: 404, code: "template_not_found" });
});
