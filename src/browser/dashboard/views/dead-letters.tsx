/**
 * Dead letters: pushes that have failed for good. They are replayed one by one, or the oldest ones together.
 */
import { useState } from "preact/hooks";
import { cureFor } from "../../../push/cures.ts";
import { isAdmin } from "../access.ts";
import { type DeadLetter, parseDeadLetters, parseReplayed } from "../admin-answers.ts";
import { parseNothing } from "../admin-api.ts";
import { useDashboard } from "../context.ts";
import { type LoadedList, useListed, useWriting } from "../use-api.ts";
import { countWords, pageForCure, whenWords, withoutCalls } from "../words.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { ItemList, PageLink, ProblemNote, useKeptFocus } from "./parts.tsx";

export function DeadLetters() {
  const { me, say } = useDashboard();
  const list = useListed("/dead-letters", parseDeadLetters);
  const { isBusy, problem, write } = useWriting();
  const [left, setLeft] = useState(0);
  const { element, ...inside } = useKeptFocus<HTMLElement>(list.items);
  const replayAll = async () => {
    const answer = await write({ method: "POST", path: "/dead-letters/replay" }, parseReplayed);
    if (answer === undefined) return;
    setLeft(answer.body.left);
    say(`${answer.body.replayed} were sent to the queue again.`);
    list.reload();
  };
  return (
    <section ref={element} tabIndex={-1} aria-label="Failed pushes" {...inside}>
      <div class="split">
        <h2>Failed pushes</h2>
        {isAdmin(me) && list.items.length > 0 && (
          <ConfirmButton
            label={left > 0 ? `Replay the next of ${left}` : "Replay all"}
            question="Send them to the push queue again? Correct the cause first, or they fail again."
            confirm="Replay"
            isDanger={false}
            isBusy={isBusy}
            onConfirm={() => void replayAll()}
          />
        )}
      </div>
      <p class="hint">
        Pushes that failed for good in the last month. Those with a temporary reason are replayed by the
        service itself.
      </p>
      <ProblemNote problem={problem} />
      <ItemList
        label="Failed pushes"
        list={list}
        keyOf={({ id }) => id}
        row={(letter) => <LetterRow letter={letter} list={list} />}
        empty={<p>No push has failed for good.</p>}
      />
    </section>
  );
}

interface LetterRowProps {
  readonly letter: DeadLetter;
  readonly list: Pick<LoadedList<DeadLetter>, "edit">;
}

const QUEUE_GAVE_UP =
  "The queue gave up, because the database, a setting or the queue failed. Replay it when that works again.";

function LetterRow({ letter: { id, receivedAt, message }, list }: LetterRowProps) {
  const { me, say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const { kind, changeId, passTypeIdentifier, tokens, reason } = message;
  const cure = reason === undefined ? QUEUE_GAVE_UP : cureFor(reason);
  const page = pageForCure(cure);
  const replay = async () => {
    const answer = await write({ method: "POST", path: `/dead-letters/${id}/replay` }, parseNothing);
    if (answer === undefined) return;
    say("It was sent to the queue again.");
    list.edit((items) => items.filter((item) => item.id !== id));
  };
  return (
    <>
      <div class="split">
        <div>
          <p>
            <strong>{kind === "change" ? `Change ${changeId ?? ""}` : (passTypeIdentifier ?? kind)}</strong>
            {tokens !== undefined && ` · ${countWords(tokens.length, "phone")}`}
          </p>
          <p class="hint">
            <time dateTime={receivedAt}>{whenWords(receivedAt, Date.now())}</time>
            {reason !== undefined && ` · ${reason}`}
          </p>
        </div>
        {isAdmin(me) && (
          <button
            type="button"
            aria-disabled={isBusy}
            aria-label={`Replay dead letter ${id}`}
            onClick={() => void replay()}
          >
            Replay
          </button>
        )}
      </div>
      <p>{withoutCalls(cure)}</p>
      {page !== undefined && <PageLink page={page} />}
      <ProblemNote problem={problem} />
    </>
  );
}
