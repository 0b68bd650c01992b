/**
 * What the linter says about one part of a panel, next to it.
 */
import type { LintFinding } from "./panel.ts";

export function PanelFindings({ findings }: { readonly findings: readonly LintFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <ul class="panel-findings">
      {findings.map(({ severity, code, pointer, message, cure }) => (
        <li key={`${pointer} ${code}`} class={severity === "error" ? "hint fault" : "hint warn"}>
          {message} {cure}
        </li>
      ))}
    </ul>
  );
}
