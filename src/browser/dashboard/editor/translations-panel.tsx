/**
 * The texts of a template in other languages.
 */
import type { PanelProps } from "./panel.ts";

export function TranslationsPanel({ draft }: PanelProps) {
  return <p>{draft.name}</p>;
}
