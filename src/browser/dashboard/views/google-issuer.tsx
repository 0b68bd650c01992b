/**
 * One issuer of Google Wallet: what its last check has found, and what an admin does with it. The key itself is never shown.
 */

import { type GoogleIssuer, parseGoogleCheck, parseGoogleIssuer } from "../admin-answers.ts";
import { parseNothing } from "../admin-api.ts";
import { readChosenFile } from "../chosen-file.ts";
import { useDashboard } from "../context.ts";
import { wrongKeyFile } from "../file-kind.ts";
import { checkSentences } from "../google-words.ts";
import type { Problem } from "../problem.ts";
import { useWriting } from "../use-api.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { FileDrop } from "./form-parts.tsx";
import { ProblemNote } from "./parts.tsx";

/** What the check has found, and what to do. Screen readers announce a new result. */
export function IssuerCheck({ check }: { readonly check: GoogleIssuer["lastCheck"] }) {
  return (
    <div role="status" class="google-check">
      {check === null ? (
        <p>A check will show whether Google accepts the issuer and the key.</p>
      ) : (
        checkSentences(check, Date.now()).map((sentence, index) => (
          <p key={sentence} class={index === 0 ? "long" : "hint long"}>
            {sentence}
          </p>
        ))
      )}
    </div>
  );
}

interface KeyFileDropProps {
  readonly id: string;
  readonly label: string;
  /** What else happens with the file, after the key is stored. */
  readonly then: string;
  readonly isBusy: boolean;
  readonly onText: (text: string) => void;
  readonly onProblem: (problem: Problem) => void;
}

/** A text is sent as it is: the service names what is wrong with it. */
export function KeyFileDrop({ id, label, then, isBusy, onText, onProblem }: KeyFileDropProps) {
  const read = async (file: File) => {
    const chosen = await readChosenFile(
      file,
      "the key of a service account. Choose the JSON file from the Google Cloud Console",
      (name, bytes) => wrongKeyFile(name, bytes, "service-account"),
    );
    if ("problem" in chosen) return onProblem(chosen.problem);
    onText(new TextDecoder().decode(chosen.bytes));
  };
  return (
    <FileDrop
      id={id}
      label={label}
      hint={`Drop the JSON file here, or choose it. ${then} The key is stored encrypted, and never shown.`}
      accept=".json"
      isBusy={isBusy}
      onFile={(file) => void read(file)}
    />
  );
}

interface GoogleIssuerActionsProps {
  readonly issuer: GoogleIssuer;
  readonly onChanged: (issuer: GoogleIssuer) => void;
  readonly onDeleted: () => void;
}

export function GoogleIssuerActions({ issuer, onChanged, onDeleted }: GoogleIssuerActionsProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const { issuerId } = issuer;
  const path = `/google-issuers/${issuerId}`;
  const check = async () => {
    const answer = await write({ method: "POST", path: `${path}/check` }, parseGoogleCheck);
    if (answer !== undefined) onChanged({ ...issuer, lastCheck: answer.body });
  };
  const remove = async () => {
    const answer = await write({ method: "DELETE", path }, parseNothing);
    if (answer === undefined) return;
    say(`The issuer ${issuerId} is deleted.`);
    onDeleted();
  };
  return (
    <div class="pass-type-actions">
      <div class="actions">
        <button
          type="button"
          aria-label={`Check the issuer ${issuerId}`}
          aria-disabled={isBusy}
          onClick={() => void check()}
        >
          {isBusy ? "Asking …" : "Check"}
        </button>
        <ConfirmButton
          label="Delete"
          name={`Delete the issuer ${issuerId}`}
          question={`Delete the issuer ${issuerId}? Its key is deleted here. At Google, nothing changes.`}
          confirm="Delete it"
          isBusy={isBusy}
          onConfirm={() => void remove()}
        />
      </div>
      <ProblemNote problem={problem} />
      <ReplaceKey issuerId={issuerId} path={path} onChanged={onChanged} />
    </div>
  );
}

interface ReplaceKeyProps extends Pick<GoogleIssuerActionsProps, "onChanged"> {
  readonly issuerId: string;
  readonly path: string;
}

function ReplaceKey({ issuerId, path, onChanged }: ReplaceKeyProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write, fail } = useWriting();
  const replace = async (serviceAccount: string) => {
    const answer = await write({ method: "PATCH", path, body: { serviceAccount } }, parseGoogleIssuer);
    if (answer === undefined) return;
    onChanged(answer.body);
    say("The key is replaced. Check the issuer next.");
  };
  return (
    <details>
      <summary>Replace the key</summary>
      <KeyFileDrop
        id={`google-key-of-${issuerId}`}
        label="New key of the service account"
        then="It replaces the key at once."
        isBusy={isBusy}
        onText={(text) => void replace(text)}
        onProblem={fail}
      />
      <ProblemNote problem={problem} />
    </details>
  );
}
