/**
 * Limits of what passes, events and templates store (src/limits.ts): how long a text may be, how large a row, and which
 * characters it may have. A refusal says the limit and what was sent.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { ADMIN_TOKEN, admin, call, download, get, icon, ORIGIN, refused, send, TEAM } from "../harness.ts";
import { eventRow, passRow } from "../rows.ts";

const PASS_TYPE = "pass.test.limits";
const MAX_PASS_BYTES = 1_000_000;
const FIELDS = 100;
const key = (n: number) => `f${n}`;
const generic = {
  description: "Terms",
  organizationName: "Edgepass",
  generic: { backFields: Array.from({ length: FIELDS }, (_, n) => ({ key: key(n), value: "" })) },
};
let templateId: number;
let issuePath: string;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, TEAM, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE, { pass: generic })).id;
  issuePath = `/templates/${templateId}/passes`;
});

const values = (from: number, to: number, text: string) =>
  Object.fromEntries(Array.from({ length: to - from }, (_, n) => [key(from + n), text]));
const bytesOf = async (id: number) => {
  const row = await passRow(id);
  return new TextEncoder().encode(row.values + row.pass).length;
};

describe("one text", () => {
  const longest = "x".repeat(100_000);

  test("of a pass is as long as a whole template's: value, label and change message", async () => {
    const pass = await admin.issue(templateId, {
      values: { f0: longest, f1: { label: longest, changeMessage: longest } },
    });
    const { backFields } = (await download(pass)).pass.generic as { backFields: { value: string }[] };
    expect(backFields[0]?.value).toBe(longest);
    await admin.change(pass.id, { values: { f2: longest } });
    await admin.makeEvent({ values: { f0: longest } });
  });

  test.each<[member: string, value: unknown, pointer: string, length?: number]>([
    ["a value", `${longest}y`, ""],
    ["a value in an object", { value: `${longest}y` }, "/value"],
    ["a label", { label: `${longest}y` }, "/label"],
    ["a change message", { changeMessage: `${longest}y` }, "/changeMessage"],
  ])("%s that is longer is refused with the limit and its length", async (_member, value, pointer) => {
    const expected = { status: 400, code: "invalid_body", pointer: `/values/f0${pointer}` };
    const detail = "must have at most 100000 characters (this has 100001)";
    const project = await admin.makeProject();
    for (const path of [issuePath, `/projects/${project.id}/events`]) {
      const body = { values: { f0: value }, ...(path === issuePath ? {} : { name: "Event" }) };
      expect((await refused(["POST", path, body], expected)).detail).toContain(detail);
    }
  });

  test("a value of no possible type is refused with the types", async () => {
    for (const [value, is] of [
      [true, "true"],
      [[1], "an array"],
    ]) {
      const { detail } = await refused(["POST", issuePath, { values: { f0: value } }], {
        status: 400,
        code: "invalid_body",
        pointer: "/values/f0",
      });
      expect(detail).toBe(`"values.f0" must be a string, a number or an object, but is ${is}`);
    }
    const { detail } = await refused(["POST", issuePath, { values: { f0: { value: true } } }], {
      status: 400,
      code: "invalid_body",
      pointer: "/values/f0/value",
    });
    expect(detail).toBe('"values.f0.value" must be a string or a number, but is true');
  });

  test("no union, list or key in a body hides the reason of a refusal", async () => {
    const field = (more: object) => ({ ...generic, generic: { backFields: [{ key: "a", ...more }] } });
    const path = `/templates/${templateId}`;
    for (const [body, pointer, detail] of [
      [{ pass: field({ value: [] }) }, "/pass/generic/backFields/0/value", "must be a string or a number"],
      [
        { pass: field({ attributedValue: {} }) },
        "/pass/generic/backFields/0/attributedValue",
        "must be a string or a number",
      ],
      [{ pass: { ...generic, semantics: { wifiAccess: 1 } } }, "/pass/semantics/wifiAccess", "array"],
      [
        { strings: { "not a language": {} } },
        "/strings/not a language",
        "must be a language such as fr or pt-BR",
      ],
      [{ strings: { fr: { "": "x" } } }, "/strings/fr/", "must not be empty"],
      [{ name: "x".repeat(201) }, "/name", "must have at most 200 characters (this has 201)"],
    ] as const) {
      const { body: problem } = await call("PATCH", path, body);
      expect(problem).toMatchObject({ pointer, detail: expect.stringContaining(detail) });
      expect(problem.detail).not.toMatch(/Invalid (input|key)$/);
    }
  });

  test("pass.json, strings and the sign-up form that are too long are refused with the limit and their length", async () => {
    const fields = { primaryFields: [{ key: "a", value: "x".repeat(100_001) }] };
    const template = { name: "x", passTypeIdentifier: PASS_TYPE, pass: generic, images: icon };
    const personalization = {
      requiredPersonalizationFields: ["PKPassPersonalizationFieldName"],
      description: "x",
      termsAndConditions: "x".repeat(20_000),
    };
    for (const [member, limit] of [
      [{ pass: { ...generic, generic: fields } }, 100_000],
      [{ strings: { fr: { a: "x".repeat(400_000) } } }, 400_000],
      [{ personalization }, 20_000],
    ] as const) {
      const { body } = await call("POST", "/templates", { ...template, ...member });
      expect(body.detail).toMatch(
        new RegExp(`must have at most ${limit} characters as JSON \\(this has \\d+\\)`),
      );
      expect(body).toMatchObject({
        status: 400,
        code: "invalid_body",
        pointer: `/${Object.keys(member)[0]}`,
      });
    }
  });

  test("the limits are in the OpenAPI document", async () => {
    const body = await (await get("/admin/openapi.json")).json<{
      components: { schemas: Record<string, Record<string, unknown>> };
    }>();
    const { FieldOverride, PassOverrides, PassPatch, TemplatePass, Personalization } =
      body.components.schemas;
    expect(FieldOverride?.properties).toMatchObject({
      value: { anyOf: [{ maxLength: 100_000 }, {}] },
      label: { maxLength: 100_000 },
      changeMessage: { maxLength: 100_000 },
    });
    for (const [schema, limit] of [
      [PassOverrides, 100_000],
      [PassPatch, 100_000],
      [TemplatePass, 100_000],
      [Personalization, 20_000],
    ] as const) {
      expect(schema?.description).toMatch(new RegExp(`(^|\\. )At most ${limit} characters as JSON$`));
    }
  });
});

describe("a pass is never larger than a row of D1:", () => {
  const tooLarge = { status: 422, code: "content_too_large" };

  test("60 fields by POST and 40 more by PATCH", async () => {
    const pass = await admin.issue(templateId, { values: values(0, 60, "x".repeat(15_000)) });
    const before = await bytesOf(pass.id);
    const path = `/passes/${pass.id}`;
    const body = { values: values(60, 100, "x".repeat(15_000)), externalId: "changed", tags: ["changed"] };
    const { detail } = await refused(["PATCH", path, body], tooLarge);
    const [, bytes, limit] = /would have (\d+) bytes .* At most (\d+) are allowed/.exec(detail) ?? [];
    expect([Number(bytes) > MAX_PASS_BYTES, Number(limit)]).toEqual([true, MAX_PASS_BYTES]);
    expect(await bytesOf(pass.id)).toBe(before);
    // What makes it smaller, or replaces it, is accepted.
    await admin.change(pass.id, { values: values(0, 60, "y".repeat(16_000)) });
  });

  test("one POST, also of characters that take three or six bytes", async () => {
    await refused(["POST", issuePath, { values: values(0, 11, "x".repeat(95_000)) }], tooLarge);
    await refused(["POST", issuePath, { values: values(0, 11, "€".repeat(32_000)) }], tooLarge);
    await refused(
      [
        "POST",
        issuePath,
        { barcodeMessage: "\u0001".repeat(4000), values: values(0, 10, "x".repeat(99_800)) },
      ],
      tooLarge,
    );
  });

  test("two changes at the same time that are too large only together: one is refused, and nothing of the other is lost", async () => {
    const pass = await admin.issue(templateId, { values: values(0, 40, "x".repeat(10_000)) });
    const changes = [values(40, 80, "a".repeat(10_000)), values(60, 100, "b".repeat(10_000))];
    const answers = await Promise.all(
      changes.map((values) => call("PATCH", `/passes/${pass.id}`, { values })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422]);
    expect(await bytesOf(pass.id)).toBeLessThan(MAX_PASS_BYTES);
    const written = changes[answers.findIndex(({ status }) => status === 200)] ?? {};
    const stored = (await admin.show(pass.id)).values;
    for (const [key, value] of Object.entries(written)) expect(stored[key]).toEqual({ value });
  });

  test("Passdock's API", async () => {
    const ask = async (method: string, path: string, pass: object) => {
      const url = `${ORIGIN}/api/v1${issuePath}${path}?errors=true&api_token=${ADMIN_TOKEN}`;
      const headers = { "Content-Type": "application/json" };
      const response = await send(new Request(url, { method, headers, body: JSON.stringify({ pass }) }));
      return { status: response.status, body: await response.json<{ id?: number; errors?: string[] }>() };
    };
    const many = values(0, 11, "x".repeat(95_000));
    expect(await ask("POST", "", { serial_number: "large", ...many })).toMatchObject({
      status: 422,
      body: { errors: [expect.stringContaining(`At most ${MAX_PASS_BYTES} are allowed`)] },
    });
    const { body } = await ask("POST", "", { serial_number: "small", ...values(0, 6, "x".repeat(95_000)) });
    const more = await ask("PUT", `/${body.id}`, values(6, 12, "x".repeat(95_000)));
    expect(more.status).toBe(422);
    expect(await bytesOf(Number(body.id))).toBeLessThan(MAX_PASS_BYTES);
  });
});

test("an event's values are limited in bytes, in a new event and in a change", async () => {
  const expected = { status: 422, code: "content_too_large", pointer: "/values" };
  const event = await admin.makeEvent({ values: values(0, 2, "€".repeat(40_000)) });
  const path = `/projects/${event.projectId}/events`;
  const body = { name: "Event", values: values(0, 1, "€".repeat(85_500)) };
  const { detail } = await refused(["POST", path, body], expected);
  expect(detail).toMatch(/would have 256\d{3} bytes of values\. At most 256000 are allowed/);
  await refused(["PATCH", `${path}/${event.id}`, { values: values(2, 3, "€".repeat(10_000)) }], expected);
  expect((await eventRow(event.id)).values.length).toBeLessThan(81_000);
});

describe("control characters", () => {
  test.each<[what: string, method: string, path: () => string, body: object, pointer: string]>([
    ["a value", "POST", () => issuePath, { values: { f0: "a\u0001" } }, "/values/f0"],
    ["a label", "POST", () => issuePath, { values: { f0: { label: "\u001f" } } }, "/values/f0/label"],
    ["an override", "POST", () => issuePath, { pass: { logoText: "\u0008" } }, "/pass/logoText"],
    ["a tag", "POST", () => issuePath, { tags: ["a", "\u0000"] }, "/tags/1"],
    ["the text under a barcode", "POST", () => issuePath, { barcodeAltText: "\u000b" }, "/barcodeAltText"],
    [
      "a template",
      "PATCH",
      () => `/templates/${templateId}`,
      { pass: { ...generic, logoText: "\u0001" } },
      "/pass/logoText",
    ],
    [
      "a translation",
      "PATCH",
      () => `/templates/${templateId}`,
      { strings: { fr: { a: "\u0001" } } },
      "/strings/fr/a",
    ],
    [
      "a key",
      "PATCH",
      () => `/templates/${templateId}`,
      { strings: { fr: { "\u0001": "a" } } },
      "/strings/fr",
    ],
  ])("are refused in %s", async (_what, method, path, body, pointer) => {
    const { detail } = await refused([method, path(), body], { status: 400, code: "invalid_body", pointer });
    expect(detail).toBe("A text or key contains a control character. Only line breaks and tabs are allowed.");
  });

  test("are refused in an event", async () => {
    const { projectId, id } = await admin.makeEvent();
    const expected = { status: 400, code: "invalid_body", pointer: "/values/gate" };
    await refused(["PATCH", `/projects/${projectId}/events/${id}`, { values: { gate: "\u0007" } }], expected);
  });

  test("are accepted as line breaks and tabs, and in what machines read", async () => {
    const gs1 = "01095011010209171719050810ABCD\u001d2110";
    const pass = await admin.issue(templateId, {
      values: { f0: "a\n\tb\r\n" },
      barcodeMessage: gs1,
      pass: { userInfo: { raw: "\u0001" } },
    });
    const { pass: json } = await download(pass);
    expect(json).toMatchObject({ barcodes: [{ message: gs1 }], userInfo: { raw: "\u0001" } });
    expect((await get(new URL(pass.landingUrl).pathname)).status).toBe(200);
  });
});
