/**
 * The shadow root that a card is drawn in. Its styles are those of a pass's page, as a sheet of the script: the page's
 * Content-Security-Policy allows no style in the document.
 */
import { Component, type ComponentChildren, type RefObject, render } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { PASS_STYLE } from "../../../pages/card/style.ts";

/** What differs where the card is only a part of the page: it is as wide as its place. */
const PLACE_STYLE = `
.pass { width: auto; padding: 0; container-type: inline-size; line-height: 1.45; }
.poster { min-height: min(28.15rem, 125cqi); }
.card:not(.pale) { filter: drop-shadow(0 .2rem .5rem rgb(0 0 0 / .2)); }
.details { color: CanvasText; }
`;

/** Added styles → sheet. Each is made once, for all cards. */
const sheets = new Map<string, CSSStyleSheet>();

function cardSheet(added: string): CSSStyleSheet {
  const known = sheets.get(added);
  if (known !== undefined) return known;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(PASS_STYLE + added + PLACE_STYLE);
  sheets.set(added, sheet);
  return sheet;
}

/**
 * Draws into the shadow root of an element.
 * @param draw undefined: nothing yet
 * @param subject what is drawn. When it changes, a drawing that failed is tried again
 * @param style is added to that of a pass
 */
export function useShadow(
  host: RefObject<HTMLElement | null>,
  draw: (() => ComponentChildren) | undefined,
  subject: unknown,
  style = "",
): void {
  useLayoutEffect(() => {
    const { current } = host;
    if (current === null || draw === undefined) return;
    const root = current.shadowRoot ?? current.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [cardSheet(style)];
    render(
      <div class="pass">
        <Drawn of={subject} draw={draw} />
      </div>,
      root,
    );
  });
  useLayoutEffect(() => {
    const { current } = host;
    return () => {
      if (current?.shadowRoot) render(null, current.shadowRoot);
    };
  }, [host]);
}

interface DrawnProps {
  readonly of: unknown;
  readonly draw: () => ComponentChildren;
}

/** If the drawing fails, the rest of the page still works. */
class Drawn extends Component<DrawnProps, { readonly failed?: unknown }> {
  override componentDidCatch(): void {
    this.setState({ failed: this.props.of });
  }

  override render({ of, draw }: DrawnProps) {
    if (this.state.failed === of) return <p>This pass cannot be drawn.</p>;
    return <Drawing draw={draw} />;
  }
}

/** A component of its own, so that the component above can catch its errors. */
function Drawing({ draw }: Pick<DrawnProps, "draw">) {
  return <>{draw()}</>;
}

/** A link in it opens in a new tab, so that the page stays. */
export function OpeningElsewhere({ children }: { readonly children: ComponentChildren }) {
  const aim = ({ target }: Event) => {
    const link = target instanceof Element ? target.closest("a") : null;
    if (link !== null) link.target = "_blank";
  };
  return <div onClickCapture={aim}>{children}</div>;
}
