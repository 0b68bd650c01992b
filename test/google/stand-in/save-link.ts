/**
 * The JWT of an "Add to Google Wallet" link: who signed it, what it says, and the classes and objects inside.
 */
import type { Accounts, ServiceAccount } from "./accounts.ts";
import { badRequest, permissionDenied } from "./refusals.ts";
import { type GoogleType, type Kind, TYPES } from "./resources.ts";
import { isMembers, type Json, type JsonMembers } from "./shapes.ts";
import { readSignedJwt } from "./signed-jwt.ts";
import type { Store, Stored } from "./store.ts";

/** One class or object of a payload, in the order in which they are inserted: classes first. */
export interface Part {
  readonly type: GoogleType;
  readonly kind: Kind;
  readonly resource: JsonMembers;
}

/** The members of a payload: `genericClasses`, `genericObjects` and so on. */
const PARTS = (["Class", "Object"] as const).flatMap((kind) =>
  TYPES.map((type) => ({ name: `${type}${kind === "Class" ? "Classes" : "Objects"}`, type, kind })),
);
export const partName = ({ type, kind }: Pick<Part, "type" | "kind">) =>
  `${type}${kind === "Class" ? "Classes" : "Objects"}`;

export interface SaveClaims {
  readonly account: ServiceAccount;
  readonly parts: readonly Part[];
}

/** @throws GoogleRefusal. @param now milliseconds */
export async function readSaveLink(jwt: string, accounts: Accounts, now: number): Promise<SaveClaims> {
  const signed = await readSignedJwt(jwt, accounts);
  if (signed.fault !== undefined) throw badRequest(`Invalid JWT: ${FAULTS[signed.fault]}`);
  const { aud, typ, iat, exp, origins, payload, ...others } = signed.claims;
  if (aud !== "google") throw badRequest('Invalid JWT: aud must be "google".');
  if (typ !== "savetowallet") throw badRequest('Invalid JWT: typ must be "savetowallet".');
  if (typeof iat !== "number" || iat > now / 1000 + 300)
    throw badRequest("Invalid JWT: iat must be seconds, and not in the future.");
  if (exp !== undefined && exp <= now / 1000) throw badRequest("Invalid JWT: it has expired.");
  if (origins !== undefined && !Array.isArray(origins))
    throw badRequest("Invalid JWT: origins must be a list.");
  const strange = Object.keys(others).filter((name) => name !== "iss");
  if (strange.length > 0) throw badRequest(`Invalid JWT: unknown claims ${strange.join(", ")}.`);
  return { account: signed.account, parts: readPayload(payload) };
}

const FAULTS = {
  malformed: "it cannot be parsed.",
  algorithm: "alg must be RS256.",
  "unknown-account": "iss is not a service account.",
  signature: "the signature does not match iss.",
} as const;

/** The classes and objects of a payload. @throws GoogleRefusal */
export function readPayload(payload: Json): Part[] {
  if (!isMembers(payload)) throw badRequest("Invalid JWT: it has no payload.");
  const unknown = Object.keys(payload).find((name) => !PARTS.some((part) => part.name === name));
  if (unknown !== undefined)
    throw badRequest(
      `Invalid JSON payload received. Unknown name "${unknown}" at 'payload': Cannot find field.`,
    );
  const parts = PARTS.flatMap(({ name, type, kind }) => {
    const resources = payload[name] ?? [];
    if (!Array.isArray(resources) || !resources.every(isMembers))
      throw badRequest(`Invalid value at '${name}'.`);
    return resources.map((resource) => ({ type, kind, resource }));
  });
  if (parts.length === 0) throw badRequest("Invalid JWT: its payload is empty.");
  return parts;
}

/** Whether the part only names an object that exists: the "skinny" form. */
function isReference({ kind, resource }: Part): boolean {
  return kind === "Object" && Object.keys(resource).every((name) => name === "id" || name === "classId");
}

/**
 * Inserts what does not exist. What exists stays as it is. @returns the objects
 * @throws GoogleRefusal, and then something may be inserted already
 */
export function insertParts(
  parts: readonly Part[],
  account: ServiceAccount,
  accounts: Accounts,
  store: Store,
): Stored[] {
  for (const { resource } of parts) checkIssuer(accounts, account, issuerOf(resource.id));
  return parts.flatMap((part) => {
    const { type, kind, resource } = part;
    const id = String(resource.id);
    const existing = store.find(kind, id);
    const stored =
      existing || isReference(part) ? store.get({ type, kind, id }) : store.insert(type, kind, resource);
    return kind === "Object" ? [stored] : [];
  });
}

/** The issuer's id, which every id begins with. */
export function issuerOf(id: Json): string {
  const [issuerId = ""] = String(id).split(".");
  if (typeof id !== "string" || !/^\d+\.[A-Za-z0-9._-]+$/.test(id))
    throw badRequest(`Request contains an invalid argument. Invalid resource ID: ${id}.`);
  return issuerId;
}

/** @throws GoogleRefusal, the same whether the issuer is unknown or the account was not invited */
export function checkIssuer({ issuers }: Accounts, { email }: ServiceAccount, issuerId: string): void {
  if (!issuers.get(issuerId)?.invited.has(email)) throw permissionDenied();
}
