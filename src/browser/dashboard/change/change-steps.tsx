/**
 * The steps of a change: a form, what the change will do, and then the change. If somebody else has changed the same thing meanwhile,
 * the form is shown again, with what was typed.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type JsonObject, writeJson } from "../../../json.ts";
import { focusOn } from "../../heading-focus.ts";
import type { Parse } from "../../request.ts";
import { type Problem, problemElsewhere } from "../problem.ts";
import { useWriting } from "../use-api.ts";
import { ProblemNote } from "../views/parts.tsx";
import { ChangeReport } from "./change-report.tsx";
import { changeButtonWords } from "./change-words.ts";
import type { Entered } from "./entered.ts";
import { useDryRun } from "./use-dry-run.ts";

interface ChangeStepsProps<T> {
  /** The path of the resource. */
  readonly path: string;
  readonly revision: number;
  readonly entered: Entered;
  /** pass.json that has the names of the fields. */
  readonly pass: JsonObject | undefined;
  /** The places where the form shows what is wrong. */
  readonly pointers: readonly string[];
  readonly parse: Parse<T>;
  readonly onChanged: (changed: T) => void;
  /** The resource has another revision. */
  readonly onConflict: () => void;
  readonly onCancel?: () => void;
  /** The form. */
  readonly children: (problem: Problem | null) => ComponentChildren;
}

const CONFLICT: Problem = {
  detail:
    "Somebody else has changed this meanwhile. What you typed is kept, and the other fields show the new values. Check them before you go on.",
  code: "precondition_failed",
  pointer: null,
};

export function ChangeSteps<T>(props: ChangeStepsProps<T>) {
  const { path, revision, entered, pass, pointers, parse, onChanged, onConflict, onCancel, children } = props;
  const dry = useDryRun();
  const writing = useWriting();
  const [asked, setAsked] = useState("");
  const [isEmpty, setIsEmpty] = useState(false);
  const ifMatch = `"${revision}"`;
  const about = `${ifMatch} ${writeJson(entered)}`;
  const report = asked === about ? dry.report : undefined;
  const found = writing.problem ?? dry.problem;
  const isConflict = found?.code === CONFLICT.code;
  const problem = isConflict ? CONFLICT : found;
  useEffect(() => {
    if (isConflict) onConflict();
    // Once for each refusal.
  }, [found]);
  const element = useRef<HTMLDivElement>(null);
  const hasReport = report !== undefined;
  useEffect(() => {
    if (!hasReport) return;
    element.current?.scrollIntoView({ block: "nearest" });
    focusOn(element.current);
  }, [hasReport]);
  const preview = async () => {
    writing.fail(null);
    const isNothing = Object.keys(entered.body).length === 0;
    setIsEmpty(isNothing && entered.fault === null);
    if (entered.fault !== null) return dry.fail(entered.fault);
    if (isNothing) return dry.clear();
    setAsked(about);
    await dry.run(path, entered.body, ifMatch);
  };
  const change = async () => {
    const answer = await writing.write({ method: "PATCH", path, body: entered.body, ifMatch }, parse);
    if (answer === undefined) return;
    dry.clear();
    setAsked("");
    onChanged(answer.body);
  };
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        // Enter in a field never makes the change.
        void preview();
      }}
    >
      {children(problem)}
      <ProblemNote problem={problemElsewhere(problem, pointers)} />
      {isEmpty && (
        <p role="status" class="hint">
          Nothing is different yet.
        </p>
      )}
      {report === undefined ? (
        <div class="actions">
          <button type="submit" class="solid" aria-disabled={dry.isBusy}>
            {dry.isBusy ? "Looking …" : "Preview"}
          </button>
          {onCancel !== undefined && (
            <button type="button" onClick={onCancel}>
              Cancel
            </button>
          )}
        </div>
      ) : (
        <div ref={element} tabIndex={-1} class="form-report">
          <ChangeReport report={report} pass={pass} />
          <div class="actions">
            <button type="button" class="solid" aria-disabled={writing.isBusy} onClick={() => void change()}>
              {writing.isBusy ? "Changing …" : changeButtonWords(report)}
            </button>
            <button type="button" onClick={dry.clear}>
              Back to the form
            </button>
          </div>
        </div>
      )}
    </form>
  );
}
