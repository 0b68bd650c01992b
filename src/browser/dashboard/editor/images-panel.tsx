/**
 * The images of a template, by drop.
 */
import type { PanelProps } from "./panel.ts";

export function ImagesPanel({ draft }: PanelProps) {
  return <p>{draft.name}</p>;
}
