/**
 * Google's objects: one for each pass that somebody wanted in Google Wallet, made at the first click. Their rows are claimed and
 * sent by passes/google-objects.ts, which knows passes.
 */
import type { IssuerRow } from "./issuers.ts";

/** Names the object of a pass among all objects of the issuer. */
export function objectKeyOf({ idPrefix }: Pick<IssuerRow, "idPrefix">, passId: number): string {
  return `${idPrefix}-p${passId}`;
}
