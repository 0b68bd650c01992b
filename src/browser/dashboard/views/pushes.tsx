/**
 * Pushes: pause and resume them, limit their rate, and replay what has failed for good.
 */
import { isAdmin, mayOpen } from "../access.ts";
import { type PushControl, parseApnsKeys, parsePushControl } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { useDraft } from "../drafts.ts";
import { problemElsewhere } from "../problem.ts";
import { useListed, useLoaded, useWriting } from "../use-api.ts";
import { whenWords } from "../words.ts";
import { ConfirmButton } from "./confirm-button.tsx";
import { DeadLetters } from "./dead-letters.tsx";
import { TextField } from "./form-parts.tsx";
import { Badge, PageHeading, PageLink, Placeholder, ProblemNote, useKeptFocus } from "./parts.tsx";

export function PushesView() {
  const control = useLoaded("/push", parsePushControl);
  const keys = useListed("/apns-keys", parseApnsKeys);
  const lacksKey = keys.items.length === 0 && keys.problem === null;
  return (
    <>
      <PageHeading title="Pushes" />
      <ProblemNote problem={control.problem} />
      {control.body === undefined || keys.status === "first" ? (
        control.problem === null && <Placeholder />
      ) : (
        <Control control={control.body} lacksKey={lacksKey} onChanged={control.replace} />
      )}
      <DeadLetters />
    </>
  );
}

interface ControlProps {
  readonly control: PushControl;
  /** Whether the service has no APNs key at all. */
  readonly lacksKey: boolean;
  readonly onChanged: (control: PushControl) => void;
}

function Control({ control, lacksKey, onChanged }: ControlProps) {
  const { me, say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const { paused, pausedAt, pushesPerSecond } = control;
  const { element, ...inside } = useKeptFocus<HTMLElement>(paused);
  const pause = async (wanted: boolean) => {
    const call = { method: "PUT", path: "/push", body: { paused: wanted } };
    const answer = await write(call, parsePushControl);
    if (answer === undefined) return;
    onChanged(answer.body);
    say(wanted ? "Pushes are paused." : "Pushes go out again.");
  };
  return (
    <section ref={element} tabIndex={-1} class="panel" aria-label="State of pushes" {...inside}>
      <div class="split">
        <p>
          {paused ? (
            <>
              <Badge tone="warning">Paused</Badge> since {whenWords(pausedAt, Date.now())}. What is due waits,
              and is not lost.
            </>
          ) : lacksKey ? (
            <>
              <Badge tone="warning">No APNs key yet</Badge> Without one, changes do not reach iPhones by
              themselves. <PageLink page={mayOpen("set-up", me) ? "set-up" : "pass-types"} />
            </>
          ) : (
            <>
              <Badge tone="good">On</Badge> Changes reach phones at once.
            </>
          )}
        </p>
        {isAdmin(me) &&
          (paused ? (
            <button type="button" class="solid" aria-disabled={isBusy} onClick={() => void pause(false)}>
              Resume
            </button>
          ) : (
            <ConfirmButton
              label="Pause"
              question="Pause all pushes? Phones learn nothing new until you resume them."
              confirm="Pause all pushes"
              isBusy={isBusy}
              onConfirm={() => void pause(true)}
            />
          ))}
      </div>
      <ProblemNote problem={problem} />
      {isAdmin(me) ? (
        <PaceForm pace={pushesPerSecond} onChanged={onChanged} />
      ) : (
        <p>{paceWords(pushesPerSecond)}</p>
      )}
    </section>
  );
}

function paceWords(pace: number | null): string {
  return pace === null ? "No limit of the rate." : `At most ${pace} pushes a second for each change.`;
}

interface PaceFormProps {
  readonly pace: number | null;
  readonly onChanged: (control: PushControl) => void;
}

function PaceForm({ pace, onChanged }: PaceFormProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const draft = useDraft("pace", { pace: pace === null ? "" : String(pace) });
  const text = draft.fields.pace;
  return (
    <form
      class="one-field"
      onSubmit={async (event) => {
        event.preventDefault();
        const pushesPerSecond = text.trim() === "" ? null : Number(text);
        const answer = await write(
          { method: "PUT", path: "/push", body: { pushesPerSecond } },
          parsePushControl,
        );
        if (answer === undefined) return;
        draft.clear({ pace: text });
        onChanged(answer.body);
        say(paceWords(answer.body.pushesPerSecond));
      }}
    >
      <TextField
        id="pace"
        label="Pushes a second"
        type="number"
        min={1}
        value={text}
        onChange={(typed) => draft.change({ pace: typed })}
        hint="For each change of a template or an event. Empty: no limit."
        problem={problem}
        pointer="/pushesPerSecond"
      />
      <button type="submit" aria-disabled={isBusy}>
        Save
      </button>
      <ProblemNote problem={problemElsewhere(problem, ["/pushesPerSecond"])} />
    </form>
  );
}
