/**
 * Scanners that are connected by USB or Bluetooth and type like a keyboard, and the keys that a person presses as shortcuts. A
 * key counts as a shortcut only after a pause, because a scanner may have typed it.
 */
import { ALONE_MS, MODIFIERS, TypedText } from "./typed-text.ts";

/** After this time without a key, the code of a scanner that types no Enter is complete. */
const SILENCE_MS = 150;

export interface TypedEvents {
  onCode(text: string): void;
  /** A person has pressed this one character, outside of a text field. */
  onShortcut(key: string): void;
}

/** Listens to all keys of the page. @returns a function that ends it */
export function listenToKeys({ onCode, onShortcut }: TypedEvents): () => void {
  const typed = new TypedText();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const { key, ctrlKey, altKey, metaKey, repeat, timeStamp } = event;
    const result = typed.press({
      ...{ key, ctrlKey, altKey, metaKey, repeat, at: timeStamp },
      isForField: isField(event.target),
    });
    if (result.kind !== "other" || !MODIFIERS.includes(key)) clearTimeout(timer);
    switch (result.kind) {
      case "code":
        // Otherwise the Enter of the scanner presses the button that has the focus.
        event.preventDefault();
        return onCode(result.text);
      case "part":
        event.preventDefault();
        timer = setTimeout(() => {
          const text = typed.pause();
          if (text !== undefined) onCode(text);
        }, SILENCE_MS);
        return;
      case "first":
        if (result.isAlone && !ctrlKey && !altKey) timer = setTimeout(() => onShortcut(key), ALONE_MS);
        return;
      case "other":
        return;
    }
  };
  document.addEventListener("keydown", onKey, { capture: true });
  return () => {
    clearTimeout(timer);
    document.removeEventListener("keydown", onKey, { capture: true });
  };
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.matches("input, textarea, select"))
  );
}
