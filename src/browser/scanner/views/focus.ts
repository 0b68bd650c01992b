/**
 * Where the focus goes when an answer appears and leaves, so that keyboards and screen readers are never lost.
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import { focusOn } from "../../heading-focus.ts";

/**
 * An answer gets the focus, and gives it back to what had it before.
 * @param answer undefined: none is shown
 * @returns the ref of the answer
 */
export function useAnswerFocus(answer: string | undefined) {
  const element = useRef<HTMLElement>(null);
  const before = useRef<Element | null>(null);
  // A layout effect: it runs before the browser takes the focus away from what is inert now.
  useLayoutEffect(() => {
    if (answer !== undefined) {
      if (before.current === null) before.current = document.activeElement;
      focusOn(element.current);
    } else if (before.current !== null) {
      const isThere = before.current.isConnected && before.current !== document.body;
      focusOn(isThere ? before.current : document.querySelector("h1"));
      before.current = null;
    }
  }, [answer]);
  return element;
}
