/**
 * The answer to a scan. It fills the screen, over the camera that goes on. A tap anywhere is Next, but not on a question.
 */
import type { Ref } from "preact";
import { ANSWER } from "../page-words.ts";
import type { Verdict, VerdictAction } from "../verdict.ts";
import { SignOf } from "./signs.tsx";

const LABELS: Readonly<Record<VerdictAction, string>> = {
  reward: ANSWER.reward,
  no_reward: ANSWER.noReward,
  check_again: ANSWER.checkAgain,
  undo: ANSWER.undo,
};
/** No is where Next is in other answers. */
const PLACES: Readonly<Record<VerdictAction, string>> = {
  reward: "",
  no_reward: "next",
  check_again: "",
  undo: "undo",
};
/** More would push the buttons off a small screen. */
const MAX_FIELDS = 6;
/** The most characters that fit into half a line of a small phone, and read well in large letters. */
const WIDE_VALUE = 14;
const LONG_DETAIL = 120;

interface AnswerProps {
  readonly region: Ref<HTMLElement>;
  readonly verdict: Verdict;
  readonly onAction: (action: VerdictAction) => void;
  readonly onNext: () => void;
}

export function Answer({ region, verdict, onAction, onNext }: AnswerProps) {
  const { tone, sign, title, detail, pass, actions } = verdict;
  const isQuestion = tone === "ask";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the button Next and the key Enter do the same
    <section
      ref={region}
      class={`answer tone-${tone}`}
      aria-labelledby="answer-title"
      tabIndex={-1}
      onClick={isQuestion ? undefined : onNext}
    >
      <div class="answer-sign">
        <SignOf sign={sign} />
      </div>
      <div class="answer-words">
        <h2 id="answer-title">{title}</h2>
        {detail !== "" && (
          <p class={`answer-detail ${detail.length > LONG_DETAIL ? "long" : ""}`} dir="auto">
            {detail}
          </p>
        )}
        {pass !== null && <PassFields pass={pass} />}
      </div>
      <div class={`answer-actions ${isQuestion ? "question" : ""}`}>
        {actions.map((action) => (
          <button
            key={action}
            type="button"
            class={`${action === "reward" ? "solid" : "outline"} ${PLACES[action]}`}
            onClick={(event) => {
              event.stopPropagation();
              onAction(action);
            }}
          >
            {LABELS[action]}
          </button>
        ))}
        {!isQuestion && (
          <button type="button" class="solid next">
            {ANSWER.next}
          </button>
        )}
      </div>
    </section>
  );
}

function PassFields({ pass: { name, fields } }: { readonly pass: NonNullable<Verdict["pass"]> }) {
  return (
    <div class="pass">
      <p class="pass-name" dir="auto">
        {name}
      </p>
      <dl>
        {fields.slice(0, MAX_FIELDS).map(({ key, label, value }) => (
          <div key={key} class={value.length > WIDE_VALUE ? "long-value" : ""}>
            <dt dir="auto">{label}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
