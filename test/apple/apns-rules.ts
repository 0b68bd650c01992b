/**
 * What Apple's push service answers, as pure functions: the checks of a request that can be made without a real phone, what
 * it says about a device token, and the form of an answer. They know nothing of sockets, clocks, faults or phones; the
 * stand-in APNs (apns.ts), the model's, that of the load test and that of the timeline are transports for them.
 *
 * They are stricter than Apple in one way: if Apple would accept a request that a Wallet push should not look like (a
 * payload other than `{}`, an unusual content type), the response is 200, but with a complaint.
 *
 * Follows "Sending notification requests to APNs", "Handling notification responses from APNs" and "Establishing a
 * token-based connection to APNs" in Apple's User Notifications documentation.
 */
import type { JWTPayload, ProtectedHeaderParameters } from "jose";
import { authenticate, type ProviderAccounts } from "./apns-provider-token.ts";

/** Every reason that Apple documents, with its status. */
export const REASONS = {
  BadCollapseId: 400,
  BadDeviceToken: 400,
  BadExpirationDate: 400,
  BadMessageId: 400,
  BadPriority: 400,
  BadTopic: 400,
  DeviceTokenNotForTopic: 400,
  DuplicateHeaders: 400,
  IdleTimeout: 400,
  InvalidPushType: 400,
  MissingDeviceToken: 400,
  MissingTopic: 400,
  PayloadEmpty: 400,
  TopicDisallowed: 400,
  BadCertificate: 403,
  BadCertificateEnvironment: 403,
  BadEnvironmentKeyInToken: 403,
  ExpiredProviderToken: 403,
  Forbidden: 403,
  InvalidProviderToken: 403,
  MissingProviderToken: 403,
  UnrelatedKeyIdInToken: 403,
  BadPath: 404,
  MethodNotAllowed: 405,
  ExpiredToken: 410,
  Unregistered: 410,
  PayloadTooLarge: 413,
  TooManyProviderTokenUpdates: 429,
  TooManyRequests: 429,
  InternalServerError: 500,
  ServiceUnavailable: 503,
  Shutdown: 503,
} as const;
export type Reason = keyof typeof REASONS;

export interface ApnsAnswer {
  readonly status: number;
  readonly reason?: string | undefined;
  /** Milliseconds: since when the token has been dead. Part of a 410, where it is the present by default. */
  readonly timestamp?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export const ACCEPTED: ApnsAnswer = { status: 200 };

export function answerWith(reason: Reason, more: Omit<ApnsAnswer, "status" | "reason"> = {}): ApnsAnswer {
  return { status: REASONS[reason], reason, ...more };
}

/** What APNs knows of a device token. */
export type TokenState =
  | "active"
  | "unknown"
  /** @property deadSince milliseconds */
  | { readonly reason: "Unregistered" | "ExpiredToken"; readonly deadSince: number };

/** The answer to a request that passed every check. */
export function answerAboutToken(state: TokenState): ApnsAnswer {
  if (state === "active") return ACCEPTED;
  if (state === "unknown") return answerWith("BadDeviceToken");
  return answerWith(state.reason, { timestamp: state.deadSince });
}

/** The body of an answer that APNs gives at `now` (milliseconds): empty, or why the push was refused. */
export function answerBody({ status, reason, timestamp }: ApnsAnswer, now: number): string {
  if (status === 200) return "";
  return JSON.stringify({ reason, timestamp: timestamp ?? (status === 410 ? now : undefined) });
}

/** The page of a proxy between us and Apple. */
export const GATEWAY_PAGE =
  "<!doctype html><title>Bad gateway</title><h1>Something in between went wrong</h1>";

/** The same for a double that is called in place of fetch. @param now milliseconds */
export function toResponse(answer: ApnsAnswer, now: number): Response {
  const { status, headers = {} } = answer;
  return new Response(answerBody(answer, now), { status, headers });
}

export interface ApnsRequest {
  method: string;
  path: string;
  /** In order of arrival, names in lower case, without the pseudo headers; a repeated header appears twice. */
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
}

export interface ApnsVerdict {
  /** Undefined: accepted. */
  refusal: Reason | undefined;
  /** The part of the path that names the device; empty if there is none. */
  token: string;
  jwtHeader: ProtectedHeaderParameters | undefined;
  jwtClaims: JWTPayload | undefined;
  /** Things that Apple tolerates, but that a Wallet push should not do. */
  complaints: string[];
}

const devicePath = /^\/3\/device(?:\/([^/?]*))?$/;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Apple's data about the developers. */
export interface ApnsAccounts extends ProviderAccounts {
  /** The team of each topic. While it is empty, every topic belongs to the team. */
  topics: Map<string, string>;
}

/** Judges one request at `now` (milliseconds), and stores its provider token in `accounts`. */
export async function judge(request: ApnsRequest, accounts: ApnsAccounts, now: number): Promise<ApnsVerdict> {
  const address = checkAddress(request);
  const verdict: ApnsVerdict = { ...address, jwtHeader: undefined, jwtClaims: undefined, complaints: [] };
  if (address.refusal) return verdict;

  // Apple reveals nothing about a device or a topic to an unknown sender.
  const headers = new Map(request.headers);
  const sender = await authenticate(headers.get("authorization"), accounts, now);
  const { refusal, jwtHeader, jwtClaims } = sender;
  if (refusal) return { ...verdict, refusal, jwtHeader, jwtClaims };

  const unfit =
    checkTopic(headers.get("apns-topic"), jwtClaims?.iss, accounts) ?? checkPush(request, address.token);
  const complaints = unfit ? [] : [...complaintsAbout(request), ...complaintsAboutClaims(jwtClaims)];
  return { ...verdict, refusal: unfit, jwtHeader, jwtClaims, complaints };
}

/** The same without the provider token, for a double that does not know the keys. */
export function judgeUnsigned(request: ApnsRequest): Pick<ApnsVerdict, "refusal" | "token" | "complaints"> {
  const { token, refusal } = checkAddress(request);
  const unfit =
    refusal ?? (new Map(request.headers).get("apns-topic") ? checkPush(request, token) : "MissingTopic");
  return { token, refusal: unfit, complaints: unfit ? [] : complaintsAbout(request) };
}

/** A request as fetch is given it. */
export function toApnsRequest(url: string, init: RequestInit): ApnsRequest {
  return {
    method: init.method ?? "GET",
    path: new URL(url).pathname,
    headers: [...new Headers(init.headers)],
    body: new TextEncoder().encode(String(init.body ?? "")),
  };
}

function checkAddress(request: ApnsRequest): { token: string; refusal: Reason | undefined } {
  const path = devicePath.exec(request.path);
  const token = path?.[1] ?? "";
  const refuse = (refusal: Reason) => ({ token, refusal });
  if (request.method !== "POST") return refuse("MethodNotAllowed");
  if (!path) return refuse("BadPath");
  if (token === "") return refuse("MissingDeviceToken");
  if (new Map(request.headers).size < request.headers.length) return refuse("DuplicateHeaders");
  return { token, refusal: undefined };
}

function checkPush(request: ApnsRequest, token: string): Reason | undefined {
  return checkDelivery(new Map(request.headers)) ?? checkPayload(request.body) ?? checkDeviceToken(token);
}

function checkTopic(
  topic: string | undefined,
  teamIdentifier: string | undefined,
  accounts: ApnsAccounts,
): Reason | undefined {
  if (!topic) return "MissingTopic";
  if (accounts.topics.size > 0 && accounts.topics.get(topic) !== teamIdentifier) return "TopicDisallowed";
  return undefined;
}

function checkDelivery(headers: ReadonlyMap<string, string>): Reason | undefined {
  const pushType = headers.get("apns-push-type");
  if (pushType !== "background" && pushType !== "alert") return "InvalidPushType";

  // Without the header the priority is 10, which is not allowed for a background push.
  const priority = headers.get("apns-priority") ?? "10";
  if (priority !== "5" && priority !== "10") return "BadPriority";
  if (pushType === "background" && priority !== "5") return "BadPriority";

  if (!/^\d{1,10}$/.test(headers.get("apns-expiration") ?? "0")) return "BadExpirationDate";

  const id = headers.get("apns-id");
  if (id !== undefined && !uuid.test(id)) return "BadMessageId";

  const collapseId = new TextEncoder().encode(headers.get("apns-collapse-id"));
  return collapseId.length > 64 ? "BadCollapseId" : undefined;
}

function checkPayload(body: Uint8Array): Reason | undefined {
  if (body.length === 0) return "PayloadEmpty";
  return body.length > 4096 ? "PayloadTooLarge" : undefined;
}

/** No phone has the token of zeros, so it can be used to test a key and a topic. */
function checkDeviceToken(token: string): Reason | undefined {
  const wellFormed = token.length >= 64 && /^([0-9a-f]{2})+$/i.test(token);
  return wellFormed && !/^0+$/.test(token) ? undefined : "BadDeviceToken";
}

function complaintsAbout({ headers, body }: ApnsRequest): string[] {
  const complaints: string[] = [];
  if (new TextDecoder().decode(body).trim() !== "{}") {
    complaints.push("The payload of a Wallet push is an empty JSON dictionary, {}.");
  }
  const contentType = new Map(headers).get("content-type");
  if (contentType?.split(";")[0]?.trim() !== "application/json") {
    complaints.push("The content-type is not application/json.");
  }
  return complaints;
}

function complaintsAboutClaims(jwtClaims: JWTPayload | undefined): string[] {
  const extra = Object.keys(jwtClaims ?? {}).filter((name) => name !== "iss" && name !== "iat");
  if (extra.length === 0) return [];
  return [`The provider token has more claims than iss and iat: ${extra.join(", ")}.`];
}
