/**
 * Why a pass cannot be added to Wallet: it is no longer valid, or nothing can sign it now.
 */
import type { PassStatus } from "../passes/status.ts";
import { isW3cDate } from "../pkpass/dates.ts";
import { formatValue } from "../pkpass/format-value.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { primaryLanguage } from "./language.ts";
import type { MarkedWords, PassPageWords } from "./pass-page-words.ts";

export interface Obstacle {
  readonly title: string;
  readonly text: string;
  /** Whether the pass itself is no longer valid. */
  readonly isInvalid: boolean;
}

interface PassState {
  readonly pass: TemplatePass;
  readonly status: PassStatus;
  /** As in PassPageProps. */
  readonly isAvailable: boolean;
}

/** Why the pass cannot be added; undefined if it can. */
export function findObstacle(
  { pass, status, isAvailable }: PassState,
  { words, marks }: MarkedWords,
  locale: string,
): Obstacle | undefined {
  switch (status) {
    case "voided":
      return { title: words.voidedTitle, text: words.voided, isInvalid: true };
    case "redeemed":
      return { title: words.redeemedTitle, text: words.redeemed, isInvalid: true };
    case "expired":
      return { title: words.expiredTitle, text: expiredOn(pass, words, marks.lang, locale), isInvalid: true };
    case "active":
      return isAvailable
        ? undefined
        : { title: words.unavailableTitle, text: words.unavailable, isInvalid: false };
  }
}

/** The date is in the language of the sentence. */
function expiredOn(
  { expirationDate }: TemplatePass,
  { expired }: PassPageWords,
  language: string,
  locale: string,
): string {
  const value = isW3cDate(expirationDate) ? expirationDate : "";
  const field = { key: "expirationDate", value, dateStyle: "PKDateStyleLong" } as const;
  const isOwn = primaryLanguage(locale) === language;
  return expired.replace("{date}", () => formatValue(field, isOwn ? locale : "en-GB"));
}

/** The note above the card, in place of the offer. */
export function ObstacleNote({ obstacle, language }: { obstacle: Obstacle; language: MarkedWords }) {
  return (
    <p class={obstacle.isInvalid ? "obstacle invalid" : "obstacle unavailable"} {...language.marks}>
      <strong>{obstacle.title}</strong> {obstacle.text}
    </p>
  );
}
