/**
 * What holders of passes enter in Wallet's sign-up form. It is stored sealed, until the operator takes it or its pass is
 * deleted. No log, no error and no response to a phone contains any of it.
 *
 * personalize.ts decides which data a pass asks for, and who may send it.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { markRequest } from "../db/requests.ts";
import { passes, personalizations } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { ApiError } from "../errors.ts";
import { type Json, parseJson, writeJson } from "../json.ts";
import type { Secrets } from "../secrets/secrets.ts";

/** Apple's keys of "PersonalizationDictionary.RequiredPersonalizationInfo". */
export type PersonalKey =
  | "fullName"
  | "givenName"
  | "familyName"
  | "emailAddress"
  | "postalCode"
  | "ISOCountryCode"
  | "phoneNumber";
export type PersonalInfo = Readonly<Partial<Record<PersonalKey, string>>>;

type Store = Pick<Context, "db" | "config">;
type SealedInfo = typeof personalizations.$inferSelect.info;

/** The data as the API shows it. */
export type PersonalData = { readonly passId: number; readonly receivedAt: string } & PersonalInfo;

/** Seals the data for the row of this pass. */
export function sealPersonalData(secrets: Secrets, passId: number, info: PersonalInfo): Promise<SealedInfo> {
  return secrets.seal("personalizations.info", { passId }, new TextEncoder().encode(writeJson(info)));
}

/**
 * The statement that stores the data, if this is the pass's first sign-up or if the data of an earlier one is still stored.
 * So nobody who has a copy of the pass can replace data that was taken.
 * @param wrote SQL: whether it is the first sign-up (changes/log.ts)
 */
export function storePersonalData(db: Database, passId: number, sealed: SealedInfo, wrote: SQL, now: number) {
  return db
    .insert(personalizations)
    .select(
      selectInto(
        personalizations,
        { passId: passes.id, info: sealed, receivedAt: now },
        sql`FROM ${passes} WHERE ${passes.id} = ${passId} AND (${wrote}
          OR EXISTS (SELECT 1 FROM personalizations AS stored WHERE stored.pass_id = ${passes.id}))`,
      ),
    )
    .onConflictDoUpdate({
      target: personalizations.passId,
      set: { info: sql`excluded.info`, receivedAt: sql`excluded.received_at` },
    });
}

/** The statement that deletes the data, on a condition. */
export function deletePersonalData(db: Database, passId: number, condition: SQL) {
  return db.delete(personalizations).where(and(eq(personalizations.passId, passId), condition));
}

/**
 * Reads the data and does not delete it.
 * @throws ApiError personalization_not_found, or not_configured if MASTER_SECRET lacks the entry that it was sealed with
 */
export async function readPersonalData({ db, config }: Store, passId: number): Promise<PersonalData> {
  const rows = await db.select().from(personalizations).where(ofPass(passId));
  return openFirst(config.secrets, passId, rows);
}

/**
 * Reads the data, and then deletes exactly what it has read: if two requests arrive at the same time, one gets it. Reading
 * comes first, because if the answer to a deletion were lost, the data would be lost too. Data whose entry MASTER_SECRET
 * lacks cannot be read, so it is not deleted.
 * @throws ApiError as readPersonalData
 */
export async function takePersonalData(context: Context, passId: number): Promise<PersonalData> {
  const { db, config } = context;
  const rows = await db.select().from(personalizations).where(ofPass(passId));
  const data = await openFirst(config.secrets, passId, rows);
  const info = rows[0]?.info ?? null;
  const found = and(ofPass(passId), sql`${personalizations.info} = ${info}`);
  const { taken, wasRepeated } = await repeatableBatchOf(db, {
    mark: markRequest(context, passId, personalizations, found),
    taken: db.delete(personalizations).where(found),
  });
  // After a repeat, an earlier attempt has probably deleted it. Returning it twice is better than losing it.
  if (taken.meta.changes > 0 || wasRepeated) return data;
  return takePersonalData(context, passId); // somebody else has taken it, or the holder has sent it again
}

/** The refusal of a repeat with the same Idempotency-Key: the data was deleted when it was taken. */
export function takenBefore(passId: number): ApiError {
  return new ApiError(
    "shown_once",
    `The personal data of pass ${passId} was taken by this request before, and deleted. To be able to read it again, send keep: true first.`,
    { extra: { passId } },
  );
}

function ofPass(passId: number) {
  return eq(personalizations.passId, passId);
}

async function openFirst(
  secrets: Secrets,
  passId: number,
  [row]: readonly (typeof personalizations.$inferSelect)[],
): Promise<PersonalData> {
  if (row === undefined) {
    throw new ApiError(
      "personalization_not_found",
      `Pass ${passId} has no personal data: nobody has signed up with it, or the data was already read and deleted.`,
    );
  }
  const text = new TextDecoder().decode(await secrets.open("personalizations.info", row, row.info));
  const info = parseJson(text as Json<PersonalInfo>); // sealPersonalData wrote it
  return { passId, receivedAt: new Date(row.receivedAt).toISOString(), ...info };
}
