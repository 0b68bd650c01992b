/**
 * What the linter says about a pass or a template.
 */
import type { ComponentChildren } from "preact";
import { severityWord } from "../words.ts";
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
        <li key={`${finding.code} ${finding.pointer}`}>
          <FindingText finding={finding} />
          {after?.(finding)}
        </li>
      ))}
    </ul>
  );
}

export function FindingText({ finding: { severity, message, cure } }: { readonly finding: ShownFinding }) {
  const { text, tone } = severityWord({ severity });
  return (
    <>
      <p>
        <Badge tone={tone}>{text}</Badge> {message}
      </p>
      {cure !== "" && <p class="hint">{cure}</p>}
    </>
  );
}
