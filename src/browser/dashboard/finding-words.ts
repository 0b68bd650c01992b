/**
 * What the linter says, with the members of pass.json by the names that people have for them. Pure.
 */
import { MEMBERS } from "./change/difference-words.ts";

const NAMES: Readonly<Record<string, string>> = { ...MEMBERS, description: "Description" };

/** The linter writes members in quotes, and colours also without. */
export function findingWords(text: string): string {
  return text
    .replaceAll(/"(\w+)"|\b(\w+Color)\b/g, (whole, quoted?: string, colour?: string) => {
      const name = NAMES[quoted ?? colour ?? ""];
      return name === undefined ? whole : `“${name}”`;
    })
    .replace(" It must be a string.", "");
}
