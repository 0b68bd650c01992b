/**
 * What one step of the set-up shows: what to do while it is not done, and what there is once it is.
 */
import type { ComponentChildren } from "preact";
import type { ApnsKey, Named, PassType } from "../admin-answers.ts";
import type { ListedPass } from "../pass-answers.ts";
import { installWords, passTitle } from "../pass-words.ts";
import { hrefOf } from "../route.ts";
import { type SetUpStep, STEP_NAMES, STEP_TITLES, type StepName } from "../set-up-steps.ts";
import { withoutCalls, withReadableTimes } from "../words.ts";
import { NewApnsKeyForm } from "./apns-keys.tsx";
import { CertificateInPortal, KeyInPortal } from "./apple-portal.tsx";
import { CertificateDrop, CertificateList, SigningRequestButton } from "./certificates.tsx";
import { HolderPage } from "./holder-page.tsx";
import { NewPassTypeForm } from "./new-pass-type.tsx";
import { PageLink } from "./parts.tsx";
import { usePushCheck } from "./push-check.tsx";

export interface StepProps {
  readonly step: SetUpStep;
  readonly passType: PassType | undefined;
  readonly apnsKeys: readonly ApnsKey[];
  readonly template: Named | null | undefined;
  readonly pass: ListedPass | null | undefined;
  readonly onPassType: (passType: PassType) => void;
  readonly onKey: (key: ApnsKey) => void;
  readonly onChecked: () => void;
}

export function StepContent(props: StepProps) {
  const { step, passType } = props;
  const { state, finding } = step;
  if (state === "waiting") return <p class="hint">{waitingWords(step.name)}</p>;
  if (state === "checking") return <p class="hint">Loading …</p>;
  return (
    <>
      {finding !== undefined && (
        <div class="problem">
          <p>{withReadableTimes(finding.message, Date.now())}</p>
          <p>{withoutCalls(finding.cure)}</p>
        </div>
      )}
      {passType === undefined ? (
        <PassTypeStep onPassType={props.onPassType} />
      ) : (
        <KnownStep {...props} passType={passType} />
      )}
    </>
  );
}

function PassTypeStep({ onPassType }: Pick<StepProps, "onPassType">) {
  return (
    <>
      <p>
        Every pass belongs to a pass type of your Apple developer team. Choose its identifier: it begins with
        “pass.”, and then has your domain in reverse and a name. It cannot be changed later.
      </p>
      <NewPassTypeForm onMade={onPassType} />
    </>
  );
}

type KnownStepProps = StepProps & { readonly passType: PassType };

function KnownStep(props: KnownStepProps) {
  const { step, passType, apnsKeys } = props;
  const isDone = step.state === "done";
  switch (step.name) {
    case "pass-type":
      return <p class="long">{passType.passTypeIdentifier}</p>;
    case "request":
      if (isDone) return null;
      return (
        <>
          <p>Download the signing request, and exchange it for a certificate in Apple's portal:</p>
          <div class="actions">
            <SigningRequestButton passType={passType} />
          </div>
          <CertificateInPortal passTypeIdentifier={passType.passTypeIdentifier} />
        </>
      );
    case "certificate":
      return (
        <>
          {passType.certificates.length > 0 && <CertificateList certificates={passType.certificates} />}
          {!isDone && <CertificateDrop passType={passType} onInstalled={props.onPassType} />}
          {isDone && <PageLink page="pass-types" />}
        </>
      );
    case "apns-key":
      return isDone ? (
        <p>{keysOf(passType, apnsKeys)}</p>
      ) : (
        <>
          <p>
            With this key the service tells phones through Apple's Push Notification service (APNs) that a
            pass has changed. It is for all pass types of the team.
          </p>
          <KeyInPortal team={passType.teamIdentifier ?? ""} />
          <NewApnsKeyForm team={passType.teamIdentifier ?? ""} onStored={props.onKey} />
        </>
      );
    case "push-check":
      return <PushCheckStep {...props} />;
    case "template":
      return <TemplateStep {...props} />;
    case "pass":
      return <PassStep {...props} />;
  }
}

function keysOf({ teamIdentifier }: PassType, keys: readonly ApnsKey[]): string {
  const ids = keys.filter((key) => key.teamIdentifier === teamIdentifier).map(({ keyId }) => keyId);
  return `${ids.join(", ")} of team ${teamIdentifier}`;
}

function PushCheckStep({ step, passType, onChecked }: KnownStepProps) {
  const check = usePushCheck(passType, onChecked);
  const isDone = step.state === "done";
  return (
    <>
      <p>
        {isDone
          ? "Pushes were checked, or have reached a phone."
          : "The check sends one push that no phone gets. Apple's answer shows whether the connection, the key and the pass type are right, before a phone waits for a push."}
      </p>
      <div class="actions">
        <button type="button" aria-disabled={check.isBusy} onClick={check.start}>
          {isDone ? "Check again" : "Check pushes"}
        </button>
      </div>
      {check.result}
    </>
  );
}

function TemplateStep({ template }: KnownStepProps) {
  if (template)
    return <StepLink href={hrefOf("template", { id: String(template.id) })}>{template.name}</StepLink>;
  return (
    <>
      <p>
        A template says what the passes look like: colours, images, fields and the code. Make one here, or
        import a .pkpass that you have.
      </p>
      <div class="actions">
        <a class="as-button" href={hrefOf("new-template")}>
          New template
        </a>
        <a class="as-button" href={hrefOf("templates")}>
          Import a file
        </a>
      </div>
    </>
  );
}

function PassStep({ template, pass }: KnownStepProps) {
  if (!pass)
    return (
      <>
        <p>Issue a pass of the template {template?.name}. Its QR code brings it to your phone.</p>
        <div class="actions">
          <a class="as-button" href={hrefOf("new-pass", { id: String(template?.id) })}>
            Issue a pass
          </a>
        </div>
      </>
    );
  return (
    <>
      <StepLink href={hrefOf("pass", { id: String(pass.id) })}>{passTitle(pass)}</StepLink>
      <p>{installWords(pass)}</p>
      {pass.landingUrl !== undefined && <HolderPage url={pass.landingUrl} />}
    </>
  );
}

function StepLink({ href, children }: { readonly href: string; readonly children: ComponentChildren }) {
  return (
    <a class="text-link" href={href}>
      {children}
    </a>
  );
}

const AFTER: Readonly<Record<StepName, StepName>> = {
  "pass-type": "pass-type",
  request: "pass-type",
  certificate: "pass-type",
  "apns-key": "certificate",
  "push-check": "apns-key",
  template: "certificate",
  pass: "template",
};

/** "After step 3: Certificate". */
function waitingWords(name: StepName): string {
  const after = AFTER[name];
  return `After step ${STEP_NAMES.indexOf(after) + 1}: ${STEP_TITLES[after]}`;
}
