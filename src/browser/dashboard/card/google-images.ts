/**
 * The images of a pass as Google Wallet shows them: those of the template, and the pass's own strip if the template lets Google show
 * it (src/passes/google-image.ts). Pure.
 */
import { GOOGLE_IMAGES, imagePathFor } from "../../../google/images.ts";
import { DEFAULT_LANGUAGE } from "../../../google/localized.ts";
import { type JsonObject, memberOf } from "../../../json.ts";
import { memberText } from "../change/template-fields.ts";
import type { DraftImages } from "./choose-images.ts";

/**
 * @param template all images of the template
 * @param pass what iPhones get with the pass: its own images over those of the template
 * @returns `hasOwn`: whether one of them is the pass's own
 */
export function googleImagesOf(
  google: JsonObject | null,
  template: DraftImages,
  pass: DraftImages,
): { readonly images: DraftImages; readonly hasOwn: boolean } {
  const shared = { images: template, hasOwn: false };
  if (memberOf(google, "ownImages") !== true) return shared;
  const named = Object.fromEntries(Object.keys(pass).map((path) => [path, { sha256: path }]));
  const path = imagePathFor("hero", named, memberText(google, "language") || DEFAULT_LANGUAGE);
  const hero = path === undefined ? undefined : pass[path];
  if (hero?.kind !== "stored") return shared;
  const isShared = Object.values(template).some(
    (each) => each.kind === "stored" && each.sha256 === hero.sha256,
  );
  return isShared ? shared : { images: { ...template, [GOOGLE_IMAGES.hero]: hero }, hasOwn: true };
}
