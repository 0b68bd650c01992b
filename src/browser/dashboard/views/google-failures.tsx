/**
 * What Google Wallet refused: with its words and the cure. An admin has all of it tried again.
 */
import { isAdmin } from "../access.ts";
import { type GoogleFailure, parseGoogleFailures, parseRetried } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { failureTitle, sentence } from "../google-words.ts";
import { hrefOf } from "../route.ts";
import { useListed, useWriting } from "../use-api.ts";
import { whenWords, withoutCalls } from "../words.ts";
import { ItemList, ProblemNote, useKeptFocus } from "./parts.tsx";

export function GoogleFailures() {
  const { me, say } = useDashboard();
  const list = useListed("/google-failures", parseGoogleFailures);
  const { isBusy, problem, write } = useWriting();
  const { element, ...inside } = useKeptFocus<HTMLElement>(list.items);
  // Most failures have one cause, whose cure is said once.
  const [first, ...others] = new Set(list.items.map((failure) => failure.cure));
  const cure = others.length === 0 ? first : undefined;
  const retry = async () => {
    const answer = await write({ method: "POST", path: "/google-failures/retry" }, parseRetried);
    if (answer === undefined) return;
    say(`${answer.body.retried.toLocaleString("en-GB")} will be sent again within a minute.`);
    list.reload();
  };
  return (
    <section ref={element} tabIndex={-1} aria-label="Refused by Google" {...inside}>
      <div class="split">
        <h2>Refused by Google</h2>
        {isAdmin(me) && list.items.length > 0 && (
          <button type="button" aria-disabled={isBusy} onClick={() => void retry()}>
            Try all again
          </button>
        )}
      </div>
      <p class="hint">
        Passes and templates that Google has refused. They are sent again when they are changed. The service
        repeats temporary failures by itself.
      </p>
      {cure !== undefined && <p>{withoutCalls(cure)}</p>}
      <ProblemNote problem={problem} />
      <ItemList
        label="Refused by Google"
        list={list}
        keyOf={({ resourceId }) => resourceId}
        row={(failure) => <FailureRow failure={failure} hasCure={cure === undefined} />}
        rowsShow={cure}
        empty={<p>Google has refused nothing.</p>}
      />
    </section>
  );
}

interface FailureRowProps {
  readonly failure: GoogleFailure;
  readonly hasCure: boolean;
}

function FailureRow({ failure, hasCure }: FailureRowProps) {
  const { passId, templateId, detail, cure, refusedAt } = failure;
  const href =
    passId === null ? hrefOf("template", { id: String(templateId) }) : hrefOf("pass", { id: String(passId) });
  return (
    <>
      <div class="split">
        <a class="text-link" href={href}>
          {failureTitle(failure)}
        </a>
        <time class="hint" dateTime={refusedAt}>
          {whenWords(refusedAt, Date.now())}
        </time>
      </div>
      {detail !== "" && <p class="long">{sentence(detail)}</p>}
      {hasCure && <p>{withoutCalls(cure)}</p>}
    </>
  );
}
