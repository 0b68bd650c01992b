/**
 * The check of a draft while it is edited: the call, and what its answer says. Pure.
 *
 * A new template is checked by the linter. A change of a stored one is a dry run, which also says what phones will show.
 */
import type { Answer, Call } from "../../../request.ts";
import { type DryRun, parseDryRun, parseReport } from "../../change/dry-run.ts";
import { type Problem, problemOf, problemWords } from "../../problem.ts";
import type { StoredTemplate, TemplateDraft } from "../draft/draft.ts";
import { newTemplateBody, sharpestImages, templateChangeOf } from "../draft/draft-change.ts";
import { inputLabelAt } from "../input-labels.ts";
import type { LintFinding } from "../panel.ts";

/** What was found, and of which draft. */
export interface Checked {
  readonly draft: TemplateDraft;
  readonly findings: readonly LintFinding[];
  /** The dry run of a change, if the service would accept it. */
  readonly report: DryRun | undefined;
  /** Somebody else has stored another version. */
  readonly isConflict: boolean;
  /** The check itself did not work. */
  readonly problem: Problem | null;
}

const ofNew = (body: unknown) => {
  const read = parseReport(body);
  return read && { findings: read.findings, report: undefined };
};
const ofChange = (body: unknown) => {
  const report = parseDryRun(body);
  return report && { findings: report.lint.findings, report };
};
export type LintAnswer = NonNullable<ReturnType<typeof ofNew> | ReturnType<typeof ofChange>>;

export function checkOf(stored: StoredTemplate | null, draft: TemplateDraft) {
  const call: Call =
    stored === null
      ? { method: "POST", path: "/lint", body: newTemplateBody(draft, sharpestImages(draft.images)) }
      : {
          method: "PATCH",
          path: `/templates/${stored.id}?dryRun=true`,
          body: templateChangeOf(stored.draft, draft),
          ifMatch: revisionTag(stored),
        };
  const parse: (body: unknown) => LintAnswer | undefined = stored === null ? ofNew : ofChange;
  return { call, parse };
}

/** The revision as If-Match has it (src/http/revisions.ts). */
export function revisionTag({ revision }: Pick<StoredTemplate, "revision">): string {
  return `"${revision}"`;
}

/** A refusal of what was edited is a finding at its place. */
export function checkedOf(draft: TemplateDraft, answer: Answer<LintAnswer>): Checked {
  const nothing = { draft, findings: [], report: undefined, isConflict: false, problem: null };
  if (answer.kind === "ok") return { ...nothing, ...answer.body };
  const problem = problemOf(answer);
  if (answer.kind === "unreachable") return { ...nothing, problem };
  const { code, findings = [] } = answer;
  if (code === "precondition_failed") return { ...nothing, isConflict: true };
  if (findings.length > 0) return { ...nothing, findings };
  if (answer.status !== 400 && answer.status !== 409 && answer.status !== 422) return { ...nothing, problem };
  const pointer = answer.pointer ?? "";
  const label = inputLabelAt(pointer);
  const message = label === undefined ? problem.detail : problemWords(problem, label);
  return { ...nothing, findings: [{ severity: "error", code, pointer, message, cure: "" }] };
}

/** Errors first. */
export function sortedFindings(findings: readonly LintFinding[]): readonly LintFinding[] {
  const rank = ({ severity }: LintFinding) => (severity === "error" ? 0 : 1);
  return findings.toSorted((one, other) => rank(one) - rank(other));
}

export function countErrors(findings: readonly LintFinding[]): number {
  return findings.filter(({ severity }) => severity === "error").length;
}
