/**
 * Google's objects: one for each pass that somebody wanted in Google Wallet, made at the first click. Their rows are claimed and
 * sent by passes/google-objects.ts, which knows passes.
 */
import type { IssuerRow } from "./issuers.ts";

/** `{issuer}.{objectKeyOf}-{type}`: see google/ids.ts. */
const OBJECT_ID = /-p(\d{1,15})-([A-Za-z]+)$/;

/** Names the object of a pass among all objects of the issuer. */
export function objectKeyOf({ idPrefix }: Pick<IssuerRow, "idPrefix">, passId: number): string {
  return `${idPrefix}-p${passId}`;
}

/** The pass and the type of an object; undefined if its id is not one of this service. */
export function readObjectId(
  objectId: string,
): { readonly passId: number; readonly type: string } | undefined {
  const [, passId, type] = OBJECT_ID.exec(objectId) ?? [];
  return passId === undefined || type === undefined ? undefined : { passId: Number(passId), type };
}
