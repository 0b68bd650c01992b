/**
 * What the linter says about a pass or a template.
 */
import type { ComponentChildren } from "preact";
import { findingWords } from "../finding-words.ts";
import { countWords, severityWord } from "../words.ts";
import { Badge } from "./parts.tsx";

interface ShownFinding {
  readonly severity: string;
  readonly code: string;
  readonly pointer: string;
  readonly message: string;
  readonly cure: string;
}

interface FindingListProps<F> {
  readonly findings: readonly F[];
  /** What follows the text, such as the way to the place of the fault. */
  readonly after?: (finding: F) => ComponentChildren;
}

export function FindingList<F extends ShownFinding>({ findings, after }: FindingListProps<F>) {
  return (
    <ul class="rows findings" aria-label="Findings">
      {findings.map((finding) => (
        <li key={`${finding.code} ${finding.pointer} ${finding.message}`}>
          <FindingText finding={finding} />
          {after?.(finding)}
        </li>
      ))}
    </ul>
  );
}

/**
 * The same under a summary, which is open if there are errors. Nothing without findings.
 * @param about such as "the pass"
 */
export function FoldedFindings({
  findings,
  about,
}: {
  readonly findings: readonly ShownFinding[];
  readonly about: string;
}) {
  if (findings.length === 0) return null;
  return (
    <details open={findings.some(({ severity }) => severity === "error")}>
      <summary>
        {countWords(findings.length, "finding")} about {about}
      </summary>
      <FindingList findings={findings} />
    </details>
  );
}

export function FindingText({ finding: { severity, message, cure } }: { readonly finding: ShownFinding }) {
  const { text, tone } = severityWord({ severity });
  return (
    <>
      <p>
        <Badge tone={tone}>{text}</Badge> {findingWords(message)}
      </p>
      {cure !== "" && <p class="hint">{findingWords(cure)}</p>}
    </>
  );
}
