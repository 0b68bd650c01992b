/**
 * The symbols of the five transit types, drawn in the colour of the text around them.
 *
 * Follows Apple's "PassFields" (transitType).
 */
import type { TemplatePass } from "../../pkpass/schema/schema.ts";

export type TransitType = NonNullable<TemplatePass["boardingPass"]>["transitType"];

/** SVG paths in a square of 24 units, for the fill rule "evenodd". */
const PATHS: Record<TransitType, string> = {
  PKTransitTypeAir:
    "M22.5 12c0 .9-1.3 1.5-2.7 1.5h-4.6L10.6 21H8.3l2.2-7.5H6l-1.9 2.6H2.4L3.5 12 2.4 7.9h1.7L6 10.5h4.5L8.3 3h2.3l4.6 7.5h4.6c1.4 0 2.7.6 2.7 1.5z",
  PKTransitTypeBoat:
    "M11 2.5h2v3.2h4.2a1 1 0 0 1 1 .8l.8 4.2 1.9.6a.8.8 0 0 1 .5 1L19.6 18c-1.2 0-2-.5-2.8-1.1-1.3.9-2.9 1.1-4.8-.1-1.9 1.2-3.5 1-4.8.1-.8.6-1.6 1.1-2.8 1.1l-1.8-5.7a.8.8 0 0 1 .5-1l1.9-.6.8-4.2a1 1 0 0 1 1-.8H11zM7.6 7.7l-.5 2.4L12 8.6l4.9 1.5-.5-2.4zM2.5 19.3c1.8.5 3.3.2 4.7-.7 1.7 1.1 3.3 1 4.8.1 1.5.9 3.1 1 4.8-.1 1.4.9 2.9 1.2 4.7.7v1.9c-1.8.4-3.3.1-4.7-.6-1.7.9-3.3.8-4.8 0-1.5.8-3.1.9-4.8 0-1.4.7-2.9 1-4.7.6z",
  PKTransitTypeBus:
    "M6.5 2.5h11a3 3 0 0 1 3 3v12a1.5 1.5 0 0 1-1.5 1.5v1.5a1 1 0 0 1-1 1h-1a1 1 0 0 1-1-1V19H8v1.5a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V19a1.5 1.5 0 0 1-1.5-1.5v-12a3 3 0 0 1 3-3zM5.5 6v6h13V6zm2 8a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zm9 0a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6z",
  PKTransitTypeGeneric: "M3 10.7h13.2l-4.6-4.6L13.5 4.2 21.3 12l-7.8 7.8-1.9-1.9 4.6-4.6H3z",
  PKTransitTypeTrain:
    "M8 2.5h8a3.5 3.5 0 0 1 3.5 3.5v9a3 3 0 0 1-3 3l2.5 3.5h-2.3L15.3 19.6H8.7l-1.4 1.9H5L7.5 18a3 3 0 0 1-3-3V6A3.5 3.5 0 0 1 8 2.5zM6.5 6.5V11h11V6.5zM8 13a1.3 1.3 0 1 0 0 2.6A1.3 1.3 0 0 0 8 13zm8 0a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6z",
};

/** The symbol between origin and destination. Screen readers ignore it. */
export function TransitSymbol({ type }: { type: TransitType }) {
  return (
    <svg class="transit" viewBox="0 0 24 24" aria-hidden="true">
      <path fill="currentColor" fill-rule="evenodd" d={PATHS[type]} />
    </svg>
  );
}
