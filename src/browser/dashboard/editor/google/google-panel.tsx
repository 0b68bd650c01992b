/**
 * What Google Wallet needs of a template and pass.json does not have: the type, which field has what, and images of its own.
 */
import { useState } from "preact/hooks";
import { memberOf } from "../../../../json.ts";
import { mayOpen } from "../../access.ts";
import { parseGoogleIssuers } from "../../admin-answers.ts";
import { memberText } from "../../change/template-fields.ts";
import { useDashboard } from "../../context.ts";
import { useLoaded } from "../../use-api.ts";
import { SelectField, TextField } from "../../views/form-parts.tsx";
import { PageLink } from "../../views/parts.tsx";
import { FindingNotes } from "../check/finding-notes.tsx";
import { CheckField } from "../fields/typed-fields.tsx";
import { INPUT_LABELS } from "../input-labels.ts";
import type { PanelProps } from "../panel.ts";
import { languageName } from "../translations/languages.ts";
import {
  automaticType,
  googleTypeOf,
  hintChoices,
  otherGoogleFindings,
  withGoogleText,
  withHint,
  withOwnImages,
} from "./google-draft.ts";
import { GoogleImages } from "./google-images.tsx";
import { GOOGLE_TYPE_WORDS, HINT_WORDS } from "./google-words.ts";

const MAX_ADDRESS = 500;

export function GooglePanel(props: PanelProps) {
  const { draft, edit, findings } = props;
  const { pass, google } = draft;
  const change = (member: "type" | "language" | "venueAddress") => (text: string) =>
    edit({ google: withGoogleText(google, member, text) });
  const language = memberText(google, "language");
  const address = memberText(google, "venueAddress");
  const hasAddress = googleTypeOf(draft) === "eventTicket" || address !== "";
  const shown = [
    ...["/google/type", "/google/language", "/google/ownImages"],
    ...(hasAddress ? ["/google/venueAddress"] : []),
    ...hintChoices(draft).map(({ hint }) => `/google/hints/${hint}`),
  ];
  return (
    <>
      <WithoutIssuer />
      <p class="hint">Google Wallet shows the same pass on Android phones. Everything here is optional.</p>
      <FindingNotes findings={otherGoogleFindings(findings, shown)} pointer="" />
      <div>
        <SelectField
          id="google-type"
          label="Type of the card"
          value={memberText(google, "type")}
          options={[
            ["", `Automatic: ${GOOGLE_TYPE_WORDS[automaticType(pass)]}`],
            ...Object.entries(GOOGLE_TYPE_WORDS),
          ]}
          onChange={change("type")}
          hint="Google draws each type differently. If a type lacks what Google requires, the card is generic."
        />
        <FindingNotes findings={findings} pointer="/google/type" />
      </div>
      <div>
        <TextField
          id="google-language"
          label={INPUT_LABELS["/google/language"]}
          value={language}
          maxLength={35}
          onChange={(text) => change("language")(text.trim())}
          hint={language === "" ? "Such as de or pt-BR. Empty: English." : languageName(language)}
        />
        <FindingNotes findings={findings} pointer="/google/language" />
      </div>
      {hasAddress && (
        <div>
          <TextField
            id="google-venue-address"
            label={INPUT_LABELS["/google/venueAddress"]}
            value={address}
            maxLength={MAX_ADDRESS}
            onChange={change("venueAddress")}
            hint="Google shows a venue only with its address."
          />
          <FindingNotes findings={findings} pointer="/google/venueAddress" />
        </div>
      )}
      <FieldHints {...props} />
      <h2>Images for Google</h2>
      <GoogleImages {...props} />
      <div>
        <CheckField
          label="Show the pictures of single passes"
          isOn={memberOf(google, "ownImages") === true}
          onChange={(isOn) => edit({ google: withOwnImages(google, isOn) })}
        />
        <p class="hint">
          A pass with its own strip picture shows it in Google Wallet too. Such a picture is then public:
          everybody who has its address can see it.
        </p>
        <FindingNotes findings={findings} pointer="/google/ownImages" />
      </div>
      <p class="hint">
        For everything else that Google has, open the JSON panel: “class” and “object” in “google” are added
        to what Google gets.
      </p>
    </>
  );
}

function FieldHints({ draft, edit, findings }: PanelProps) {
  const hints = hintChoices(draft);
  // Only the first value counts: removing a hint must not close what a person has opened.
  const [isOpen] = useState(hints.some(({ value }) => value !== ""));
  return (
    <details open={isOpen}>
      <summary>Which field has what</summary>
      <div class="form">
        <p class="hint">
          Google has places of its own for these. A semantic tag comes first, then the field that you choose
          here. “Automatic” takes a field by itself, such as the first one.
        </p>
        <div class="two-fields">
          {hints.map(({ hint, value, options }) => (
            <div key={hint}>
              <SelectField
                id={`google-hint-${hint}`}
                label={HINT_WORDS[hint]}
                value={value}
                options={options}
                onChange={(key) => edit({ google: withHint(draft.google, hint, key) })}
              />
              <FindingNotes findings={findings} pointer={`/google/hints/${hint}`} />
            </div>
          ))}
        </div>
      </div>
    </details>
  );
}

/** A key with a scope does not reach the issuers. */
function WithoutIssuer() {
  const { me } = useDashboard();
  const path = mayOpen("google-wallet", me) ? "/google-issuers" : undefined;
  const { body } = useLoaded(path, parseGoogleIssuers);
  if (body === undefined || body.items.length > 0) return null;
  return (
    <div class="note">
      <p>Google Wallet is optional, and is not set up yet, so Android phones cannot add passes to it.</p>
      <PageLink page="google-wallet" />
    </div>
  );
}
