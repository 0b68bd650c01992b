/**
 * MCP as the official client sees it, in the current protocol and in the one before: the life of a pass by tools, their errors,
 * and what the route refuses.
 */
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { beforeAll, expect, test } from "vitest";
import { ROLES } from "../../../src/db/schema.ts";
import { ADMIN_TOKEN, admin, call, ORIGIN, send } from "../../harness.ts";
import { makeKey } from "../../keys/clients.ts";

const PTI = "pass.com.example.mcp";
const ENDPOINT = new URL(`${ORIGIN}/admin/mcp`);
const AUTHORIZATION = { Authorization: `Bearer ${ADMIN_TOKEN}` };

const PROBLEM = "application/problem+json";

type Mode = "auto" | "legacy";

async function connect(mode: Mode, key = ADMIN_TOKEN): Promise<Client> {
  const options = mode === "auto" ? { versionNegotiation: { mode } } : {};
  const client = new Client({ name: "test", version: "1" }, options);
  const transport = new StreamableHTTPClientTransport(ENDPOINT, {
    fetch: (url, init) => send(new Request(url, init as RequestInit)),
    requestInit: { headers: { Authorization: `Bearer ${key}` } },
  });
  await client.connect(transport);
  return client;
}

/** What a tool answers. The client has checked it with the output schema. */
async function use(client: Client, name: string, args: Record<string, unknown>) {
  const { structuredContent, isError, content } = await client.callTool({ name, arguments: args });
  const [block] = content;
  const text = block?.type === "text" ? block.text : "";
  return isError ? { isError, ...JSON.parse(text) } : { ...(structuredContent as object), text };
}

let templateId: number;
beforeAll(async () => {
  await admin.makePassType(PTI);
  ({ id: templateId } = await admin.makeTemplate(PTI));
});

const revisionOf = async (id: number) =>
  (await call<{ revision: number }>("GET", `/passes/${id}`)).body.revision;

test.each<[Mode, string]>([
  ["auto", "2026-07-28"],
  ["legacy", "2025-11-25"],
])(
  "the official client runs the life of a pass, and writes only if it asks for it (%s: %s)",
  async (mode, version) => {
    const client = await connect(mode);
    expect(client.getNegotiatedProtocolVersion()).toBe(version);
    const { tools } = await client.listTools();
    expect(tools.filter(({ annotations }) => !annotations?.readOnlyHint).map(({ name }) => name)).toEqual([
      "issue_pass",
      "change_pass",
      "void_pass",
      "scan",
    ]);
    expect(tools.filter(({ inputSchema }) => inputSchema.additionalProperties !== false)).toEqual([]);
    // A model reads all of it.
    const read = tools.map(({ outputSchema: _, ...read }) => JSON.stringify(read).length);
    expect(read.reduce((sum, length) => sum + length, 0)).toBeLessThan(15_000);

    const found = await use(client, "find_templates", {});
    expect(found.items).toMatchObject([{ id: templateId, passTypeIdentifier: PTI }]);
    const wanted = { templateId, serialNumber: `mcp-${mode}`, values: { points: "3" } };
    expect(await use(client, "issue_pass", wanted)).toMatchObject({ written: false, lint: { findings: [] } });
    expect((await use(client, "find_passes", { templateId, code: `mcp-${mode}` })).items).toEqual([]);
    const issue = { ...wanted, write: true, idempotencyKey: `issue-${mode}` };
    const issued = await use(client, "issue_pass", issue);
    expect((await use(client, "issue_pass", issue)).pass).toEqual(issued.pass);

    const [{ id: passId }] = (await use(client, "find_passes", { templateId, code: `mcp-${mode}` })).items;
    const shown = await use(client, "show_pass", { passId });
    expect(shown.pass).toMatchObject({
      values: { points: { value: "3" } },
      downloadUrl: issued.pass.downloadUrl,
    });
    expect(shown.text).not.toContain("webToken");

    const change = { passId, values: { points: "12345678901234567890" }, revision: 1 };
    expect(await use(client, "change_pass", change)).toMatchObject({
      written: false,
      differences: [{ before: "3", after: "12345678901234567890" }],
      phones: { count: 0 },
    });
    expect(await revisionOf(passId)).toBe(1);
    const changed = await use(client, "change_pass", { ...change, write: true });
    expect(changed).toMatchObject({ written: true, pass: { revision: 2 }, lint: { findings: [] } });
    expect(await use(client, "change_pass", change)).toMatchObject({
      isError: true,
      code: "precondition_failed",
    });

    expect(await use(client, "void_pass", { passId, reason: "refunded" })).toMatchObject({
      written: false,
      differences: [{ pointer: "/pass/voided", after: true }],
    });
    expect(await revisionOf(passId)).toBe(2);
    expect(await use(client, "void_pass", { passId, reason: "refunded", write: true })).toMatchObject({
      pass: { status: "voided", voidReason: "refunded" },
    });
    const scan = { scanId: `scan-${mode}`, code: `mcp-${mode}` };
    expect(await use(client, "look_up", { code: scan.code })).toMatchObject({
      outcome: "found",
      pass: { status: "voided" },
    });
    expect(await use(client, "scan", scan)).toMatchObject({ outcome: "voided", pass: { id: passId } });

    const { findings } = await use(client, "lint", { pass: { description: "No organization" } });
    expect(findings.map(({ code }: { code: string }) => code)).toContain("missing_key");
    expect((await use(client, "health", {})).findings).toBeInstanceOf(Array);
    await client.close();
  },
);

test("a refusal is an error of the tool, with the code, the detail and the pointer of the API", async () => {
  const client = await connect("auto");
  const pass = await admin.issue(templateId);
  const { isError, ...unknown } = await use(client, "change_pass", { passId: pass.id, point: "4" });
  expect(unknown).toEqual({
    status: 400,
    code: "invalid_body",
    detail: '"point" is not a known key.',
    pointer: "/point",
  });
  const refusals = await Promise.all([
    use(client, "show_pass", { passId: 999 }),
    use(client, "change_pass", { passId: pass.id, values: { nowhere: 1 } }),
    use(client, "change_pass", { passId: pass.id, values: { until: true } }),
    use(client, "issue_pass", { templateId, serialNumber: pass.serialNumber, write: true }),
    use(client, "void_pass", { passId: pass.id, write: true, idempotencyKey: "\n" }),
    use(client, "void_pass", { passId: pass.id, reason: "\u0007" }),
    use(client, "void_pass", { passId: pass.id, reason: "\ud800" }),
  ]);
  expect(refusals.map(({ code, pointer }) => [code, pointer])).toEqual([
    ["pass_not_found", undefined],
    ["unknown_field", "/values/nowhere"],
    ["invalid_body", "/values/until"],
    ["serial_number_taken", "/serialNumber"],
    ["invalid_body", "/idempotencyKey"],
    ["invalid_body", "/reason"],
    ["invalid_body", "/reason"],
  ]);
  expect(JSON.stringify(refusals)).not.toContain(pass.webToken);
  expect(await revisionOf(pass.id)).toBe(1);
  await expect(client.callTool({ name: "delete_pass", arguments: { passId: pass.id } })).rejects.toThrow();
});

test("each role has the tools whose calls it may make, and a key reaches nothing outside of its scope", async () => {
  const pass = await admin.issue(templateId);
  const { id: otherId } = await admin.makeTemplate(PTI);
  const reading = ["find_templates", "find_passes", "show_pass", "look_up", "health"];
  const all = [...reading, "issue_pass", "change_pass", "void_pass", "scan", "lint"];
  const tools = { scanner: ["look_up", "scan"], reader: reading, issuer: all, admin: all };
  for (const role of ROLES) {
    const { key } = await makeKey({ role, scope: { templates: [otherId] } });
    const client = await connect("auto", key);
    const { tools: listed } = await client.listTools();
    expect([role, listed.map(({ name }) => name).toSorted()]).toEqual([role, tools[role].toSorted()]);
    const change = { name: "change_pass", arguments: { passId: pass.id, tags: ["x"], write: true } };
    if (!tools[role].includes("change_pass"))
      await expect(client.callTool(change)).rejects.toThrow("not found");
    else expect((await use(client, change.name, change.arguments)).code).toBe("pass_not_found");
    if (tools[role].includes("find_passes")) expect((await use(client, "find_passes", {})).items).toEqual([]);
  }
  expect(await revisionOf(pass.id)).toBe(1);
  const client = await connect("auto", (await makeKey({ role: "reader" })).key);
  expect((await use(client, "show_pass", { passId: pass.id })).text).not.toContain(pass.webToken);
});

test("the route answers only a POST with a key, from no page of another origin, with one message of a limited size, and opens no stream", async () => {
  const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  const json = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
  const ask = (method: string, headers: Record<string, string>, body: string | null = list) =>
    send(new Request(ENDPOINT, { method, headers: { ...json, ...AUTHORIZATION, ...headers }, body }));
  const answer = async (...request: Parameters<typeof ask>) => {
    const response = await ask(...request);
    return [response.status, /"code":"?([\w-]+)/.exec(await response.text())?.[1]];
  };
  expect(await answer("POST", {})).toEqual([200, undefined]);
  expect(await answer("POST", { Origin: ORIGIN })).toEqual([200, undefined]);
  expect(await answer("POST", { Origin: "https://evil.example" })).toEqual([403, "foreign_origin"]);
  expect(await answer("POST", { Origin: "null" })).toEqual([403, "foreign_origin"]);
  for (const method of ["GET", "DELETE"]) {
    const { status, headers } = await ask(method, { Accept: "text/html" }, null);
    expect([status, headers.get("Allow"), headers.get("Content-Type")]).toEqual([405, "POST", PROBLEM]);
  }
  for (const Authorization of ["", "Bearer wrong"]) {
    const { status, headers } = await ask("POST", { Authorization });
    expect([status, headers.get("WWW-Authenticate")]).toEqual([401, 'Bearer realm="Edgepass"']);
  }
  expect(await answer("POST", {}, "{")).toEqual([400, "malformed_json"]);
  // A batch is refused: its answer would be as large as those of all of its calls together.
  expect(await answer("POST", {}, `[${list}]`)).toEqual([400, "invalid_body"]);
  expect(await answer("POST", {}, `"${"x".repeat(300_000)}"`)).toEqual([413, "body_too_large"]);
  expect(await answer("POST", { "Content-Type": "text/plain" })).toEqual([415, "-32000"]);

  const listen = "subscriptions/listen";
  const meta = "io.modelcontextprotocol";
  const _meta = {
    [`${meta}/protocolVersion`]: "2026-07-28",
    [`${meta}/clientInfo`]: { name: "test", version: "1" },
    [`${meta}/clientCapabilities`]: {},
  };
  const params = { _meta, notifications: { toolsListChanged: true } };
  const headers = { "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": listen };
  const stream = JSON.stringify({ jsonrpc: "2.0", id: 1, method: listen, params });
  expect(await answer("POST", headers, stream)).toEqual([200, "-32603"]);
});
