/**
 * localStorage and sessionStorage, which a browser may refuse at any time: then a page goes on without them.
 */

/** The methods that pages use. */
export type TextStore = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * @param open the storage itself, whose getter may throw
 * @returns the storage, or if the browser refuses it, a store whose texts last as long as the page
 */
export function openTextStore(open: () => TextStore): TextStore {
  try {
    return open();
  } catch {
    const texts = new Map<string, string>();
    return {
      getItem: (name) => texts.get(name) ?? null,
      setItem: (name, text) => void texts.set(name, text),
      removeItem: (name) => void texts.delete(name),
    };
  }
}

/** A storage that could be opened may still throw. @returns empty if there is no such text */
export function readText(store: TextStore, name: string): string {
  try {
    return store.getItem(name) ?? "";
  } catch {
    return "";
  }
}

/** @returns whether the text is stored. An empty one is removed */
export function writeText(store: TextStore, name: string, text: string): boolean {
  try {
    if (text === "") store.removeItem(name);
    else store.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}
