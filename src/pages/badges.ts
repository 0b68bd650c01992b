/**
 * Apple's and Google's artwork for the buttons "Add to Apple Wallet" and "Add to Google Wallet". Both may be used but not redrawn.
 * It is not part of this software: the operator stores it in R2, one SVG for each language, and lists the languages in WALLET_BADGES
 * and GOOGLE_BADGES.
 *
 * Follows Apple's "Add to Apple Wallet guidelines" and https://developers.google.com/wallet/generic/resources/brand-guidelines.
 */
import type { Config } from "../config.ts";
import { chooseLanguage } from "./language.ts";

type Badges = Pick<Config, "walletBadges" | "googleBadges">;

/** Below `badges/` in R2, and in the path. */
const FOLDERS = { walletBadges: "", googleBadges: "google/" } as const;

/**
 * The R2 key of a badge.
 * @param file below `/badges/`: `pt-br.svg` of Apple, `google/pt-br.svg` of Google @returns undefined if no setting lists it
 */
export function badgeKey(badges: Badges, file: string): string | undefined {
  const [, folder = "", language = ""] = /^(google\/)?([^/]+)\.svg$/.exec(file) ?? [];
  const listed = folder === FOLDERS.googleBadges ? badges.googleBadges : badges.walletBadges;
  return listed.has(language) ? `badges/${folder}${language}.svg` : undefined;
}

/**
 * The path of a badge in the reader's language, or else in the first one that the setting lists.
 * @returns undefined if it lists none: then the button is a neutral one
 */
export function badgePath(
  badges: Badges,
  setting: keyof Badges,
  languages: readonly string[],
): string | undefined {
  const listed = badges[setting];
  const [first] = listed;
  const language = chooseLanguage(languages, listed).folder ?? first;
  return language === undefined ? undefined : `/badges/${FOLDERS[setting]}${language}.svg`;
}
