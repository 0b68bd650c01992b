/**
 * The front of a pass: header, primary fields with the images of the style, rows of fields, barcode.
 *
 * Follows Apple's "PassFields" and the Human Interface Guidelines for Wallet (which fields and images a style has, and
 * where).
 */
import type { PropsWithChildren } from "hono/jsx";
import type { Style, TemplatePass } from "../pkpass/schema/schema.ts";
import { BarcodePanel } from "./pass-barcode.tsx";
import { chooseColours } from "./pass-colours.ts";
import { type FieldsProps, Primary, Row } from "./pass-fields.tsx";
import { type PageImage, selectImage } from "./pass-images.ts";
import { TransitSymbol, type TransitType } from "./pass-transit.tsx";

export interface CardProps {
  readonly pass: TemplatePass;
  readonly style: Style;
  readonly images: ReadonlyMap<string, Uint8Array>;
  readonly locale: string;
  /** An invalid pass is drawn pale. */
  readonly isInvalid: boolean;
}

type Slot = "logo" | "strip" | "thumbnail" | "background" | "footer";

const SLOTS: Record<Style, readonly Slot[]> = {
  boardingPass: ["logo", "footer"],
  coupon: ["logo", "strip"],
  eventTicket: ["logo", "strip", "thumbnail", "background"],
  generic: ["logo", "thumbnail"],
  posterGeneric: ["logo", "background"],
  storeCard: ["logo", "strip"],
};

/** The card in the colours of the pass. */
export function Card({ pass, style, images, locale, isInvalid }: CardProps) {
  const pictures = selectPictures(style, images);
  const { background, foreground, label } = chooseColours(pass, pictures.background !== undefined);
  const fields = pass[style] ?? {};
  const secondary = <Row name="secondary" fields={fields.secondaryFields} locale={locale} />;
  const auxiliary = <Row name="auxiliary" fields={fields.auxiliaryFields} locale={locale} />;
  const footer = <Row name="auxiliary" fields={fields.footerFields} locale={locale} />;
  const header = (
    <header>
      <Brand pass={pass} logo={pictures.logo} />
      <Row name="heading" fields={fields.headerFields} locale={locale} />
    </header>
  );
  const isNextToThumbnail = style === "eventTicket" && pictures.thumbnail !== undefined;
  const foot = <Foot pass={pass} footer={pictures.footer} />;
  return (
    <article
      class={isInvalid ? `card ${style} pale` : `card ${style}`}
      style={`--background:${background};--foreground:${foreground};--label:${label}`}
    >
      {pass.boardingPass === undefined ? (
        <div class="part">
          {pictures.background && <Picture name="background" image={pictures.background} />}
          {header}
          <Front pictures={pictures} fields={fields.primaryFields} locale={locale}>
            {isNextToThumbnail && secondary}
          </Front>
          {!isNextToThumbnail && secondary}
          {auxiliary}
          {footer}
          {foot}
        </div>
      ) : (
        <>
          <div class="part">
            {header}
            <Journey type={pass.boardingPass.transitType} fields={fields.primaryFields} locale={locale} />
          </div>
          <div class="part">
            {auxiliary}
            {secondary}
            {footer}
            {foot}
          </div>
        </>
      )}
    </article>
  );
}

type Pictures = { [slot in Slot]?: PageImage | undefined };

/** The images that the style shows. An event ticket with a strip shows no thumbnail and no background. */
function selectPictures(style: Style, images: CardProps["images"]): Pictures {
  const pictures: Pictures = {};
  for (const slot of SLOTS[style]) pictures[slot] = selectImage(slot, images);
  const { strip, ...others } = pictures;
  return strip === undefined ? others : { logo: others.logo, strip };
}

function Picture({ name, image, alt = "" }: { name: Slot; image: PageImage; alt?: string }) {
  return <img class={name} src={image.url} width={image.width} height={image.height} alt={alt} />;
}

/** Logo and logoText, or the name of the issuer if the pass has neither. */
function Brand({ pass, logo }: { pass: TemplatePass; logo: PageImage | undefined }) {
  const text = pass.logoText || (logo === undefined ? pass.organizationName : "");
  return (
    <div class="brand">
      {logo && <Picture name="logo" image={logo} alt={text === "" ? pass.organizationName : ""} />}
      {text !== "" && <span dir="auto">{text}</span>}
    </div>
  );
}

/** The primary fields and the children, over the strip or next to the thumbnail. */
function Front(props: PropsWithChildren<FieldsProps & { pictures: Pictures }>) {
  const { strip, thumbnail } = props.pictures;
  return (
    <div class={strip === undefined ? "front" : "front striped"}>
      {strip && <Picture name="strip" image={strip} />}
      <div>
        <Primary fields={props.fields} locale={props.locale} />
        {props.children}
      </div>
      {thumbnail && <Picture name="thumbnail" image={thumbnail} />}
    </div>
  );
}

/** Origin and destination: the first primary field, the transit symbol, all other primary fields. */
function Journey({ type, fields = [], locale }: FieldsProps & { type: TransitType }) {
  return (
    <div class="journey">
      <Primary fields={fields.slice(0, 1)} locale={locale} />
      {fields.length > 0 && <TransitSymbol type={type} />}
      <Primary fields={fields.slice(1)} locale={locale} />
    </div>
  );
}

function Foot({ pass, footer }: { pass: TemplatePass; footer: PageImage | undefined }) {
  const [barcode] = pass.barcodes ?? [];
  if (barcode === undefined && footer === undefined) return null;
  return (
    <footer>
      {footer && <Picture name="footer" image={footer} />}
      {barcode && <BarcodePanel barcode={barcode} />}
    </footer>
  );
}
