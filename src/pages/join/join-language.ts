/**
 * The language of a join page and of its poster: our own sentences, and the template's texts as its pass.strings translate
 * them. It is chosen as on the page of the pass that follows. Pure.
 */
import type { Fault } from "../../join/answers.ts";
import type { TemplatePass } from "../../pkpass/schema/schema.ts";
import { type Strings, translateText } from "../../pkpass/translate.ts";
import type { JoinRule } from "../../templates/join-rule.ts";
import { chooseLanguage, type Direction, directionOf, stringsOf, translatedLanguages } from "../language.ts";
import type { LanguageWords } from "../own-words.ts";
import { type JoinWords, joinWordsIn } from "./join-words.ts";

export interface JoinLanguage extends LanguageWords<JoinWords> {
  /** The direction of the whole page. */
  readonly direction: Direction;
  /** The attributes of an element with a text of the template. Without a translation, the language of the text is not known. */
  readonly templateMarks: { readonly lang: string | undefined; readonly dir: "auto" };
  /** The folder of the template's translations. */
  readonly folder: string | undefined;
  readonly strings: Strings;
  /** Translates a text of the template, or returns it as it is. */
  readonly translate: (text: string) => string;
}

/**
 * @param files of the template, with its translations
 * @param languages of the reader in BCP 47, the best first
 */
export function joinLanguageOf(
  rule: JoinRule,
  pass: TemplatePass,
  files: ReadonlyMap<string, Uint8Array>,
  languages: readonly string[],
): JoinLanguage {
  const chosen = chooseLanguage(languages, translatedLanguages(files.keys()));
  const { locale, folder } = chosen;
  const strings = stringsOf(files, folder);
  const texts = [rule.title ?? pass.description, rule.text ?? "", ...rule.fields.map(({ label }) => label)];
  return {
    ...joinWordsIn([locale, ...languages]),
    direction: directionOf(chosen, texts),
    templateMarks: { lang: folder, dir: "auto" },
    folder,
    strings,
    translate: (text) => translateText(text, strings),
  };
}

/** What is wrong with an answer, and how to cure it. @param hint of the question */
export function explainFault(
  fault: Fault,
  hint: string | undefined,
  { words, translate }: JoinLanguage,
): string {
  switch (fault.fault) {
    case "tooLong":
      return words.tooLong.replace("{max}", String(fault.max)).replace("{length}", String(fault.length));
    case "format":
      return hint === undefined ? words.format : translate(hint);
    default:
      return words[fault.fault];
  }
}
