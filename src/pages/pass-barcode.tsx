/**
 * The barcode of a pass on its white panel, with the text that stands beneath it.
 *
 * A message that its symbology cannot carry is shown as text: a person at the counter can still type it.
 * Follows Apple's "Pass.Barcodes".
 */
import type { Barcode } from "../pkpass/schema/schema.ts";
import { drawBarcode } from "./barcode.ts";

/** The panel. Nothing for a barcode that has no message. */
export function BarcodePanel({ barcode }: { barcode: Barcode }) {
  if (!barcode.message) return null;
  const drawing = drawBarcode(barcode);
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
