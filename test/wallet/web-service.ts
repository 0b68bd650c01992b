/**
 * A raw client of Apple's web service: the requests of one pass's holder, with any header or body, and the unchanged
 * response. The clients that judge responses are in test/apple (iphone.ts, wallets.ts). `askWith` sends the same
 * request to the Worker with another environment.
 */
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { vi } from "vitest";
import type { Env } from "../../src/config.ts";
import { devices, passes, registrations } from "../../src/db/schema.ts";
import worker from "../../src/index.ts";
import type { Pass } from "../../src/passes/show.ts";
import { authenticationToken } from "../../src/passes/token.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import { ORIGIN, type Problem, randomPushToken, send } from "../harness.ts";
import { db, passRow, rowsOf } from "../rows.ts";

type Headers = Record<string, string>;

/** A body that is not a string, bytes or a stream is sent as JSON. */
export function ask(method: string, path: string, headers: Headers = {}, body?: unknown): Request {
  const raw = typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream;
  return new Request(ORIGIN + path, {
    method,
    headers,
    redirect: "manual",
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
}

/** The Worker's response with changed settings or bindings, after all of its work after the response is finished. */
export async function askWith(changed: Partial<Env>, request: Request): Promise<Response> {
  const ctx = createExecutionContext();
  const response = await worker.fetch(request, { ...env, ...changed }, ctx);
  await waitOnExecutionContext(ctx);
  return response;
}

/** The authenticationToken of a pass, which need not exist: made as the server makes it, from the secret of the tests. */
export function tokenOf(
  pass: Pick<Pass, "passTypeIdentifier" | "serialNumber">,
  secrets = createSecrets(env.MASTER_SECRET ?? ""),
): Promise<string> {
  return authenticationToken(secrets, secrets.newestKeyId, pass.passTypeIdentifier, pass.serialNumber);
}

/** The holder of a pass: its token, its addresses and the requests that they allow. */
export type Holder = Awaited<ReturnType<typeof holderOf>>;

/** @param prefix where the web service is mounted */
export async function holderOf(
  pass: Pick<Pass, "passTypeIdentifier" | "serialNumber">,
  prefix: "/v1" | "/api/v1" = "/v1",
) {
  const token = await tokenOf(pass);
  const authorization = { Authorization: `ApplePass ${token}` };
  const serialNumber = encodeURIComponent(pass.serialNumber);
  const path = `${prefix}/passes/${pass.passTypeIdentifier}/${serialNumber}`;
  const registration = (device: string) =>
    `${prefix}/devices/${device}/registrations/${pass.passTypeIdentifier}/${serialNumber}`;
  return {
    token,
    authorization,
    path,
    registration,
    fetch: (headers: Headers = {}) => send(ask("GET", path, { ...authorization, ...headers })),
    /** @param body the push token, or any other body */
    register: (device: string, body: unknown = { pushToken: randomPushToken() }, headers: Headers = {}) =>
      send(ask("POST", registration(device), { ...authorization, ...headers }, body)),
    personalize: (body: unknown, headers: Headers = {}) =>
      send(ask("POST", `${path}/personalize`, { ...authorization, ...headers }, body)),
    unregister: (device: string, headers: Headers = {}) =>
      send(ask("DELETE", registration(device), { ...authorization, ...headers })),
  };
}

/** A deviceLibraryIdentifier such as iOS makes. */
export function randomDevice(): string {
  return randomPushToken().slice(0, 32);
}

export interface Updates {
  readonly serialNumbers: string[];
  readonly lastUpdated: string;
}

/** "What changed?": the content of a 200, with sorted serial numbers, or undefined for a 204. */
export async function updates(
  device: string,
  passTypeIdentifier: string,
  tag?: string,
): Promise<Updates | undefined> {
  const response = await send(ask("GET", listPath(device, passTypeIdentifier, tag)));
  if (response.status === 204) return undefined;
  if (response.status !== 200) throw new Error(`the list answered ${response.status}`);
  const found: Updates = await response.json();
  return { ...found, serialNumbers: found.serialNumbers.toSorted() };
}

export function listPath(device: string, passTypeIdentifier: string, tag?: string): string {
  const query = tag === undefined ? "" : `?passesUpdatedSince=${encodeURIComponent(tag)}`;
  return `/v1/devices/${device}/registrations/${passTypeIdentifier}${query}`;
}

/** A refusal: its status, code and pointer. */
export async function refusal(
  response: Response,
): Promise<{ status: number; code: string; pointer: string | undefined }> {
  const { code, pointer }: Problem = await response.json();
  return { status: response.status, code, pointer };
}

/** The registrations of a device, directly from the table, because no response shows push tokens. */
export async function registrationsOf(device: string) {
  return db
    .select({
      serialNumber: passes.serialNumber,
      pushToken: registrations.pushToken,
      client: registrations.client,
    })
    .from(registrations)
    .innerJoin(passes, eq(passes.id, registrations.passId))
    .where(eq(registrations.deviceLibraryIdentifier, device))
    .orderBy(passes.serialNumber);
}

/** The rows of a device itself: one per pass type, or none. */
export async function devicesNamed(device: string) {
  const rows = await rowsOf(devices, { deviceLibraryIdentifier: device });
  return rows.map(({ passTypeIdentifier, pushToken, client }) => ({ passTypeIdentifier, pushToken, client }));
}

/** A binding that throws whenever it is used, so that the response is 500. */
export function untouchable<Binding extends object>(binding: Binding): Binding {
  return new Proxy(binding, {
    get(_target, property) {
      throw new Error(`touched: ${String(property)}`);
    },
  });
}

/**
 * Waits until R2 has the built pass, which is stored after a response.
 * @returns its ETag
 */
export function keptBundle(pass: Pick<Pass, "id">): Promise<string> {
  return vi.waitFor(async () => {
    const { builtEtag: etag } = await passRow(pass.id);
    if (etag === null) throw new Error(`no built pass ${pass.id} is stored`);
    return etag;
  }, 5000);
}
