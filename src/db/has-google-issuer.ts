/**
 * Whether Google Wallet is set up, as a column of a statement that runs anyway: without an issuer, a request costs nothing more.
 */
import { sql } from "drizzle-orm";
import { googleIssuers } from "./google-tables.ts";

/** 0 or 1. The condition is a search in the index, which ends with its first row. */
export const googleIssuerColumn = {
  hasGoogleIssuer:
    sql<number>`EXISTS (SELECT 1 FROM ${googleIssuers} WHERE ${googleIssuers.issuerId} > '')`.as(
      "has_google_issuer",
    ),
};
