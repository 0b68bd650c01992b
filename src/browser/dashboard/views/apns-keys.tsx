/**
 * APNs keys. Pushes need one for the team. The key itself is never shown again.
 */
import { useState } from "preact/hooks";
import { isAdmin } from "../access.ts";
import { type ApnsKey, parseApnsKey, parseApnsKeys } from "../admin-answers.ts";
import { readChosenFile } from "../chosen-file.ts";
import { useDashboard } from "../context.ts";
import { useDraft } from "../drafts.ts";
import { wrongKeyFile } from "../file-kind.ts";
import { problemElsewhere } from "../problem.ts";
import { useListed, useWriting } from "../use-api.ts";
import { whenWords } from "../words.ts";
import { FileDrop, TextField } from "./form-parts.tsx";
import { ItemList, ProblemNote } from "./parts.tsx";

export function ApnsKeys() {
  const { me } = useDashboard();
  const list = useListed("/apns-keys", parseApnsKeys);
  return (
    <section>
      <h2>APNs keys</h2>
      <p class="hint">Pushes to phones need one for each team.</p>
      <ItemList
        label="APNs keys"
        list={list}
        keyOf={({ keyId }) => keyId}
        row={({ keyId, teamIdentifier, createdAt }) => (
          <p>
            <strong>{keyId}</strong> · team {teamIdentifier}{" "}
            <span class="hint">since {whenWords(createdAt, Date.now())}</span>
          </p>
        )}
        empty={<p>There is no APNs key, so phones are not pushed.</p>}
      />
      {isAdmin(me) && list.status !== "first" && (
        <NewApnsKey
          onStored={(stored) =>
            list.edit((items) => [stored, ...items.filter(({ keyId }) => keyId !== stored.keyId)])
          }
        />
      )}
    </section>
  );
}

const EMPTY = { keyId: "", teamIdentifier: "" };

function NewApnsKey({ onStored }: { readonly onStored: (key: ApnsKey) => void }) {
  const { fields } = useDraft("apns-key", EMPTY);
  // Only the first value counts: an emptied field must not close what a person has opened.
  const [isOpen] = useState(fields.teamIdentifier !== "");
  return (
    <details open={isOpen}>
      <summary>New APNs key</summary>
      <NewApnsKeyForm onStored={onStored} />
    </details>
  );
}

interface NewApnsKeyFormProps {
  /** If the team is known, the form does not ask for it. */
  readonly team?: string;
  readonly onStored: (key: ApnsKey) => void;
}

/** The ids may be typed first: what was typed survives a reload, and the key never does. */
export function NewApnsKeyForm({ team, onStored }: NewApnsKeyFormProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write, fail } = useWriting();
  const { fields, change, clear } = useDraft("apns-key", EMPTY);
  const store = async (file: File) => {
    const read = await readChosenFile(
      file,
      "an APNs key. Choose the .p8 file from Apple's portal",
      (name, bytes) => wrongKeyFile(name, bytes, "apns-key"),
    );
    if ("problem" in read) return fail(read.problem);
    // Apple names the file after the key.
    const keyId = fields.keyId || (/AuthKey_([A-Z0-9]{10})/.exec(file.name)?.[1] ?? "");
    change({ keyId });
    const privateKey = new TextDecoder().decode(read.bytes);
    const body = { keyId, teamIdentifier: team ?? fields.teamIdentifier.trim(), privateKey };
    const answer = await write({ method: "POST", path: "/apns-keys", body }, parseApnsKey);
    if (answer === undefined) return;
    clear();
    onStored(answer.body);
    say("The APNs key is stored. Check the pushes of a pass type with it.");
  };
  const shown = ["/keyId", ...(team === undefined ? ["/teamIdentifier"] : [])];
  return (
    <div class="apns-key-form">
      <div class="two-fields">
        {team === undefined && (
          <TextField
            id="team"
            label="Team id"
            value={fields.teamIdentifier}
            onChange={(teamIdentifier) => change({ teamIdentifier })}
            hint="10 characters, at the top of Apple's portal"
            problem={problem}
            pointer="/teamIdentifier"
          />
        )}
        <TextField
          id="key-id"
          label="Key id"
          value={fields.keyId}
          onChange={(keyId) => change({ keyId })}
          hint="Empty: from the name of the file"
          problem={problem}
          pointer="/keyId"
        />
      </div>
      <FileDrop
        id="apns-key-file"
        label="Store the key"
        hint="Drop AuthKey_….p8 here, or choose it. It is stored encrypted, and never shown."
        accept=".p8"
        isBusy={isBusy}
        onFile={(file) => void store(file)}
      />
      <ProblemNote problem={problemElsewhere(problem, shown)} />
    </div>
  );
}
