/**
 * Issuers of Google Wallet: the issuer account of Google's console, and the key of the service account that acts for it, sealed.
 * No function returns the key. A deployment usually has one issuer, or none: Google Wallet is optional.
 */
import { asc, eq, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { insertReader } from "../changes/readers.ts";
import type { Context } from "../context.ts";
import { batchOf, repeatableBatchOf } from "../db/batch.ts";
import { type Database, isUniqueViolation } from "../db/client.ts";
import { repeatable, writeOnce } from "../db/repeat.ts";
import { markIf, markRequest } from "../db/requests.ts";
import {
  googleClasses,
  googleIssuers,
  googleObjects,
  googleTokens,
  readers,
  type StoredProblem,
} from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { type JsonObject, parseJson, writeJson } from "../json.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { cureOfProblem } from "./problems.ts";
import { readerOfIssuer } from "./reader.ts";
import { readServiceAccount } from "./service-account.ts";

/** The result of a check (check.ts). */
export interface GoogleCheck {
  readonly checkedAt: string;
  /** Whether passes can get to Google. */
  readonly ok: boolean;
  /** A code of problems.ts; null if it is ok. */
  readonly code: string | null;
  readonly detail: string;
  readonly cure: string | null;
}

export interface GoogleIssuer {
  readonly issuerId: string;
  readonly clientEmail: string;
  readonly privateKeyId: string;
  /** Null if it was never checked, or not since its key was changed. */
  readonly lastCheck: GoogleCheck | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export type IssuerRow = typeof googleIssuers.$inferSelect;

/** The JSON key of a service account, or its text. */
export type GivenAccount = string | JsonObject;

type Writer = Pick<Context, "db" | "config" | "actor" | "now" | "request">;

const PREFIX_BYTES = 4;

/** @throws ApiError google_issuer_exists, service_account_malformed or key_encrypted */
export async function createGoogleIssuer(
  context: Writer,
  { issuerId, serviceAccount }: { readonly issuerId: string; readonly serviceAccount: GivenAccount },
): Promise<GoogleIssuer> {
  const { db, now } = context;
  const idPrefix = crypto.getRandomValues(new Uint8Array(PREFIX_BYTES)).toHex();
  const columns = await sealAccount(context, issuerId, serviceAccount);
  const row = { issuerId, ...columns, idPrefix, createdAt: now, updatedAt: now };
  const insert = async () => {
    const { rows } = await batchOf(db, {
      rows: db.insert(googleIssuers).values(row).returning(),
      reader: insertReader(db, readerOfIssuer(issuerId)),
      mark: markIf(context, issuerId),
    });
    return rows;
  };
  const findWritten = async () => {
    const rows = await selectIssuer(db, issuerId);
    return rows[0]?.privateKey === columns.privateKey ? rows : undefined;
  };
  const [made] = await writeOnce(insert, findWritten).catch(async (error: unknown) => {
    if (!isUniqueViolation(error) || (await selectIssuer(db, issuerId)).length === 0) throw error;
    throw new ApiError(
      "google_issuer_exists",
      `The issuer ${issuerId} exists already. Replace its key instead (PATCH /admin/v1/google-issuers/${issuerId}).`,
      { pointer: "/issuerId" },
    );
  });
  if (made === undefined) throw new Error("an insert that returned no row");
  return showIssuerRow(made);
}

/**
 * Replaces the service account. Its access token and the result of the last check were about the old one, and are removed.
 * @throws ApiError google_issuer_not_found, service_account_malformed or key_encrypted
 */
export async function changeGoogleIssuer(
  context: Writer,
  issuerId: string,
  { serviceAccount }: { readonly serviceAccount?: GivenAccount | undefined },
): Promise<GoogleIssuer> {
  const { db, now } = context;
  const account =
    serviceAccount === undefined ? undefined : await sealAccount(context, issuerId, serviceAccount);
  const isIssuer = eq(googleIssuers.issuerId, issuerId);
  const { rows } = await repeatableBatchOf(db, {
    mark: markRequest(context, issuerId, googleIssuers, isIssuer),
    token: account && db.delete(googleTokens).where(eq(googleTokens.issuerId, issuerId)),
    rows: account
      ? db
          .update(googleIssuers)
          .set({ ...account, updatedAt: now, checkedAt: null, checkProblem: null })
          .where(isIssuer)
          .returning()
      : db.select().from(googleIssuers).where(isIssuer),
  });
  const [row] = rows;
  if (row === undefined) throw issuerNotFound(issuerId);
  return showIssuerRow(row);
}

/**
 * The rows of its classes go with it: Google keeps them, but an issuer that is created again has other ids.
 * @throws ApiError google_issuer_not_found, or google_issuer_in_use if it has saved passes, or somebody saves one now
 */
export async function deleteGoogleIssuer(context: Writer, issuerId: string): Promise<void> {
  const { db } = context;
  // A row that was never sent is not at Google. While it is claimed, or after a crash, it may get there.
  const hasPasses = sql`EXISTS (SELECT 1 FROM ${googleObjects} WHERE ${googleObjects.issuerId} = ${issuerId}
    AND (${googleObjects.sentAt} > 0 OR ${googleObjects.claimedUntil} IS NOT NULL))`;
  const allowed = sql`${googleIssuers.issuerId} = ${issuerId} AND NOT ${hasPasses}`;
  const { deleted, left, wasRepeated } = await repeatableBatchOf(db, {
    mark: markRequest(context, issuerId, googleIssuers, allowed),
    deleted: db.delete(googleIssuers).where(allowed),
    left: db
      .select({ issuerId: googleIssuers.issuerId })
      .from(googleIssuers)
      .where(eq(googleIssuers.issuerId, issuerId)),
    token: db.delete(googleTokens).where(isGone(googleTokens.issuerId, issuerId)),
    classes: db.delete(googleClasses).where(isGone(googleClasses.issuerId, issuerId)),
    objects: db.delete(googleObjects).where(isGone(googleObjects.issuerId, issuerId)),
    reader: db
      .delete(readers)
      .where(sql`${readers.name} = ${readerOfIssuer(issuerId)} AND ${isGone(sql`${issuerId}`, issuerId)}`),
  });
  if (deleted.meta.changes > 0 || (wasRepeated && left.length === 0)) return;
  if (left.length === 0) throw issuerNotFound(issuerId);
  throw new ApiError(
    "google_issuer_in_use",
    "People have saved passes of this issuer in Google Wallet, or save one now, and without its key they could not be changed any more. Keep it, or change its service account.",
  );
}

/** Oldest first: the first one is that of new passes. */
export async function listGoogleIssuers(db: Database): Promise<GoogleIssuer[]> {
  return (await selectIssuers(db)).map(showIssuerRow);
}

/** The same, with whether MASTER_SECRET opens their keys, for the health report. */
export async function listOpenedIssuers(db: Database, secrets: Secrets) {
  return Promise.all(
    (await selectIssuers(db)).map(async (row) => {
      const opened = await openIssuerKey(secrets, row).catch(() => undefined);
      return { issuer: showIssuerRow(row), canOpen: opened !== undefined };
    }),
  );
}

/** The rows, oldest first. */
export function selectIssuers(db: Database) {
  return db.select().from(googleIssuers).orderBy(asc(googleIssuers.createdAt), asc(googleIssuers.issuerId));
}

/** @throws ApiError google_issuer_not_found */
export async function showGoogleIssuer(db: Database, issuerId: string): Promise<GoogleIssuer> {
  return showIssuerRow(await findIssuer(db, issuerId));
}

/** @throws ApiError google_issuer_not_found */
export async function findIssuer(db: Database, issuerId: string): Promise<IssuerRow> {
  const [row] = await selectIssuer(db, issuerId);
  if (row === undefined) throw issuerNotFound(issuerId);
  return row;
}

/** Stores the result of a check. @param problem null if nothing was wrong */
export async function recordCheck(
  db: Database,
  { issuerId, privateKeyId }: Pick<IssuerRow, "issuerId" | "privateKeyId">,
  problem: StoredProblem | null,
  now: number,
): Promise<void> {
  const checkProblem = problem === null ? null : writeJson(problem);
  await repeatable(() =>
    db
      .update(googleIssuers)
      .set({ checkedAt: now, checkProblem })
      // The key may have been changed during the check.
      .where(
        sql`${googleIssuers.issuerId} = ${issuerId} AND ${googleIssuers.privateKeyId} = ${privateKeyId}`,
      ),
  );
}

/** The private key: PKCS#8 in DER. @throws if MASTER_SECRET no longer has its entry */
export function openIssuerKey(secrets: Secrets, row: IssuerRow): Promise<Uint8Array> {
  return secrets.open("google_issuers.private_key", row, row.privateKey);
}

/** The result of a check as the API shows it. @param problem null if nothing was wrong */
export function showCheck(
  row: Pick<IssuerRow, "issuerId" | "clientEmail">,
  checkedAt: number,
  problem: StoredProblem | null,
): GoogleCheck {
  const at = new Date(checkedAt).toISOString();
  if (problem === null) {
    const detail = "Google accepts the service account and the issuer, so passes can get to Google Wallet.";
    return { checkedAt: at, ok: true, code: null, detail, cure: null };
  }
  const { code, detail } = problem;
  return { checkedAt: at, ok: false, code, detail, cure: cureOfProblem(code, row) };
}

async function sealAccount({ config }: Writer, issuerId: string, given: GivenAccount) {
  const { clientEmail, privateKeyId, pkcs8 } = await readServiceAccount(given, config.google.token);
  const privateKey = await config.secrets.seal("google_issuers.private_key", { issuerId }, pkcs8);
  return { clientEmail, privateKeyId, privateKey };
}

function selectIssuer(db: Database, issuerId: string) {
  return db.select().from(googleIssuers).where(eq(googleIssuers.issuerId, issuerId));
}

/** SQL: whether there is this issuer. A row of a class or an object is only made if there is: a click may overlap its deletion. */
export function existsIssuer(issuerId: string): SQL {
  return sql`EXISTS (SELECT 1 FROM ${googleIssuers} WHERE ${googleIssuers.issuerId} = ${issuerId})`;
}

/** SQL: whether a row belongs to this issuer, which is deleted. */
function isGone(column: SQLWrapper, issuerId: string) {
  return sql`${column} = ${issuerId} AND NOT ${existsIssuer(issuerId)}`;
}

function issuerNotFound(issuerId: string): ApiError {
  return new ApiError("google_issuer_not_found", `There is no issuer ${issuerId}, or it was deleted.`);
}

function showIssuerRow(row: IssuerRow): GoogleIssuer {
  const { issuerId, clientEmail, privateKeyId, checkedAt, checkProblem } = row;
  const problem = checkProblem === null ? null : parseJson(checkProblem);
  return {
    issuerId,
    clientEmail,
    privateKeyId,
    lastCheck: checkedAt === null ? null : showCheck(row, checkedAt, problem),
    createdAt: new Date(row.createdAt).toISOString(),
    updatedAt: new Date(row.updatedAt).toISOString(),
  };
}
