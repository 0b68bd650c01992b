/**
 * Requests to the Worker while D1 fails (../failing-d1.ts), and what the answers and the log must have.
 */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { googleObjects } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import { type Failure, failingD1, withoutPauses } from "../failing-d1.ts";
import { ADMIN_TOKEN, admin, call, google, ORIGIN, passToken, randomPushToken, send } from "../harness.ts";
import { fields, filled, HTML, openForm } from "../join/joiner.ts";
import { rewards, signUp } from "../passes/rewards.ts";
import { rowOf } from "../rows.ts";

export const PASS_TYPE = "pass.test.storage-errors";
export const KEY = { Authorization: `Bearer ${ADMIN_TOKEN}` };
export let templateId: number;
let rewardsId: number;
/** Made for the first callback. */
let issuer: Promise<void> | undefined;

/** Registers the hooks of a file of this folder: what its requests need, and no pauses before a repeat. */
export function prepareStorage(): void {
  beforeAll(async () => {
    issuer = undefined;
    await admin.makePassType(PASS_TYPE, undefined, "P-256");
    templateId = (await admin.makeTemplate(PASS_TYPE)).id;
    rewardsId = (await admin.makeTemplate(PASS_TYPE, rewards)).id;
  });
  beforeEach(() => void withoutPauses());
  afterEach(() => vi.restoreAllMocks());
}

/** What somebody sends who fills in the form of a join page. */
export async function joinForm(): Promise<Call> {
  const slug = unique("join");
  await admin.makeTemplate(PASS_TYPE, { join: { slug, fields, perNetworkPerDay: 1000 } });
  return ["POST", `/join/${slug}`, new URLSearchParams({ nonce: await openForm(slug), ...filled }), HTML];
}

/** A callback of Google: somebody has saved a pass. */
export async function googleCallback(): Promise<Call> {
  issuer ??= makeIssuer();
  await issuer;
  const { id, landingUrl } = await admin.issue(templateId);
  await send(new Request(`${landingUrl}/google`, { redirect: "manual" }));
  const { classId, resourceId: objectId } = await rowOf(googleObjects, { passId: id });
  return [
    "POST",
    "/google/callback",
    await google.signCallback({ classId, objectId, eventType: "save" }),
    {},
  ];
}

async function makeIssuer(): Promise<void> {
  const { issuerId, key } = await google.makeIssuer();
  await google.changeProject(key.project_id, { requestsPerSecond: 1000 });
  await call("POST", "/google-issuers", { issuerId, serviceAccount: key });
}

/** The failure of requests that do not fail. */
export const NO_FAILURE = { of: "reads", when: "before", times: 0 } as const;

/** A request, as the arguments of `ask`. */
export type Call = readonly [method: string, path: string, body?: unknown, headers?: Record<string, string>];

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
  /** The calls of D1 of the kind that fails. */
  readonly calls: number;
  readonly log: readonly string[];
}

export async function ask([method, path, body, headers = KEY]: Call, failure: Failure): Promise<Answer> {
  const log: string[] = [];
  for (const level of ["log", "warn", "error"] as const)
    vi.spyOn(console, level).mockImplementation((text: unknown) => void log.push(String(text)));
  const context = createExecutionContext();
  const { DB, calls } = failingD1(env.DB, failure);
  const isJson = body !== undefined && !(body instanceof URLSearchParams);
  const request = new Request(ORIGIN + path, {
    method,
    headers: { ...headers, ...(isJson ? { "Content-Type": "application/json" } : {}) },
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
  });
  const response = await worker.fetch(request, { ...env, DB }, context);
  const text = new TextDecoder().decode(await response.arrayBuffer());
  const asked = calls();
  await waitOnExecutionContext(context);
  const isJsonAnswer = /json/.test(response.headers.get("content-type") ?? "");
  const { status } = response;
  return {
    status,
    headers: response.headers,
    text,
    body: isJsonAnswer ? JSON.parse(text) : {},
    calls: asked,
    log,
  };
}

let made = 0;
export const unique = (word: string) => `${word}-${++made}`;

/** A pass, with what its holder sends. */
export async function held(template = templateId) {
  const pass = await admin.issue(template, {});
  const { Authorization } = await passToken(pass);
  const device = randomPushToken().slice(0, 32);
  const place = `/devices/${device}/registrations/${PASS_TYPE}`;
  return { pass, place, holder: { Authorization } };
}
export async function registered() {
  const it = await held();
  const { status } = await ask(
    ["POST", `/v1${it.place}/${it.pass.serialNumber}`, { pushToken: randomPushToken() }, it.holder],
    NO_FAILURE,
  );
  expect(status).toBe(201);
  return it;
}
export async function eventWithPass() {
  const event = await admin.makeEvent();
  const pass = await admin.issue(templateId, { eventId: event.id });
  return { event, pass, path: `/admin/v1/projects/${event.projectId}/events/${event.id}` };
}

/** A pass whose holder is to sign up for the rewards. */
export const heldRewards = () => held(rewardsId);

/** The request that takes the personal data of a holder who has signed up. */
export async function personalDataTaken(): Promise<Call> {
  const { pass, holder } = await heldRewards();
  const path = `/v1/passes/${PASS_TYPE}/${pass.serialNumber}/personalize`;
  await ask(["POST", path, signUp(), holder], NO_FAILURE);
  return ["POST", `/admin/v1/passes/${pass.id}/personalization/take`];
}

export const whens = ["before", "after"] as const;
export const down = { when: "before", times: 99 } as const;
export const LOGGED = (statement: string) =>
  `{"event":"d1_repeated","statement":"${statement}","attempt":1,"error":"Error: D1_ERROR: Network connection lost."}`;
export const repeats = ({ log }: Answer) => log.filter((line) => line.includes("d1_repeated"));
/** A browser gets a page in place of the code. */
export const isUnavailable = ({ status, headers, body, text }: Answer) =>
  status === 503 &&
  headers.get("retry-after") === "5" &&
  (body.code === "database_unavailable" || text.includes("<h1>Not available at the moment</h1>"));
