/**
 * Whether a person can see an element, or soon will: what it needs is asked for then, and once.
 */
import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";

/** How far below the window an element counts as seen already. */
const AHEAD = "300px";

/** Whether it has been near the window. @param isLazy false: it counts as seen */
export function useSeen(element: RefObject<Element | null>, isLazy: boolean): boolean {
  const [isSeen, setIsSeen] = useState(!isLazy);
  useEffect(() => {
    const { current } = element;
    if (isSeen || current === null) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setIsSeen(true);
      },
      { rootMargin: AHEAD },
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, [element, isSeen]);
  return isSeen;
}
