/**
 * A poster for the counter: the QR code of a join page, to be printed on A4 or A5. All sizes follow the paper.
 */
import type { BarcodeDrawing } from "../card/barcode-panel.tsx";
import { Page } from "../page.tsx";
import { Brand, type JoinPageProps, joinTitle } from "./join-page.tsx";
import { posterStyle } from "./style.ts";

export interface PosterProps extends JoinPageProps {
  /** Of the join page. */
  readonly url: string;
  readonly drawing: BarcodeDrawing | undefined;
}

export function PosterPage({ rule, pass, logo, url, drawing }: PosterProps) {
  const title = joinTitle({ rule, pass });
  return (
    <Page title={`Poster: ${title}`} style={posterStyle(pass)}>
      <main>
        <section class="paper">
          <header>
            <Brand pass={pass} logo={logo} />
            <h1 dir="auto">{title}</h1>
            {rule.text !== undefined && (
              <p class="intro" dir="auto">
                {rule.text}
              </p>
            )}
          </header>
          {drawing && (
            <svg class="code" viewBox={drawing.viewBox} role="img" aria-label={`QR code of ${url}`}>
              <path d={drawing.path} shape-rendering="crispEdges" />
            </svg>
          )}
          <div>
            <p class="how">Scan with your phone’s camera</p>
            <p class="url">{url.replace(/^https?:\/\//, "")}</p>
          </div>
        </section>
        <p class="screen">Print this page on A4 or A5, without margins. This line is not printed.</p>
      </main>
    </Page>
  );
}
