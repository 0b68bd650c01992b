/**
 * A storage in memory in place of sessionStorage: a new one for each test.
 */
import type { TextStore } from "../../../src/browser/text-store.ts";

export function memoryStore(): { readonly texts: Map<string, string>; readonly store: TextStore } {
  const texts = new Map<string, string>();
  return {
    texts,
    store: {
      getItem: (name) => texts.get(name) ?? null,
      setItem: (name, text) => void texts.set(name, text),
      removeItem: (name) => void texts.delete(name),
    },
  };
}
