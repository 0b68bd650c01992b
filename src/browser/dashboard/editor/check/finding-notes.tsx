/**
 * The findings of one place, in its panel.
 */
import { FindingText } from "../../views/finding-list.tsx";
import { findingsAt, type LintFinding } from "../panel.ts";

interface FindingNotesProps {
  readonly findings: readonly LintFinding[];
  /** The pointer to one member of the draft. */
  readonly pointer: string;
}

/** Below the field that a finding is about. */
export function FindingNotes({ findings, pointer }: FindingNotesProps) {
  const own = findingsAt(findings, pointer);
  if (own.length === 0) return null;
  return (
    <ul class="finding-notes">
      {own.map((finding) => (
        <li key={`${finding.code} ${finding.pointer}`}>
          <FindingText finding={finding} />
        </li>
      ))}
    </ul>
  );
}
