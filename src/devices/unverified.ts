/**
 * Texts that anyone can send without a key (log lines, the User-Agent with them, lifecycle states), as they are stored:
 * secrets are masked, because people read these texts, and long texts are cut.
 */
import { maskTokens } from "../mask.ts";

/** Masks secrets, then cuts the text. Masked first, because half a token would not be recognized. */
export function maskUnverified(text: string, maxCharacters: number): string {
  return cut(maskTokens(text), maxCharacters);
}

/** The beginning of a text, never half of a character (of a surrogate pair). */
function cut(text: string, maxCharacters: number): string {
  const kept = text.toWellFormed().slice(0, maxCharacters);
  return kept.isWellFormed() ? kept : kept.slice(0, -1);
}
