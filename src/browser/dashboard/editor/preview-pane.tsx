/**
 * The card as phones will show it, and what the linter says about it.
 */
import { useState } from "preact/hooks";
import { CardBack, CardPreview, hasOlderLook } from "../card/card-preview.tsx";
import { GooglePreview, WalletChoice, type WalletName } from "../card/google-preview.tsx";
import { walletShown } from "../offered-wallets.ts";
import { FindingList } from "../views/finding-list.tsx";
import { SelectField } from "../views/form-parts.tsx";
import { ProblemNote } from "../views/parts.tsx";
import { type Checked, sortedFindings } from "./check/draft-check.ts";
import type { TemplateDraft } from "./draft/draft.ts";
import { PANEL_TITLES, type PanelName, panelOf } from "./panel-names.ts";
import { checkWords } from "./start/sample-texts.ts";
import { languageName } from "./translations/languages.ts";

interface DraftPreviewProps {
  readonly draft: TemplateDraft;
  /** Null: the template is not saved yet. */
  readonly id: number | null;
  /** The panel that is open. Undefined: the page has no panels. */
  readonly panel?: PanelName;
}

export function DraftPreview({ draft, id, panel }: DraftPreviewProps) {
  // While the panel of Google is open, its card is shown.
  const place = panel === "google" ? "google" : "others";
  const [chosenWallets, setChosenWallets] = useState<Readonly<Record<typeof place, WalletName>>>({
    google: "Google Wallet",
    others: "Apple Wallet",
  });
  const [chosen, setLanguage] = useState("");
  const [isOlder, setIsOlder] = useState(false);
  const { pass, images, strings, google, wallets } = draft;
  const wallet = walletShown(wallets, chosenWallets[place]);
  const languages = Object.keys(strings);
  const language = languages.includes(chosen) ? chosen : "";
  const shown = {
    ...{ pass, images, strings, imagesPath: id === null ? "" : `/templates/${id}/images` },
    language: language === "" ? undefined : language,
    label: `Preview of ${draft.name === "" ? "the pass" : draft.name}`,
  };
  return (
    <>
      {(wallets === null || wallets === "both") && (
        <WalletChoice
          wallet={wallet}
          onChoose={(chosenWallet) => setChosenWallets((before) => ({ ...before, [place]: chosenWallet }))}
        />
      )}
      {wallet === "Google Wallet" ? (
        <GooglePreview {...shown} google={google} />
      ) : (
        <>
          <CardPreview {...shown} isOlder={isOlder} />
          {hasOlderLook(pass, images) && (
            <label class="check">
              <input
                type="checkbox"
                checked={isOlder}
                onChange={(event) => setIsOlder(event.currentTarget.checked)}
              />
              <span>As older phones show it</span>
            </label>
          )}
          <details>
            <summary>Back of the pass</summary>
            <CardBack pass={pass} images={images} strings={strings} language={shown.language} />
          </details>
        </>
      )}
      {languages.length > 0 && (
        <div class="preview-language">
          <SelectField
            id="preview-language"
            label="Preview language"
            value={language}
            options={[["", "As written"], ...languages.map((each) => [each, languageName(each)] as const)]}
            onChange={setLanguage}
          />
        </div>
      )}
    </>
  );
}

interface FindingsPaneProps {
  /** Undefined: nothing was checked yet. */
  readonly checked: Checked | undefined;
  readonly isChecking: boolean;
  readonly onOpen: (panel: PanelName) => void;
}

export function FindingsPane({ checked, isChecking, onOpen }: FindingsPaneProps) {
  const findings = sortedFindings(checked?.findings ?? []);
  return (
    <section class="findings-pane" tabIndex={-1} aria-label="Check">
      <div class="split">
        <h2>Check</h2>
        <p class="hint" role="status">
          {isChecking ? "Checking …" : summaryOf(checked)}
        </p>
      </div>
      {findings.length > 0 && (
        <FindingList
          findings={findings}
          after={({ pointer, code }) => (
            <button type="button" class="link" onClick={() => onOpen(panelOf(pointer, code))}>
              Open {PANEL_TITLES[panelOf(pointer, code)]}
            </button>
          )}
        />
      )}
      {!isChecking && <ProblemNote problem={checked?.problem ?? null} />}
    </section>
  );
}

function summaryOf(checked: Checked | undefined): string {
  if (checked === undefined || checked.problem !== null) return "";
  if (checked.isConflict) return "Somebody else has changed the template.";
  return checkWords(checked.findings);
}
