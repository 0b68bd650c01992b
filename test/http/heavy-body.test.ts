/**
 * Requests that take much memory take turns: the body of a request that waits is not read. A slow upload loses its turn if
 * others wait. Passes are never refused, unless their sender is not known before the body is read (Passdock's API).
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { Env } from "../../src/config.ts";
import worker from "../../src/index.ts";
import { HEAVY, PASS_BODY, UNAUTHENTICATED_BODY } from "../../src/memory.ts";
import { heavyTurns, passBodyTurns, type Ticket, unauthenticatedBodyTurns } from "../../src/turns.ts";
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
  vi.useRealTimers();
  for (const [turns, ticket] of taken.splice(0)) turns.leave(ticket);
});

/** Takes places as other requests would. */
function occupy(turns: typeof heavyTurns, count: number): void {
  for (let i = 0; i < count; i++) {
    const ticket = turns.enter(Date.now());
    if (ticket !== undefined) taken.push([turns, ticket]);
  }
}

const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" };

/** A request whose body arrives when the test says so, and whether it is being read. */
function upload(path: string, content: string, headers: Record<string, string> = {}) {
  return uploadTo(`/admin/v1${path}`, content, { ...KEY, ...headers });
}

function uploadTo(
  path: string,
  content: string,
  headers: Record<string, string>,
  changed: Partial<Env> = {},
) {
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
  const request = new Request(ORIGIN + path, {
    method: "POST",
    headers,
    body: new ReadableStream(source, { highWaterMark: 0 }),
  });
  const response = worker.fetch(request, { ...env, ...changed }, createExecutionContext());
  const status = Promise.resolve(response).then((answer) => answer.status);
  return { response, status, arrive, abort, isRead: () => isRead };
}

/** Waits for something under fake timers, whose clock goes on a millisecond at a time. */
async function runUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await vi.advanceTimersByTimeAsync(1);
}

const aWhile = () => new Promise((resolve) => setTimeout(resolve, 200));

test("the second template waits, with its body unread, until the first is created", async () => {
  const first = upload("/templates", TEMPLATE);
  await vi.waitUntil(first.isRead, { timeout: 10_000 });
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
  await vi.waitUntil(first.isRead, { timeout: 10_000 });
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

describe("an upload that takes longer than 30 seconds", () => {
  test("is refused with 408 as soon as another one waits, which then has its turn", async () => {
    vi.useFakeTimers();
    const slow = upload("/templates", TEMPLATE);
    await runUntil(slow.isRead);
    await vi.advanceTimersByTimeAsync(60_000);
    const next = upload("/templates", TEMPLATE);
    await runUntil(() => heavyTurns.isAwaited(Date.now()));
    await vi.advanceTimersByTimeAsync(2000);
    vi.useRealTimers();
    const refusal = await slow.response;
    expect(refusal.status).toBe(408);
    expect(await refusal.json()).toMatchObject({ code: "upload_too_slow" });
    next.arrive();
    expect(await next.status).toBe(201);
  });

  test("is taken if nobody waits", async () => {
    vi.useFakeTimers();
    const slow = upload("/templates", TEMPLATE);
    await runUntil(slow.isRead);
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    slow.arrive();
    expect(await slow.status).toBe(201);
  });
});

describe("the long body of a request to Passdock's API with the key in it", () => {
  const path = () => `/api/v1/templates/${templateId}/passes`;
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const content = `api_token=${ADMIN_TOKEN}&pass={}`;

  test("is read after the one before it, and refused in Passdock's form if too many wait", async () => {
    const first = uploadTo(path(), content, form);
    await vi.waitUntil(first.isRead, { timeout: 10_000 });
    const second = uploadTo(path(), content, form);
    await aWhile();
    expect(second.isRead()).toBe(false);
    occupy(unauthenticatedBodyTurns, UNAUTHENTICATED_BODY.waiting - 1);
    const third = await uploadTo(`${path()}?errors=true`, content, form).response;
    expect(third.status).toBe(503);
    expect(await third.json()).toEqual({ code: 503, errors: [expect.stringContaining("in 5 seconds")] });
    expect(third.headers.get("Retry-After")).toBe("5");
    for (const one of [first, second]) {
      one.arrive();
      expect(await one.status).not.toBe(503);
    }
  });

  test("does not make those wait whose key is elsewhere, or whose body is short", async () => {
    occupy(unauthenticatedBodyTurns, UNAUTHENTICATED_BODY.atOnce + UNAUTHENTICATED_BODY.waiting);
    const short = { ...form, "Content-Length": `${content.length}` };
    const others = [
      uploadTo(`${path()}?api_token=${ADMIN_TOKEN}`, content, form),
      uploadTo(path(), content, { ...KEY, ...form }),
      uploadTo(path(), content, short),
      upload(`/templates/${templateId}/passes`, "{}"),
    ];
    for (const other of others) {
      other.arrive();
      expect(await other.status).not.toBe(503);
    }
    expect(content.length).toBeLessThan(PASS_BODY.smallBytes);
  });

  test("is refused with 408 after 5 seconds, if another one waits", async () => {
    vi.useFakeTimers();
    const slow = uploadTo(path(), content, form);
    await runUntil(slow.isRead);
    const next = uploadTo(path(), content, form);
    await runUntil(() => unauthenticatedBodyTurns.isAwaited(Date.now()));
    await vi.advanceTimersByTimeAsync(7000);
    vi.useRealTimers();
    expect(await (await slow.response).json()).toEqual({ code: 408 });
    next.arrive();
    expect(await next.status).not.toBe(503);
  });

  test("is not read if LEGACY_AUTHORIZATION does not allow the key there", async () => {
    const refused = uploadTo(path(), content, form, { LEGACY_AUTHORIZATION: "basic" });
    expect(await refused.status).toBe(401);
    expect(refused.isRead()).toBe(false);
  });
});
