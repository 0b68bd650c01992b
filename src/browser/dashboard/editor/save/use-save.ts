/**
 * Saves a draft: a new template at once, a change of a stored one after its dry run was read.
 */
import { useEffect, useRef, useState } from "preact/hooks";
import type { DryRun } from "../../change/dry-run.ts";
import { useDashboard } from "../../context.ts";
import type { Problem } from "../../problem.ts";
import { goOn, hrefOf } from "../../route.ts";
import { tabStore } from "../../tab-store.ts";
import { useWriting } from "../../use-api.ts";
import { countErrors, revisionTag } from "../check/draft-check.ts";
import type { Check } from "../check/use-check.ts";
import type { StoredTemplate, TemplateDraft } from "../draft/draft.ts";
import { isChanged, newTemplateBody, rebase, templateChangeOf } from "../draft/draft-change.ts";
import { forgetDraft, keepDraft } from "../draft/kept-draft.ts";
import { parseStoredTemplate } from "../draft/stored-template.ts";
import type { EditedDraft } from "../draft/use-draft.ts";

export interface Saving {
  readonly isBusy: boolean;
  /** Why it was not saved. */
  readonly problem: Problem | null;
  /** What saving does. Undefined: it was not asked for. */
  readonly review: DryRun | undefined;
  /** The change that was saved last, in this visit. */
  readonly saved: DryRun | undefined;
  /** Saves a new template, or asks for the review of a change. */
  begin(): Promise<void>;
  confirm(): Promise<void>;
  cancel(): void;
}

export function useSaving({ state, dispatch }: EditedDraft, { checkNow }: Check): Saving {
  const { say } = useDashboard();
  const { isBusy, problem, write, fail, isUnanswered } = useWriting();
  const [isAsking, setIsAsking] = useState(false);
  const [asked, setAsked] = useState<{ readonly draft: TemplateDraft; readonly report: DryRun }>();
  const [saved, setSaved] = useState<DryRun>();
  const { stored, draft } = state;
  // The report is only about the draft that it was made for.
  const review = asked?.draft === draft ? asked.report : undefined;
  useEffect(() => fail(null), [draft]);
  // Somebody may type while it is saved.
  const newest = useRef(draft);
  newest.current = draft;
  // Without an answer, the change may have been stored: the check would take it for a change by somebody else.
  const checkRefused = () => (isUnanswered() ? undefined : void checkNow());

  const create = async () => {
    const call = { method: "POST", path: "/templates", body: newTemplateBody(draft) };
    const from = location.hash;
    const answer = await write(call, parseStoredTemplate);
    if (answer === undefined) return checkRefused();
    forgetDraft(tabStore, "new");
    keepTypedSince(answer.body, draft, newest.current);
    say("Saved.");
    // The button Back must not lead to the form of a new template.
    goOn(from, hrefOf("template", { id: String(answer.body.id) }), true);
  };
  const ask = async () => {
    if (isAsking) return;
    setIsAsking(true);
    const checked = await checkNow();
    setIsAsking(false);
    if (checked?.report !== undefined) setAsked({ draft, report: checked.report });
    else if (checked?.problem) fail(checked.problem);
    else if (checked !== undefined && countErrors(checked.findings) > 0)
      fail({ detail: "Correct the errors first. They are listed under Check.", code: null, pointer: null });
  };
  const confirm = async () => {
    if (stored === null || review === undefined) return;
    const body = templateChangeOf(stored.draft, draft);
    const path = `/templates/${stored.id}`;
    const call = { method: "PATCH", path, body, ifMatch: revisionTag(stored) };
    const answer = await write(call, parseStoredTemplate);
    // If somebody else has changed the template, the check says so.
    if (answer === undefined) return checkRefused();
    setAsked(undefined);
    setSaved(review);
    dispatch({ kind: "stored", stored: answer.body, sent: draft });
    say("Saved.");
  };
  return {
    isBusy: isBusy || isAsking,
    problem,
    review,
    saved,
    begin: stored === null ? create : ask,
    confirm,
    cancel: () => setAsked(undefined),
  };
}

/** Keeps what was typed while a new template was being saved, as a draft of that template. */
function keepTypedSince({ id, revision, draft }: StoredTemplate, sent: TemplateDraft, typed: TemplateDraft) {
  const after = rebase(sent, typed, draft);
  if (isChanged(draft, after)) keepDraft(tabStore, `${id}`, { basis: { revision, draft }, draft: after });
}
