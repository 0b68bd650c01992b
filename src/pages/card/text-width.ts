/**
 * How wide a text is, in ems, without a font: enough to choose a size in which it fits. Wallet makes long values smaller,
 * and a page without a script cannot measure.
 *
 * The widths are those of DejaVu Sans, which is wider than Apple's San Francisco and than the fonts of Android and
 * Windows, so a text fits with each of them.
 */

/** Characters and their width, the first match counts. */
const WIDTHS: readonly (readonly [characters: RegExp, ems: number])[] = [
  [/\p{M}|\p{Cf}/u, 0],
  [/[iljItf.,:;'|! ()[\]\u00a0\u2019\u202f]/, 0.38],
  [/[MW@%mw\u2026\u2014]/, 0.99],
  [
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\uff00-\uffef]/u,
    1.02,
  ],
  [/[OQGDNHUC]/, 0.79],
  [/\p{Lu}/u, 0.69],
  [/./su, 0.64],
];

/** The width in ems, rounded up to a tenth. */
export function estimateWidth(text: string): number {
  let sum = 0;
  for (const character of text) sum += WIDTHS.find(([pattern]) => pattern.test(character))?.[1] ?? 0;
  return Math.ceil(sum * 10) / 10;
}
