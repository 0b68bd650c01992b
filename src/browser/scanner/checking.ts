/**
 * Checks codes: each is recorded and sent at once, and its answer comes with a sound and a vibration. Answers are shown one after
 * another: if a code is read while another one is being checked, its answer waits, so that no holder passes without an answer.
 */
import type { Sender } from "./log/sender.ts";
import { canUndo, type KeptScan } from "./scan.ts";
import type { Signals } from "./signals.ts";
import { keyRefusal, type ScannerEvent, type ScannerState } from "./state.ts";
import { type VerdictAction, verdictOf } from "./verdict.ts";
import { MESSAGES } from "./words.ts";

export interface Checking {
  scan(code: string): void;
  /** Closes the answer. */
  close(): void;
  act(action: VerdictAction, scan: KeptScan): Promise<void>;
}

interface CheckingParts {
  readonly state: () => ScannerState;
  readonly dispatch: (event: ScannerEvent) => void;
  readonly sender: Sender;
  readonly signals: Signals;
  /** The scan of this phone that makes a code `seen_before`. */
  readonly seenBefore: (code: string) => Promise<KeptScan | undefined>;
  /** Something in the log has changed. */
  readonly onChange: () => void;
}

/** How long an answer stays by itself. An answer that is not listed stays until a tap or the next code. */
const CLOSES_AFTER_MS = { go: 1600, unchecked: 2600 } as const;
/** How long an answer stays when the next code waits already. */
const HOLD_MS = 1200;

export function createChecking({
  state,
  dispatch,
  sender,
  signals,
  seenBefore,
  onChange,
}: CheckingParts): Checking {
  /** Answers that wait for their turn. */
  const turns: (() => Promise<void>)[] = [];
  /** The codes whose answers nobody has seen yet. A scanner that reads a pass twice means one scan. */
  const pending = new Set<string>();
  let isBusy = false;
  let closing: ReturnType<typeof setTimeout> | undefined;

  function close(): void {
    clearTimeout(closing);
    if (state().answer !== null) dispatch({ kind: "closed" });
  }

  async function show(scan: KeptScan): Promise<void> {
    const earlier =
      scan.shown === "seen_before" ? await seenBefore(scan.code).catch(() => undefined) : undefined;
    dispatch({ kind: "ticked", now: Date.now() });
    dispatch({ kind: "sender_changed", sender: sender.state() });
    dispatch({ kind: "answered", scan, earlier });
    const { sound, vibration, stay } = state().settings;
    const { tone } = verdictOf(scan, state().now);
    signals.play(tone, { sound, vibration });
    const isToBeRead = stay || keyRefusal(state()) !== undefined;
    if (!isToBeRead && (tone === "go" || tone === "unchecked"))
      closing = setTimeout(close, CLOSES_AFTER_MS[tone]);
    onChange();
  }

  async function run(code: string, work: Promise<KeptScan>): Promise<void> {
    isBusy = true;
    clearTimeout(closing);
    dispatch({ kind: "checking" });
    await show(await work);
    if (turns.length > 0) await new Promise((resolve) => setTimeout(resolve, HOLD_MS));
    isBusy = false;
    pending.delete(code);
    await turns.shift()?.();
  }

  function check(code: string, reward: boolean): Promise<KeptScan> {
    pending.add(code);
    const place = state().session?.place ?? null;
    return sender.check({ code, place, reward });
  }

  async function undo(scan: KeptScan): Promise<void> {
    if (!canUndo(scan, Date.now() + scan.clockError)) return;
    const undone = await sender.undo(scan);
    dispatch({ kind: "updated", scan: undone });
    close();
    dispatch({ kind: "said", text: messageOf(undone) });
    onChange();
  }

  return {
    scan(code) {
      if (pending.has(code)) return;
      const answer = check(code, false);
      if (isBusy) turns.push(() => run(code, answer));
      else void run(code, answer);
    },
    close,
    async act(action, scan) {
      switch (action) {
        case "reward":
          return isBusy ? undefined : run(scan.code, check(scan.code, true));
        case "check_again":
          return isBusy ? undefined : run(scan.code, sender.recheck(scan));
        case "no_reward":
          return close();
        case "undo":
          return undo(scan);
      }
    },
  };
}

function messageOf({ undo }: KeptScan): string {
  if (undo === "done") return MESSAGES.undone;
  return undo === "wanted" ? MESSAGES.undoWaits : MESSAGES.notUndone;
}
