/**
 * Which pages show the card of Google Wallet: those that an Android phone opens, and of a pass that is only for Google Wallet all of
 * them. The deployment has to have an issuer.
 */
import type { Database } from "../db/client.ts";
import { parseJson } from "../json.ts";
import type { OfferedPass } from "../passes/load.ts";
import { googleImagePath } from "../templates/google-images.ts";
import { googleOfRow } from "../templates/google-rule.ts";
import { hasGoogleIssuer, offersApple, offersGoogle } from "../templates/offered-wallets.ts";
import type { Device } from "./device.ts";
import type { GoogleSource } from "./google-card/map-pass.ts";

/** What the card is drawn from; undefined if this device gets Apple's card. One trip, only if it may be Google's. */
export async function findGoogleSource(
  db: Database,
  device: Device,
  { template, wallets }: OfferedPass,
): Promise<GoogleSource | undefined> {
  const mayBeShown = offersGoogle(wallets) && (device === "android" || !offersApple(wallets));
  if (!mayBeShown || !(await hasGoogleIssuer(db))) return undefined;
  return { google: googleOfRow(template) ?? {}, images: parseJson(template.images), urlOf: googleImagePath };
}
