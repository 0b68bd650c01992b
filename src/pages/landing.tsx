/**
 * The page behind a pass's landingUrl: whose pass it is, in the pass's own colours, and the button that adds it.
 *
 * All text is the issuer's and is escaped by the renderer; colours go through a pattern before they reach a style.
 */
import { Page } from "./page.tsx";

export interface Face {
  readonly organizationName: string;
  readonly description: string;
  readonly logoText?: string;
  readonly backgroundColor?: string;
  readonly foregroundColor?: string;
}

const COLOUR = /^(rgb\([\d, ]+\)|#[0-9a-fA-F]{6})$/;

/** @param face what pass.json says of the issuer, the pass's own over the template's */
export function Landing({ face, downloadPath }: { face: Face; downloadPath: string }) {
  const background = colour(face.backgroundColor, "rgb(28, 28, 30)");
  const foreground = colour(face.foregroundColor, "rgb(255, 255, 255)");
  return (
    <Page title={`${face.description} · ${face.organizationName}`}>
      <main>
        <article style={`background:${background};color:${foreground}`}>
          <p class="organization">{face.logoText ?? face.organizationName}</p>
          <h1>{face.description}</h1>
        </article>
        <a class="button" href={downloadPath}>
          Add to Apple Wallet
        </a>
        <p class="hint">
          Open this page on the iPhone that the pass is for. Keep the address to yourself: it is the pass.
        </p>
      </main>
    </Page>
  );
}

function colour(given: string | undefined, otherwise: string): string {
  return given !== undefined && COLOUR.test(given) ? given : otherwise;
}
