/**
 * The barcode of a template.
 */
import type { PanelProps } from "./panel.ts";

export function BarcodePanel({ draft }: PanelProps) {
  return <p>{draft.name}</p>;
}
