/**
 * Idempotency-Key, on every route that writes: a repeat has no effect, and gets the first status and the resource as it is now.
 * What D1's lost answers do to such a request is in storage-errors/lost-answers.test.ts, and what it costs in budgets.test.ts.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { objects, objectUses, passes, requests, templates } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import type { Pass } from "../../src/passes/show.ts";
import { storeDeadLetter } from "../../src/push/dead-letters.ts";
import type { PushMessage } from "../../src/push/messages.ts";
import type { Template } from "../../src/templates/show.ts";
import { makeIssuer, serviceAccount } from "../google-wallet/accounts.ts";
import {
  type Answer,
  admin,
  apple,
  call,
  get,
  icon,
  ORIGIN,
  passToken,
  send,
  storeCard,
  stored,
} from "../harness.ts";
import { rewards, signUp } from "../passes/rewards.ts";
import { countRows, db, deleteRows, insertRows, rowOf, rowsOf } from "../rows.ts";
import { file, path as importPath, PKPASS, wholePass } from "./import/file.ts";

const PASS_TYPE = "pass.test.idempotency";
const REPLAYED = "idempotency-replayed";
let templateId: number;
let rewardsId: number;
let made = 0;
const unique = (word: string) => `${word}-${++made}`;
const issue = async (body = {}) => (await admin.issue(templateId, body)).id;
const inProject = async (path = "") => `/projects/${(await admin.makeProject()).id}${path}`;
async function inEvent() {
  const { id, projectId } = await admin.makeEvent();
  return `/projects/${projectId}/events/${id}`;
}
async function deadLetter() {
  const tokens = ["0".repeat(64)];
  const message: PushMessage = { kind: "push", passTypeIdentifier: PASS_TYPE, tokens, attempt: 9 };
  await storeDeadLetter(db, unique("letter"), message, Date.now());
}

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  rewardsId = (await admin.makeTemplate(PASS_TYPE, rewards)).id;
});

type Request = readonly [
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string> | undefined,
];

/** Sends a request with a key. */
const keyed = <Body = Record<string, unknown>>(
  [method, path, body, headers = {}]: Request,
  key: string,
): Promise<Answer<Body>> => call<Body>(method, path, body, { ...headers, "Idempotency-Key": key });

/** Each operation that writes: a request that has an effect, and its status. */
const WRITES: Record<string, () => Promise<readonly [Request, number]>> = {
  changeEvent: async () => [["PATCH", await inEvent(), { values: { gate: "7" } }], 200],
  changeGoogleIssuer: async () => [
    ["PATCH", `/google-issuers/${await makeIssuer()}`, { serviceAccount: serviceAccount() }],
    200,
  ],
  changePass: async () => [
    ["PATCH", `/passes/${await issue()}`, { values: { balance: { add: 1 } }, tags: ["a"] }],
    200,
  ],
  changePassType: async () => [["PATCH", `/pass-types/${PASS_TYPE}`, { wallets: "both" }], 200],
  changeProject: async () => [["PATCH", await inProject(), { name: "Other" }], 200],
  changePushControl: async () => [["PUT", "/push", { pushesPerSecond: 7 }], 200],
  changeTemplate: async () => [
    [
      "PATCH",
      `/templates/${(await admin.makeTemplate(PASS_TYPE)).id}`,
      { images: icon, strings: { fr: {} } },
    ],
    200,
  ],
  copyTemplate: async () => [["POST", `/templates/${templateId}/copy`, { name: "Copy" }], 201],
  createEvent: async () => [["POST", await inProject("/events"), { name: "Night" }], 201],
  createGoogleIssuer: async () => [
    ["POST", "/google-issuers", { issuerId: String(++made), serviceAccount: serviceAccount() }],
    201,
  ],
  createKey: async () => [["POST", "/keys", { name: unique("key"), role: "reader" }], 201],
  createPassType: async () => [
    ["POST", "/pass-types", { passTypeIdentifier: unique("pass.test.made"), keyAlgorithm: "P-256" }],
    201,
  ],
  createProject: async () => [["POST", "/projects", { name: "Tour" }], 201],
  createTemplate: async () => [
    ["POST", "/templates", { name: "C", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon }],
    201,
  ],
  deleteEvent: async () => [["DELETE", await inEvent()], 204],
  deleteGoogleIssuer: async () => [["DELETE", `/google-issuers/${await makeIssuer()}`], 204],
  deletePassType: async () => {
    const passTypeIdentifier = unique("pass.test.deleted");
    await call("POST", "/pass-types", { passTypeIdentifier, keyAlgorithm: "P-256" });
    return [["DELETE", `/pass-types/${passTypeIdentifier}`], 204];
  },
  deletePass: async () => [["DELETE", `/passes/${await issue()}`], 204],
  deleteProject: async () => [["DELETE", await inProject()], 204],
  deleteTemplate: async () => [["DELETE", `/templates/${(await admin.makeTemplate(PASS_TYPE)).id}`], 204],
  importTemplate: async () => [["POST", importPath(), file(wholePass(PASS_TYPE)), PKPASS], 201],
  installCertificate: async () => {
    const passTypeIdentifier = unique("pass.test.certified");
    const body = { passTypeIdentifier, keyAlgorithm: "P-256" };
    const { csr } = (await call<{ csr: string }>("POST", "/pass-types", body)).body;
    const { pem } = await apple.issue({ csr, passTypeIdentifier, teamIdentifier: "TEAM000001" });
    const headers = { "Content-Type": "application/pkix-cert" };
    return [["PUT", `/pass-types/${passTypeIdentifier}/certificate`, pem, headers], 200];
  },
  issuePass: async () => [["POST", `/templates/${templateId}/passes`, { images: icon, tags: ["a"] }], 201],
  moveChangeLog: async () => [["POST", "/restored"], 200],
  movePasses: async () => {
    const { id: eventId } = await admin.makeEvent();
    const passIds = [await issue(), await issue({ eventId })];
    return [["POST", "/passes/move", { passIds, eventId }], 200];
  },
  putPass: async () => [
    ["PUT", `/pass-types/${PASS_TYPE}/passes/${unique("A/b")}`, { templateId, tags: ["a"] }],
    201,
  ],
  redeemPass: async () => [["POST", `/passes/${await issue()}/redeem`], 200],
  renewKey: async () => [["POST", `/pass-types/${PASS_TYPE}/csr`, { keyAlgorithm: "P-256" }], 201],
  replayDeadLetter: async () => {
    await deadLetter();
    const { body } = await call<{ items: { id: number }[] }>("GET", "/dead-letters");
    return [["POST", `/dead-letters/${body.items[0]?.id}/replay`], 204];
  },
  replayDeadLetters: async () => {
    await deadLetter();
    return [["POST", "/dead-letters/replay"], 200];
  },
  retryGoogleFailures: async () => [["POST", "/google-failures/retry"], 200],
  revokeKey: async () => {
    const { body } = await call<{ id: number }>("POST", "/keys", { name: "Gate", role: "scanner" });
    return [["DELETE", `/keys/${body.id}`], 204];
  },
  storeApnsKey: async () => {
    const key = await apple.makeKey({ keyId: "ABCDEFGHJK", teamIdentifier: "TEAM000001" });
    return [["POST", "/apns-keys", key], 201];
  },
  takePersonalData: async () => {
    const pass = await admin.issue(rewardsId);
    const { Authorization } = await passToken(pass);
    const path = `/v1/passes/${PASS_TYPE}/${pass.serialNumber}/personalize`;
    const init = { method: "POST", headers: { Authorization }, body: JSON.stringify(signUp()) };
    await send(new Request(ORIGIN + path, init));
    return [["POST", `/passes/${pass.id}/personalization/take`], 200];
  },
  unredeemPass: async () => {
    const id = await issue();
    await admin.redeem(id);
    return [["POST", `/passes/${id}/unredeem`], 200];
  },
  unvoidPass: async () => {
    const id = await issue();
    await admin.void(id);
    return [["POST", `/passes/${id}/unvoid`], 200];
  },
  voidPass: async () => [["POST", `/passes/${await issue()}/void`, { reason: "refunded" }], 200],
};
/** Operations that ignore the key, because they store nothing that a repeat could double. A scan has an id of its own, and its undo too. */
const IGNORING = ["checkGoogleIssuer", "checkPush", "linkBundle", "lintPass", "sendScans", "undoScan"];

test("every operation that writes takes an Idempotency-Key, and is tested here", async () => {
  type Operation = {
    operationId: string;
    parameters?: { name: string }[];
    responses: Record<string, object>;
  };
  const { paths } = (await (await get("/admin/openapi.json")).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const writing = Object.values(paths).flatMap(({ get: _, ...item }) => Object.values(item));
  const taking = writing.filter(({ parameters }) =>
    parameters?.some(({ name }) => name === "Idempotency-Key"),
  );
  const ids = (operations: Operation[]) => operations.map(({ operationId }) => operationId).toSorted();
  expect(ids(taking)).toEqual(Object.keys(WRITES).toSorted());
  expect(ids(writing.filter((operation) => !taking.includes(operation)))).toEqual(IGNORING.toSorted());
  for (const { responses } of taking) {
    const [status = ""] = Object.keys(responses);
    expect(responses[status]).toMatchObject({ headers: { "Idempotency-Replayed": {} } });
    expect(JSON.stringify(responses["422"])).toContain("idempotency_key_reused");
  }
});

test.each(Object.entries(WRITES))(
  "%s: a repeat changes nothing and gets the same status, and another request with the key is refused",
  async (operationId, prepare) => {
    const [request, status] = await prepare();
    const key = unique("key");
    const first = await keyed(request, key);
    expect([first.status, first.headers.get(REPLAYED)], JSON.stringify(first.body)).toEqual([status, null]);
    const after = await stored();
    const second = await keyed(request, key);
    const [method, path, body, headers] = request;
    const other = await keyed(
      typeof body === "object" && !(body instanceof Uint8Array)
        ? [method, path, `${JSON.stringify(body)} `, headers]
        : [method, `${path}?other=1`, body, headers],
      key,
    );
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
    expect(await stored()).toEqual(after);
    expect(second.headers.get(REPLAYED)).toBe("true");
    if (operationId === "takePersonalData") {
      expect(second.body).toMatchObject({ status: 409, code: "shown_once", passId: first.body.passId });
      expect(JSON.stringify(second.body)).not.toContain(first.body.emailAddress);
      return;
    }
    if (operationId === "createKey") {
      expect(second.body).toMatchObject({ status: 409, code: "shown_once", keyId: first.body.id });
      expect(JSON.stringify(second.body)).not.toContain(first.body.key);
      return;
    }
    expect(second.status).toBe(status);
    for (const header of ["etag", "location"])
      expect(second.headers.get(header)).toBe(first.headers.get(header));
    expect(second.headers.has("location")).toBe(status === 201);
    // Neither the findings of a file nor what phones showed is stored.
    const { lint: _, ...shown } = second.body;
    const answer =
      first.status === 204
        ? first.body
        : { ...first.body, notifications: undefined, googleNotifications: undefined };
    if (operationId !== "importTemplate") expect(second.body).toEqual(answer);
    else expect(first.body).toMatchObject(shown);
    expect(await rowOf(requests, { key })).toMatchObject({ actor: "admin", status });
  },
);

test("a repeat shows the resource as it is now, and does not undo what came after it, even if the first changed nothing", async () => {
  const id = await issue();
  await admin.void(id);
  const voiding: Request = ["POST", `/passes/${id}/void`];
  expect((await keyed(voiding, "no-op")).status).toBe(200);
  await admin.unvoid(id);
  const late = await keyed<Pass>(voiding, "no-op");
  expect([late.status, late.body.status, late.headers.get("etag")]).toEqual([200, "active", '"3"']);
  const change: Request = ["PATCH", `/passes/${id}`, { values: { points: "1" } }];
  await keyed(change, "level");
  await admin.change(id, { values: { points: "2" } });
  expect((await keyed<Pass>(change, "level")).body.values).toEqual({ points: { value: "2" } });
  const redemption: Request = ["POST", `/passes/${id}/redeem`, { redemptionId: "till" }];
  await admin.redeem(id, { redemptionId: "till" });
  await keyed(redemption, "again");
  await call("POST", `/passes/${id}/unredeem`);
  expect((await keyed<Pass>(redemption, "again")).body.redeemedAt).toBeNull();
  // The repeat also replays no dead letter that came after the first request.
  await keyed(["POST", "/dead-letters/replay"], "letters");
  await deadLetter();
  const { body } = await keyed(["POST", "/dead-letters/replay"], "letters");
  expect(body).toEqual({ replayed: 0, left: 1 });
});

test("a request that was refused may be sent again with its key, after the cure", async () => {
  const id = await issue();
  await admin.void(id);
  const redemption: Request = ["POST", `/passes/${id}/redeem`];
  expect((await keyed(redemption, "cured")).body.code).toBe("pass_voided");
  expect(await countRows(requests, { key: "cured" })).toBe(0);
  await admin.unvoid(id);
  expect((await keyed(["POST", "/projects/999999/events", { name: "X" }], "no-project")).status).toBe(404);
  expect(await countRows(requests, { key: "no-project" })).toBe(0);
  const { status, headers } = await keyed(redemption, "cured");
  expect([status, headers.get(REPLAYED)]).toEqual([200, null]);
});

test("if what was created is deleted, a repeat is answered 404 with its id, and creates nothing", async () => {
  const request: Request = ["POST", `/templates/${templateId}/passes`, {}];
  const { id } = (await keyed<Pass>(request, "gone")).body;
  await admin.delete(id);
  const count = await countRows(passes);
  const { status, body, headers } = await keyed(request, "gone");
  expect([status, body.code, headers.get(REPLAYED)]).toEqual([404, "pass_not_found", "true"]);
  expect(body.detail).toContain(`pass ${id}`);
  expect(await countRows(passes)).toBe(count);
});

test("of requests with the same key at the same time, one has an effect, and the others are answered as repeats", async () => {
  const id = await issue();
  const template = { name: "At once", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
  const eight = <Body>(request: Request, key: string) =>
    Promise.all(Array.from({ length: 8 }, () => keyed<Body>(request, key)));
  const groups: [Answer<{ id: number }>[], number][] = [
    [await eight(["PATCH", `/passes/${id}`, { values: { balance: { add: 1 } } }], "add"), 200],
    [await eight(["POST", `/passes/${id}/redeem`], "redeem"), 200],
    [await eight<Pass>(["POST", `/templates/${templateId}/passes`], "issue"), 201],
    [await eight<Template>(["POST", "/templates", template], "template"), 201],
    [await eight(["POST", "/projects", { name: "At once" }], "project"), 201],
    [await eight(["PUT", `/pass-types/${PASS_TYPE}/passes/at/once`, { templateId }], "put"), 201],
  ];
  for (const [answers, status] of groups) {
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => status));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get(REPLAYED) === null).length).toBeLessThan(2);
  }
  expect((await admin.show(id)).values.balance?.value).toBe(13.5);
  expect(await countRows(templates, { name: "At once" })).toBe(1);
  // What the other requests have uploaded is in the tables, so the hourly job can delete it.
  const known = new Set([...(await rowsOf(objects)), ...(await rowsOf(objectUses))].map(({ key }) => key));
  const { objects: inBucket } = await env.BUCKET.list();
  const stray = inBucket.filter(({ key }) => !key.startsWith("built/") && !known.has(key));
  expect(stray).toEqual([]);
});

test("the same key of another actor is another key", async () => {
  const mark = { actor: "somebody else", key: "shared", bodyHash: "0", targetId: "1", status: 200 };
  await insertRows(requests, [{ ...mark, at: Date.now() }]);
  const { status, headers } = await keyed(["POST", "/projects", { name: "Mine" }], "shared");
  expect([status, headers.get(REPLAYED)]).toEqual([201, null]);
});

test("a malformed key is refused, and a route that stores nothing ignores any key", async () => {
  const length = "x".repeat(255);
  for (const key of ["", "é", "a\tb", `${length}x`]) {
    const { status, body } = await keyed(["POST", "/projects", { name: "X" }], key);
    expect([key, status, body.code]).toEqual([key, 400, "invalid_header"]);
  }
  for (const key of [length, '"8e03978e-40d5"', "a b"])
    expect((await keyed(["POST", "/projects", { name: "X" }], key)).status).toBe(201);
  const id = await issue();
  const marks = await countRows(requests);
  for (const key of ["once", "once", ""]) {
    const { status, headers } = await keyed(["POST", "/bundles", { passIds: [id] }], key);
    expect([status, headers.get(REPLAYED)]).toEqual([200, null]);
  }
  expect(await countRows(requests)).toBe(marks);
});

test("the hourly job removes marks after a day, and then the key is free", async () => {
  await deleteRows(requests);
  const request: Request = ["POST", "/projects", { name: "Daily" }];
  const first = await keyed<{ id: number }>(request, "daily");
  const hour = 60 * 60_000;
  const old = Array.from({ length: 3 }, (_, i) => i).map((i) => ({
    actor: "admin",
    key: `old-${i}`,
    bodyHash: "0",
    targetId: "1",
    status: 200,
    at: Date.now() - 25 * hour,
  }));
  await deleteRows(requests);
  await insertRows(requests, old);
  expect((await keyed<{ id: number }>(request, "daily")).body.id).not.toBe(first.body.id);
  await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), env);
  expect((await rowsOf(requests)).map(({ key }) => key)).toEqual(["daily"]);
});
