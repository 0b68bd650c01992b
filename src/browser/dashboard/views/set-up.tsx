/**
 * The guided path of a new deployment, from Apple's portal to the first pass. It also says what an existing one lacks.
 */
import {
  type ApnsKey,
  type PassType,
  parseApnsKeys,
  parseHealth,
  parseNamed,
  parsePassTypes,
} from "../admin-answers.ts";
import { eachOnce } from "../list-state.ts";
import { parsePasses } from "../pass-answers.ts";
import { hrefOf, queryOf, type Route } from "../route.ts";
import {
  isSetUp,
  passTypeAtFirst,
  progressWords,
  type SetUpStep,
  STEP_TITLES,
  type StepState,
  setUpSteps,
} from "../set-up-steps.ts";
import { useListed, useLoaded } from "../use-api.ts";
import type { Tone } from "../words.ts";
import { SelectField } from "./form-parts.tsx";
import { Badge, PageHeading, PageLink, Placeholder, ProblemNote, useKeptFocus } from "./parts.tsx";
import { StepContent } from "./set-up-step.tsx";

/** Stands for a new pass type in the address, in place of an identifier. */
const NEW = "new";

export function SetUpView({ query }: { readonly query: Route["query"] }) {
  const passTypes = useListed("/pass-types", parsePassTypes);
  const keys = useListed("/apns-keys", parseApnsKeys);
  const health = useLoaded("/health", parseHealth);
  const asked = query.passType ?? "";
  const passType =
    asked === NEW
      ? undefined
      : (passTypes.items.find(({ passTypeIdentifier }) => passTypeIdentifier === asked) ??
        passTypeAtFirst(passTypes.items, keys.items));
  const made = useMade(passType?.passTypeIdentifier);
  const isFirst = passTypes.status === "first" || keys.status === "first" || health.body === undefined;
  const problem = passTypes.problem ?? keys.problem ?? health.problem;
  const reload = () => {
    passTypes.reload();
    keys.reload();
    void health.reload();
    made.reload();
  };
  const steps = setUpSteps({
    passType,
    apnsKeys: keys.items,
    health: health.body ?? { findings: [], nextSteps: [] },
    template: made.template,
    pass: made.pass,
  });
  const { element, ...inside } = useKeptFocus<HTMLHeadingElement>(steps.map(({ state }) => state).join());
  // Loads the report first. With the old one, a step would look done for a moment although it is not.
  const onPassType = async (changed: PassType) => {
    const { passTypeIdentifier } = changed;
    await health.reload();
    passTypes.edit((items) => eachOnce([...items, changed], (item) => item.passTypeIdentifier));
    location.hash = hrefOf("set-up", { passType: passTypeIdentifier });
  };
  const onKey = async (key: ApnsKey) => {
    await health.reload();
    keys.edit((items) => [key, ...items.filter(({ keyId }) => keyId !== key.keyId)]);
  };
  return (
    <>
      <PageHeading title="Set up">
        <button type="button" aria-disabled={health.isLoading} onClick={reload}>
          Check again
        </button>
      </PageHeading>
      <p class="hint">From Apple's portal to the first pass on a phone, for one pass type.</p>
      <ProblemNote problem={problem} />
      {isFirst ? (
        problem === null && <Placeholder />
      ) : (
        <>
          <PassTypeChoice passTypes={passTypes.items} chosen={passType} />
          <p class="lead" role="status">
            {progressWords(steps)}
          </p>
          <ProblemNote problem={made.problem} />
          <ol class="rows set-up" {...inside}>
            {steps.map((step) => (
              <li
                key={step.name}
                class={`is-${step.state}`}
                aria-current={step.state === "next" ? "step" : undefined}
              >
                <div class="split">
                  <h2 tabIndex={-1} ref={step.state === "next" ? element : null}>
                    {STEP_TITLES[step.name]}
                  </h2>
                  <StateBadge step={step} />
                </div>
                <StepContent
                  // Another pass type must not show what was wrong with a file of this one.
                  key={passType?.passTypeIdentifier ?? NEW}
                  {...{ step, passType, template: made.template, pass: made.pass }}
                  apnsKeys={keys.items}
                  onPassType={(changed) => void onPassType(changed)}
                  onKey={(key) => void onKey(key)}
                  onChecked={() => void health.reload()}
                />
              </li>
            ))}
          </ol>
          <p>
            Also for Android phones:{" "}
            <a class="text-link" href={hrefOf("google-wallet")}>
              set up Google Wallet
            </a>{" "}
            <span class="hint">(optional)</span>
          </p>
          {/* At the end, because it arrives last and must not move anything. */}
          {isSetUp(steps) && <WhatIsNext />}
          <a class="text-link" href={hrefOf("overview")}>
            What else needs attention
          </a>
        </>
      )}
    </>
  );
}

/** The newest template and the newest pass of a pass type. Undefined: not known yet. Null: there is none. */
function useMade(passTypeIdentifier: string | undefined) {
  const query = queryOf({ limit: "1", passTypeIdentifier: passTypeIdentifier ?? "" });
  const templates = useLoaded(passTypeIdentifier && `/template-summaries${query}`, parseNamed);
  const passes = useLoaded(passTypeIdentifier && `/passes${query}`, parsePasses);
  const template = templates.body && (templates.body.items[0] ?? null);
  // No index finds passes by their pass type. If none is among the newest of all, those of the newest template are asked for.
  const isInconclusive = passes.body?.items.length === 0 && passes.body.nextCursor !== null;
  const ofTemplate = useLoaded(
    isInconclusive && template ? `/passes?limit=1&templateId=${template.id}` : undefined,
    parsePasses,
  );
  const found = isInconclusive && template !== null ? ofTemplate.body : passes.body;
  return {
    template,
    pass: found && (found.items[0] ?? null),
    problem: templates.problem ?? passes.problem ?? ofTemplate.problem,
    reload: () => {
      for (const each of [templates, passes, ofTemplate]) void each.reload();
    },
  };
}

interface PassTypeChoiceProps {
  readonly passTypes: readonly PassType[];
  readonly chosen: PassType | undefined;
}

function PassTypeChoice({ passTypes, chosen }: PassTypeChoiceProps) {
  if (passTypes.length === 0) return null;
  const options = passTypes.map(
    ({ passTypeIdentifier }) => [passTypeIdentifier, passTypeIdentifier] as const,
  );
  return (
    <div class="form">
      <SelectField
        id="chosen-pass-type"
        label="Pass type"
        value={chosen?.passTypeIdentifier ?? NEW}
        options={[...options, [NEW, "A new pass type"]]}
        onChange={(passType) => {
          location.hash = hrefOf("set-up", { passType });
        }}
      />
    </div>
  );
}

const STATE_WORDS: Readonly<Record<StepState, readonly [text: string, tone: Tone]>> = {
  done: ["Done", "good"],
  next: ["Next", "warning"],
  open: ["To do", "quiet"],
  waiting: ["Later", "quiet"],
  problem: ["Has a problem", "bad"],
  checking: ["Being checked", "quiet"],
};

function StateBadge({ step: { state } }: { readonly step: SetUpStep }) {
  const [text, tone] = STATE_WORDS[state];
  return <Badge tone={tone}>{text}</Badge>;
}

function WhatIsNext() {
  return (
    <section class="panel" aria-label="What could be next">
      <ul class="next-ideas">
        <li>
          A key for a scanner lets a phone at the gate or the till scan passes.
          <PageLink page="new-key" />
        </li>
        <li>
          With a join poster, people can get a pass by themselves.
          <PageLink page="posters" />
        </li>
        <li>
          A monitor can watch <span class="long">{`${location.origin}/healthz`}</span>: it answers 503 when
          something needs you.
        </li>
      </ul>
    </section>
  );
}
