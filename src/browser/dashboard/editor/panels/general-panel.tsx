/**
 * The name of a template, its style and the texts that every pass has.
 */
import { MAX_CHARACTERS } from "../../../../limits.ts";
import { WALLET_OPTIONS, walletChoice } from "../../offered-wallets.ts";
import { SelectField, TextField } from "../../views/form-parts.tsx";
import { toInstant } from "../../words.ts";
import { FindingNotes } from "../check/finding-notes.tsx";
import { textAt, toLocalTime, withMember } from "../draft/pass-members.ts";
import { INPUT_LABELS } from "../input-labels.ts";
import type { PanelProps } from "../panel.ts";
import { withOrganization } from "../start/sample-texts.ts";
import { ProjectField } from "./project-field.tsx";
import { StyleField } from "./style-field.tsx";

export function GeneralPanel(props: PanelProps) {
  const { draft, edit, findings } = props;
  return (
    <>
      <TextField
        id="general-name"
        label={INPUT_LABELS["/name"]}
        value={draft.name}
        maxLength={MAX_CHARACTERS.name}
        onChange={(name) => edit({ name })}
        hint="Only you see it."
      />
      <FindingNotes findings={findings} pointer="/name" />
      <PassTypeField {...props} />
      <StyleField {...props} />
      <WalletsField {...props} />
      <ProjectField {...props} />
      <OrganizationField {...props} />
      <PassText {...props} member="logoText" label="Text next to the logo (optional)" />
      <PassText
        {...props}
        member="description"
        label="Description"
        hint="What it is, such as Stamp card. VoiceOver reads it to people who do not see the card."
      />
      <MoreFields {...props} />
    </>
  );
}

/** Only a new template has this field: later the pass type cannot change, because it is part of the identity of the passes. */
function PassTypeField({ draft, edit, findings, imagesPath }: PanelProps) {
  if (imagesPath !== undefined) return null;
  return (
    <div>
      <TextField
        id="general-pass-type"
        label={INPUT_LABELS["/passTypeIdentifier"]}
        value={draft.passTypeIdentifier}
        onChange={(text) => edit({ passTypeIdentifier: text.trim() })}
        hint="Its certificate signs the passes. It cannot be changed later."
      />
      <FindingNotes findings={findings} pointer="/passTypeIdentifier" />
    </div>
  );
}

function WalletsField({ draft, edit, findings }: PanelProps) {
  return (
    <div>
      <SelectField
        id="general-wallets"
        label="Offered in"
        value={draft.wallets ?? ""}
        options={[["", "As the pass type says"], ...WALLET_OPTIONS]}
        onChange={(text) => edit({ wallets: walletChoice.options.find((each) => each === text) ?? null })}
        hint="Where people can add the pass. Passes on phones stay up to date in both."
      />
      <FindingNotes findings={findings} pointer="/wallets" />
    </div>
  );
}

function OrganizationField({ draft, edit, findings, imagesPath }: PanelProps) {
  const { pass } = draft;
  const isNew = imagesPath === undefined;
  return (
    <div>
      <TextField
        id="general-organizationName"
        label="Organization"
        value={textAt(pass, "organizationName")}
        onChange={(text) =>
          edit({
            pass: isNew
              ? withOrganization(pass, text)
              : withMember(pass, "organizationName", text === "" ? undefined : text),
          })
        }
        hint="Phones show it with messages."
      />
      <FindingNotes findings={findings} pointer="/pass/organizationName" />
    </div>
  );
}

interface PassTextProps extends PanelProps {
  readonly member: string;
  readonly label: string;
  readonly hint?: string;
}

function PassText({ draft, edit, findings, member, label, hint = "" }: PassTextProps) {
  return (
    <div>
      <TextField
        id={`general-${member}`}
        label={label}
        value={textAt(draft.pass, member)}
        onChange={(text) => edit({ pass: withMember(draft.pass, member, text === "" ? undefined : text) })}
        hint={hint}
      />
      <FindingNotes findings={findings} pointer={`/pass/${member}`} />
    </div>
  );
}

function MoreFields(props: PanelProps) {
  const { draft, edit, findings } = props;
  const { pass } = draft;
  const expires = textAt(pass, "expirationDate");
  return (
    <>
      <div>
        <TextField
          id="general-contact"
          label={INPUT_LABELS["/contact"]}
          value={draft.contact ?? ""}
          onChange={(contact) => edit({ contact: contact === "" ? null : contact })}
          hint="A web address, an e-mail address or a phone number. The page of a pass shows it."
        />
        <FindingNotes findings={findings} pointer="/contact" />
      </div>
      <div>
        <TextField
          id="general-expires"
          label="Expires (optional)"
          type="datetime-local"
          value={toLocalTime(expires)}
          onChange={(local) =>
            edit({ pass: withMember(pass, "expirationDate", local === "" ? undefined : toInstant(local)) })
          }
          hint={
            expires !== "" && toLocalTime(expires) === ""
              ? `“${expires}” is not a time. Choose one.`
              : "After that, phones show the passes as expired."
          }
        />
        <FindingNotes findings={findings} pointer="/pass/expirationDate" />
      </div>
      <label class="check">
        <input
          type="checkbox"
          checked={pass.sharingProhibited === true}
          onChange={(event) =>
            edit({
              pass: withMember(pass, "sharingProhibited", event.currentTarget.checked ? true : undefined),
            })
          }
        />
        <span>Phones do not offer to share the pass</span>
      </label>
      <details>
        <summary>Grouping and your own ID</summary>
        <div class="form">
          {(draft.pass.eventTicket !== undefined || draft.pass.boardingPass !== undefined) && (
            <PassText
              {...props}
              member="groupingIdentifier"
              label="Group (optional)"
              hint="Passes with the same group are shown as one stack."
            />
          )}
          <div>
            <TextField
              id="general-external-id"
              label={INPUT_LABELS["/externalId"]}
              value={draft.externalId ?? ""}
              maxLength={MAX_CHARACTERS.externalId}
              onChange={(externalId) => edit({ externalId: externalId === "" ? null : externalId })}
              hint="The name of this template in your own system."
            />
            <FindingNotes findings={findings} pointer="/externalId" />
          </div>
        </div>
      </details>
    </>
  );
}
