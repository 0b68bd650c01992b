/**
 * A template's `scan`: it is validated, merged by key, and not shown on phones.
 */
import { beforeAll, expect, test } from "vitest";
import { admin, call, icon, refused, storeCard } from "../harness.ts";
import { changesOf, templateRow } from "../rows.ts";

const PASS_TYPE = "pass.test.scan-rule";
const rule = { action: "add", field: "balance", by: 1, max: 10 };
const INVALID = { status: 400, code: "invalid_body" };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

test("a rule is stored, merged by key and removed, without a push", async () => {
  const template = await admin.makeTemplate(PASS_TYPE);
  const { id } = template;
  expect(template.scan).toBeNull();
  const change = async (scan: unknown) => (await admin.changeTemplate(id, { scan })).scan;
  expect(await change(rule)).toEqual(rule);
  const reward = { resetTo: 0 };
  expect(await change({ max: 5, reward })).toEqual({ ...rule, max: 5, reward });
  const labelled = { resetTo: 0, label: "A free coffee" };
  expect(await change({ reward: { label: "A free coffee" } })).toEqual({ ...rule, max: 5, reward: labelled });
  expect(await change({ reward: { label: null } })).toEqual({ ...rule, max: 5, reward });
  expect(await change({ max: null, min: -3, atMostEverySeconds: 60 })).toEqual({
    ...{ action: "add", field: "balance", by: 1, min: -3, atMostEverySeconds: 60, reward },
  });
  expect(await change(null)).toBeNull();
  expect(await change({ action: "show" })).toEqual({ action: "show" });
  expect((await admin.changeTemplate(id, { name: "Other" })).scan).toEqual({ action: "show" });
  expect(await templateRow(id)).toMatchObject({ revision: 9 });
  expect((await changesOf({ templateId: id })).map(({ kind }) => kind)).toEqual(["made"]);
});

test("changes of two members of a rule at the same time both count", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { scan: rule });
  await Promise.all([
    admin.changeTemplate(id, { scan: { max: 20 } }),
    admin.changeTemplate(id, { scan: { by: 2 } }),
  ]);
  expect((await call("GET", `/templates/${id}`)).body.scan).toEqual({ ...rule, max: 20, by: 2 });
});

test("a rule that is no rule, or whose field takes no number, is refused with a pointer", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { scan: rule });
  const body = { name: "Card", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
  const refuseBoth = async (scan: Record<string, unknown>, expected: Parameters<typeof refused>[1]) => {
    await refused(["POST", "/templates", { ...body, scan: { ...rule, ...scan } }], expected);
    await refused(["PATCH", `/templates/${id}`, { scan }], expected);
  };
  await refuseBoth({ action: "eat" }, { ...INVALID, pointer: "/scan/action" });
  await refuseBoth({ by: 1e-9 }, { ...INVALID, pointer: "/scan/by" });
  await refuseBoth({ by: 0 }, { ...INVALID, pointer: "/scan/by" });
  await refuseBoth({ max: "10" }, { ...INVALID, pointer: "/scan/max" });
  await refuseBoth({ reward: { resetTo: 1e20 } }, { ...INVALID, pointer: "/scan/reward/resetTo" });
  await refuseBoth(
    { reward: { resetTo: 0, label: "\u0007" } },
    { ...INVALID, pointer: "/scan/reward/label" },
  );
  await refuseBoth({ atMostEverySeconds: 1.5 }, { ...INVALID, pointer: "/scan/atMostEverySeconds" });
  await refuseBoth({ min: 11 }, { ...INVALID, pointer: "/scan/min" });
  for (const resetTo of [100, 10, -100])
    await refuseBoth(
      { min: 0, max: 10, reward: { resetTo } },
      { ...INVALID, pointer: "/scan/reward/resetTo" },
    );
  await refuseBoth({ action: "redeem" }, { ...INVALID, pointer: "/scan/field" });
  await refuseBoth({ field: "stamps" }, { status: 422, code: "unknown_field", pointer: "/scan/field" });
  await refuseBoth({ field: "until" }, { status: 422, code: "value_does_not_fit", pointer: "/scan/field" });
  await refused(["PATCH", `/templates/${id}`, { scan: { max: null, reward: { resetTo: 0 } } }], {
    ...INVALID,
    pointer: "/scan/reward",
  });
});

test("a rule that adds to a text is refused. An empty value is accepted, because each pass may have its own number", async () => {
  const withValue = (value: unknown) => ({
    ...storeCard,
    storeCard: { primaryFields: [{ key: "balance", label: "Balance", value }] },
  });
  const create = (value: unknown): Parameters<typeof call> => [
    "POST",
    "/templates",
    { name: "Card", passTypeIdentifier: PASS_TYPE, pass: withValue(value), images: icon, scan: rule },
  ];
  const refusal = { status: 422, code: "value_not_a_number", pointer: "/scan/field" };
  for (const value of ["Ada", "3", "–", 1e15]) {
    const { detail } = await refused(create(value), refusal);
    expect(detail).toContain("such as 0");
  }
  const created = await call<{ id: number }>(...create(""));
  expect(created.status).toBe(201);
  const path = `/templates/${created.body.id}`;
  await refused(["PATCH", path, { values: { balance: "none" } }], refusal);
  expect((await call("PATCH", path, { values: { balance: 7 } })).status).toBe(200);
  await refused(["PATCH", path, { pass: withValue("Ada") }], refusal);
  expect((await call("PATCH", path, { pass: withValue("Ada"), scan: null })).status).toBe(200);
  await refused(["PATCH", path, { scan: rule }], refusal);
});

test("a change of pass.json that removes the field of the rule is refused, unless the rule changes with it", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { scan: rule });
  const pass = {
    ...storeCard,
    storeCard: { headerFields: null, primaryFields: [{ key: "stamps", value: 0 }] },
  };
  const missing = { status: 422, code: "unknown_field", pointer: "/scan/field" };
  await refused(["PATCH", `/templates/${id}`, { pass }], missing);
  const changed = await admin.changeTemplate(id, { pass, scan: { field: "stamps" } });
  expect(changed.scan).toEqual({ ...rule, field: "stamps" });
  expect((await admin.changeTemplate(id, { pass: { ...pass, logoText: "New" } })).pass.logoText).toBe("New");
});
