/**
 * Ignores an accidental second tap, as cold fingers make it. If the first tap has opened an answer, the second would close it before
 * anybody has seen it. If the first has closed one, the second would press what is under it.
 */
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/** As for a double click in most systems. */
const SECOND_TAP_MS = 400;
/** How far apart the two taps of one finger may be, in CSS pixels. */
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
