/**
 * What the linter says: a list of all findings that leads to their panels, and the findings of one place in its panel.
 */

import { Badge } from "../views/parts.tsx";
import { severityWord } from "../words.ts";
import { findingsAt, type LintFinding } from "./panel.ts";
import { PANEL_TITLES, type PanelName, panelOf } from "./panel-names.ts";

const keyOf = ({ code, pointer }: LintFinding) => `${code} ${pointer}`;

interface FindingListProps {
  readonly findings: readonly LintFinding[];
  readonly onOpen: (panel: PanelName) => void;
}

export function FindingList({ findings, onOpen }: FindingListProps) {
  return (
    <ul class="rows findings" aria-label="Findings">
      {findings.map((finding) => (
        <li key={keyOf(finding)}>
          <FindingText finding={finding} />
          <button type="button" class="link" onClick={() => onOpen(panelOf(finding.pointer))}>
            Open {PANEL_TITLES[panelOf(finding.pointer)]}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface FindingNotesProps {
  readonly findings: readonly LintFinding[];
  /** Of one member of the draft. */
  readonly pointer: string;
}

/** Below the field that a finding is about. */
export function FindingNotes({ findings, pointer }: FindingNotesProps) {
  const own = findingsAt(findings, pointer);
  if (own.length === 0) return null;
  return (
    <ul class="finding-notes">
      {own.map((finding) => (
        <li key={keyOf(finding)}>
          <FindingText finding={finding} />
        </li>
      ))}
    </ul>
  );
}

function FindingText({ finding }: { readonly finding: LintFinding }) {
  const { text, tone } = severityWord(finding);
  return (
    <>
      <p>
        <Badge tone={tone}>{text}</Badge> {finding.message}
      </p>
      {finding.cure !== "" && <p class="hint">{finding.cure}</p>}
    </>
  );
}
