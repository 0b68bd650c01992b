/**
 * What needs attention, each with its cure, and what is left to do in a new deployment.
 */
import { type Finding, type Health, parseHealth } from "../admin-answers.ts";
import { useLoaded } from "../use-api.ts";
import {
  countWords,
  pageForCure,
  pageForPath,
  severityWord,
  withoutCalls,
  withReadableTimes,
} from "../words.ts";
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

function HealthReport({ health: { status, findings, nextSteps } }: { readonly health: Health }) {
  return (
    <>
      <p class="lead">{summaryOf(status, findings)}</p>
      {findings.length > 0 && (
        <ul class="rows" aria-label="Findings">
          {findings.map((finding) => (
            <li key={finding.code + finding.message}>
              <FindingRow finding={finding} />
            </li>
          ))}
        </ul>
      )}
      {nextSteps.length > 0 && (
        <section>
          <h2>Next steps</h2>
          <ol class="rows">
            {nextSteps.map(({ code, message, method, path }) => (
              <li key={code + path}>
                <p>{withoutCalls(message)}</p>
                <StepLink method={method} path={path} />
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

/** A page of the dashboard where there is one, or else the call of the API. */
function StepLink({ method, path }: { readonly method: string; readonly path: string }) {
  const page = pageForPath(path);
  if (page !== undefined) return <PageLink page={page} />;
  return (
    <p class="hint">
      By the API: <code>{`${method} ${path}`}</code>
    </p>
  );
}

function summaryOf(status: string, findings: readonly Finding[]): string {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const parts = [
    ...(errors === 0 ? [] : [countWords(errors, "error")]),
    ...(warnings === 0 ? [] : [countWords(warnings, "warning")]),
  ];
  if (parts.length > 0) return `${parts.join(" and ")}. Each has its cure.`;
  return status === "setup" ? "Nothing is wrong. Something is left to set up." : "Everything works.";
}
