/**
 * What the linter says about a pass.
 */
import { Badge } from "../views/parts.tsx";
import { severityWord } from "../words.ts";
import type { DryRun } from "./dry-run.ts";

type ListedFinding = DryRun["lint"]["findings"][number];

export function FindingList({ findings }: { readonly findings: readonly ListedFinding[] }) {
  return (
    <ul class="rows">
      {findings.map((finding) => (
        <li key={`${finding.code} ${finding.pointer}`}>
          <p>
            <Badge tone={severityWord(finding).tone}>{severityWord(finding).text}</Badge> {finding.message}
          </p>
          <p class="hint">{finding.cure}</p>
        </li>
      ))}
    </ul>
  );
}
