/**
 * Requests that take much memory take turns: the body of a request that waits is not read, and only templates and archives are
 * ever refused as busy.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { HEAVY } from "../../src/memory.ts";
import { heavyTurns, passBodyTurns, type Ticket } from "../../src/turns.ts";
import { ADMIN_TOKEN, admin, icon, ORIGIN, refused, storeCard } from "../harness.ts";
import { ask, askWith, holderOf } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.heavy-body";
const TEMPLATE = JSON.stringify({ name: "x", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon });
let templateId: number;
const taken: [typeof heavyTurns, Ticket][] = [];

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

afterEach(() => {
  for (const [turns, ticket] of taken.splice(0)) turns.leave(ticket);
});

/** Takes places as other requests would. */
function occupy(turns: typeof heavyTurns, count: number): void {
  for (let i = 0; i < count; i++) {
    const ticket = turns.enter(Date.now());
    if (ticket !== undefined) taken.push([turns, ticket]);
  }
}

/** A request whose body arrives when the test says so, and whether it is being read. */
function upload(path: string, content: string, headers: Record<string, string> = {}) {
  const { promise: arrived, resolve: arrive, reject: abort } = Promise.withResolvers<void>();
  let isRead = false;
  const source: UnderlyingSource<Uint8Array> = {
    async pull(controller) {
      isRead = true;
      await arrived;
      controller.enqueue(new TextEncoder().encode(content));
      controller.close();
    },
  };
  const request = new Request(`${ORIGIN}/admin/v1${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json", ...headers },
    body: new ReadableStream(source, { highWaterMark: 0 }),
  });
  const send = async () => (await worker.fetch(request, env, createExecutionContext())).status;
  const status = send();
  return { status, arrive, abort, isRead: () => isRead };
}

const aWhile = () => new Promise((resolve) => setTimeout(resolve, 200));

test("the second template waits, with its body unread, until the first is created", async () => {
  const first = upload("/templates", TEMPLATE);
  await vi.waitUntil(first.isRead);
  const second = upload("/templates", TEMPLATE);
  await aWhile();
  expect(second.isRead()).toBe(false);
  first.arrive();
  expect(await first.status).toBe(201);
  second.arrive();
  expect(await second.status).toBe(201);
});

test.each([
  ["whose upload is aborted", (one: ReturnType<typeof upload>) => one.abort(new Error("gone")), 400],
  ["that is refused", (one: ReturnType<typeof upload>) => one.arrive(), 400],
])("a request %s gives its turn back", async (_what, end, status) => {
  const first = upload("/templates", "{");
  await vi.waitUntil(first.isRead);
  end(first);
  expect(await first.status).toBe(status);
  const second = upload("/lint", JSON.stringify({ pass: storeCard }));
  second.arrive();
  expect(await second.status).toBe(200);
});

test("if too many wait, templates and archives are refused as busy, and nothing else is", async () => {
  const pass = await admin.issue(templateId);
  const { path, authorization } = await holderOf(pass);
  occupy(heavyTurns, HEAVY.atOnce + HEAVY.waiting);
  for (const call of [
    ["POST", "/templates", TEMPLATE],
    ["PATCH", `/templates/${templateId}`, { name: "y" }],
    ["POST", "/lint", { pass: storeCard }],
    ["POST", `/templates/import?passTypeIdentifier=${PASS_TYPE}`, "PK"],
  ] as const) {
    const { detail } = await refused([...call], { status: 503, code: "busy" });
    expect(detail).toContain("again in 5 seconds");
  }
  const request = upload("/templates", TEMPLATE);
  expect(await request.status).toBe(503);
  expect(request.isRead()).toBe(false);
  expect((await askWith({}, ask("GET", path, authorization))).status).toBe(200);
  // An image of which no density is missing needs no turn, and the others do not wait in vain.
  await admin.issue(templateId, { images: { "thumbnail.png": icon["icon.png"] } });
  await admin.issue(templateId, { values: {} });
});

test("the long body of a pass waits for its turn, and a short one does not", async () => {
  occupy(passBodyTurns, 2);
  const long = upload(`/templates/${templateId}/passes`, "{}");
  const short = upload(`/templates/${templateId}/passes`, "{}", { "Content-Length": "2" });
  short.arrive();
  expect(await short.status).toBe(201);
  expect(long.isRead()).toBe(false);
  for (const [turns, ticket] of taken.splice(0)) turns.leave(ticket);
  long.arrive();
  expect(await long.status).toBe(201);
});
