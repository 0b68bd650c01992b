/**
 * Which pages offer Google Wallet, if the deployment has an issuer: those of Android phones, which show its card, those of
 * computers, whose holder may have an Android phone, and all of a pass that is only for Google Wallet.
 */
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { parseJson } from "../json.ts";
import { ownImagesOf } from "../passes/google-source.ts";
import type { OfferedPass } from "../passes/load.ts";
import { googleImagePath } from "../templates/google-images.ts";
import { googleOfRow } from "../templates/google-rule.ts";
import { hasGoogleIssuer, offersApple, offersGoogle } from "../templates/offered-wallets.ts";
import type { Device } from "./device.ts";
import type { GoogleSource } from "./google-card/map-pass.ts";

const ASKED_BY: ReadonlySet<Device> = new Set<Device>(["android", "mac", "desktop"]);

/** What the card is drawn from; undefined if this page does not offer Google Wallet. One trip, and none for iPhones. */
export async function findGoogleSource(
  db: Database,
  device: Device,
  { secrets }: Pick<Config, "secrets">,
  { pass, template, wallets }: OfferedPass,
): Promise<GoogleSource | undefined> {
  const isAsked = offersGoogle(wallets) && (ASKED_BY.has(device) || !offersApple(wallets));
  if (!isAsked || !(await hasGoogleIssuer(db))) return undefined;
  return {
    google: googleOfRow(template) ?? {},
    images: parseJson(template.images),
    urlOf: googleImagePath,
    own: await ownImagesOf({ secrets, publicOrigin: "" }, pass, template),
  };
}
