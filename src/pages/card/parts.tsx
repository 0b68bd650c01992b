/**
 * What several layouts of a pass have in common: its header, its images, its barcode at the bottom.
 *
 * Follows Apple's "Pass" and the Human Interface Guidelines for Wallet.
 */
import type { Barcode, TemplatePass } from "../../pkpass/schema/schema.ts";
import type { Style } from "../../pkpass/styles.ts";
import { type BarcodeDrawing, BarcodeFigure } from "./barcode-panel.tsx";
import { Row, toFacts } from "./fields.tsx";
import { drawnFields } from "./sections.ts";
import type { Words } from "./words.ts";

/** An image at its size in points, as in Wallet: a pixel of an `@2x` image is half a point. */
export interface PageImage {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** Slot, such as `logo`, → image. */
export type Pictures = Readonly<Record<string, PageImage | undefined>>;

export interface Code {
  readonly barcode: Barcode;
  /** Undefined if the symbology cannot encode the message. */
  readonly drawing: BarcodeDrawing | undefined;
  /** If given, the code is covered until this text is clicked. */
  readonly veil?: string | undefined;
}

/** What every layout is drawn from. */
export interface LayoutProps {
  readonly pass: TemplatePass;
  readonly style: Style;
  readonly pictures: Pictures;
  readonly code: Code | undefined;
  readonly locale: string;
  readonly words: Words;
}

export function Picture({ name, image, alt = "" }: { name: string; image: PageImage; alt?: string }) {
  return <img class={name} src={image.url} width={image.width} height={image.height} alt={alt} />;
}

/** Logo, logoText and header fields. */
export function Header({ pass, style, pictures, locale }: LayoutProps) {
  return (
    <header>
      <Brand pass={pass} logo={pictures.logo} />
      <Row name="heading" facts={toFacts(drawnFields(pass, style, "headerFields"), locale)} />
    </header>
  );
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

/** The logo of a poster, or else its text. */
export function PosterBrand({
  pass,
  logo,
  text,
}: {
  pass: TemplatePass;
  logo: PageImage | undefined;
  text: string;
}) {
  return (
    <div class="brand">
      {logo ? (
        <Picture name="logo" image={logo} alt={pass.organizationName} />
      ) : (
        <span dir="auto">{text}</span>
      )}
    </div>
  );
}

export function Foot({ code, footer }: { code: Code | undefined; footer?: PageImage | undefined }) {
  if (!code?.barcode.message && footer === undefined) return null;
  return (
    <footer>
      {footer && <Picture name="footer" image={footer} />}
      {code && <BarcodeFigure code={code} />}
    </footer>
  );
}
