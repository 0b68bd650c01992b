/**
 * Two taps in place of one, by cold fingers: what the first one has opened or closed must not get the second one, or it closes an answer
 * that nobody has seen, or opens what is under it.
 */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** As the double click of most systems. */
const SECOND_TAP_MS = 400;
/** Two taps of one finger are so near, in CSS pixels. */
const NEAR = 24;

/** Ignores a second tap at the same place if the answer has changed since the first. @param answer undefined: none is shown */
export function useOneTap(answer: string | undefined): void {
  const changed = useRef(false);
  useLayoutEffect(() => {
    changed.current = true;
  }, [answer]);
  useEffect(() => {
    let first: MouseEvent | undefined;
    const onClick = (event: MouseEvent) => {
      // A click by a key has no place.
      if (event.detail === 0) return;
      const isSecond =
        first !== undefined &&
        event.timeStamp - first.timeStamp < SECOND_TAP_MS &&
        Math.hypot(event.clientX - first.clientX, event.clientY - first.clientY) < NEAR;
      first = event;
      if (isSecond && changed.current) {
        event.preventDefault();
        event.stopPropagation();
      } else changed.current = false;
    };
    document.addEventListener("click", onClick, { capture: true });
    return () => document.removeEventListener("click", onClick, { capture: true });
  }, []);
}
