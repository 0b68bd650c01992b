/**
 * The path of a new deployment for one pass type, and how far it is: from the pass type to the first pass. Pure.
 */
import type { ApnsKey, Finding, Health, PassType } from "./admin-answers.ts";

export const STEP_NAMES = [
  "pass-type",
  "request",
  "certificate",
  "apns-key",
  "push-check",
  "template",
  "pass",
] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** next: the first that can be done now. open: another one that can be done now. checking: the service is being asked. */
export type StepState = "done" | "next" | "open" | "waiting" | "problem" | "checking";

export interface SetUpStep {
  readonly name: StepName;
  readonly state: StepState;
  /** The finding of the health report about this step. */
  readonly finding?: Finding | undefined;
}

/** Undefined: not known yet. Null: there is none. */
type Known<T> = T | null | undefined;

export interface SetUpFacts {
  /** Undefined: it is added on this path. */
  readonly passType: PassType | undefined;
  readonly apnsKeys: readonly Pick<ApnsKey, "teamIdentifier">[];
  readonly health: Pick<Health, "findings" | "nextSteps">;
  /** The newest template and the newest pass of the pass type. */
  readonly template: Known<unknown>;
  readonly pass: Known<unknown>;
}

export function setUpSteps(facts: SetUpFacts): readonly SetUpStep[] {
  const raw: readonly SetUpStep[] = [
    { name: "pass-type", state: facts.passType === undefined ? "open" : "done" },
    // Google Wallet needs neither a certificate nor pushes.
    ...(isOnlyGoogle(facts.passType) ? [] : [...certificateSteps(facts.passType), ...pushSteps(facts)]),
    ...passSteps(facts),
  ];
  const next = raw.find(({ state }) => state === "open");
  return raw.map((step) => (step === next ? { ...step, state: "next" } : step));
}

function isOnlyGoogle(passType: PassType | undefined): boolean {
  return passType?.wallets === "google";
}

function certificateSteps(passType: PassType | undefined): readonly SetUpStep[] {
  if (passType === undefined)
    return [
      { name: "request", state: "waiting" },
      { name: "certificate", state: "waiting" },
    ];
  const hasSigned = passType.certificates.length > 0;
  if (hasCertificate(passType))
    return [
      { name: "request", state: "done" },
      { name: "certificate", state: "done" },
    ];
  return [
    { name: "request", state: "open" },
    { name: "certificate", state: hasSigned ? "problem" : "open" },
  ];
}

function pushSteps({ passType, apnsKeys, health }: SetUpFacts): readonly SetUpStep[] {
  const team = passType?.teamIdentifier ?? null;
  if (passType === undefined || team === null)
    return [
      { name: "apns-key", state: "waiting" },
      { name: "push-check", state: "waiting" },
    ];
  const about = (code: string) =>
    health.findings.find(
      (finding) => finding.code === code && finding.message.includes(`${passType.passTypeIdentifier} `),
    );
  if (!apnsKeys.some(({ teamIdentifier }) => teamIdentifier === team)) {
    const finding = about("no_apns_key");
    // While no phone waits for pushes, this is an ordinary step.
    return finding?.severity === "error"
      ? [
          { name: "apns-key", state: "problem", finding },
          { name: "push-check", state: "waiting" },
        ]
      : [
          { name: "apns-key", state: "open" },
          { name: "push-check", state: "waiting" },
        ];
  }
  const failing = about("push_failing") ?? about("tokens_doubted");
  const isUnchecked = health.nextSteps.some(
    ({ code, path }) => code === "check_push" && path.includes(`/${passType.passTypeIdentifier}/`),
  );
  return [
    { name: "apns-key", state: "done" },
    failing === undefined
      ? { name: "push-check", state: isUnchecked ? "open" : "done" }
      : { name: "push-check", state: "problem", finding: failing },
  ];
}

function passSteps({ passType, template, pass }: SetUpFacts): readonly SetUpStep[] {
  const made = (known: Known<unknown>): StepState =>
    known === undefined ? "checking" : known === null ? "open" : "done";
  // Steps that were done before a certificate expired stay done.
  const isReady = passType !== undefined && (isOnlyGoogle(passType) || hasCertificate(passType));
  if (passType === undefined || (!isReady && !(template && pass)))
    return [
      { name: "template", state: "waiting" },
      { name: "pass", state: "waiting" },
    ];
  return [
    { name: "template", state: made(template) },
    { name: "pass", state: template === null ? "waiting" : made(pass) },
  ];
}

/** Whether a certificate signs now, or will. */
function hasCertificate({ certificates }: PassType): boolean {
  return certificates.some(({ state }) => state === "active" || state === "standby");
}

/**
 * The pass type that the page opens with: one that lacks a certificate or an APNs key, or else the first.
 * @returns undefined: there is none
 */
export function passTypeAtFirst(
  passTypes: readonly PassType[],
  apnsKeys: SetUpFacts["apnsKeys"],
): PassType | undefined {
  const lacksKey = ({ teamIdentifier }: PassType) =>
    !apnsKeys.some((key) => key.teamIdentifier === teamIdentifier);
  const forApple = passTypes.filter((passType) => !isOnlyGoogle(passType));
  return forApple.find((passType) => !hasCertificate(passType)) ?? forApple.find(lacksKey) ?? passTypes[0];
}

export function isSetUp(steps: readonly SetUpStep[]): boolean {
  return steps.every(({ state }) => state === "done");
}

export const STEP_TITLES: Readonly<Record<StepName, string>> = {
  "pass-type": "Pass type",
  request: "Signing request for Apple",
  certificate: "Certificate",
  "apns-key": "APNs key",
  "push-check": "Push check",
  template: "Template",
  pass: "First pass",
};

/** "3 of 7 steps are done. Next: certificate." */
export function progressWords(steps: readonly SetUpStep[]): string {
  if (isSetUp(steps)) return "Everything is set up.";
  const done = steps.filter(({ state }) => state === "done").length;
  const faulty = steps.filter(({ state }) => state === "problem").map(({ name }) => STEP_TITLES[name]);
  const next = steps.find(({ state }) => state === "next");
  return [
    `${done} of ${steps.length} steps ${done === 1 ? "is" : "are"} done.`,
    ...(faulty.length === 0 ? [] : [`With a problem: ${faulty.join(", ")}.`]),
    ...(next === undefined ? [] : [`Next: ${STEP_TITLES[next.name]}.`]),
  ].join(" ");
}
