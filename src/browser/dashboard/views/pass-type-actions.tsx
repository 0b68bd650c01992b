/**
 * What an admin does with a pass type: download the signing request, install the certificate, renew the key, check pushes.
 */
import { useState } from "preact/hooks";
import type { Call } from "../../request.ts";
import { type PassType, type PushCheck, parsePassType, parsePushCheck } from "../admin-answers.ts";
import { readChosenFile } from "../chosen-file.ts";
import { useDashboard } from "../context.ts";
import { useWriting } from "../use-api.ts";
import { withoutCalls } from "../words.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { FileDrop } from "./form-parts.tsx";
import { Badge, ProblemNote } from "./parts.tsx";

interface PassTypeActionsProps {
  readonly passType: PassType;
  readonly onChanged: (passType: PassType) => void;
}

export function PassTypeActions({ passType, onChanged }: PassTypeActionsProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write, fail } = useWriting();
  const [check, setCheck] = useState<PushCheck>();
  const { passTypeIdentifier, csr } = passType;
  const path = `/pass-types/${encodeURIComponent(passTypeIdentifier)}`;
  const change = async (call: Call, done: string) => {
    const answer = await write(call, parsePassType);
    if (answer === undefined) return;
    onChanged(answer.body);
    say(done);
  };
  const install = async (file: File) => {
    const read = await readChosenFile(file, "a certificate. Choose the .cer file from Apple's portal");
    if ("problem" in read) return fail(read.problem);
    await change(
      { method: "PUT", path: `${path}/certificate`, file: read.bytes },
      "The certificate signs passes now.",
    );
  };
  const checkPushes = async () => {
    setCheck(undefined);
    const answer = await write({ method: "POST", path: `${path}/push-check` }, parsePushCheck);
    setCheck(answer?.body);
  };
  return (
    <div class="pass-type-actions">
      <div class="actions">
        <button type="button" onClick={() => download(`${passTypeIdentifier}.certSigningRequest`, csr)}>
          Download signing request
        </button>
        <button type="button" aria-disabled={isBusy} onClick={() => void checkPushes()}>
          Check pushes
        </button>
        <ConfirmButton
          label="Renew"
          name={`Renew the key of ${passTypeIdentifier}`}
          question="Make a new key and signing request? Passes are signed with the old certificate until you install the new one."
          confirm="Make a new signing request"
          isDanger={false}
          isBusy={isBusy}
          onConfirm={() =>
            void change(
              { method: "POST", path: `${path}/csr` },
              "There is a new signing request to download.",
            )
          }
        />
      </div>
      <FileDrop
        id={`certificate-${passTypeIdentifier}`}
        label="Install a certificate"
        hint="Drop pass.cer from Apple's portal here, or choose it."
        accept=".cer,.pem,.crt"
        isBusy={isBusy}
        onFile={(file) => void install(file)}
      />
      <ProblemNote problem={problem} />
      {check !== undefined && (
        <p role="status">
          <Badge tone={check.ok ? "good" : "bad"}>{check.ok ? "Works" : "Does not work"}</Badge>{" "}
          {withoutCalls(check.detail)}
        </p>
      )}
    </div>
  );
}

/** Saves a text as a file, without another request. */
function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/pkcs10" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
