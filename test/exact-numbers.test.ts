/**
 * No number becomes another number on its way from a request or a file to the phone and to the API's answers. One beyond
 * every double is refused with its place.
 *
 * How numbers are read is tested in json.test.ts.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { PKPASS, wholePass } from "./admin/import/file.ts";
import { admin, get, icon, ORIGIN, refused, send, storeCard } from "./harness.ts";
import { ask, FORM, importFile, issueText, passJson, pkpass, readId } from "./texts.ts";

const PASS_TYPE = "pass.test.exact-numbers";

/** As sent, and as written in pass.json and in answers. */
const NUMBERS: [given: string, written: string][] = [
  ["12345678901234567890", "12345678901234567890"],
  ["-9007199254740993", "-9007199254740993"],
  ["9007199254740992", "9007199254740992"],
  ["0.30000000000000004", "0.30000000000000004"],
  ["9.87654321098765432109", "9.87654321098765432109"],
  ["1e-400", "1e-400"],
  ["12345678901234567890e-2", "12345678901234567890e-2"],
  ["1.0", "1"],
  ["1.10", "1.1"],
  ["1E5", "100000"],
  ["-0", "0"],
];
const LONG = "12345678901234567890";
const HUGE = "1e400";

const indexes = NUMBERS.map((_, index) => index);
const listOf = (which: 0 | 1) => `[${NUMBERS.map((pair) => pair[which]).join(",")}]`;
/** Keys of pass.json: one that Apple documents and one that nobody does. */
const keysOf = (which: 0 | 1) => `"userInfo":{"n":[${listOf(which)}]},"futureKey":{"n":${listOf(which)}}`;
/** Values: of a field without a style, and of an amount of money. */
const valuesOf = (which: 0 | 1) =>
  NUMBERS.map((pair, index) => `"n${index}":${pair[which]},"m${index}":{"value":${pair[which]}}`).join(",");

let templateId: number;
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  const secondaryFields = indexes.map((index) => ({ key: `n${index}` }));
  const backFields = indexes.map((index) => ({ key: `m${index}`, currencyCode: "EUR" }));
  const pass = { ...storeCard, storeCard: { ...storeCard.storeCard, secondaryFields, backFields } };
  templateId = (await admin.makeTemplate(PASS_TYPE, { pass })).id;
});

const issue = (body: string, template = templateId) => issueText(template, body);
const show = (id: number) => ask("GET", `/admin/v1/passes/${id}`);

function expectKeys(text: string): void {
  expect(text).toContain(`"userInfo":{"n":[${listOf(1)}]}`);
  expect(text).toContain(`"futureKey":{"n":${listOf(1)}}`);
}

/** The values in an answer of the admin API. */
function expectValues(text: string): void {
  for (const [index, [, written]] of NUMBERS.entries()) {
    expect(text).toContain(`"n${index}":{"value":${written}}`);
    expect(text).toContain(`"m${index}":{"value":${written}}`);
  }
}

/** The values in pass.json. */
function expectFields(json: string): void {
  for (const [index, [, written]] of NUMBERS.entries()) {
    expect(json).toContain(`{"key":"n${index}","value":${written}}`);
    expect(json).toContain(`{"key":"m${index}","currencyCode":"EUR","value":${written}}`);
  }
}

describe("every number is written as it came, or as the double that equals it,", () => {
  test("in a template, from its creation and from a change", async () => {
    const semantics = `{"duration":1.10,"flightNumber":${LONG}}`;
    const stores = `"associatedStoreIdentifiers":${listOf(0)},"associatedPlayStoreIdentifiers":${listOf(0)}`;
    const pass = (label: string) =>
      `{"description":"D","organizationName":"O",${keysOf(0)},"semantics":${semantics},${stores},
        "generic":{"primaryFields":[{"key":"a","label":"${label}","value":${LONG}}]}}`;
    const parts = `"name":"T","passTypeIdentifier":"${PASS_TYPE}","images":${JSON.stringify(icon)}`;
    const created = await ask("POST", "/admin/v1/templates", `{${parts},"pass":${pass("A")}}`, {}, 201);
    const id = readId(created);
    const changed = await ask("PATCH", `/admin/v1/templates/${id}`, `{"pass":${pass("B")}}`);
    const shown = await ask("GET", `/admin/v1/templates/${id}`);
    for (const text of [created, changed, shown, await passJson(readId(await issue("{}", id)))]) {
      expectKeys(text);
      expect(text).toContain(`"semantics":{"duration":1.1,"flightNumber":${LONG}}`);
      expect(text).toContain(`"associatedStoreIdentifiers":${listOf(1)}`);
      expect(text).toContain(`"associatedPlayStoreIdentifiers":${listOf(1)}`);
      expect(text).toContain(`"value":${LONG}}`);
    }
  });

  test("in a pass, from its issue, from a change of another value, and from its own change", async () => {
    const issued = await issue(`{"values":{${valuesOf(0)}},"pass":{${keysOf(0)}}}`);
    const id = readId(issued);
    const other = await ask("PATCH", `/admin/v1/passes/${id}`, '{"values":{"points":"7"}}');
    const list = await ask("GET", `/admin/v1/passes?templateId=${templateId}`);
    for (const text of [issued, other, await show(id), list]) {
      expectKeys(text);
      expectValues(text);
    }
    const json = await passJson(id);
    expectKeys(json);
    expectFields(json);
    await ask("PATCH", `/admin/v1/passes/${id}`, '{"values":{"n0":1,"m0":1},"pass":{}}');
    const body = `{"values":{${valuesOf(0)}},"pass":{${keysOf(0)}}}`;
    expectValues(await ask("PATCH", `/admin/v1/passes/${id}`, body));
    expectFields(await passJson(id));
    expectKeys(await passJson(id));
  });

  test("in an event", async () => {
    const { projectId, id } = await admin.makeEvent();
    const path = `/admin/v1/projects/${projectId}/events/${id}`;
    const changed = await ask("PATCH", path, `{"values":{${valuesOf(0)}},"pass":{${keysOf(0)}}}`);
    for (const text of [changed, await ask("GET", path)]) {
      expectValues(text);
      expectKeys(text);
    }
    const json = await passJson(readId(await issue(`{"eventId":${id}}`)));
    expectFields(json);
    expectKeys(json);
  });

  test("in an imported file", async () => {
    const whole = JSON.stringify(wholePass(PASS_TYPE)).slice(0, -1);
    const imported = await importFile(`${whole},${keysOf(0)}}`, 201);
    expectKeys(imported);
    expectKeys(await passJson(readId(await issue("{}", readId(imported)))));
  });

  test("in Passdock's API, as JSON and as a form", async () => {
    const path = `/api/v1/templates/${templateId}/passes`;
    const texts = NUMBERS.map(([given], index) => `"n${index}":${given},"m${index}":"${given}"`).join(",");
    const location = `"relevance":{"locations":[{"latitude":"1.5","longitude":2,"altitude":"${LONG}"}]}`;
    const hash = (serial: string, fields: string) => `{"serial_number":"${serial}",${fields},${location}}`;
    const created = [
      await ask("POST", path, `{"pass":${hash("json", texts)}}`, {}, 201),
      await ask("POST", path, `{"pass":${JSON.stringify(hash("text", valuesOf(0)))}}`, {}, 201),
      await ask("POST", path, `pass=${encodeURIComponent(hash("form", texts))}`, FORM, 201),
      await ask("POST", path, `{"pass":{"serial_number":"late"}}`, {}, 201),
    ];
    await ask("PUT", `${path}/${readId(created[3] ?? "")}`, `{"pass":{${texts},${location}}}`);
    for (const id of created.map(readId)) {
      const text = await ask("GET", `${path}/${id}`);
      for (const [index, [, written]] of NUMBERS.entries()) {
        expect(text).toContain(`{"key":"n${index}","value":${written},`);
        expect(text).toContain(`{"key":"m${index}","currencyCode":"EUR","value":${written},`);
      }
      expect(text).toContain(`"altitude":${LONG}}`);
      const json = await passJson(id);
      expectFields(json);
      expect(json).toContain(`"altitude":${LONG}}`);
    }
  });

  test("in a form of Passdock's API with nested keys, also with signs and zeros that JSON does not have", async () => {
    const path = `/api/v1/templates/${templateId}/passes`;
    const sent = [`+${LONG}`, `00${LONG}.`, ` -${LONG} `, ".5", "+0012.50", "1e5"];
    const written = [LONG, LONG, `-${LONG}`, "0.5", "12.5", "100000"];
    const fields = sent.map((text, index) => `&pass[m${index}][value]=${encodeURIComponent(text)}`).join("");
    const created = await ask("POST", path, `pass[serial_number]=nested${fields}`, FORM, 201);
    const json = await passJson(readId(created));
    for (const [index, text] of written.entries())
      expect(json).toContain(`{"key":"m${index}","currencyCode":"EUR","value":${text}}`);
  });
});

test("a value that is sent again, in whatever form, is no change, and one of other digits is", async () => {
  const id = readId(await issue(`{"values":{"n0":${LONG}},"pass":{"userInfo":{"n":1.10}}}`));
  const before = /"updatedAt":"[^"]*"/.exec(await show(id))?.[0];
  const etag = async () => {
    const { downloadUrl } = await admin.show(id);
    return (await send(new Request(downloadUrl))).headers.get("etag");
  };
  const first = await etag();
  await ask("PATCH", `/admin/v1/passes/${id}`, `{"values":{"n0":${LONG}},"pass":{"userInfo":{"n":1.1}}}`);
  expect([await etag(), /"updatedAt":"[^"]*"/.exec(await show(id))?.[0]]).toEqual([first, before]);
  await ask("PATCH", `/admin/v1/passes/${id}`, `{"values":{"n0":12345678901234567891}}`);
  expect(await etag()).not.toBe(first);
});

test("the page of a pass shows all digits", async () => {
  const id = readId(await issue(`{"values":{"n0":${LONG},"m0":12345678901234567.25}}`));
  const { landingUrl } = await admin.show(id);
  const page = await (await get(landingUrl.slice(ORIGIN.length), { "Accept-Language": "en" })).text();
  expect(page).toContain(LONG);
  expect(page).toContain("12,345,678,901,234,567.25");
});

test("the answer says that phones may show other digits, with the place", async () => {
  const warned = await issue(`{"values":{"n0":${LONG}},"pass":{"userInfo":{"ids":[${LONG}]}}}`);
  const { lint } = JSON.parse(warned) as { lint: { findings: { code: string; pointer: string }[] } };
  expect(lint.findings.map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
    "number_not_exact /pass/userInfo/ids/0",
    "number_not_exact /values/n0",
  ]);
  const file = JSON.stringify({ ...wholePass(PASS_TYPE), userInfo: "N" }).replace('"N"', LONG);
  expect(await ask("POST", "/admin/v1/lint", `{"pass":${file}}`)).toContain("number_not_exact");
});

test.each([
  [`{"values":${LONG}}`, "/values"],
  [`{"pass":${LONG}}`, "/pass"],
  [`{"pass":{"semantics":${LONG}}}`, "/pass/semantics"],
  [`{"pass":{"semantics":{"airplay":${LONG}}}}`, "/pass/semantics/airplay"],
  [`{"pass":{"logoText":${LONG}}}`, "/pass/logoText"],
  [`{"barcodeMessage":${LONG}}`, "/barcodeMessage"],
  [`{"tags":[${LONG}]}`, "/tags/0"],
  [`{"eventId":${LONG}}`, "/eventId"],
  [
    `{"pass":{"locations":[{"latitude":90.50000000000000000001,"longitude":1}]}}`,
    "/pass/locations/0/latitude",
  ],
])(
  "%s is refused: a long number is no object, text or id, and has the bounds of others",
  async (body, pointer) => {
    const isInPass = pointer.startsWith("/pass/");
    await refused(["POST", `/templates/${templateId}/passes`, body], {
      status: isInPass ? 422 : 400,
      code: isInPass ? "invalid_pass" : "invalid_body",
      pointer,
    });
  },
);

test("a number that is nearly an integer is not taken for one", async () => {
  const path = `/templates/${templateId}/passes`;
  const inBody = { status: 400, code: "invalid_body", pointer: "/eventId" };
  const { detail } = await refused(["POST", path, '{"eventId":1.00000000000000000001}'], inBody);
  expect(detail).toMatch(/must be an integer/);
  const beacon = '{"proximityUUID":"e2c56db5-dffb-48d2-b060-d0f5a71096e0","major":1.00000000000000000001}';
  const inPass = { status: 422, code: "invalid_pass", pointer: "/pass/beacons/0/major" };
  await refused(["POST", path, `{"pass":{"beacons":[${beacon}]}}`], inPass);
});

test("a client's own rawJSON is an ordinary object", async () => {
  const answer = await issue('{"pass":{"userInfo":{"rawJSON":"1"}}}');
  expect(answer).toContain('"userInfo":{"rawJSON":"1"}');
  expect(await passJson(readId(answer))).toContain('"userInfo":{"rawJSON":"1"}');
  await refused(["POST", `/templates/${templateId}/passes`, '{"values":{"n0":{"rawJSON":"1"}}}'], {
    status: 400,
    code: "invalid_body",
    pointer: "/values/n0/rawJSON",
  });
});

describe("a number beyond every double", () => {
  test.each([
    ["POST", `{"values":{"n0":${HUGE}}}`, "/values/n0"],
    ["POST", `{"pass":{"userInfo":{"a/b":[1,-${HUGE}]}}}`, "/pass/userInfo/a~1b/1"],
    ["POST", `{"values":{"n0":0.${"1".repeat(5000)}}}`, "/values/n0"],
    ["PATCH", `{"values":{"n0":{"value":1${"0".repeat(400)}}}}`, "/values/n0/value"],
  ])("%s %s is refused with its place", async (method, body, pointer) => {
    const id = readId(await issue("{}"));
    const path = method === "POST" ? `/templates/${templateId}/passes` : `/passes/${id}`;
    const { detail } = await refused([method, path, body], {
      status: 422,
      code: "number_not_exact",
      pointer,
    });
    expect(detail).toMatch(/Send it as a string/);
  });

  test("in a file is an error of the import and of the linter", async () => {
    const whole = JSON.stringify({ ...wholePass(PASS_TYPE), userInfo: { n: "N" } }).replace('"N"', HUGE);
    const report = await ask("POST", "/admin/v1/lint", pkpass(whole), PKPASS);
    const refusal = await importFile(whole, 422);
    expect(refusal).toContain('"code":"number_not_exact","detail":"The number is larger than every double');
    expect(refusal).toContain('"pointer":"/pass/userInfo/n"');
    for (const text of [refusal, report])
      expect(text).toContain('"severity":"error","code":"number_not_exact","pointer":"/pass/userInfo/n"');
  });

  test("in Passdock's API is 422, after an unknown key", async () => {
    const path = `/api/v1/templates/${templateId}/passes?errors=true`;
    const pass = (more: string) => `{"pass":{"serial_number":"huge","n0":${HUGE}${more}}}`;
    expect(await ask("POST", path, pass(""), {}, 422)).toMatch(
      /^\{"code":422,"errors":\["The number is larger/,
    );
    await ask("POST", path, pass(',"other":1'), {}, 420);
    await ask("POST", path, `pass[serial_number]=huge&pass[m0]=${HUGE}`, FORM, 422);
    const altitude = `0.${"1".repeat(5000)}`;
    const nested = `pass[relevance][locations][latitude]=1&pass[relevance][locations][longitude]=1`;
    const long = `pass[serial_number]=huge&${nested}&pass[relevance][locations][altitude]=${altitude}`;
    await ask("POST", path, long, FORM, 422);
  });
});
