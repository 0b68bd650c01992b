/**
 * Apple's artwork for the button "Add to Apple Wallet". Apple allows its use, and no redrawing. It is not part of this
 * software: the operator stores it in R2, one SVG for each language, and lists the languages in WALLET_BADGES.
 *
 * Follows Apple's "Add to Apple Wallet guidelines".
 */
import { chooseLanguage } from "./language.ts";

/** The R2 key of a badge. @param language in lower case, such as `pt-br` */
export function badgeKey(language: string): string {
  return `badges/${language}.svg`;
}

/**
 * The path of the badge in the reader's language, or else of the first one.
 * @param badges the languages that have one
 * @returns undefined if there is none: then the button is a neutral one
 */
export function badgePath(badges: ReadonlySet<string>, languages: readonly string[]): string | undefined {
  const [first] = badges;
  const language = chooseLanguage(languages, badges).folder ?? first;
  return language === undefined ? undefined : `/badges/${language}.svg`;
}
