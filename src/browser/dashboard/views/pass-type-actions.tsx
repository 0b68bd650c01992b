/**
 * What an admin does with a pass type: download the signing request, install the certificate, renew the key, check pushes, and delete one
 * that was never used.
 */
import { type PassType, parsePassType } from "../admin-answers.ts";
import { parseNothing } from "../admin-api.ts";
import { useDashboard } from "../context.ts";
import { useWriting } from "../use-api.ts";
import { CertificateDrop, pathOfPassType, SigningRequestButton } from "./certificates.tsx";
import { ConfirmButton } from "./confirm-button.tsx";
import { ProblemNote } from "./parts.tsx";
import { PassTypeWallets } from "./pass-type-wallets.tsx";
import { usePushCheck } from "./push-check.tsx";

interface PassTypeActionsProps {
  readonly passType: PassType;
  readonly onChanged: (passType: PassType) => void;
  readonly onDeleted: () => void;
}

export function PassTypeActions({ passType, onChanged, onDeleted }: PassTypeActionsProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const pushCheck = usePushCheck(passType);
  const renew = async () => {
    const path = `${pathOfPassType(passType)}/csr`;
    const answer = await write({ method: "POST", path }, parsePassType);
    if (answer === undefined) return;
    onChanged(answer.body);
    say("There is a new signing request to download.");
  };
  const remove = async () => {
    const answer = await write({ method: "DELETE", path: pathOfPassType(passType) }, parseNothing);
    if (answer === undefined) return;
    say(`${passType.passTypeIdentifier} is deleted.`);
    onDeleted();
  };
  return (
    <div class="pass-type-actions">
      <div class="actions">
        <SigningRequestButton passType={passType} />
        <button type="button" aria-disabled={pushCheck.isBusy} onClick={pushCheck.start}>
          Check pushes
        </button>
        <ConfirmButton
          label="Renew"
          name={`Renew the key of ${passType.passTypeIdentifier}`}
          question="Make a new key and signing request? Passes are signed with the old certificate until you install the new one."
          confirm="Make a new signing request"
          isDanger={false}
          isBusy={isBusy}
          onConfirm={() => void renew()}
        />
        <ConfirmButton
          label="Delete"
          name={`Delete ${passType.passTypeIdentifier}`}
          question={`Delete ${passType.passTypeIdentifier}, with its key and certificate? This cannot be undone.`}
          confirm="Delete it"
          isBusy={isBusy}
          onConfirm={() => void remove()}
        />
      </div>
      <ProblemNote problem={problem} />
      {pushCheck.result}
      <CertificateDrop passType={passType} onInstalled={onChanged} />
      <PassTypeWallets passType={passType} onChanged={onChanged} />
    </div>
  );
}
