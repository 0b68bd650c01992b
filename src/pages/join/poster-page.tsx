/**
 * A poster for the counter: the QR code of a join page, to be printed on one page, such as A4, A5 or Letter. All sizes follow the
 * paper. Long texts are smaller, and the code gives them some of its room.
 */
import type { BarcodeDrawing } from "../card/barcode-panel.tsx";
import { chooseColours } from "../card/colours.ts";
import { estimateWidth } from "../card/text-width.ts";
import { Page } from "../page.tsx";
import { Brand, type JoinPageProps, joinTitle } from "./join-page.tsx";
import { POSTER_STYLE } from "./style.ts";

export interface PosterProps extends JoinPageProps {
  /** Of the join page. */
  readonly url: string;
  readonly drawing: BarcodeDrawing | undefined;
}

/** In hundredths of the width of the paper: the largest size, the area of the whole text, and the height of its lines. */
interface Room {
  readonly largest: number;
  readonly area: number;
  readonly lines: number;
}
const TITLE: Room = { largest: 8, area: 1750, lines: 24 };
const TEXT: Room = { largest: 3.4, area: 1400, lines: 32 };

/** The size of type in which a text fits. */
function sizeOf(text: string, { largest, area, lines }: Room): number {
  const byArea = Math.sqrt(area / Math.max(1, estimateWidth(text)));
  return Math.floor(Math.min(largest, byArea, lines / text.split("\n").length) * 100) / 100;
}

export function PosterPage({ rule, pass, logo, url, drawing }: PosterProps) {
  const title = joinTitle({ rule, pass });
  const { background, foreground } = chooseColours(pass, false);
  const sizes = `--title: ${sizeOf(title, TITLE)}; --text: ${sizeOf(rule.text ?? "", TEXT)};`;
  const style = `${POSTER_STYLE}\n:root { ${sizes} }\n.brand { background: ${background}; color: ${foreground}; }`;
  return (
    <Page title={`Poster: ${title}`} style={style}>
      <main>
        <Brand pass={pass} logo={logo} />
        <h1 dir="auto">{title}</h1>
        {rule.text !== undefined && (
          <p class="intro" dir="auto">
            {rule.text}
          </p>
        )}
        {drawing && (
          <svg class="code" viewBox={drawing.viewBox} role="img" aria-label={`QR code of ${url}`}>
            <path d={drawing.path} shape-rendering="crispEdges" />
          </svg>
        )}
        <p class="how">Scan with your phone’s camera</p>
        <p class="url">{url.replace(/^https?:\/\//, "")}</p>
        <p class="screen">Print this page on A4, A5 or Letter, without margins. This line is not printed.</p>
      </main>
    </Page>
  );
}
