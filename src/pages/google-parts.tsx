/**
 * The parts of a pass on its page as Google Wallet shows them, for phones that have Google Wallet, and for all devices if the pass is
 * only for Google Wallet: the card, and its details.
 */
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import type { Strings } from "../pkpass/translate.ts";
import { drawBarcodeOnce } from "./drawn-barcodes.ts";
import { GoogleCard, type GoogleCardProps, GoogleDetails } from "./google-card/google-card.tsx";
import { type GoogleSource, googleCardOf } from "./google-card/map-pass.ts";
import type { MarkedWords } from "./pass-page-words.ts";

interface GooglePartsProps extends Pick<GoogleCardProps, "direction" | "isInvalid"> {
  /** Not translated. */
  readonly pass: TemplatePass;
  readonly source: GoogleSource;
  readonly strings: Strings;
  /** As language.ts chose it. */
  readonly reader: { readonly locale: string; readonly folder: string | undefined };
  readonly language: MarkedWords;
  /** If given, the code is covered until this text is clicked. */
  readonly veil: string | undefined;
}

export function GoogleParts({ pass, source, strings, reader, language, veil, ...card }: GooglePartsProps) {
  const { locale, folder } = reader;
  const facts = googleCardOf(pass, source, folder === undefined ? {} : { [folder]: strings }, locale);
  const { barcode } = facts;
  const code = barcode && { barcode, drawing: drawBarcodeOnce(barcode), veil };
  const hasDetails = facts.details.length > 0 || facts.button !== undefined;
  return (
    <>
      <GoogleCard {...card} facts={facts} code={code} />
      {hasDetails && (
        <section>
          <h2 {...language.marks}>{language.words.details}</h2>
          <GoogleDetails facts={facts} />
        </section>
      )}
    </>
  );
}
