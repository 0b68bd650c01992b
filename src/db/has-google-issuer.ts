/**
 * Whether Google Wallet is set up: as a column of a statement that runs anyway, or as a statement of its own.
 */
import { gt, sql } from "drizzle-orm";
import type { Database } from "./client.ts";
import { googleIssuers } from "./google-tables.ts";

/** 0 or 1: without an issuer, a request costs nothing more. The condition is a search in the index, which ends with its first row. */
export const googleIssuerColumn = {
  hasGoogleIssuer:
    sql<number>`EXISTS (SELECT 1 FROM ${googleIssuers} WHERE ${googleIssuers.issuerId} > '')`.as(
      "has_google_issuer",
    ),
};

/** Statement: one row if there is an issuer. */
export function selectAnyGoogleIssuer(db: Database) {
  return db
    .select({ issuerId: googleIssuers.issuerId })
    .from(googleIssuers)
    .where(gt(googleIssuers.issuerId, "")) // a search in the index, which ends with its first row
    .limit(1);
}
