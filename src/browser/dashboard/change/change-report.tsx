/**
 * What a change will do before it is made: the texts that phones and Google Wallet show, how many there are, and what differs.
 */
import { type JsonObject, writeJson } from "../../../json.ts";
import { FoldedFindings } from "../views/finding-list.tsx";
import { lockScreenWords, reachSentence } from "./change-words.ts";
import { type DifferenceWords, differencesWords } from "./difference-words.ts";
import type { DryRun } from "./dry-run.ts";
import { GoogleReport } from "./google-report.tsx";
import { memberText } from "./template-fields.ts";

interface ChangeReportProps {
  readonly report: DryRun;
  /** pass.json of the template, which has the names of fields and the organization. */
  readonly pass?: JsonObject | undefined;
}

export function ChangeReport({ report, pass }: ChangeReportProps) {
  const { texts, notes } = lockScreenWords(report, pass);
  const organization = memberText(pass, "organizationName").trim();
  return (
    <section class="change-report panel" aria-label="What will happen">
      <p class="lead">{reachSentence(report)}</p>
      {texts.length > 0 && (
        <ul class="lock-screen" aria-label="On the lock screen">
          {texts.map((text) => (
            <li key={text}>
              <span class="app-letter" aria-hidden="true">
                {(organization || "P").slice(0, 1).toUpperCase()}
              </span>
              <div>
                <p class="app-name">
                  <strong>{organization === "" ? "Wallet" : organization}</strong> <span>now</span>
                </p>
                <p>{text}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
      {notes.map((note) => (
        <p key={note} class={texts.length > 0 ? "hint" : ""}>
          {note}
        </p>
      ))}
      <GoogleReport report={report} pass={pass} />
      <Differences report={report} pass={pass} />
      <FoldedFindings findings={report.lint.findings} about="the pass" />
    </section>
  );
}

/** More of them are only in the raw list. */
const MAX_LINES = 12;

function Differences({ report, pass }: ChangeReportProps) {
  const { differences, hasMoreDifferences } = report;
  if (differences.length === 0) return null;
  const lines = differencesWords(differences, pass, Date.now());
  const more = lines.length - MAX_LINES;
  return (
    <>
      <p class="report-part">What differs</p>
      <ul class="differences">
        {lines.slice(0, MAX_LINES).map((line) => (
          <li key={writeJson(line)}>
            <DifferenceLine {...line} />
          </li>
        ))}
        {more > 0 && <li class="hint">and {more} more</li>}
      </ul>
      <details>
        <summary>Details for programs</summary>
        <pre>
          {differences
            .map(({ pointer, before, after }) => `${pointer}: ${raw(before)} → ${raw(after)}`)
            .join("\n")}
          {hasMoreDifferences && "\n…"}
        </pre>
      </details>
    </>
  );
}

function raw(value: unknown): string {
  return value === undefined ? "–" : writeJson(value);
}

function DifferenceLine({ what, before, after, kind }: DifferenceWords) {
  if (before === "" && after === "") return <>{`${what}: ${kind}`}</>;
  return (
    <>
      {what}: {before === "" ? <Empty kind={kind} /> : <del>{before}</del>} <span aria-hidden="true">→</span>
      <span class="unseen">becomes</span> {after === "" ? <Empty kind={kind} /> : <ins>{after}</ins>}
    </>
  );
}

function Empty({ kind }: Pick<DifferenceWords, "kind">) {
  return <span class="hint">{kind === "changed" ? "empty" : "nothing"}</span>;
}
