/**
 * What needs attention, each with its cure, and what is left to do in a new deployment.
 */
import { mayOpen } from "../access.ts";
import { type Finding, type Health, type NextStep, parseHealth } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { nextStepPlace, nextStepWords } from "../next-steps.ts";
import { hrefOf } from "../route.ts";
import { useLoaded } from "../use-api.ts";
import { countWords, pageForCure, severityWord, withoutCalls, withReadableTimes } from "../words.ts";
import { Badge, PageHeading, PageLink, Placeholder, ProblemNote } from "./parts.tsx";

export function Overview() {
  const { body, problem, isLoading, reload } = useLoaded("/health", parseHealth);
  return (
    <>
      <PageHeading title="Overview">
        <button type="button" aria-disabled={isLoading} onClick={() => void reload()}>
          Check again
        </button>
      </PageHeading>
      <ProblemNote problem={problem} />
      {body === undefined ? problem === null && <Placeholder /> : <HealthReport health={body} />}
    </>
  );
}

function HealthReport({ health }: { readonly health: Health }) {
  const { findings, nextSteps } = health;
  const isWrong = findings.some(({ severity }) => severity !== "setup");
  return (
    <>
      <p class="lead">{summaryOf(health)}</p>
      {/* What is wrong comes before what is left. */}
      {isWrong ? null : <SetUpNote health={health} />}
      {findings.length > 0 && (
        <ul class="rows" aria-label="Findings">
          {findings.map((finding) => (
            <li key={finding.code + finding.message}>
              <FindingRow finding={finding} />
            </li>
          ))}
        </ul>
      )}
      {isWrong && <SetUpNote health={health} />}
      {nextSteps.length > 0 && (
        <section>
          <h2>Next steps</h2>
          <ol class="rows">
            {nextSteps.map((step) => (
              <li key={step.code + step.path}>
                <p>{nextStepWords(step)}</p>
                <StepLink step={step} />
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const { code, message, cure } = finding;
  const { text, tone } = severityWord(finding);
  const page = pageForCure(cure);
  const words = withoutCalls(cure);
  return (
    <>
      <p>
        <Badge tone={tone}>{text}</Badge> <strong>{withReadableTimes(message, Date.now())}</strong>
      </p>
      <p>{words}</p>
      <div class="ways">
        {page !== undefined && <PageLink page={page} />}
        <details>
          <summary>For programs</summary>
          <p class="hint">
            <code>{code}</code>
            {words !== cure && ` · ${cure}`}
          </p>
        </details>
      </div>
    </>
  );
}

/** A page of the dashboard where there is one that the key may open. */
function StepLink({ step }: { readonly step: NextStep }) {
  const { me } = useDashboard();
  const place = nextStepPlace(step, me);
  return place === undefined ? null : <PageLink page={place.page} query={place.query} />;
}

/** While something is missing: the path that leads through all of it. */
function SetUpNote({ health: { findings, nextSteps } }: { readonly health: Health }) {
  const { me } = useDashboard();
  const isMissing = nextSteps.length > 0 || findings.some(({ severity }) => severity === "setup");
  if (!isMissing || !mayOpen("set-up", me)) return null;
  const isNew = findings.some(({ code }) => code === "no_pass_type");
  return (
    <section class="panel" aria-label="Set up">
      <p>
        {isNew
          ? "This service is new. The set-up leads from Apple's portal to the first pass on a phone, step by step."
          : "Something is left to set up. The path shows what is done and what is missing."}
      </p>
      <div class="actions">
        <a class="as-button solid" href={hrefOf("set-up")}>
          {isNew ? "Set it up" : "See what is missing"}
        </a>
      </div>
    </section>
  );
}

function summaryOf({ status, findings, nextSteps }: Health): string {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const parts = [
    ...(errors === 0 ? [] : [countWords(errors, "error")]),
    ...(warnings === 0 ? [] : [countWords(warnings, "warning")]),
  ];
  if (parts.length > 0) return `${parts.join(" and ")}. Each has its cure.`;
  return status === "setup" || nextSteps.length > 0 ? "Nothing is wrong." : "Everything works.";
}
