/**
 * Edgepass as a test sees it: from outside, through clients with verbs. `admin` holds the bearer key, `iphone()` makes
 * a phone that trusts the stand-in Apple, `android()` one with Google Wallet, `apple` controls the stand-in Apple, and `google` the
 * stand-in Google.
 *
 * Each test file starts with an empty D1 and R2 (setup.ts). It uses its own pass types and keys, since the stand-in is
 * shared.
 */
import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import type { Event } from "../src/events/events.ts";
import type { Project } from "../src/events/projects.ts";
import type { PassType } from "../src/identities/pass-types.ts";
import type { PersonalData } from "../src/passes/personal-data.ts";
import type { Pass } from "../src/passes/show.ts";
import type { Template } from "../src/templates/show.ts";
import { appleControl } from "./apple/control.ts";
import { IPhone } from "./apple/iphone.ts";
import { checkPass } from "./apple/pkpass.ts";
import { drawPng } from "./apple/png.ts";
import { Android } from "./google/android.ts";
import { googleControl } from "./google/stand-in/control.ts";

export const ORIGIN = "https://passes.example.com";
export const ADMIN_TOKEN = "admin-token-of-the-tests";
export const TEAM = "TEAM000001";

export const apple = appleControl(env.APPLE_ORIGIN);
export const google = googleControl(env.GOOGLE_ORIGIN);
export const rootPem = await apple.rootPem();

/** What a client of the Worker sends it. */
export function send(request: Request): Promise<Response> {
  return exports.default.fetch(request);
}

export function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return send(new Request(ORIGIN + path, { headers }));
}

/** An answer of the admin API, with its body parsed. */
export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** A refusal, as problem+json. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly pointer?: string;
  readonly [more: string]: unknown;
}

/** One call of the admin API, whatever it answers. A body that is no string or bytes is sent as JSON. */
export async function call<Body = Problem>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<Body>> {
  const raw = body === undefined || typeof body === "string" || body instanceof Uint8Array;
  const response = await send(
    new Request(`${ORIGIN}/admin/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${ADMIN_TOKEN}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
    }),
  );
  const text = await response.text();
  const json = /json/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    body: (json ? JSON.parse(text) : text) as Body,
  };
}

async function expectStatus<Body>(status: number, answer: Promise<Answer<Body>>): Promise<Body> {
  const got = await answer;
  if (got.status !== status)
    throw new Error(`expected ${status}, got ${got.status}: ${JSON.stringify(got.body)}`);
  return got.body;
}

/** The created or changed resource as later requests show it: without the linter's report, and without what phones show. */
async function withoutReport<Body extends object>(
  status: number,
  answer: Promise<Answer<Body>>,
): Promise<Body> {
  const body: Body & { lint?: unknown; notifications?: unknown } = {
    ...(await expectStatus(status, answer)),
  };
  if (body.lint === undefined) throw new Error("The answer has no report of the linter");
  delete body.lint;
  delete body.notifications;
  return body;
}

const small = drawPng(29, 29, (x, y) => [x * 8, y * 8, 120, 255]).toBase64();
/** The least that a template needs. */
export const icon = { "icon.png": small, "icon@2x.png": drawPng(58, 58, () => [90, 60, 30, 255]).toBase64() };

export const storeCard = {
  description: "Coffee card",
  organizationName: "Edgepass Roasters",
  storeCard: {
    headerFields: [{ key: "balance", label: "BALANCE", value: 12.5, currencyCode: "EUR" }],
    primaryFields: [{ key: "points", label: "POINTS", value: "0", changeMessage: "You now have %@ points" }],
    secondaryFields: [
      { key: "until", label: "UNTIL", value: "2027-01-01T00:00Z", dateStyle: "PKDateStyleShort" },
    ],
    backFields: [{ key: "terms", label: "Terms", value: "One coffee for ten points." }],
  },
  barcodes: [{ format: "PKBarcodeFormatQR" }],
};

type EventId = Pick<Event, "projectId" | "id">;

/** The admin API as verbs. Each throws on anything but its success. */
export const admin = {
  /** A pass type with a certificate of the stand-in Apple. An RSA key takes longer: 51 ms of CPU more. */
  async makePassType(
    passTypeIdentifier: string,
    teamIdentifier = TEAM,
    keyAlgorithm: "RSA" | "P-256" = "P-256",
  ) {
    const made = await expectStatus(
      201,
      call<PassType>("POST", "/pass-types", { passTypeIdentifier, keyAlgorithm }),
    );
    const { pem } = await apple.issue({ csr: made.csr, passTypeIdentifier, teamIdentifier });
    await apple.registerTopic({ topic: passTypeIdentifier, teamIdentifier });
    return this.installCertificate(passTypeIdentifier, { certificate: pem });
  },
  installCertificate: (passTypeIdentifier: string, body: Record<string, unknown>) =>
    expectStatus(200, call<PassType>("PUT", `/pass-types/${passTypeIdentifier}/certificate`, body)),
  async makeApnsKey(teamIdentifier = TEAM) {
    const keyId = Array.from(
      crypto.getRandomValues(new Uint8Array(10)),
      (n) => "ABCDEFGHJKMNPQRS"[n % 16],
    ).join("");
    const key = await apple.makeKey({ keyId, teamIdentifier });
    await expectStatus(201, call("POST", "/apns-keys", key));
    return keyId;
  },
  makeTemplate: (passTypeIdentifier: string, more: Record<string, unknown> = {}) =>
    withoutReport(
      201,
      call<Template>("POST", "/templates", {
        name: "Card",
        passTypeIdentifier,
        pass: storeCard,
        images: icon,
        ...more,
      }),
    ),
  changeTemplate: (id: number, body: Record<string, unknown>) =>
    withoutReport(200, call<Template>("PATCH", `/templates/${id}`, body)),
  issue: (templateId: number, body: Record<string, unknown> = {}) =>
    withoutReport(201, call<Pass>("POST", `/templates/${templateId}/passes`, body)),
  show: (id: number) => expectStatus(200, call<Pass>("GET", `/passes/${id}`)),
  change: (id: number, body: Record<string, unknown>) =>
    withoutReport(200, call<Pass>("PATCH", `/passes/${id}`, body)),
  redeem: (id: number, body?: Record<string, unknown>) =>
    expectStatus(200, call<Pass>("POST", `/passes/${id}/redeem`, body)),
  unredeem: (id: number) => expectStatus(200, call<Pass>("POST", `/passes/${id}/unredeem`)),
  void: (id: number, reason?: string) =>
    expectStatus(
      200,
      call<Pass>("POST", `/passes/${id}/void`, reason === undefined ? undefined : { reason }),
    ),
  unvoid: (id: number) => expectStatus(200, call<Pass>("POST", `/passes/${id}/unvoid`)),
  /** What the holder entered in Wallet: once, unless it is kept. */
  takePersonalization: (id: number, body?: { keep: boolean }) =>
    expectStatus(200, call<PersonalData>("POST", `/passes/${id}/personalization/take`, body)),
  deletePassType: (passTypeIdentifier: string) =>
    expectStatus(204, call("DELETE", `/pass-types/${passTypeIdentifier}`)),
  deleteTemplate: (id: number) => expectStatus(204, call("DELETE", `/templates/${id}`)),
  delete: (id: number) => expectStatus(204, call("DELETE", `/passes/${id}`)),
  makeProject: (body: Record<string, unknown> = {}) =>
    expectStatus(201, call<Project>("POST", "/projects", { name: "Tour", ...body })),
  /** Makes an event. Without the id of a project, it gets a project of its own. */
  async makeEvent(body: Record<string, unknown> = {}, projectId?: number) {
    const id = projectId ?? (await this.makeProject()).id;
    return withoutReport(201, call<Event>("POST", `/projects/${id}/events`, { name: "Concert", ...body }));
  },
  changeEvent: ({ projectId, id }: EventId, body: Record<string, unknown>) =>
    withoutReport(200, call<Event>("PATCH", `/projects/${projectId}/events/${id}`, body)),
  deleteEvent: ({ projectId, id }: EventId) =>
    expectStatus(204, call("DELETE", `/projects/${projectId}/events/${id}`)),
};

/** A fresh phone. @param options `fetch`: another way to the Worker than the direct one */
export function iphone(
  options: { pushToken?: string; now?: () => number; fetch?: typeof send } = {},
): IPhone {
  return new IPhone({ fetch: send, rootPem, ...options });
}

/** A fresh phone with Google Wallet. */
export function android(): Android {
  return new Android({ fetch: send, google });
}

/** Downloads a pass by its link and verifies all of it, as Wallet does, and as openssl and unzip do. */
export async function download(pass: Pick<Pass, "downloadUrl">) {
  const response = await send(new Request(pass.downloadUrl));
  if (response.status !== 200) throw new Error(`${pass.downloadUrl} answered ${response.status}`);
  return accept(new Uint8Array(await response.arrayBuffer()));
}

/** Verifies a pass by Wallet's rules, and with openssl and unzip if they are on this machine. */
export async function accept(pkpass: Uint8Array) {
  const { objections } = await apple.inspect(pkpass);
  if (objections.length > 0) throw new Error(objections.join("\n"));
  return checkPass(pkpass, { rootPem });
}

/** The ApplePass header of a pass, as its pass.json has it. */
export async function passToken(
  pass: Pick<Pass, "downloadUrl">,
): Promise<{ Authorization: string; token: string }> {
  const token = String((await download(pass)).pass.authenticationToken);
  return { Authorization: `ApplePass ${token}`, token };
}

/** 64 random hexadecimal digits: a push token. */
export function randomPushToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

/** The query of `stored`: the rows of each table as one JSON text, because a statement for each table costs more. */
let storedQuery: Promise<string> | undefined;
async function makeStoredQuery(): Promise<string> {
  const { results } = await env.DB.prepare(
    `SELECT t.name AS "table", group_concat('''' || c.name || ''', "' || c.name || '"') AS members
     FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
     WHERE t.type = 'table' AND t.name NOT GLOB 'sqlite_*' AND t.name NOT GLOB '_cf_*' AND t.name <> 'objects'
       AND c.name NOT IN ('built_etag', 'given_tag') GROUP BY t.name`,
  ).all<{ table: string; members: string }>();
  const tables = results.map(
    ({ table, members }) =>
      `(SELECT json_group_array(json_object(${members})) FROM "${table}") AS "${table}"`,
  );
  const unused = "SELECT key FROM objects EXCEPT SELECT key FROM object_uses";
  return `SELECT ${tables.join(", ")}, (SELECT json_group_array(key) FROM (${unused})) AS unusedKeys`;
}

/**
 * The rows of each table, and the keys in R2: what a refusal has to leave as it was. It leaves out what may change meanwhile:
 * - the rows of `objects` and their keys: an upload of a refused request stays until the hourly job
 * - the columns about built passes, which the Worker writes after it has answered a download
 * - when a change was dispatched, which the queue consumer writes at some later time
 */
export async function stored() {
  storedQuery ??= makeStoredQuery();
  const [found, { objects }] = await Promise.all([
    env.DB.prepare(await storedQuery).first<Record<string, string>>(),
    env.BUCKET.list(),
  ]);
  const { unusedKeys = "[]", ...tables } = found ?? {};
  const unused = new Set<string>(JSON.parse(unusedKeys));
  const rows = Object.entries(tables).map(([name, json]): [string, Record<string, unknown>[]] => [
    name,
    JSON.parse(json).map(({ dispatched_at: _at, ...row }: Record<string, unknown>) => row),
  ]);
  return {
    rows: Object.fromEntries(rows),
    objects: objects.map(({ key }) => key).filter((key) => !unused.has(key) && !key.startsWith("built/")),
  };
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly pointer?: string;
}

async function expectRefusal(request: Parameters<typeof call>, expected: Refusal): Promise<Problem> {
  const [method, path] = request;
  const { status, headers, body } = await call(...request);
  const { code, pointer } = body;
  const refusal = { status: body.status, code, pointer };
  expect(refusal, `${method} ${path}`).toEqual({ pointer: undefined, ...expected });
  expect(status).toBe(expected.status);
  expect(headers.get("content-type")).toBe("application/problem+json");
  return body;
}

/** Calls the admin API and expects this refusal, as a problem, and that nothing stored has changed. */
export async function refused(request: Parameters<typeof call>, expected: Refusal): Promise<Problem> {
  const before = await stored();
  const problem = await expectRefusal(request, expected);
  expect(await stored()).toEqual(before);
  return problem;
}

/** Expects this refusal of each request. What is stored is compared once, after all of them, because that takes longest. */
export async function allRefused(requests: Parameters<typeof call>[], expected: Refusal): Promise<void> {
  const before = await stored();
  for (const request of requests) await expectRefusal(request, expected);
  expect(await stored()).toEqual(before);
}
