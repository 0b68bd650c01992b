/**
 * The texts of a template in other languages: each text with a field for each language.
 */
import { useState } from "preact/hooks";
import { pointerTo } from "../../../../json.ts";
import { ConfirmButton } from "../../views/confirm-button.tsx";
import { SelectField } from "../../views/form-parts.tsx";
import { useKeptFocus } from "../../views/parts.tsx";
import { countWords } from "../../words.ts";
import { FindingNotes } from "../check/finding-notes.tsx";
import { findingsAt, type PanelProps } from "../panel.ts";
import { AddLanguage } from "./add-language.tsx";
import { languageName } from "./languages.ts";
import {
  missingCount,
  type TranslatedText,
  translatedTexts,
  translationOf,
  unusedTexts,
  withLanguage,
  withoutLanguage,
  withoutText,
  withTranslation,
} from "./translated-texts.ts";

export function TranslationsPanel({ draft, edit, findings }: PanelProps) {
  const { strings } = draft;
  const [shown, setShown] = useState("");
  const languages = Object.keys(strings).sort();
  const texts = translatedTexts(draft);
  const unused = unusedTexts(draft);
  const { element, ...inside } = useKeptFocus<HTMLDivElement>(strings);
  const drawn = languages.includes(shown) ? [shown] : languages;
  return (
    <div ref={element} tabIndex={-1} class="translations-panel" {...inside}>
      <p class="hint">
        Phones show the texts in their own language, if it is here. In every other language they show the
        texts as you wrote them in the fields.
      </p>
      <FindingNotes pointer="" findings={findings.filter(({ pointer }) => pointer === "/strings")} />
      {languages.length > 0 && (
        <ul class="rows" aria-label="Languages">
          {languages.map((language) => (
            <li key={language}>
              <LanguageRow
                language={language}
                missing={missingCount(strings, language, texts)}
                onRemove={() => edit({ strings: withoutLanguage(strings, language) })}
              />
              <FindingNotes
                pointer=""
                findings={findings.filter(
                  ({ pointer, code }) =>
                    pointer === pointerTo(["strings", language]) && code !== "string_missing",
                )}
              />
            </li>
          ))}
        </ul>
      )}
      <AddLanguage
        present={languages}
        onAdd={(language) => edit({ strings: withLanguage(strings, language) })}
      />
      {languages.length > 1 && (
        <SelectField
          id="shown-language"
          label="Show"
          value={drawn.length === 1 ? shown : ""}
          options={[
            ["", "All languages"],
            ...languages.map((language) => [language, languageName(language)] as const),
          ]}
          onChange={setShown}
        />
      )}
      {languages.length > 0 && (
        <ul class="rows" aria-label="Texts">
          {texts.map((text, index) => (
            <li key={text.text}>
              <TextRow
                {...text}
                id={`translation-${index}`}
                languages={drawn}
                valueIn={(language) => translationOf(strings, language, text.text)}
                findingsIn={(language) => findingsAt(findings, pointerTo(["strings", language, text.text]))}
                onChange={(language, translation) =>
                  edit({ strings: withTranslation(strings, language, text.text, translation) })
                }
              />
            </li>
          ))}
        </ul>
      )}
      {unused.length > 0 && (
        <details>
          <summary>{countWords(unused.length, "translation")} that the template does not use</summary>
          <p class="hint">No text of the template is like this. A single pass may have such a text.</p>
          <ul class="rows">
            {unused.map((text) => (
              <li key={text}>
                <div class="split">
                  <p>{text}</p>
                  <button
                    type="button"
                    aria-label={`Remove ${text}`}
                    onClick={() => edit({ strings: withoutText(strings, text) })}
                  >
                    Remove
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

interface LanguageRowProps {
  readonly language: string;
  readonly missing: number;
  readonly onRemove: () => void;
}

function LanguageRow({ language, missing, onRemove }: LanguageRowProps) {
  const name = languageName(language);
  return (
    <div class="split">
      <div>
        <strong>{name}</strong>
        <p class="hint">
          {missing === 0
            ? "All texts are translated."
            : `${countWords(missing, "text")} without a translation`}
        </p>
      </div>
      <ConfirmButton
        label="Remove"
        name={`Remove ${name}`}
        question={`Remove ${name} with all its translations?`}
        confirm="Remove it"
        isBusy={false}
        onConfirm={onRemove}
      />
    </div>
  );
}

interface TextRowProps extends TranslatedText {
  readonly id: string;
  readonly languages: readonly string[];
  readonly valueIn: (language: string) => string;
  readonly findingsIn: (language: string) => PanelProps["findings"];
  readonly onChange: (language: string, translation: string) => void;
}

/** A longer text, such as the terms on the back, gets an input of several lines. */
const LONG = 60;

function TextRow({ id, text, places, languages, valueIn, findingsIn, onChange }: TextRowProps) {
  const isLong = text.length > LONG || text.includes("\n");
  return (
    <div class="translation">
      <div>
        <p>
          <strong class="original">{text}</strong>
        </p>
        <p class="hint">{places.join(", ")}</p>
      </div>
      <div class="two-fields">
        {languages.map((language) => {
          const own = {
            id: `${id}-${language}`,
            lang: language,
            dir: "auto" as const,
            value: valueIn(language),
            onInput: (event: Event & { currentTarget: { value: string } }) =>
              onChange(language, event.currentTarget.value),
          };
          return (
            <div key={language} class="field">
              <label for={own.id}>
                {languageName(language)}
                <span class="unseen"> of {text}</span>
              </label>
              {isLong ? <textarea rows={4} {...own} /> : <input {...own} />}
              <FindingNotes pointer="" findings={findingsIn(language)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
