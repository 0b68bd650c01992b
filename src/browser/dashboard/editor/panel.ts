/**
 * What each panel of the editor gets: the draft, the only way to change it, and what the linter says about it.
 */
import type { TemplateDraft } from "./draft/draft.ts";

export interface PanelProps {
  readonly draft: TemplateDraft;
  /** Merged into the draft by member: `edit({ pass: { ...draft.pass, logoText: "A" } })`. */
  edit(change: Partial<TemplateDraft>): void;
  readonly findings: readonly LintFinding[];
  /** The path of the API that has the stored images. Undefined: nothing is stored yet. */
  readonly imagesPath?: string | undefined;
  /** The address of the stored join page. Undefined or null: there is none. */
  readonly joinUrl?: string | null | undefined;
}

export interface LintFinding {
  readonly severity: string;
  readonly code: string;
  /** JSON Pointer into the draft, such as `/pass/storeCard/primaryFields/0/label`. */
  readonly pointer: string;
  readonly message: string;
  readonly cure: string;
}

/** The findings about one member of the draft, and what is inside of it. */
export function findingsAt(findings: readonly LintFinding[], pointer: string): readonly LintFinding[] {
  return findings.filter(
    (finding) => finding.pointer === pointer || finding.pointer.startsWith(`${pointer}/`),
  );
}
