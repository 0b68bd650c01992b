/**
 * What the linter says about one input, next to it.
 */

import { Badge } from "../views/parts.tsx";
import { severityWord } from "../words.ts";
import type { LintFinding } from "./panel.ts";

export function FieldFindings({ findings }: { readonly findings: readonly LintFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul class="field-findings">
      {findings.map((finding) => {
        const { text, tone } = severityWord(finding);
        return (
          <li key={`${finding.code} ${finding.pointer}`}>
            <Badge tone={tone}>{text}</Badge> {finding.message} {finding.cure}
          </li>
        );
      })}
    </ul>
  );
}
