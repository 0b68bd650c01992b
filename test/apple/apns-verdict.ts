/**
 * Apple's push service as one function from a request to a verdict, with every check that is possible without a real
 * phone. It knows nothing of sockets, clocks or faults.
 *
 * It is stricter than Apple in one way: if Apple would accept a request that a Wallet push should not look like (a
 * payload other than `{}`, an unusual content type), the response is 200, but with a complaint.
 *
 * Follows "Sending notification requests to APNs", "Handling notification responses from APNs" and "Establishing a
 * token-based connection to APNs" in Apple's User Notifications documentation.
 */
import type { JWTPayload, ProtectedHeaderParameters } from "jose";
import { authenticate, type ProviderAccounts } from "./apns-provider-token.ts";

/** All refusals of the checks, with their statuses. */
export const refusals = {
  BadCollapseId: 400,
  BadDeviceToken: 400,
  BadExpirationDate: 400,
  BadMessageId: 400,
  BadPriority: 400,
  DuplicateHeaders: 400,
  InvalidPushType: 400,
  MissingDeviceToken: 400,
  MissingTopic: 400,
  PayloadEmpty: 400,
  TopicDisallowed: 400,
  ExpiredProviderToken: 403,
  InvalidProviderToken: 403,
  MissingProviderToken: 403,
  BadPath: 404,
  MethodNotAllowed: 405,
  PayloadTooLarge: 413,
  TooManyProviderTokenUpdates: 429,
} as const;
export type Refusal = keyof typeof refusals;

export interface ApnsRequest {
  method: string;
  path: string;
  /** In order of arrival, names in lower case, without the pseudo headers; a repeated header appears twice. */
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
}

export interface ApnsVerdict {
  /** Undefined: accepted. */
  refusal: Refusal | undefined;
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
  const path = devicePath.exec(request.path);
  const verdict: ApnsVerdict = {
    refusal: undefined,
    token: path?.[1] ?? "",
    jwtHeader: undefined,
    jwtClaims: undefined,
    complaints: [],
  };
  const refuse = (refusal: Refusal): ApnsVerdict => ({ ...verdict, refusal });

  if (request.method !== "POST") return refuse("MethodNotAllowed");
  if (!path) return refuse("BadPath");
  if (verdict.token === "") return refuse("MissingDeviceToken");

  const headers = new Map(request.headers);
  if (headers.size < request.headers.length) return refuse("DuplicateHeaders");

  // Apple reveals nothing about a device or a topic to an unknown sender.
  const sender = await authenticate(headers.get("authorization"), accounts, now);
  verdict.jwtHeader = sender.jwtHeader;
  verdict.jwtClaims = sender.jwtClaims;
  if (sender.refusal) return refuse(sender.refusal);

  const refusal =
    checkTopic(headers.get("apns-topic"), sender.jwtClaims?.iss, accounts) ??
    checkDelivery(headers) ??
    checkPayload(request.body) ??
    checkDeviceToken(verdict.token);
  if (refusal) return refuse(refusal);

  return { ...verdict, complaints: complaintsAbout(headers, request.body, sender.jwtClaims) };
}

function checkTopic(
  topic: string | undefined,
  teamIdentifier: string | undefined,
  accounts: ApnsAccounts,
): Refusal | undefined {
  if (!topic) return "MissingTopic";
  if (accounts.topics.size > 0 && accounts.topics.get(topic) !== teamIdentifier) return "TopicDisallowed";
  return undefined;
}

function checkDelivery(headers: ReadonlyMap<string, string>): Refusal | undefined {
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

function checkPayload(body: Uint8Array): Refusal | undefined {
  if (body.length === 0) return "PayloadEmpty";
  return body.length > 4096 ? "PayloadTooLarge" : undefined;
}

/** No phone has the token of zeros, so it can be used to test a key and a topic. */
function checkDeviceToken(token: string): Refusal | undefined {
  const wellFormed = token.length >= 64 && /^([0-9a-f]{2})+$/i.test(token);
  return wellFormed && !/^0+$/.test(token) ? undefined : "BadDeviceToken";
}

function complaintsAbout(
  headers: ReadonlyMap<string, string>,
  body: Uint8Array,
  jwtClaims: JWTPayload | undefined,
): string[] {
  const complaints: string[] = [];
  if (new TextDecoder().decode(body).trim() !== "{}") {
    complaints.push("The payload of a Wallet push is an empty JSON dictionary, {}.");
  }
  if (headers.get("content-type")?.split(";")[0]?.trim() !== "application/json") {
    complaints.push("The content-type is not application/json.");
  }
  const extra = Object.keys(jwtClaims ?? {}).filter((name) => name !== "iss" && name !== "iat");
  if (extra.length > 0)
    complaints.push(`The provider token has more claims than iss and iat: ${extra.join(", ")}.`);
  return complaints;
}
