/**
 * The front of a pass in one of its layouts.
 *
 * It runs on the server and in browsers: no hooks, and nothing of a JSX library but its syntax. Barcodes are drawn
 * outside of it, because the library that draws them is large.
 */
import { formatRgb, parseColour } from "../../pkpass/colours.ts";
import type { TemplatePass } from "../../pkpass/schema/schema.ts";
import type { Direction } from "../language.ts";
import { ClassicBoardingPass } from "./boarding.tsx";
import { ClassicPass } from "./classic.tsx";
import { chooseColours } from "./colours.ts";
import type { Look } from "./looks.ts";
import type { Code, LayoutProps, Pictures } from "./parts.tsx";
import { PosterEventTicket } from "./poster-event.tsx";
import { PosterGenericPass } from "./poster-generic.tsx";
import { SemanticBoardingPass } from "./semantic-boarding.tsx";
import { wordsOf } from "./words.ts";

export interface CardProps {
  readonly pass: TemplatePass;
  readonly look: Look;
  readonly pictures: Pictures;
  /** Undefined if the pass has no barcode. */
  readonly code: Code | undefined;
  /** BCP 47. */
  readonly locale: string;
  readonly direction: Direction;
  /** An invalid pass is drawn pale. */
  readonly isInvalid: boolean;
}

/** The card in the colours of the pass. */
export function Card({ pass, look, pictures, code, locale, direction, isInvalid }: CardProps) {
  const layout = { pass, style: look.style, pictures, code, locale, words: wordsOf(locale) };
  const { background, foreground, label } = chooseColours(pass, hasDarkGround(look, pictures));
  const bar = parseColour(pass.footerBackgroundColor ?? "");
  return (
    <article
      class={isInvalid ? `card ${look.layout} pale` : `card ${look.layout}`}
      dir={direction}
      style={`--background:${background};--foreground:${foreground};--label:${label}${bar === undefined ? "" : `;--bar:${formatRgb(bar)}`}`}
    >
      <Layout look={look} props={layout} />
    </article>
  );
}

function Layout({ look, props }: { look: Look; props: LayoutProps }) {
  switch (look.layout) {
    case "boardingPass":
      return <ClassicBoardingPass {...props} />;
    case "posterEventTicket":
      return <PosterEventTicket {...props} />;
    case "posterGeneric":
      return <PosterGenericPass {...props} />;
    case "semanticBoardingPass":
      return <SemanticBoardingPass {...props} />;
    case "coupon":
    case "eventTicket":
    case "generic":
    case "storeCard":
      return <ClassicPass {...props} />;
  }
}

/** Whether the texts are over a darkened image. */
function hasDarkGround({ layout }: Look, { artwork, background, strip }: Pictures): boolean {
  switch (layout) {
    case "posterEventTicket":
    case "posterGeneric":
      return (artwork ?? background) !== undefined;
    case "eventTicket":
      return background !== undefined && strip === undefined;
    default:
      return false;
  }
}
