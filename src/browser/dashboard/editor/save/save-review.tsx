/**
 * What a change of a template will do, before it is saved.
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { JsonObject } from "../../../../json.ts";
import { focusOn } from "../../../heading-focus.ts";
import { ChangeReport } from "../../change/change-report.tsx";
import type { DryRun } from "../../change/dry-run.ts";
import type { Problem } from "../../problem.ts";
import { ProblemNote } from "../../views/parts.tsx";
import { saveWords } from "./save-words.ts";

interface SaveReviewProps {
  readonly report: DryRun;
  /** pass.json with the change. */
  readonly pass: JsonObject;
  readonly isBusy: boolean;
  readonly problem: Problem | null;
  readonly onSave: () => void;
  readonly onCancel: () => void;
}

/** The focus goes to its heading, and not to the button: a key that is held down must not save. */
export function SaveReview({ report, pass, isBusy, problem, onSave, onCancel }: SaveReviewProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    focusOn(heading.current);
    heading.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <section class="save-review" aria-label="What saving will do">
      <h2 ref={heading} tabIndex={-1}>
        What saving will do
      </h2>
      <ChangeReport report={report} pass={pass} />
      <ProblemNote problem={problem} />
      <div class="actions">
        <button type="button" class="solid" aria-disabled={isBusy} onClick={onSave}>
          {isBusy ? "Saving …" : saveWords(report)}
        </button>
        <button type="button" onClick={onCancel}>
          Keep editing
        </button>
      </div>
    </section>
  );
}
