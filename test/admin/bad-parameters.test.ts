/**
 * Malformed query parameters. Each is refused with a pointer to its name, and nothing is written.
 */
import { beforeAll, expect, test } from "vitest";
import { admin, allRefused, call, get, type Problem, refused } from "../harness.ts";

interface OpenApi {
  readonly paths: Record<
    string,
    Record<string, { readonly parameters?: { name: string; in: string; explode?: boolean }[] }>
  >;
}

const PASS_TYPE = "pass.test.bad-parameters";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  const { id } = await admin.makeTemplate(PASS_TYPE); // 1, as in the paths below
  const pass = await admin.issue(id, { values: { points: "1" } });
  const event = await admin.makeEvent({ values: { points: "2" } });
  expect([id, pass.id, event.projectId, event.id]).toEqual([1, 1, 1, 1]);
});

test.each([
  ["limit", ["0", "201", "-1", "1.5", "abc", "", "1e2", "٣"]],
  ["cursor", ["0", "-1", "abc", "", "1.5", "eyJpZCI6MX0=", "99999999999999999999"]],
  ["nonsense", ["1"]],
  ["__proto__", ["1"]],
])("lists refuse the parameter %s with each of %j", async (name, values) => {
  const requests = ["/templates", "/passes", "/device-logs", "/projects", "/projects/1/events"].flatMap(
    (list) =>
      values.map((value): [string, string] => ["GET", `${list}?${name}=${encodeURIComponent(value)}`]),
  );
  await allRefused(requests, { status: 400, code: "invalid_parameter", pointer: `/${name}` });
});

test.each([
  ["templateId", "abc"],
  ["templateId", "0"],
  ["eventId", "abc"],
  ["eventId", "0"],
  ["status", "deleted"],
  ["status", ""],
  ["code", "x".repeat(4001)],
  ["tag", "x".repeat(101)],
])("the search refuses %s = %s", async (name, value) => {
  await refused(["GET", `/passes?${name}=${value}`], {
    status: 400,
    code: "invalid_parameter",
    pointer: `/${name}`,
  });
});

test.each(["%00", "%27%20OR%201=1", "%25", "%E0%A4%A", "_", "*"])(
  "searching for %s finds nothing",
  async (text) => {
    for (const name of ["code", "tag"]) {
      const { status, body } = await call<{ items: unknown[] }>("GET", `/passes?${name}=${text}`);
      expect([status, body.items]).toEqual([200, []]);
    }
  },
);

test("an unknown parameter, and another value than true or false for dryRun, is refused, and nothing is changed", async () => {
  const refusal = { status: 400, code: "invalid_parameter", pointer: "/dryrun" };
  await refused(["PATCH", "/passes/1?dryrun=true", { values: { points: "99" } }], refusal);
  await refused(["PATCH", "/templates/1?dryrun=true", { name: "Another" }], refusal);
  await refused(["PATCH", "/projects/1?dryrun=true", { name: "Another" }], refusal);
  await refused(["PATCH", "/projects/1/events/1?dryrun=true", { values: { points: "9" } }], refusal);
  const value = { ...refusal, pointer: "/dryRun" };
  await refused(["PATCH", "/passes/1?dryRun=1", { values: { points: "99" } }], value);
});

test("a parameter that is given twice is refused by each route that takes it, and the answer says so", async () => {
  const { paths } = await (await get("/admin/openapi.json")).json<OpenApi>();
  const parameters = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      (operation.parameters ?? [])
        .filter((parameter) => parameter.in === "query")
        .map(({ name, explode }) => ({
          method: method.toUpperCase(),
          path,
          name,
          isList: explode === false,
        })),
    ),
  );
  expect(parameters.length).toBeGreaterThan(50);
  for (const { method, path, name, isList } of parameters) {
    const once = isList ? "Send it once, with commas between its values." : "Send it once.";
    const at = path.slice("/admin/v1".length).replaceAll(/\{\w+\}/g, "1");
    for (const [query, times] of [
      [`${name}=true&${name}=false`, "twice"],
      [`${name}=1&${name}=1&${name}=1`, "3 times"],
    ]) {
      const { status, body } = await call<Problem>(
        method,
        `${at}?${query}`,
        method === "GET" ? undefined : {},
      );
      expect([method, path, status, body.pointer, body.detail]).toEqual([
        ...[method, path, 400, `/${name}`],
        `The parameter "${name}" is given ${times}. ${once}`,
      ]);
    }
  }
  const unknown = await call<Problem>("GET", "/passes?serial=1&serial=2");
  expect(unknown.body.detail).toMatch(/^"serial" is not a known parameter\./);
});
