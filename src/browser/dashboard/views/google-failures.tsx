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
        They are sent again when they are changed. What is only late is not here: the service repeats it by
        itself.
      </p>
      <ProblemNote problem={problem} />
      <ItemList
        label="Refused by Google"
        list={list}
        keyOf={({ resourceId }) => resourceId}
        row={(failure) => <FailureRow failure={failure} />}
        empty={<p>Google has refused nothing.</p>}
      />
    </section>
  );
}

function FailureRow({ failure }: { readonly failure: GoogleFailure }) {
  const { passId, templateId, detail, cure, refusedAt } = failure;
  const href =
    passId === null ? hrefOf("template", { id: String(templateId) }) : hrefOf("pass", { id: String(passId) });
  return (
    <>
      <p>
        <a class="text-link" href={href}>
          {failureTitle(failure)}
        </a>
      </p>
      {detail !== "" && <p class="long">{sentence(detail)}</p>}
      <p>{withoutCalls(cure)}</p>
      <p class="hint">
        <time dateTime={refusedAt}>{whenWords(refusedAt, Date.now())}</time>
      </p>
    </>
  );
}
