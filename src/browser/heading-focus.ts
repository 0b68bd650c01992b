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
    return element.current === null ? undefined : focusHeadingOf(element.current);
  }, [page]);
  return element;
}

/**
 * Focuses the heading once it is there. What is loaded may bring it, or put another one in its place.
 * @returns ends the waiting. It also ends when a person goes elsewhere.
 */
function focusHeadingOf(views: HTMLElement): () => void {
  const before = document.activeElement;
  let heading: Element | null = null;
  const follow = () => {
    if (heading?.isConnected) return;
    const { activeElement } = document;
    if (activeElement !== before && activeElement !== document.body) return observer.disconnect();
    heading = views.querySelector("h1");
    focusOn(heading);
  };
  const observer = new MutationObserver(follow);
  observer.observe(views, { childList: true, subtree: true });
  follow();
  return () => observer.disconnect();
}

/** Focuses an element without scrolling. */
export function focusOn(element: Element | null | undefined): void {
  if (element instanceof HTMLElement) element.focus({ preventScroll: true });
}
