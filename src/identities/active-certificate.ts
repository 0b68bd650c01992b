/**
 * The certificate that signs the passes of a pass type now, and when all of them sign.
 */
import { asc, eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { certificates } from "../db/schema.ts";
import type { Json } from "../json.ts";
import type { CertificateTimes } from "./expiry.ts";
import { activeFingerprint } from "./signer.ts";

/**
 * SQL: when the certificates of the row's pass type sign, in the order in which they become active.
 * @param table of the row. Drizzle would leave out the name of the only table, and SQLite then takes the column of certificates
 */
export function certificateTimes(table: "passes" | "templates"): SQL<Json<CertificateTimes[]>> {
  return sql`(SELECT json_group_array(json_object('activeFromAt', active_from_at, 'notAfterAt', not_after_at))
    FROM (SELECT active_from_at, not_after_at FROM certificates
      WHERE certificates.pass_type_identifier = ${sql.raw(table)}.pass_type_identifier ORDER BY active_from_at, created_at))`;
}

/** @param now milliseconds @returns undefined if the pass type is unknown or has no certificate that is active */
export async function findActiveCertificate(db: Database, passTypeIdentifier: string, now: number) {
  const [active] = await db
    .select({
      passTypeIdentifier: certificates.passTypeIdentifier,
      teamIdentifier: certificates.teamIdentifier,
      notAfterAt: certificates.notAfterAt,
    })
    .from(certificates)
    .where(eq(certificates.fingerprint, activeFingerprint(db, now, passTypeIdentifier)));
  return active;
}

/** When the certificates of a pass type sign, in the order in which they become active. */
export function findCertificateTimes(db: Database, passTypeIdentifier: string): Promise<CertificateTimes[]> {
  const { activeFromAt, notAfterAt, createdAt } = certificates;
  return db
    .select({ activeFromAt, notAfterAt })
    .from(certificates)
    .where(eq(certificates.passTypeIdentifier, passTypeIdentifier))
    .orderBy(asc(activeFromAt), asc(createdAt));
}
