/**
 * Where the focus goes when the page changes, so that keyboards and screen readers are never lost.
 */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** A new view begins at its top, and its heading gets the focus. @returns the ref of the element that holds the views */
export function useHeadingFocus(page: string) {
  const element = useRef<HTMLDivElement>(null);
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    scrollTo(0, 0);
    focus(element.current?.querySelector("h1"));
  }, [page]);
  return element;
}

/**
 * An answer gets the focus, and gives it back to what had it before.
 * @param answer undefined: none is shown
 * @returns the ref of the answer
 */
export function useAnswerFocus(answer: string | undefined) {
  const element = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  // Before the browser takes the focus away from what is inert now.
  useLayoutEffect(() => {
    if (answer !== undefined) {
      if (before.current === null) before.current = document.activeElement;
      focus(element.current);
    } else if (before.current !== null) {
      const isThere = before.current.isConnected && before.current !== document.body;
      focus(isThere ? before.current : document.querySelector("h1"));
      before.current = null;
    }
  }, [answer]);
  return element;
}

function focus(element: Element | null | undefined): void {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}
