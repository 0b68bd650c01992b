/**
 * A poster for the counter: the QR code of a join page, to be printed on one page, such as A4, A5 or Letter. All sizes follow the
 * paper. Long texts are smaller, and the code becomes smaller for them.
 */
import type { BarcodeDrawing } from "../card/barcode-panel.tsx";
import { estimateWidth } from "../card/text-width.ts";
import { Page } from "../page.tsx";
import { Brand, Intro, type JoinPageProps, joinTitle } from "./join-page.tsx";
import { posterStyle } from "./style.ts";

export interface PosterProps extends JoinPageProps {
  /** The address of the join page. */
  readonly url: string;
  readonly drawing: BarcodeDrawing | undefined;
}

/** In hundredths of the width of the paper: the largest size, the area of the whole text, and the height of its lines. */
interface Room {
  readonly largest: number;
  readonly area: number;
  readonly lines: number;
}
const TITLE: Room = { largest: 9, area: 1500, lines: 20 };
const TEXT: Room = { largest: 3.6, area: 900, lines: 22 };

/** The size of type in which a text fits. */
function sizeOf(text: string, { largest, area, lines }: Room): number {
  const byArea = Math.sqrt(area / Math.max(1, estimateWidth(text)));
  return Math.floor(Math.min(largest, byArea, lines / text.split("\n").length) * 100) / 100;
}

export function PosterPage({ url, drawing, ...page }: PosterProps) {
  const { pass, language } = page;
  const { words, marks, direction, templateMarks } = language;
  const title = joinTitle(page);
  const text = language.translate(page.rule.text ?? "");
  const sizes = { title: sizeOf(title, TITLE), text: sizeOf(text, TEXT) };
  return (
    <Page
      title={words.posterTitle.replace("{title}", () => title)}
      style={posterStyle(pass, sizes)}
      lang={marks.lang}
      dir={direction}
    >
      <main>
        <section class="paper">
          <header>
            <Brand {...page} />
            <h1 {...templateMarks}>{title}</h1>
            <Intro {...page} />
          </header>
          {drawing && (
            <svg
              class="code"
              viewBox={drawing.viewBox}
              role="img"
              aria-label={words.posterCode.replace("{url}", () => url)}
            >
              <path d={drawing.path} shape-rendering="crispEdges" />
            </svg>
          )}
          <div>
            <p class="how" {...marks}>
              {words.scan}
            </p>
            <p class="url" dir="ltr">
              {url.replace(/^https?:\/\//, "")}
            </p>
          </div>
        </section>
        <p class="screen" {...marks}>
          {words.print}
        </p>
      </main>
    </Page>
  );
}
