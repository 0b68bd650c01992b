/**
 * The certificate that signs the passes of a pass type now.
 */
import { eq } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { certificates } from "../db/schema.ts";
import { activeFingerprint } from "./signer.ts";

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
