/**
 * Sends scans: a new one at once and first, and what waits as soon as the server can be reached. A scan is in the log before it is
 * sent, and waits there until it is answered. So nothing is lost if the battery dies. After each failure there is another attempt: a timer
 * makes it, or if the key is not valid, a new key, another scan or the return of the page.
 */

import type { Answer } from "../../request.ts";
import type { Api } from "../api.ts";
import type { KeptScan, NewScan } from "../scan.ts";
import { answerInTime } from "./answer-in-time.ts";
import type { Clock } from "./clock.ts";
import {
  type DeliveryContext,
  deliverInOrder,
  deliverUnstored,
  notStored,
  settle,
  type Trouble,
  type Watched,
} from "./deliver.ts";
import { createFlush, type FlushParts } from "./flush.ts";
import { createRetryTimer } from "./retry-timer.ts";
import type { Recorded, ScanLog } from "./scan-log.ts";

export type { Trouble } from "./deliver.ts";

export interface SenderState {
  /** How many scans wait to be sent or undone. */
  readonly waiting: number;
  /** Null: the last attempt was answered. */
  readonly trouble: Trouble | null;
  /** What to add to the clock of this phone: 0 if it is right within a minute, or was not compared yet. */
  readonly clockError: number;
}

export interface Sender {
  /** Records a scan and sends it. After 4 s without an answer, the result is the recorded scan, which waits. Never throws. */
  check(scan: NewScan): Promise<KeptScan>;
  /** Sends a scan that waits again, while the person looks. Never throws. */
  recheck(scan: KeptScan): Promise<KeptScan>;
  /**
   * Asks the server to undo a scan, or withdraws one that was never sent. If the result still has `undo: "wanted"`, it is undone as
   * soon as the server can be reached. Never throws.
   */
  undo(scan: KeptScan): Promise<KeptScan>;
  /** Sends what waits. Resolves when nothing is left, or nothing more can be sent now. Never throws. */
  flush(): Promise<void>;
  /** @param serverTime the time of an answer that another part of the page has got; null if the answer had none */
  compareClock(serverTime: number | null): void;
  /** Sets the calls after signing in or with another key. Undefined: there is no key. */
  useApi(api: Api | undefined): void;
  state(): SenderState;
  /**
   * @param listener called after each change of the state or of a scan
   * @returns a function that ends it
   */
  subscribe(listener: () => void): () => void;
  /** Ends its timer. */
  stop(): void;
}

/** What the sender needs of the browser (start-sender.ts). Tests give their own. */
export interface SenderParts extends Clock {
  readonly log: ScanLog;
  readonly random: () => number;
  readonly newScanId: () => string;
  /** Whether the browser knows that there is no network. */
  readonly isOffline: () => boolean;
  readonly inOneTab: FlushParts["inOneTab"];
}

/** A smaller difference of the clocks may be the time that the answer took. */
const CLOCK_TOLERANCE_MS = 60_000;
const NO_KEY = { kind: "no_key" } as const;
const NO_NETWORK = { kind: "unreachable", reason: "network", retryAfterMs: null } as const;
/** The state of a new scan. */
const NEW = {
  shown: "unchecked",
  state: { kind: "waiting" },
  undo: "no",
  lookedAt: null,
} as const;

export function createSender(parts: SenderParts): Sender {
  const { log, now } = parts;
  const listeners = new Set<() => void>();
  /** What this tab is sending for a person. A flush leaves it alone. */
  const inFlight = new Set<string>();
  let api: Api | undefined;
  let state: SenderState = { waiting: 0, trouble: NO_KEY, clockError: 0 };
  let isReachable = false;

  const update = (change: Partial<SenderState>) => {
    state = { ...state, ...change };
    // Each listener runs in a task of its own, so that its exception does not end the sending.
    for (const listener of listeners) queueMicrotask(listener);
  };
  const countWaiting = async () => update({ waiting: await log.countUnsettled().catch(() => state.waiting) });
  const onAnswer = (answer: Answer<unknown>) => {
    isReachable = answer.kind !== "unreachable";
    if (answer.kind !== "unreachable") compareClock(answer.serverTime);
  };
  const compareClock = (serverTime: number | null) => {
    if (serverTime === null) return;
    const difference = serverTime - now();
    state = { ...state, clockError: Math.abs(difference) < CLOCK_TOLERANCE_MS ? 0 : difference };
  };
  const contextOf = (used: Api): DeliveryContext => ({ log, api: used, now, onAnswer });

  /** Remembers how an attempt ended, and when the next one is. */
  const endAttempt = (trouble: Trouble | null): Promise<void> => {
    state = { ...state, trouble };
    if (trouble === null) retryTimer.succeeded();
    else if (trouble.kind === "key" || trouble.kind === "no_key") retryTimer.failedWithoutRetry();
    else retryTimer.failed(trouble.kind === "unreachable" ? (trouble.retryAfterMs ?? 0) : 0);
    return countWaiting();
  };
  /** The same after an attempt for a person: if it worked, what else waits is sent now. */
  const endPersonsAttempt = async (trouble: Trouble | null, used: Api) => {
    if (trouble !== null && used === api) return endAttempt(trouble);
    retryTimer.reset();
    state = { ...state, trouble: null };
    void flush();
    await countWaiting();
  };

  const retryTimer = createRetryTimer(parts.after, parts.random, () => void flush());
  const flush = createFlush({
    ...{ log, contextOf, inFlight, inOneTab: parts.inOneTab, mayTry: retryTimer.mayTry },
    api: () => api,
    onProgress: countWaiting,
    onEnd: endAttempt,
  });

  const inTime = <T>(unanswered: T, work: (claim: () => boolean) => Promise<T>) =>
    answerInTime(
      parts,
      unanswered,
      work,
      (error) => void endAttempt({ kind: "storage", detail: String(error) }),
    );
  /** Without a chance to arrive, a scan is not sent, because a scan that was never sent can still be withdrawn. */
  const isWorthATry = () => isReachable || !parts.isOffline();

  const sendNow = async ({ scan, others }: Recorded, isNew: boolean): Promise<KeptScan> => {
    const used = api;
    if (used === undefined || !isWorthATry()) {
      // The timer goes on.
      state = { ...state, trouble: used === undefined ? NO_KEY : NO_NETWORK };
      await countWaiting();
      return scan;
    }
    inFlight.add(scan.scanId);
    return inTime(scan, async (claim) => {
      const watched: Watched = { scanId: scan.scanId, claim, isNew };
      const delivery = await deliverInOrder(contextOf(used), scan, others, watched).finally(() =>
        inFlight.delete(scan.scanId),
      );
      void endPersonsAttempt(delivery.trouble, used);
      return delivery.settled.find(({ scanId }) => scanId === scan.scanId) ?? scan;
    });
  };

  const sendUnstored = async (scan: KeptScan, error: unknown): Promise<KeptScan> => {
    const detail = String(error);
    const used = api;
    const unanswered = notStored(scan, detail);
    const sent =
      used === undefined
        ? unanswered
        : await inTime(unanswered, (claim) => deliverUnstored(contextOf(used), scan, detail, claim));
    await endAttempt({ kind: "storage", detail });
    return sent;
  };

  return {
    async check({ code, place, reward }) {
      const at = now();
      const sentAt = api !== undefined && isWorthATry() ? at : null;
      const { clockError } = state;
      const scan = { scanId: parts.newScanId(), code, place, reward, at, clockError, sentAt };
      let recorded: Recorded;
      try {
        recorded = await log.record(scan);
      } catch (error) {
        return sendUnstored({ ...NEW, ...scan }, error);
      }
      void countWaiting();
      return sendNow(recorded, true);
    },
    async recheck(scan) {
      // A scan that is recorded already stays as it is.
      const recorded = await log.record(scan).catch(() => undefined);
      const kept = recorded?.scan ?? scan;
      if (recorded !== undefined && kept.state.kind === "waiting") return sendNow(recorded, false);
      if (kept.state.kind !== "answered") return kept;
      // The answer came meanwhile.
      const [shown] = await log.answer([kept.state.result], now(), kept.scanId).catch(() => []);
      return shown ?? kept;
    },
    async undo(scan) {
      const { scanId } = scan;
      const kept = await log.withdraw(scanId).catch(() => scan);
      void countWaiting();
      const used = api;
      if (kept?.undo !== "wanted" || used === undefined) return kept ?? scan;
      return inTime(kept, async () => {
        await endPersonsAttempt(await settle(contextOf(used), [kept]), used);
        return (await log.get(scanId)) ?? kept;
      });
    },
    flush,
    compareClock,
    useApi(next) {
      api = next;
      retryTimer.reset();
      update({ trouble: next === undefined ? NO_KEY : null });
      void flush();
    },
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop: () => retryTimer.stop(),
  };
}
