/**
 * What phones show of a template. A change of anything else needs no push (changes/visible.ts).
 */
import { imageHashes } from "../changes/visible.ts";
import { withoutGoogleImages } from "../google/images.ts";
import { contentOfRow, type TemplateRow } from "./show.ts";

/** What a template gives to its passes. A text that each pass replaces counts too, because no query could find that out. */
export function shownTemplate(row: TemplateRow) {
  const { pass, images, strings, personalization, webService, barcodeText } = contentOfRow(row);
  return {
    pass,
    images: imageHashes(withoutGoogleImages(images)),
    strings,
    personalization,
    webService,
    barcodeText,
  };
}
