/**
 * A template for a key that may not change it: the card and what is known of it.
 */
import { OFFERED_WORDS } from "../offered-wallets.ts";
import { STYLE_WORDS } from "../template-words.ts";
import { whenWords } from "../words.ts";
import type { StoredTemplate } from "./draft/draft.ts";
import { shownStyle } from "./panels/style-change.ts";
import { DraftPreview } from "./preview-pane.tsx";
import { languageName } from "./translations/languages.ts";

export function TemplateFacts({ template }: { readonly template: StoredTemplate }) {
  const { draft, id, createdAt, updatedAt } = template;
  const now = Date.now();
  const style = shownStyle(draft.pass);
  const facts = [
    ["Style", style === undefined ? "" : STYLE_WORDS[style]],
    ["Pass type", draft.passTypeIdentifier],
    ["External ID", draft.externalId ?? ""],
    ["Contact", draft.contact ?? ""],
    ["Offered in", draft.wallets === null ? "" : OFFERED_WORDS[draft.wallets]],
    ["Languages", Object.keys(draft.strings).map(languageName).sort().join(", ")],
    ["Made", whenWords(createdAt, now)],
    ["Last change", whenWords(updatedAt, now)],
  ].filter(([, fact]) => fact !== "");
  return (
    <div class="template-facts">
      <dl class="facts">
        {facts.map(([name, fact]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
      </dl>
      <div class="editor-preview">
        <DraftPreview draft={draft} id={id} />
      </div>
    </div>
  );
}
