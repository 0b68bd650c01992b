/**
 * In which Wallets the passes of a template are offered: as the template says, or else as its pass type says.
 *
 * It concerns only people who do not have the pass yet. Installed passes stay up to date in both Wallets in any case:
 * Apple's web service and the sync with Google do not read it.
 */
import { eq, type SQL, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { selectAnyGoogleIssuer } from "../db/has-google-issuer.ts";
import type { OFFERED_WALLETS } from "../db/identity-tables.ts";
import { passTypes, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";

export type OfferedWallets = (typeof OFFERED_WALLETS)[number];

export function offersApple(wallets: OfferedWallets): boolean {
  return wallets !== "google";
}

export function offersGoogle(wallets: OfferedWallets): boolean {
  return wallets !== "apple";
}

/** SQL on templates. The pass type is read only if the template says nothing. */
export const offeredWallets: SQL<OfferedWallets | null> = sql`coalesce(${templates.wallets}, (SELECT pass_types.wallets
  FROM pass_types WHERE pass_types.pass_type_identifier = ${templates.passTypeIdentifier}))`;

/** @throws ApiError apple_not_offered */
export function refuseWithoutApple(wallets: OfferedWallets, pointer?: string): void {
  if (offersApple(wallets)) return;
  throw new ApiError(
    "apple_not_offered",
    "This pass is offered in Google Wallet only. Open its landingUrl on an Android phone. To offer it in Apple Wallet too, set `wallets` of its template or of its pass type to both.",
    { pointer },
  );
}

/** @throws ApiError google_not_offered */
export function refuseWithoutGoogle(wallets: OfferedWallets): void {
  if (offersGoogle(wallets)) return;
  throw new ApiError(
    "google_not_offered",
    "This pass is offered in Apple Wallet only. Open its landingUrl on an iPhone. To offer it in Google Wallet too, set `wallets` of its template or of its pass type to both.",
  );
}

/** Where the passes of a template can be added. */
export interface Offer {
  readonly wallets: OfferedWallets;
  /** Whether Google Wallet is set up. */
  readonly hasIssuer: boolean;
}

/**
 * One round trip, or none for a template that is for Apple Wallet only.
 * @param template without a pass type, it is offered in both
 */
export async function findOffer(
  db: Database,
  template: {
    readonly wallets?: OfferedWallets | null | undefined;
    readonly passTypeIdentifier?: string | undefined;
  },
): Promise<Offer> {
  const { wallets, passTypeIdentifier } = template;
  if (wallets === "apple") return { wallets, hasIssuer: false };
  const { issuers, types } = await batchOf(db, {
    issuers: selectAnyGoogleIssuer(db),
    types:
      typeof wallets === "string" || passTypeIdentifier === undefined
        ? undefined
        : db
            .select({ wallets: passTypes.wallets })
            .from(passTypes)
            .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier)),
  });
  return {
    wallets: wallets ?? types?.[0]?.wallets ?? "both",
    hasIssuer: issuers.length > 0,
  };
}

/** Whether Google Wallet is set up. One row is read. */
export async function hasGoogleIssuer(db: Database): Promise<boolean> {
  return (await selectAnyGoogleIssuer(db)).length > 0;
}
