/**
 * A poster for the counter: the QR code of a join page, to be printed on A4 or A5. All sizes follow the paper.
 */
import type { BarcodeDrawing } from "../card/barcode-panel.tsx";
import { Page } from "../page.tsx";
import { Brand, Intro, type JoinPageProps, joinTitle } from "./join-page.tsx";
import { posterStyle } from "./style.ts";

export interface PosterProps extends JoinPageProps {
  /** Of the join page. */
  readonly url: string;
  readonly drawing: BarcodeDrawing | undefined;
}

export function PosterPage({ url, drawing, ...page }: PosterProps) {
  const { pass, language } = page;
  const { words, marks, direction, templateMarks } = language;
  const title = joinTitle(page);
  return (
    <Page
      title={words.posterTitle.replace("{title}", () => title)}
      style={posterStyle(pass)}
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
