/**
 * Which keys come from a scanner that types like a keyboard ("keyboard wedge"): much faster than a person, and with Enter or Tab
 * or nothing at the end. Pure: the keys of the page come from typed-reader.ts.
 */

/** The longest time between two characters of a scanner. People need 80 ms and more. */
export const FAST_MS = 50;
/** A shortcut is a key with a pause of this length before and after it, because slow scanners type codes with the same letters. */
export const ALONE_MS = 300;
/** The shortest code of a scanner that types no Enter. A person may press a few keys that fast. */
const SHORTEST_WITHOUT_ENTER = 6;

/** What is read of a KeyboardEvent. */
export interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  /** Whether it goes into a text field, which has its own use for it. */
  readonly isForField: boolean;
  /** In milliseconds, of any clock that never goes back. */
  readonly at: number;
}

/**
 * - code: a scanner has typed this text, and the key was the end of it
 * - part: the key is part of a text that a scanner types
 * - first: the key may be the first character of a scanner, or pressed by a person. isAlone: no key came shortly before it
 * - other: anything else, which the page and the browser may use
 */
export type Typed =
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "part" }
  | { readonly kind: "first"; readonly isAlone: boolean }
  | { readonly kind: "other" };

/** Tells scanners and people apart. It has no state but the keys that came before. */
export class TypedText {
  #text = "";
  #lastAt = Number.NEGATIVE_INFINITY;
  /** When the last character was pressed, unless it ended a complete code. */
  #pressedAt = Number.NEGATIVE_INFINITY;

  press(key: Key): Typed {
    const isAlone = key.at - this.#pressedAt > ALONE_MS;
    if ([...key.key].length === 1) this.#pressedAt = key.at;
    const isFast = key.at - this.#lastAt <= FAST_MS;
    if (!isFast) this.#text = "";
    // A modifier key alone: scanners press Shift before each capital letter.
    if (MODIFIERS.includes(key.key)) return this.#text === "" ? { kind: "other" } : this.#continue(key.at);
    if (key.isForField || key.metaKey || key.repeat) return this.#reset();
    if (key.key === "Enter" || key.key === "Tab") {
      const text = this.#text;
      this.#reset();
      if (text !== "") this.#pressedAt = Number.NEGATIVE_INFINITY;
      return text !== "" ? { kind: "code", text } : { kind: "other" };
    }
    const character = characterOf(key, this.#text !== "");
    if (character === undefined) return this.#reset();
    const isFirst = this.#text === "";
    this.#text += character;
    this.#lastAt = key.at;
    return isFirst ? { kind: "first", isAlone } : { kind: "part" };
  }

  /** Nothing was typed for a while. @returns what a scanner has typed without an end */
  pause(): string | undefined {
    const text = this.#text;
    this.#reset();
    return text.length >= SHORTEST_WITHOUT_ENTER ? text : undefined;
  }

  #continue(at: number): Typed {
    this.#lastAt = at;
    return { kind: "part" };
  }

  #reset(): Typed {
    this.#text = "";
    this.#lastAt = Number.NEGATIVE_INFINITY;
    return { kind: "other" };
  }
}

export const MODIFIERS: readonly string[] = ["Shift", "Control", "Alt", "AltGraph", "CapsLock"];

/** Scanners type control characters (GS1's U+001D) as Control with a letter or sign. As a first key, that is a shortcut. */
function characterOf({ key, ctrlKey, altKey }: Key, isInside: boolean): string | undefined {
  // AltGr, which some layouts need for @ and |, is reported as both.
  if (ctrlKey && !altKey) {
    const isControl = isInside && /^[A-Za-z[\\\]^_]$/.test(key);
    return isControl ? String.fromCharCode(key.charCodeAt(0) & 0x1f) : undefined;
  }
  // A character beyond the Basic Multilingual Plane has two code units.
  return [...key].length === 1 ? key : undefined;
}
