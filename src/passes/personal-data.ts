/**
 * The data that holders of passes enter into Wallet's sign-up form. It is sealed when it arrives, can be read by the
 * operator, and is deleted when the operator takes it or when its pass is deleted. No log, no error and no response to
 * a phone contains any of it.
 *
 * passes/personalize.ts decides what a pass asks for and who may send it.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { passes, personalizations } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { ApiError } from "../errors.ts";
import { type Json, parseJson, writeJson } from "../json.ts";
import { sealedByOneOf } from "../secrets/sealed-columns.ts";
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

type SealedInfo = typeof personalizations.$inferSelect.info;

/** The form in which the operator gets it. */
export type PersonalData = { readonly passId: number; readonly receivedAt: string } & PersonalInfo;

/** The data, sealed for the row of this pass. */
export function sealInfo(secrets: Secrets, passId: number, info: PersonalInfo): Promise<SealedInfo> {
  return secrets.seal("personalizations.info", { passId }, new TextEncoder().encode(writeJson(info)));
}

/**
 * The statement that stores it, if this is the first sign-up or if the data of an earlier one is still stored. So a
 * copy of the pass cannot store data again after the operator has taken it.
 * @param wrote SQL: whether the write of the sign-up changed the row (changes/log.ts)
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

/** The statement that deletes it if the condition is true. */
export function deletePersonalData(db: Database, passId: number, condition: SQL) {
  return db.delete(personalizations).where(and(eq(personalizations.passId, passId), condition));
}

/**
 * Reads the data and does not delete it.
 * @throws ApiError personalization_not_found, or not_configured if MASTER_SECRET lacks its entry
 */
export async function readInfo(db: Database, secrets: Secrets, passId: number): Promise<PersonalData> {
  return opened(secrets, passId, await db.select().from(personalizations).where(ofPass(passId)));
}

/**
 * One statement reads and deletes the data, so only one of two simultaneous readers gets it. Data that could not be
 * decrypted, because MASTER_SECRET lacks its entry, stays until the entry is restored.
 * @throws ApiError as readInfo
 */
export async function takeInfo(db: Database, secrets: Secrets, passId: number): Promise<PersonalData> {
  const { taken, left } = await batchOf(db, {
    taken: db
      .delete(personalizations)
      .where(and(ofPass(passId), sealedByOneOf(personalizations.info, secrets.keyIds)))
      .returning(),
    left: db.select().from(personalizations).where(ofPass(passId)),
  });
  return opened(secrets, passId, [...taken, ...left]);
}

function ofPass(passId: number) {
  return eq(personalizations.passId, passId);
}

async function opened(
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
  const info = parseJson(text as Json<PersonalInfo>); // sealInfo wrote it
  return { passId, receivedAt: new Date(row.receivedAt).toISOString(), ...info };
}
