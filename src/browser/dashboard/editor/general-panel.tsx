/**
 * The name of a template, its style and the texts that every pass has.
 */
import type { PanelProps } from "./panel.ts";

export function GeneralPanel({ draft }: PanelProps) {
  return <p>{draft.name}</p>;
}
