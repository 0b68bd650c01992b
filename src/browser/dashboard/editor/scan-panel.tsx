/**
 * What a scan of the passes does.
 */
import type { PanelProps } from "./panel.ts";

export function ScanPanel({ draft }: PanelProps) {
  return <p>{draft.name}</p>;
}
