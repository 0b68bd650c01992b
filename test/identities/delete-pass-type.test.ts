/**
 * A pass type whose identifier Apple's portal would not give is refused. One that was never used can be deleted, with its key,
 * its signing request and its certificate. One that has templates or passes is kept.
 */
import { expect, test } from "vitest";
import type { PassType } from "../../src/identities/pass-types.ts";
import { admin, call, icon, refused, storeCard, stored } from "../harness.ts";

const inUse = { status: 409, code: "pass_type_in_use" };

test.each(["com.cafe", "Pass.com.cafe", "web.com.example.passes"])(
  "%s is refused: it does not begin with pass.",
  async (passTypeIdentifier) => {
    const { detail } = await refused(["POST", "/pass-types", { passTypeIdentifier }], {
      ...{ status: 422, code: "pass_type_prefix_missing", pointer: "/passTypeIdentifier" },
    });
    expect(detail).toContain("such as pass.com.example.card");
  },
);

test("a pass type that was never used is deleted with its keys and its certificate, and can be created again", async () => {
  const before = await stored();
  const { passTypeIdentifier } = await admin.makePassType("pass.test.unused");
  expect((await call("POST", `/pass-types/${passTypeIdentifier}/csr`)).status).toBe(201);
  await admin.deletePassType(passTypeIdentifier);
  expect(await stored()).toEqual(before);
  await refused(["DELETE", `/pass-types/${passTypeIdentifier}`], {
    status: 404,
    code: "pass_type_not_found",
  });
  const created = await call<PassType>("POST", "/pass-types", { passTypeIdentifier });
  expect(created).toMatchObject({ status: 201, body: { certificates: [] } });
});

test("a pass type with a template is kept until the template is deleted", async () => {
  const { passTypeIdentifier } = await admin.makePassType("pass.test.template");
  const { id } = await admin.makeTemplate(passTypeIdentifier);
  const { detail } = await refused(["DELETE", `/pass-types/${passTypeIdentifier}`], inUse);
  expect(detail).toContain("Delete its templates first");
  await admin.deleteTemplate(id);
  await admin.deletePassType(passTypeIdentifier);
});

test("a pass type of which a pass was issued is kept, even after the pass was deleted", async () => {
  const { passTypeIdentifier } = await admin.makePassType("pass.test.issued");
  const { id } = await admin.makeTemplate(passTypeIdentifier);
  await admin.delete((await admin.issue(id)).id);
  await admin.deleteTemplate(id);
  const { detail } = await refused(["DELETE", `/pass-types/${passTypeIdentifier}`], inUse);
  expect(detail).toContain("Passes were issued with it");
});

test("a template that is created while its pass type is deleted keeps it, or is refused", async () => {
  for (let round = 0; round < 5; round++) {
    const { passTypeIdentifier } = await admin.makePassType(`pass.test.at-once.${round}`);
    const body = { name: "Card", passTypeIdentifier, pass: storeCard, images: icon };
    const create = () => call("POST", "/templates", body);
    const [one, deleted, two] = await Promise.all([
      create(),
      // Without a request before it, it would always be the first.
      call("GET", "/pass-types").then(() => call("DELETE", `/pass-types/${passTypeIdentifier}`)),
      create(),
    ]);
    const made = [one.status, two.status];
    if (deleted.status === 204) expect(made).toEqual([404, 404]);
    else expect([deleted.status, made.includes(201)]).toEqual([409, true]);
  }
});
