/**
 * Values of passes and events without a field, because a change of the template removed the field.
 */
import { beforeAll, expect, test } from "vitest";
import type { LintReport } from "../../src/templates/lint.ts";
import { adminCost } from "../cost.ts";
import { admin, call, storeCard } from "../harness.ts";
import { copyPass } from "../rows.ts";

const PASS_TYPE = "pass.test.left-values";
const field = (key: string) => ({ key, value: "" });
const card = (...keys: string[]) => ({ ...storeCard, storeCard: { secondaryFields: keys.map(field) } });

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

test("a field that is removed from a template is reported with the number of values for it", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, { pass: card("member", "gate", "seat", "tier") });
  const event = await admin.makeEvent({ values: { gate: "B", seat: "1" } });
  const pass = await admin.issue(id, { values: { member: "Ada", seat: "2" }, eventId: event.id });
  const gone = await admin.issue(id, { values: { member: "gone" } });
  expect((await call("DELETE", `/passes/${gone.id}`)).status).toBe(204);
  await copyPass(pass.id, 2, "left-values-");
  const change = async (...keys: string[]) => {
    const answer = await call<{ lint: LintReport }>("PATCH", `/templates/${id}`, { pass: card(...keys) });
    return answer.body.lint.findings.filter(({ code }) => code === "values_without_field");
  };
  const message = (key: string, passes: number, events: number) =>
    `The template no longer has the field "${key}", but passes (${passes}) and events (${events}) have a value for it. Phones do not show it.`;
  // No pass has a value for tier.
  const found = await change("seat");
  expect(found).toMatchObject([
    { severity: "warning", pointer: "/pass", message: message("member", 3, 0) },
    { severity: "warning", pointer: "/pass", message: message("gate", 0, 1) },
  ]);
  expect(found[0]?.cure).toContain('{"values": {"member": null}}');
  expect(await change("seat")).toEqual([]);
  // At most 1,000 passes are read.
  await copyPass(pass.id, 1000, "more-left-values-");
  expect(await change("member")).toMatchObject([
    {
      message: expect.stringContaining(
        "passes (1000) and events (1) have a value for it, among its 1000 newest passes.",
      ),
    },
  ]);
  const { answer } = await adminCost("PATCH", `/templates/${id}`, { pass: card("other") });
  expect(answer.trips).toBe(4);
  // Each of the 1,000 passes is read, with its two values, and counted.
  expect(answer.rowsRead).toBeLessThan(8000);
});
