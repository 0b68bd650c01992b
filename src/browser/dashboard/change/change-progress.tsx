/**
 * How many phones were notified of the newest change, and how long the rest takes. It asks again while something is left and the page
 * is visible.
 */
import { useEffect, useRef } from "preact/hooks";
import { isAdmin, mayOpen } from "../access.ts";
import { parsePushControl } from "../admin-answers.ts";
import { useDashboard } from "../context.ts";
import { hrefOf } from "../route.ts";
import { type Loaded, useLoaded, useWriting } from "../use-api.ts";
import { ConfirmButton } from "../views/confirm-button.tsx";
import { Badge, ProblemNote } from "../views/parts.tsx";
import type { Tone } from "../words.ts";
import {
  dueWords,
  endsWords,
  googleProgressWords,
  googleRefusedWords,
  isGoogleWaiting,
  nextAskMs,
  notifiedWords,
  type Progress,
  type ProgressState,
  paceSentence,
  parseProgress,
  progressState,
  showsSentence,
  stateSentence,
  WAITING_SENTENCE,
} from "./progress-words.ts";

const BADGES: Readonly<Record<ProgressState, readonly [Tone, string]>> = {
  none: ["quiet", "Nothing to push"],
  paused: ["warning", "Paused"],
  running: ["quiet", "Under way"],
  done: ["good", "Done"],
  failed: ["bad", "Some failed"],
};

/** @param path such as `/templates/1/progress` */
export function ChangeProgress({ path }: { readonly path: string }) {
  const loaded = useLoaded(path, parseProgress);
  const { body, problem, reload } = loaded;
  useAskingAgain(loaded);
  return (
    <section class="change-progress panel" aria-label="Progress of the newest change">
      {/* It is there once only, or screen readers would read it twice. */}
      <p class={body !== undefined && showsSentence(body) ? "" : "unseen"} role="status">
        {body !== undefined && stateSentence(body)}
      </p>
      {body !== undefined && <Facts progress={body} reload={reload} />}
      <ProblemNote problem={problem} />
    </section>
  );
}

interface FactsProps {
  readonly progress: Progress;
  readonly reload: () => Promise<void>;
}

function Facts({ progress, reload }: FactsProps) {
  const { me } = useDashboard();
  const state = progressState(progress);
  const [tone, text] = BADGES[state];
  const { phones, notified, gaveUp } = progress;
  const ends = endsWords(progress, Date.now());
  const pace = state === "running" ? paceSentence(progress) : "";
  const due = state === "running" ? dueWords(progress, Date.now()) : "";
  const known = [due, ends, pace].filter((sentence) => sentence !== "").join(" ");
  const rest = state === "running" && known === "" ? WAITING_SENTENCE : known;
  if (state === "none") return <GoogleFacts progress={progress} />;
  return (
    <>
      <div class="split">
        <p>
          <Badge tone={tone}>{text}</Badge> {notifiedWords(progress)}
        </p>
        {isAdmin(me) && (state === "running" || state === "paused") && (
          <PauseButton isPaused={progress.paused} onChanged={reload} />
        )}
      </div>
      <progress max={phones.count} value={Math.min(notified, phones.count)} aria-label="Phones notified" />
      {gaveUp > 0 && (
        <p class="fault">
          The pushes to {gaveUp === 1 ? "1 phone" : `${gaveUp.toLocaleString("en-GB")} phones`} failed.
        </p>
      )}
      {rest !== "" && <p class="hint">{rest}</p>}
      <GoogleFacts progress={progress} />
      {mayOpen("pushes", me) && (
        <a class="text-link" href={hrefOf("pushes")}>
          {gaveUp > 0 ? "Failed pushes and pace" : "Pause and pace of all pushes"}
        </a>
      )}
    </>
  );
}

/** Nothing if nobody has a pass there. */
function GoogleFacts({ progress }: { readonly progress: Progress }) {
  const { me } = useDashboard();
  const { google } = progress;
  const [sent, refused] = [googleProgressWords(progress), googleRefusedWords(progress)];
  if (google === undefined || (sent === "" && refused === "")) return null;
  const { count } = google.objects;
  return (
    <>
      {sent !== "" && <p>{sent}</p>}
      {isGoogleWaiting(progress) && google.waiting > 0 && (
        <progress
          max={count}
          value={Math.max(0, count - google.waiting)}
          aria-label="Passes sent to Google Wallet"
        />
      )}
      {refused !== "" && (
        <p class="fault">
          {refused}{" "}
          {mayOpen("google-wallet", me) && (
            <a class="text-link" href={hrefOf("google-wallet")}>
              Google's reasons
            </a>
          )}
        </p>
      )}
    </>
  );
}

interface PauseButtonProps {
  readonly isPaused: boolean;
  readonly onChanged: () => Promise<void>;
}

function PauseButton({ isPaused, onChanged }: PauseButtonProps) {
  const { say } = useDashboard();
  const { isBusy, problem, write } = useWriting();
  const press = async () => {
    const call = { method: "PUT", path: "/push", body: { paused: !isPaused } };
    if ((await write(call, parsePushControl)) === undefined) return;
    say(isPaused ? "Pushes go out again." : "All pushes are paused.");
    await onChanged();
  };
  return (
    <>
      {isPaused ? (
        <button type="button" aria-disabled={isBusy} onClick={() => void press()}>
          Resume all pushes
        </button>
      ) : (
        <ConfirmButton
          label="Pause all pushes"
          question="Pause all pushes? Phones learn nothing new until you resume them."
          confirm="Pause them"
          isBusy={isBusy}
          isDanger={false}
          onConfirm={() => void press()}
        />
      )}
      <ProblemNote problem={problem} />
    </>
  );
}

/** A page that is not visible does not ask. */
function useAskingAgain({ body, isLoading, reload }: Loaded<Progress>): void {
  const began = useRef(Date.now());
  useEffect(() => {
    if (isLoading || body === undefined) return;
    const wait = nextAskMs(body, Date.now() - began.current);
    if (wait === undefined) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onSeen = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") timer = setTimeout(() => void reload(), wait);
    };
    onSeen();
    document.addEventListener("visibilitychange", onSeen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onSeen);
    };
  }, [body, isLoading, reload]);
}
