/**
 * The key `__proto__`, which JavaScript may drop when it copies an object, is refused in bodies and reported in files.
 * Other names of JavaScript's own are ordinary keys (also admin/bad-contents.test.ts).
 */
import { beforeAll, describe, expect, test } from "vitest";
import { wholePass } from "./admin/import/file.ts";
import { admin, refused, storeCard } from "./harness.ts";
import { bytesOf } from "./pkpass/archives.ts";
import { ask, FORM, importFile, issueText, passJson, readId } from "./texts.ts";

const PASS_TYPE = "pass.test.proto-keys";
let templateId: number;
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  const pass = { ...storeCard, storeCard: { primaryFields: [{ key: "no" }] } };
  templateId = (await admin.makeTemplate(PASS_TYPE, { pass })).id;
});

describe("the key __proto__", () => {
  test.each([
    ["{}", '{"__proto__":{"a":1}}', "/__proto__"],
    ["values", '{"values":{"__proto__":"x"}}', "/values/__proto__"],
    ["a value", '{"values":{"no":{"__proto__":1,"value":"x"}}}', "/values/no/__proto__"],
    ["pass", '{"pass":{"__proto__":{"description":"x"}}}', "/pass/__proto__"],
    ["userInfo", '{"pass":{"userInfo":{"a":[{"__proto__":1}]}}}', "/pass/userInfo/a/0/__proto__"],
    ["images", '{"images":{"__proto__":"x"}}', "/images/__proto__"],
    ["tags", '{"tags":[{"__proto__":"x"}]}', "/tags/0/__proto__"],
  ])("in %s is refused with its place", async (_where, body, pointer) => {
    const id = readId(await issueText(templateId, "{}"));
    const expected = { status: 422, code: "key_not_allowed", pointer };
    await refused(["POST", `/templates/${templateId}/passes`, body], expected);
    await refused(["PATCH", `/passes/${id}`, body], expected);
  });

  test("in the strings of a template is refused, and so is a field with this key", async () => {
    const expected = { status: 422, code: "key_not_allowed", pointer: "/strings/fr/__proto__" };
    await refused(["PATCH", `/templates/${templateId}`, '{"strings":{"fr":{"__proto__":"x"}}}'], expected);
    const pass = { ...storeCard, storeCard: { backFields: [{ key: "__proto__", value: "x" }] } };
    await refused(["PATCH", `/templates/${templateId}`, { pass }], {
      status: 422,
      code: "invalid_pass",
      pointer: "/pass/storeCard/backFields/0/key",
    });
  });

  test("in a file is left out and reported", async () => {
    const whole = JSON.stringify({ ...wholePass(PASS_TYPE), userInfo: { a: [{ b: 1 }] }, c: 2 })
      .replace('"b"', '"b":0,"__proto__"')
      .replace('"c"', '"__proto__"');
    const imported = await importFile(whole, 201, {
      "fr.lproj/pass.strings": bytesOf('"__proto__" = "x";\n"POINTS" = "PUNKTE";'),
    });
    expect(imported).toContain('"userInfo":{"a":[{"b":0}]}');
    expect(imported).toContain('"strings":{"fr":{"POINTS":"PUNKTE"}}');
    for (const finding of [
      '"unknown_key","pointer":"/pass/__proto__"',
      '"pointers":["/pass/__proto__","/pass/userInfo/a/0/__proto__"]',
      '"suspicious_strings","pointer":"/files/fr.lproj~1pass.strings","message":"fr.lproj/pass.strings: the key __proto__',
    ])
      expect(imported).toContain(finding);
  });

  test("in Passdock's API is 420 as a field, and 422 inside one", async () => {
    const path = `/api/v1/templates/${templateId}/passes`;
    await ask("POST", path, '{"pass":{"serial_number":"p","__proto__":"1"}}', {}, 420);
    await ask("POST", path, '{"pass":{"serial_number":"p","no":{"value":"1","__proto__":"1"}}}', {}, 422);
    await ask("POST", path, "pass[serial_number]=p&pass[no][value]=1&pass[no][__proto__]=1", FORM, 422);
  });
});

test("constructor and prototype are ordinary keys", async () => {
  const userInfo = '"userInfo":{"constructor":{"prototype":[1]},"prototype":2}';
  const pass = { ...storeCard, storeCard: { backFields: [{ key: "constructor" }, { key: "prototype" }] } };
  const { id } = await admin.makeTemplate(PASS_TYPE, { pass });
  const issued = readId(
    await issueText(id, `{"values":{"constructor":"a","prototype":{"value":"b"}},"pass":{${userInfo}}}`),
  );
  const json = await passJson(issued);
  expect(json).toContain(userInfo);
  expect(json).toContain('[{"key":"constructor","value":"a"},{"key":"prototype","value":"b"}]');
});
