/**
 * The colours of a template, and whether they can be read.
 */
import type { PanelProps } from "./panel.ts";

export function ColoursPanel({ draft }: PanelProps) {
  return <p>{draft.name}</p>;
}
