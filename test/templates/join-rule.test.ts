/**
 * A template's `join`: it is validated, merged by key, and not shown on phones. Its slug is unique.
 */
import { beforeAll, expect, test } from "vitest";
import { admin, call, icon, ORIGIN, refused, storeCard } from "../harness.ts";
import { changesOf, templateRow } from "../rows.ts";

const PASS_TYPE = "pass.test.join-rule";
const name = { key: "points", label: "Your name", type: "text", required: true };
const INVALID = { status: 400, code: "invalid_body" };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

test("a join page is stored, merged by key and removed, without a push", async () => {
  const template = await admin.makeTemplate(PASS_TYPE);
  const { id } = template;
  expect([template.join, template.joinUrl]).toEqual([null, null]);
  const change = async (join: unknown) => (await admin.changeTemplate(id, { join })).join;
  const rule = { slug: "merged", fields: [name] };
  expect(await change(rule)).toEqual(rule);
  expect(await change({ cap: 5, title: "Hello" })).toEqual({ ...rule, cap: 5, title: "Hello" });
  expect(await change({ cap: null, fields: [] })).toEqual({ slug: "merged", title: "Hello", fields: [] });
  const shown = await call("GET", `/templates/${id}`);
  expect(shown.body).toMatchObject({ join: { slug: "merged" }, joinUrl: `${ORIGIN}/join/merged` });
  expect(await change(null)).toBeNull();
  expect(await templateRow(id)).toMatchObject({ revision: 5 });
  expect((await changesOf({ templateId: id })).map(({ kind }) => kind)).toEqual(["made"]);
});

test("a join page that is invalid, or whose field cannot show the answer, is refused with a pointer", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { join: { slug: "valid", fields: [name] } });
  const body = { name: "Card", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
  const refuseBoth = async (join: Record<string, unknown>, expected: Parameters<typeof refused>[1]) => {
    await refused(["POST", "/templates", { ...body, join: { slug: "new", fields: [], ...join } }], expected);
    await refused(["PATCH", `/templates/${id}`, { join }], expected);
  };
  const field = (more: Record<string, unknown>) => ({ fields: [{ ...name, ...more }] });
  const at = (member: string) => ({ ...INVALID, pointer: `/join/fields/0/${member}` });
  await refuseBoth({ slug: "Coffee Club" }, { ...INVALID, pointer: "/join/slug" });
  await refuseBoth({ slug: "-a" }, { ...INVALID, pointer: "/join/slug" });
  await refuseBoth({ cap: 0 }, { ...INVALID, pointer: "/join/cap" });
  await refuseBoth({ closesAt: "tomorrow" }, { ...INVALID, pointer: "/join/closesAt" });
  await refuseBoth({ color: "red" }, { ...INVALID, pointer: "/join/color" });
  await refuseBoth(field({ type: "file" }), at("type"));
  await refuseBoth(field({ pattern: "a)(b" }), at("pattern"));
  await refuseBoth(field({ type: "select" }), at("options"));
  await refuseBoth(field({ type: "date", key: "until", maxLength: 5 }), at("maxLength"));
  await refuseBoth({ fields: [name, name] }, { ...INVALID, pointer: "/join/fields/1/key" });
  const unfit = (code: string) => ({ status: 422, code, pointer: "/join/fields/0/key" });
  await refuseBoth(field({ key: "email" }), unfit("unknown_field"));
  await refuseBoth(field({ key: "balance" }), unfit("value_does_not_fit"));
  await refuseBoth(field({ key: "until" }), unfit("value_does_not_fit"));
});

test("a change of pass.json that removes a field that the join page asks for is refused", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { join: { slug: "removes", fields: [name] } });
  await refused(["PATCH", `/templates/${id}`, { values: { points: null } }], {
    status: 422,
    code: "unknown_field",
    pointer: "/join/fields/0/key",
  });
});

test("a slug belongs to one template until that is deleted, and a copy has no join page", async () => {
  const join = { slug: "unique", fields: [] };
  const { id } = await admin.makeTemplate(PASS_TYPE, { join });
  const other = await admin.makeTemplate(PASS_TYPE);
  const taken = { status: 409, code: "slug_taken", pointer: "/join/slug" };
  const body = { name: "Card", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
  await refused(["POST", "/templates", { ...body, join }], taken);
  await refused(["PATCH", `/templates/${other.id}`, { join }], taken);
  await refused(["PATCH", `/templates/${other.id}?dryRun=true`, { join }], taken);
  expect((await call("PATCH", `/templates/${id}?dryRun=true`, { join })).status).toBe(200);
  const copy = await call("POST", `/templates/${id}/copy`, {});
  expect(copy.status).toBe(201);
  expect(copy.body.join).toBeNull();
  expect((await call("DELETE", `/templates/${id}`)).status).toBe(204);
  expect((await admin.changeTemplate(other.id, { join })).join).toEqual(join);
});
