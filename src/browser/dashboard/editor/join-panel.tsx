/**
 * The join page of a template.
 */
import type { PanelProps } from "./panel.ts";

export function JoinPanel({ draft }: PanelProps) {
  return <p>{draft.name}</p>;
}
