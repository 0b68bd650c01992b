/**
 * What a pass or an event itself says about pass.json: how a change is merged into it, what it takes away with `without`, and where
 * null is refused.
 *
 * Follows RFC 7396 (JSON Merge Patch).
 */
import { beforeAll, expect, test } from "vitest";
import { admin, call, refused } from "../harness.ts";
import { P256_KEY } from "../pkpass/every-key.ts";

const PASS_TYPE = "pass.test.own-layer";
const nfc = { message: "1", encryptionPublicKey: P256_KEY };
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

test("an object in a change may be partial if the pass has the rest of it, and is refused if it would stay partial", async () => {
  const { id } = await admin.issue(templateId);
  const refusal = { status: 422, code: "invalid_pass", pointer: "/pass/nfc/encryptionPublicKey" };
  await refused(["PATCH", `/passes/${id}`, { pass: { logoText: "no", nfc: { message: "1" } } }], refusal);
  expect((await admin.show(id)).pass).toEqual({});
  await admin.change(id, { pass: { nfc } });
  const changed = await admin.change(id, { pass: { nfc: { message: "2", requiresAuthentication: true } } });
  expect(changed.pass.nfc).toEqual({ ...nfc, message: "2", requiresAuthentication: true });
  await refused(["PATCH", `/passes/${id}`, { pass: { nfc: { encryptionPublicKey: null } } }], refusal);
  expect((await admin.change(id, { pass: { nfc: { requiresAuthentication: null } } })).pass.nfc).toEqual({
    ...nfc,
    message: "2",
  });
  expect((await admin.change(id, { pass: { nfc: null } })).pass).toEqual({});
});

test("null is refused when a pass or an event is created, and the refusal says what to do instead", async () => {
  const { id: project } = await admin.makeProject();
  const without = "To remove a key of the layers below, name it in without.";
  for (const [body, pointer, cure] of [
    [{ pass: { voided: null } }, "/pass/voided", without],
    [{ pass: { newKey: null, labelColor: 5 } }, "/pass/newKey", without],
    [{ pass: { userInfo: { deep: { a: null } } } }, "/pass/userInfo/deep/a", without],
    [{ values: { points: null } }, "/values/points", "send hidden: true."],
    [{ values: { points: { label: null } } }, "/values/points/label", "send hidden: true."],
  ] as const) {
    for (const [path, name] of [
      [`/templates/${templateId}/passes`, {}],
      [`/projects/${project}/events`, { name: "x" }],
    ] as const) {
      const refusal = { status: 422, code: "null_not_allowed", pointer };
      const { detail } = await refused(["POST", path, { ...name, ...body }], refusal);
      expect(detail).toContain("null removes something only in a PATCH");
      expect(detail).toContain(cure);
    }
  }
  const kept = { userInfo: { list: [null, { a: null }] } }; // a PATCH replaces arrays whole
  expect((await admin.issue(templateId, { pass: kept })).pass).toEqual(kept);
});

test.each<[what: string, key: string, says: string]>([
  ["of the identity", "serialNumber", "Edgepass sets it"],
  ["of a style", "storeCard", "send hidden: true in values"],
  ["that Wallet requires", "description", "Wallet requires it"],
  ["that has quotation marks", 'a"b', "must be a key of pass.json"],
])("without cannot name a key %s", async (_what, key, says) => {
  const refusal = { status: 400, code: "invalid_body", pointer: "/without/1" };
  const body = { without: ["nfc", key] };
  const { detail } = await refused(["POST", `/templates/${templateId}/passes`, body], refusal);
  expect(detail).toContain(says);
});

test("a key in without that nobody documents is a finding of passes and events, with the nearest name", async () => {
  const body = { without: ["location", "nfc"] };
  const finding = { code: "unknown_key", pointer: "/without/0", cure: "Write locations." };
  const { id } = await admin.makeProject();
  for (const [path, name] of [
    [`/templates/${templateId}/passes`, {}],
    [`/projects/${id}/events`, { name: "x" }],
  ] as const) {
    const made = await call<{ lint: { findings: object[] } }>("POST", path, { ...name, ...body });
    expect(made.body.lint.findings).toEqual([expect.objectContaining(finding)]);
  }
});
