/**
 * A pass as Google Wallet shows it: the card, and below it what its details page has.
 *
 * It runs on the server and in browsers, as ../card does: no hooks, and nothing of a JSX library but its syntax. Barcodes are
 * drawn outside of it.
 */
import { contrastRatio, formatRgb, parseColour, type Rgb } from "../../pkpass/colours.ts";
import { BarcodeFigure } from "../card/barcode-panel.tsx";
import type { Code } from "../card/parts.tsx";
import type { GoogleCardFacts } from "./card-facts.ts";
import type { GoogleFact } from "./places.ts";

export interface GoogleCardProps {
  readonly facts: GoogleCardFacts;
  /** Undefined if the pass has no barcode that Google can draw. */
  readonly code: Code | undefined;
  readonly direction: "ltr" | "rtl" | "auto";
  /** An invalid pass is drawn pale. */
  readonly isInvalid: boolean;
}

/** Google chooses a colour from the images if a pass has none. Here it is this one. */
const NO_COLOUR: Rgb = [232, 234, 237];
const INKS: readonly Rgb[] = [
  [255, 255, 255],
  [32, 33, 36],
];

/** A longer text is the name of a place, and not the code of an airport. */
const MAX_CODE = 4;

/** How many characters the longest words of a row may have together. */
const MAX_CHARACTERS = 24;
const MAX_WORDS = 50;
const LABEL_SIZE = 0.8;

/** The front. */
export function GoogleCard({ facts, code, direction, isInvalid }: GoogleCardProps) {
  const ground = parseColour(facts.colour) ?? NO_COLOUR;
  const [ink = NO_COLOUR] = INKS.toSorted((a, b) => contrastRatio(b, ground) - contrastRatio(a, ground));
  return (
    <article
      class={isInvalid ? "google-card pale" : "google-card"}
      dir={direction}
      style={`--ground:${formatRgb(ground)};--ink:${formatRgb(ink)}`}
    >
      <Brand facts={facts} />
      <Title facts={facts} />
      {facts.rows.map((row) => (
        <dl class={keepsWords(row) ? "g-row whole" : "g-row"}>
          {row.map((fact) => (
            <Pair fact={fact} />
          ))}
        </dl>
      ))}
      {code && (
        <div class="g-code">
          <BarcodeFigure code={code} />
        </div>
      )}
      {facts.hero && <img class="g-hero" src={facts.hero.url} alt={facts.hero.alt} />}
    </article>
  );
}

/** Whether the longest words of a row fit beside each other on the smallest phone. Otherwise words are broken. */
function keepsWords(row: readonly GoogleFact[]): boolean {
  const longest = (text: string) => Math.max(...text.split(/\s+/, MAX_WORDS).map((word) => word.length));
  const widths = row.map(({ label, value }) => Math.max(longest(value), LABEL_SIZE * longest(label)));
  return widths.reduce((sum, width) => sum + width, 0) <= MAX_CHARACTERS;
}

function Brand({ facts: { logo, wideLogo, issuer } }: { facts: GoogleCardFacts }) {
  if (wideLogo) return <img class="g-wide" src={wideLogo.url} alt={wideLogo.alt} />;
  return (
    <p class="g-brand">
      {logo && <img src={logo.url} alt="" />}
      <span dir="auto">{issuer}</span>
    </p>
  );
}

function Title({ facts: { subheader, header, journey } }: { facts: GoogleCardFacts }) {
  return (
    <div class="g-title">
      {subheader !== "" && (
        <p class="g-subheader" dir="auto">
          {subheader}
        </p>
      )}
      {header !== "" && (
        <p class="g-header" dir="auto">
          {header}
        </p>
      )}
      {journey.length > 0 && (
        <dl class={journey.every(({ value }) => value.length <= MAX_CODE) ? "g-journey codes" : "g-journey"}>
          {journey.map((end) => (
            <Pair fact={end} />
          ))}
        </dl>
      )}
    </div>
  );
}

function Pair({ fact: { label, value } }: { fact: GoogleFact }) {
  return (
    <div>
      <dt dir="auto">{label}</dt>
      <dd dir="auto">{value}</dd>
    </div>
  );
}

/** The details page: what has no place on the front. Renders nothing if there is nothing. */
export function GoogleDetails({ facts: { details, button } }: { facts: GoogleCardFacts }) {
  const texts = details.filter(({ href }) => href === undefined);
  const links = [button, ...details].flatMap((fact) =>
    fact?.href === undefined ? [] : { ...fact, href: fact.href },
  );
  return (
    <>
      {texts.length > 0 && (
        <dl class="details">
          {texts.map((fact) => (
            <Pair fact={fact} />
          ))}
        </dl>
      )}
      {links.length > 0 && (
        <p class="actions">
          {links.map(({ value, href }) => (
            <a href={href} rel="noopener noreferrer nofollow" dir="auto">
              {value}
            </a>
          ))}
        </p>
      )}
    </>
  );
}
