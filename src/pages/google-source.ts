/**
 * Which pages show the card of Google Wallet: those that an Android phone opens, if the deployment has an issuer.
 */
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { parseJson } from "../json.ts";
import { ownImagesOf } from "../passes/google-source.ts";
import type { LoadedPass } from "../passes/load.ts";
import { googleImagePath } from "../templates/google-images.ts";
import { googleOfRow, hasGoogleIssuer } from "../templates/google-rule.ts";
import type { Device } from "./device.ts";
import type { GoogleSource } from "./google-card/map-pass.ts";

/** What the card is drawn from; undefined if this device gets Apple's card. One trip, for Android phones only. */
export async function findGoogleSource(
  db: Database,
  device: Device,
  { secrets }: Pick<Config, "secrets">,
  { pass, template }: LoadedPass,
): Promise<GoogleSource | undefined> {
  if (device !== "android" || !(await hasGoogleIssuer(db))) return undefined;
  return {
    google: googleOfRow(template) ?? {},
    images: parseJson(template.images),
    urlOf: googleImagePath,
    own: await ownImagesOf({ secrets, publicOrigin: "" }, pass, template),
  };
}
