/**
 * The barcode of a pass on a white panel, with its altText below it.
 *
 * A message that the symbology cannot encode is shown as text: a person can still type it.
 * Follows Apple's "Pass.Barcodes".
 */
import type { BarcodeDrawing } from "../../barcodes/draw.ts";
import type { Barcode } from "../../pkpass/schema/schema.ts";

export type { BarcodeDrawing };

interface BarcodeFigureProps {
  readonly code: {
    readonly barcode: Barcode;
    readonly drawing: BarcodeDrawing | undefined;
    readonly veil?: string | undefined;
  };
}

/** The panel. Renders nothing if the barcode has no message. */
export function BarcodeFigure({ code: { barcode, drawing, veil } }: BarcodeFigureProps) {
  if (!barcode.message) return null;
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
      {veil && (
        <label class="veil">
          <input type="checkbox" />
          <span>{veil}</span>
        </label>
      )}
    </figure>
  );
}

function AltText({ barcode: { altText } }: { barcode: Barcode }) {
  return altText ? <figcaption dir="auto">{altText}</figcaption> : null;
}
