/**
 * Removes control characters from the texts of an imported file, and names the places. Wallet accepts them and draws
 * nothing, but Edgepass refuses them in a template, so the imported template could not be changed later.
 */
import type { Strings } from "../db/schema.ts";
import { pointerTo } from "../json.ts";
import { type Finding, MAX_FOUND, warning } from "../pkpass/finding.ts";
import { removeControlCharacters } from "../pkpass/text/control-characters.ts";

interface Texts {
  readonly pass: unknown;
  readonly strings: Strings;
  readonly personalization: unknown;
}

export function withoutControlCharacters({ pass, strings, personalization }: Texts) {
  const findings: Finding[] = [];
  const clean = (value: unknown, path: readonly string[]) =>
    removeControlCharacters(value, path, (at) => {
      if (findings.length < MAX_FOUND) findings.push(controlCharacter(at));
    });
  const cleanText = (text: string, path: readonly string[]) => String(clean(text, path));
  const languages = Object.entries(strings).map(([language, texts]) => {
    const entries = Object.entries(texts).map(([text, translation]) => {
      const path = ["strings", language, text];
      return [cleanText(text, path), cleanText(translation, path)];
    });
    return [language, Object.fromEntries(entries)];
  });
  return {
    pass: clean(pass, ["pass"]),
    strings: Object.fromEntries(languages) satisfies Strings,
    personalization: clean(personalization, ["personalization"]),
    findings,
  };
}

function controlCharacter(path: readonly PropertyKey[]): Finding {
  return warning(
    "control_character",
    pointerTo(path),
    "The text has control characters, which no phone draws. The template has the text without them.",
    "Nothing needs to be done, unless the text looks wrong.",
  );
}
