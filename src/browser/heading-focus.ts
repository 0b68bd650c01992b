/**
 * Where the focus goes when the view of a page changes, so that keyboards and screen readers are never lost.
 */
import { useEffect, useRef } from "preact/hooks";

/** A new view begins at its top, and its heading gets the focus. @returns the ref of the element that holds the views */
export function useHeadingFocus(page: string) {
  const element = useRef<HTMLDivElement>(null);
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    scrollTo(0, 0);
    focusOn(element.current?.querySelector("h1"));
  }, [page]);
  return element;
}

/** Focuses an element without scrolling. */
export function focusOn(element: Element | null | undefined): void {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}
