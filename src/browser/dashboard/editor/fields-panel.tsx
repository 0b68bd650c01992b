/**
 * The fields of a template by section: add, move, remove, and what each shows.
 */
import type { PanelProps } from "./panel.ts";

export function FieldsPanel({ draft }: PanelProps) {
  return <p>{draft.name}</p>;
}
