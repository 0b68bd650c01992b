/**
 * The barcode of a pass on a white panel, with its altText below it.
 *
 * A message that the symbology cannot encode is shown as text: a person can still type it.
 * Follows Apple's "Pass.Barcodes".
 */
import type { Barcode } from "../pkpass/schema/schema.ts";
import { drawBarcodeOnce } from "./drawn-barcodes.ts";

/** The panel. Renders nothing if the barcode has no message. */
export function BarcodePanel({ barcode }: { barcode: Barcode }) {
  if (!barcode.message) return null;
  const drawing = drawBarcodeOnce(barcode);
  if (drawing === undefined) {
    return (
      <figure class="barcode wide">
        <p class="message">{barcode.message}</p>
        <AltText barcode={barcode} />
      </figure>
    );
  }
  return (
    <figure class={drawing.isSquare ? "barcode square" : "barcode wide"}>
      <svg
        role="img"
        aria-label={`${drawing.name}: ${barcode.altText || barcode.message}`}
        viewBox={drawing.viewBox}
        shape-rendering="crispEdges"
      >
        <path fill-rule="evenodd" d={drawing.path} />
      </svg>
      <AltText barcode={barcode} />
    </figure>
  );
}

function AltText({ barcode: { altText } }: { barcode: Barcode }) {
  return altText ? <figcaption dir="auto">{altText}</figcaption> : null;
}
