/**
 * The admin API as a whole: its OpenAPI document, its key, and the form of its errors.
 *
 * Follows RFC 6750 (bearer keys), RFC 9457 (problem+json), and OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1).
 */
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { app } from "../../../src/app.ts";
import { ERRORS, type ErrorCode } from "../../../src/errors.ts";
import { makeIssuer, serviceAccount } from "../../google-wallet/accounts.ts";
import { ADMIN_TOKEN, admin, apple, call, get, icon, ORIGIN, send, storeCard, TEAM } from "../../harness.ts";

const METHODS = ["get", "put", "post", "delete", "patch"] as const;
const PASS_TYPE = "pass.test.api";

interface Content {
  [mediaType: string]: {
    schema?: Record<string, unknown>;
    example?: unknown;
    examples?: Record<string, { value: unknown }>;
  };
}
interface Operation {
  operationId: string;
  summary: string;
  description?: string;
  tags: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: object }[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}
interface OpenApi {
  openapi: string;
  info: { title: string; version: string; contact: { url: string } };
  tags: { name: string; description: string }[];
  security: object[];
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    securitySchemes: Record<string, object>;
    schemas: Record<string, Record<string, unknown>>;
  };
}

const document = (await (await get("/admin/openapi.json")).json()) as OpenApi;
/** Starts with one of these verbs. */
const OPERATION_ID =
  /^(change|check|copy|count|create|delete|download|import|install|issue|link|lint|list|move|put|redeem|renew|replay|retry|revoke|send|show|store|take|undo|unredeem|unvoid|void)[A-Z]\w+$/;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);

/** The schema itself, where a reference to a component was given. */
function resolve(schema: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  const name = /^#\/components\/schemas\/(\w+)$/.exec(String(schema?.$ref))?.[1];
  return name === undefined ? schema : document.components.schemas[name];
}

/** A zod schema that accepts what the JSON Schema describes, with the components that it refers to. */
function toZod(schema: Record<string, unknown>) {
  const whole = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(whole.replaceAll('"#/components/schemas/', '"#/$defs/')));
}

let ids: { templateId: number; passId: number; projectId: number; eventId: number };
let issuerId: string;
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const { id: eventId, projectId } = await admin.makeEvent({ values: { points: "2" } });
  const pass = await admin.issue(templateId, {
    ...{ externalId: "of/document", tags: ["a"] },
    ...{ values: { points: "1" }, eventId },
  });
  await call("POST", "/scans", { scans: [{ scanId: "openapi", code: "of nobody", place: "Gate 2" }] });
  issuerId = await makeIssuer();
  ids = { templateId, passId: pass.id, projectId, eventId };
});

/** The path of a resource that exists, for a path template of the document. */
function addressOf(path: string): string {
  const { templateId, projectId, passId, eventId } = ids;
  const id = path.includes("/templates/") ? templateId : path.includes("/projects/") ? projectId : passId;
  return path
    .replace("{id}", String(id))
    .replace("{eventId}", String(eventId))
    .replace("{issuerId}", issuerId)
    .replace("{passTypeIdentifier}", PASS_TYPE);
}

test("the document needs no key, is OpenAPI 3.1, and contains every route of the app", async () => {
  expect(document.openapi).toMatch(/^3\.1\.\d$/);
  expect(document.info).toMatchObject({ title: "Edgepass", version: "1" });
  expect(document.components.securitySchemes).toEqual({ bearer: { type: "http", scheme: "bearer" } });
  expect(document.security).toEqual([{ bearer: [] }]);
  expect(document.servers).toEqual([{ url: ORIGIN }]);
  expect(document.info.contact.url).toBe(ORIGIN);
  const routes = app.routes
    .filter(({ path, method }) => path.startsWith("/admin/v1/") && method !== "ALL")
    .map(({ path, method }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, "{$1}")}`)
    .filter((route) => route !== "GET /admin/v1/passes/by-external-id/{externalId}"); // pass-search/routes.ts says why
  const described = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
  expect(described.sort()).toEqual([...new Set(routes)].sort());
  expect(described.length).toBeGreaterThan(20);
});

test("each operation describes its parameters, its body and its responses", () => {
  for (const { path, method, operation } of operations) {
    const where = `${method} ${path}`;
    expect(METHODS, where).toContain(method);
    expect(operation.summary, where).not.toBe("");
    expect(operation, where).not.toHaveProperty("security"); // that of the document
    const inPath = operation.parameters?.filter((parameter) => parameter.in === "path") ?? [];
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(
      inPath.map(({ name, required }) => [name, required]),
      where,
    ).toEqual(named.map((name) => [name, true]));
    for (const parameter of operation.parameters ?? []) expect(parameter.schema, where).toBeTypeOf("object");

    const takesBody =
      ["post", "put", "patch"].includes(method) &&
      !/\/(restored|replay|retry|push-check|check|undo|unvoid)$/.test(path);
    const isFile = path.endsWith("/import");
    expect(resolve(operation.requestBody?.content["application/json"]?.schema)?.type, where).toBe(
      takesBody && !isFile ? "object" : undefined,
    );
    expect(operation.requestBody?.content["application/vnd.apple.pkpass"]?.schema?.type, where).toBe(
      isFile || path.endsWith("/lint") ? "string" : undefined,
    );
    const statuses = Object.keys(operation.responses);
    expect(
      statuses.filter((status) => status.startsWith("2")),
      where,
    ).toHaveLength(operation.operationId === "putPass" ? 2 : 1);
    expect(statuses, where).toEqual(
      expect.arrayContaining(takesBody ? ["400", "401", "413", "415"] : ["401"]),
    );
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      expect(description, where).not.toBe("");
      if (status >= "400") expect(Object.keys(content ?? {}), where).toEqual(["application/problem+json"]);
    }
  }
});

test("each operation has a unique id that starts with a verb, and a tag of the document", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(ids.filter((id) => !OPERATION_ID.test(id))).toEqual([]);
  const tags = document.tags.map(({ name }) => name);
  expect([...new Set(operations.flatMap(({ operation }) => operation.tags))].sort()).toEqual(tags.sort());
  expect(document.tags.filter(({ description }) => !/^[A-Z].+\.$/.test(description))).toEqual([]);
});

test("every reference resolves, and every component is used", () => {
  const referred = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, target]) => target);
  const components = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect([...new Set(referred)].sort()).toEqual(components.sort());
  expect(Object.keys(document.components.schemas)).toEqual(
    expect.arrayContaining(
      "ApnsKey Certificate Event Finding LintReport NewPass Pass PassChange PassList PassType Problem Project Template".split(
        " ",
      ),
    ),
  );
});

test("ids and limits are integers with bounds", () => {
  const parameters = operations.flatMap(({ operation }) => operation.parameters ?? []);
  const ids = parameters.filter(({ name }) => /^(id|eventId|templateId|projectId)$/.test(name));
  expect(ids.length).toBeGreaterThan(20);
  for (const { name, schema } of ids) {
    expect(schema, name).toEqual({ type: "integer", minimum: 1, maximum: 999_999_999_999_999 });
  }
  const limits = parameters.filter(({ name }) => name === "limit");
  expect(limits.length).toBeGreaterThan(5);
  for (const { required, schema } of limits) {
    expect(required).toBe(false);
    expect(schema).toEqual({ type: "integer", minimum: 1, maximum: 200, default: 50 });
  }
});

test("a body is required, unless the route works without one", () => {
  const optional = operations.filter(({ operation }) => operation.requestBody?.required === false);
  expect(optional.map(({ operation }) => operation.operationId).sort()).toEqual([
    "copyTemplate",
    "issuePass",
    "redeemPass",
    "renewKey",
    "takePersonalData",
    "unredeemPass",
    "voidPass",
  ]);
});

test("each error status lists its codes, all of which have this status in the table of errors", () => {
  for (const { path, method, operation } of operations) {
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      if (status < "400") continue;
      const schema = content?.["application/problem+json"]?.schema as { allOf: [object, object] };
      const [problem, { properties }] = schema.allOf as [
        object,
        { properties: { code: { enum: ErrorCode[] } } },
      ];
      const codes = properties.code.enum;
      expect(problem).toEqual({ $ref: "#/components/schemas/Problem" });
      expect(codes.map((code) => String(ERRORS[code][0]))).toEqual(codes.map(() => status));
      for (const code of codes) expect(description, `${method} ${path}`).toContain(code);
    }
  }
});

test("keywords that this program defines have the prefix x-", () => {
  const text = JSON.stringify(document.components.schemas);
  expect(text).not.toMatch(/"(since|known|instead)":/);
  expect(resolve(document.components.schemas.TemplatePass)?.properties).toMatchObject({
    sharingProhibited: { type: "boolean", "x-since": "11.0" },
    relevantDate: { deprecated: true, "x-instead": "relevantDates" },
  });
});

test("each JSON body and each JSON answer has a valid example", () => {
  const contents = operations.flatMap(({ operation: { operationId, requestBody, responses } }) =>
    [requestBody, ...Object.values(responses)].flatMap((described) =>
      Object.entries(described?.content ?? {})
        .filter(([type]) => type.endsWith("json"))
        .map(([, content]) => ({ operationId, ...content })),
    ),
  );
  const all = contents.flatMap(({ operationId, schema = {}, example, examples }) => {
    const values = examples === undefined ? [example] : Object.values(examples).map(({ value }) => value);
    return values.map((value) => ({ operationId, schema, value }));
  });
  expect(all.length).toBeGreaterThan(200);
  const without = all.filter(({ value }) => value === undefined);
  expect(without.map(({ operationId, schema }) => `${operationId}: ${JSON.stringify(schema)}`)).toEqual([]);
  const validators = new Map<string, ReturnType<typeof toZod>>();
  for (const { operationId, schema, value } of all) {
    const key = JSON.stringify(schema);
    const validator = validators.get(key) ?? toZod(schema);
    validators.set(key, validator);
    expect(validator.safeParse(value).error, `${operationId}: ${JSON.stringify(value)}`).toBeUndefined();
  }
});

test("each operation, parameter and member is described, except the keys of pass.json", () => {
  const parameters = operations.flatMap(({ operation: { operationId, description, parameters = [] } }) => [
    { where: operationId, description },
    ...parameters.map(({ name, description }) => ({ where: `${operationId} ${name}`, description })),
  ]);
  // An object that takes further members is a part of pass.json.
  const own = Object.entries(document.components.schemas).filter(
    ([name, { additionalProperties }]) => name === "Problem" || typeof additionalProperties !== "object",
  );
  const members = own.flatMap(([name, { properties }]) =>
    Object.entries((properties ?? {}) as Record<string, { description?: string; $ref?: string }>).map(
      ([key, { description }]) => ({ where: `${name}.${key}`, description }),
    ),
  );
  expect(members.length).toBeGreaterThan(200);
  const lacking = [...parameters, ...members].filter(({ description = "" }) => description === "");
  expect(lacking.map(({ where }) => where)).toEqual([]);
});

test("the document has the limits that requests are validated with", () => {
  const schema =
    document.paths["/admin/v1/templates"]?.post?.requestBody?.content["application/json"]?.schema;
  expect(resolve(schema)).toMatchObject({
    required: ["name", "passTypeIdentifier", "pass", "images"],
    additionalProperties: false,
    properties: { name: { type: "string", minLength: 1, maxLength: 200 } },
  });
});

/** The query of the operations that cannot do without one. */
const NEEDED_QUERIES: Readonly<Record<string, string>> = {
  showPassByExternalId: "?externalId=of/document",
  showPassOfCode: "?code=of+nobody",
};

test("responses match their schemas in the document", async () => {
  for (const { path, method, operation } of operations) {
    const schema = operation.responses["200"]?.content?.["application/json"]?.schema;
    if (method !== "get" || schema === undefined) continue;
    const query = NEEDED_QUERIES[operation.operationId] ?? "";
    const { status, body } = await call("GET", addressOf(path).replace("/admin/v1", "") + query);
    expect(status, path).toBe(200);
    expect(toZod(schema).safeParse(body).error, path).toBeUndefined();
  }
});

const KEYS: [what: string, authorization: string | undefined][] = [
  ["no key", undefined],
  ["an empty header", ""],
  ["a scheme without a key", "Bearer"],
  ["an empty key", "Bearer "],
  ["a wrong key", "Bearer wrong-token-of-the-tests"],
  ["the key without its last character", `Bearer ${ADMIN_TOKEN.slice(0, -1)}`],
  ["the key with one more character", `Bearer ${ADMIN_TOKEN}x`],
  ["the key in upper case", `Bearer ${ADMIN_TOKEN.toUpperCase()}`],
  ["the key without a scheme", ADMIN_TOKEN],
  ["another scheme", `ApplePass ${ADMIN_TOKEN}`],
  ["Basic with the key as password", `Basic ${btoa(`admin:${ADMIN_TOKEN}`)}`],
];
test.each(KEYS)("every route refuses %s with 401, before anything else is checked", async (_what, key) => {
  for (const { path, method } of operations) {
    const response = await send(
      new Request(ORIGIN + addressOf(path), {
        method: method.toUpperCase(),
        headers: key === undefined ? {} : { Authorization: key },
        ...(["post", "put", "patch"].includes(method) ? { body: "not even JSON" } : {}),
      }),
    );
    expect([path, response.status]).toEqual([path, 401]);
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="Edgepass"');
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status: 401, code: "unauthorized", type: "about:blank" });
  }
  expect(await admin.show(ids.passId)).toMatchObject({
    values: { points: { value: "1" } },
    status: "active",
    eventId: ids.eventId,
  });
});

test("the key is not accepted in the query or in a cookie", async () => {
  const path = `/admin/v1/passes?token=${ADMIN_TOKEN}&access_token=${ADMIN_TOKEN}`;
  const response = await get(path, { Cookie: `token=${ADMIN_TOKEN}` });
  expect(response.status).toBe(401);
});

test("the authentication scheme is case-insensitive (RFC 9110)", async () => {
  const response = await get("/admin/v1/passes", { Authorization: `bearer ${ADMIN_TOKEN}` });
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("private, no-store");
});

test.each([
  ["GET", "/nowhere"],
  ["GET", ""],
  ["GET", "/passes/1/download/more"],
])("%s %s does not exist: 404 with a key, and 401 without", async (method, path) => {
  expect(await call(method, path)).toMatchObject({ status: 404, body: { code: "route_not_found" } });
  expect(await call(method, path, undefined, { Authorization: "Bearer x" })).toMatchObject({ status: 401 });
});

test.each([
  ["POST", "/health", "GET, HEAD"],
  ["PUT", "/passes/1", "DELETE, GET, HEAD, PATCH"],
  ["POST", "/passes/1/", "DELETE, GET, HEAD, PATCH"],
  ["PUT", "/pass-types/pass.test.api", "DELETE, GET, HEAD, PATCH"],
  ["OPTIONS", "/passes", "GET, HEAD"],
  ["PATCH", "/templates", "GET, HEAD, POST"],
  ["GET", "/passes/1/redeem", "POST"],
  ["PUT", "/templates/import", "POST"],
  ["GET", "/pass-types/pass.test.api/passes/AB/7", "PUT"],
])("%s %s is answered 405 with the methods of the path: %s", async (method, path, allowed) => {
  const { status, headers, body } = await call(method, path);
  expect([status, headers.get("allow")]).toEqual([405, allowed]);
  expect(body).toMatchObject({ code: "method_not_allowed", title: "Method Not Allowed" });
  expect(await call(method, path, undefined, { Authorization: "Bearer x" })).toMatchObject({ status: 401 });
});

test("each 201 has the Location of what was created", async () => {
  const { templateId, projectId } = ids;
  const key = await apple.makeKey({ keyId: "LOCATION01", teamIdentifier: TEAM });
  const template = { name: "Card", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
  const created: [path: string, body: unknown, location: RegExp, method?: string][] = [
    ["/pass-types", { passTypeIdentifier: "pass.test.location" }, /^\/pass-types\/pass\.test\.location$/],
    ["/pass-types/pass.test.location/csr", {}, /^\/pass-types\/pass\.test\.location\/csr$/],
    ["/apns-keys", key, /^\/apns-keys$/],
    ["/keys", { name: "Gate", role: "scanner" }, /^\/keys$/],
    ["/google-issuers", { issuerId: "201", serviceAccount: serviceAccount() }, /^\/google-issuers\/201$/],
    ["/projects", { name: "Tour" }, /^\/projects\/\d+$/],
    [`/projects/${projectId}/events`, { name: "Berlin" }, /^\/projects\/\d+\/events\/\d+$/],
    ["/templates", template, /^\/templates\/\d+$/],
    [`/templates/${templateId}/copy`, {}, /^\/templates\/\d+$/],
    [`/templates/${templateId}/passes`, {}, /^\/passes\/\d+$/],
    [`/pass-types/${PASS_TYPE}/passes/AB-07/09`, { templateId }, /^\/passes\/\d+$/, "PUT"],
  ];
  const operationsWith201 = operations.filter(({ operation }) => "201" in operation.responses);
  expect(created.length + 1).toBe(operationsWith201.length); // and the import, in admin/import/routes
  for (const [path, body, expected, method = "POST"] of created) {
    const { status, headers } = await call(method, path, body);
    const [, location = ""] = /^\/admin\/v1(\/.+)$/.exec(headers.get("location") ?? "") ?? [];
    expect([path, status, location]).toEqual([path, 201, expect.stringMatching(expected)]);
    expect((await call("GET", location)).status, location).toBe(200);
  }
});

test("unknown paths outside the API are 404, with any method", async () => {
  for (const path of ["/nowhere", "/admin", "/admin/v2/passes", "/v2/passes", "/.env", "/api/v2/log"]) {
    for (const method of ["GET", "POST", "DELETE"]) {
      const response = await send(new Request(ORIGIN + path, { method }));
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
  }
});

test("a trailing slash and doubled slashes make no difference", async () => {
  for (const path of ["/passes/", "//passes", "/passes//"]) {
    expect((await call("GET", path)).status).toBe(200);
  }
});

test("HEAD responds as GET does, without a body", async () => {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const response = await send(new Request(`${ORIGIN}/admin/v1/passes`, { method: "HEAD", headers }));
  expect([response.status, await response.text()]).toEqual([200, ""]);
});

test("an error has all members of a problem, and is not cached", async () => {
  const answer = await call("GET", "/passes/999999");
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
  expect(answer.body).toEqual({
    type: "about:blank",
    title: "Not Found",
    status: 404,
    code: "pass_not_found",
    detail: "There is no pass 999999, or it was deleted.",
  });
});
