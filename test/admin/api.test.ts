/**
 * The admin API as a whole: who may use it, the document that describes it, and what every refusal looks like.
 *
 * Follows RFC 6750 (bearer keys), RFC 9457 (problem+json), and OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1).
 */
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { app } from "../../src/app.ts";
import { ADMIN_TOKEN, admin, call, get, ORIGIN, send } from "../harness.ts";

const METHODS = ["get", "put", "post", "delete", "patch"] as const;
const PASS_TYPE = "pass.test.api";

interface Content {
  [mediaType: string]: { schema?: Record<string, unknown> };
}
interface Operation {
  operationId: string;
  summary: string;
  security: Record<string, unknown>[];
  parameters?: { name: string; in: string; required?: boolean; schema?: object }[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
}
interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, object>; schemas: Record<string, object> };
}

const document = (await (await get("/admin/openapi.json")).json()) as OpenApi;
const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
);

let ids: { templateId: number; passId: number; projectId: number; eventId: number };
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const { id: eventId, projectId } = await admin.makeEvent({ values: { points: "2" } });
  const pass = await admin.issue(templateId, { tags: ["a"], values: { points: "1" }, eventId });
  ids = { templateId, passId: pass.id, projectId, eventId };
});

/** An address that the path stands for. */
function addressOf(path: string): string {
  const { templateId, projectId, passId, eventId } = ids;
  const id = path.includes("/templates/") ? templateId : path.includes("/projects/") ? projectId : passId;
  return path
    .replace("{id}", String(id))
    .replace("{eventId}", String(eventId))
    .replace("{passTypeIdentifier}", PASS_TYPE);
}

test("the document needs no key, is OpenAPI 3.1 and names every route that the app has", async () => {
  expect(document.openapi).toMatch(/^3\.1\.\d$/);
  expect(document.info).toMatchObject({ title: "Edgepass", version: "1" });
  expect(document.components.securitySchemes).toEqual({ bearer: { type: "http", scheme: "bearer" } });
  const routes = app.routes
    .filter(({ path, method }) => path.startsWith("/admin/v1/") && method !== "ALL")
    .map(({ path, method }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  const described = operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`);
  expect(described.sort()).toEqual([...new Set(routes)].sort());
  expect(described.length).toBeGreaterThan(20);
});

test("each operation says what it takes and what it answers", () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { path, method, operation } of operations) {
    const where = `${method} ${path}`;
    expect(METHODS, where).toContain(method);
    expect(operation.summary, where).not.toBe("");
    expect(operation.security, where).toEqual([{ bearer: [] }]);
    const inPath = operation.parameters?.filter((parameter) => parameter.in === "path") ?? [];
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(
      inPath.map(({ name, required }) => [name, required]),
      where,
    ).toEqual(named.map((name) => [name, true]));
    for (const parameter of operation.parameters ?? []) expect(parameter.schema, where).toBeTypeOf("object");

    const takesBody = ["post", "put", "patch"].includes(method) && !/\/(restored|replay)$/.test(path);
    const isFile = path.endsWith("/import");
    expect(operation.requestBody?.content["application/json"]?.schema?.type, where).toBe(
      takesBody && !isFile ? "object" : undefined,
    );
    expect(operation.requestBody?.content["application/vnd.apple.pkpass"]?.schema?.type, where).toBe(
      isFile || path.endsWith("/lint") ? "string" : undefined,
    );
    const statuses = Object.keys(operation.responses);
    expect(
      statuses.filter((status) => status.startsWith("2")),
      where,
    ).toHaveLength(1);
    expect(statuses, where).toEqual(
      expect.arrayContaining(takesBody ? ["400", "401", "413", "415"] : ["401"]),
    );
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      expect(description, where).not.toBe("");
      if (status >= "400") expect(Object.keys(content ?? {}), where).toEqual(["application/problem+json"]);
    }
  }
  const referred = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, target]) => target);
  const components = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect([...new Set(referred)].sort()).toEqual(components.sort());
});

test("the schemas are those that validate: what they demand and refuse stands in the document", () => {
  const schema =
    document.paths["/admin/v1/templates"]?.post?.requestBody?.content["application/json"]?.schema;
  expect(schema).toMatchObject({
    required: ["name", "passTypeIdentifier", "pass", "images"],
    additionalProperties: false,
    properties: { name: { type: "string", minLength: 1, maxLength: 200 } },
  });
});

test("the answers have the shapes that the document gives them", async () => {
  for (const { path, method, operation } of operations) {
    const schema = operation.responses["200"]?.content?.["application/json"]?.schema;
    if (method !== "get" || schema === undefined) continue;
    const { status, body } = await call("GET", addressOf(path).replace("/admin/v1", ""));
    expect(status, path).toBe(200);
    expect(z.fromJSONSchema(schema).safeParse(body).error, path).toBeUndefined();
  }
});

const KEYS: [what: string, authorization: string | undefined][] = [
  ["no key", undefined],
  ["an empty header", ""],
  ["a scheme without a key", "Bearer"],
  ["an empty key", "Bearer "],
  ["a wrong key", "Bearer wrong-token-of-the-tests"],
  ["the beginning of the key", `Bearer ${ADMIN_TOKEN.slice(0, -1)}`],
  ["the key with something after it", `Bearer ${ADMIN_TOKEN}x`],
  ["the key in other case", `Bearer ${ADMIN_TOKEN.toUpperCase()}`],
  ["the key without a scheme", ADMIN_TOKEN],
  ["another scheme", `ApplePass ${ADMIN_TOKEN}`],
  ["Basic with the key as password", `Basic ${btoa(`admin:${ADMIN_TOKEN}`)}`],
];
test.each(KEYS)("every route refuses %s with 401, before it looks at anything else", async (_what, key) => {
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

test("the key does not open by query or cookie", async () => {
  const path = `/admin/v1/passes?token=${ADMIN_TOKEN}&access_token=${ADMIN_TOKEN}`;
  const response = await get(path, { Cookie: `token=${ADMIN_TOKEN}` });
  expect(response.status).toBe(401);
});

test("the scheme is read in any case, as RFC 9110 says", async () => {
  const response = await get("/admin/v1/passes", { Authorization: `bearer ${ADMIN_TOKEN}` });
  expect(response.status).toBe(200);
  expect(response.headers.get("cache-control")).toBe("private, no-store");
});

test.each([
  ["GET", "/nowhere"],
  ["GET", ""],
  ["POST", "/health"],
  ["PUT", "/passes/1"],
  ["DELETE", "/pass-types/pass.test.api"],
  ["DELETE", "/apns-keys/ABCDEFGHIJ"],
  ["OPTIONS", "/passes"],
  ["PATCH", "/templates"],
  ["GET", "/passes/1/redeem"],
  ["GET", "/passes/1/download/more"],
])("%s %s is no route: 404 with a key, and 401 without", async (method, path) => {
  expect(await call(method, path)).toMatchObject({ status: 404, body: { code: "route_not_found" } });
  expect(await call(method, path, undefined, { Authorization: "Bearer x" })).toMatchObject({ status: 401 });
});

test("outside the API there is a 404 too, for any method", async () => {
  for (const path of ["/nowhere", "/admin", "/admin/v2/passes", "/v2/passes", "/.env", "/api/v2/log"]) {
    for (const method of ["GET", "POST", "DELETE"]) {
      const response = await send(new Request(ORIGIN + path, { method }));
      expect([path, response.status]).toEqual([path, 404]);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
    }
  }
});

test("a trailing slash and doubled slashes are the same address", async () => {
  for (const path of ["/passes/", "//passes", "/passes//"]) {
    expect((await call("GET", path)).status).toBe(200);
  }
});

test("HEAD answers as GET does, without a body", async () => {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  const response = await send(new Request(`${ORIGIN}/admin/v1/passes`, { method: "HEAD", headers }));
  expect([response.status, await response.text()]).toEqual([200, ""]);
});

test("a refusal has all members of a problem, and is kept by no cache", async () => {
  const answer = await call("GET", "/passes/999999");
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("cache-control")).toBe("private, no-store");
  expect(answer.body).toEqual({
    type: "about:blank",
    title: "There is no such pass",
    status: 404,
    code: "pass_not_found",
    detail: "There is no pass 999999, or it was deleted.",
  });
});
