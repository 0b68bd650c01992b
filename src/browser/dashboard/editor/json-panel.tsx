/**
 * The template as JSON, for what the other panels do not have.
 */
import type { PanelProps } from "./panel.ts";

export function JsonPanel({ draft }: PanelProps) {
  return <p>{draft.name}</p>;
}
