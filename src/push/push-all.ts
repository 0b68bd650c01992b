/**
 * Pushes the tokens of one message over the connections that all messages of a batch share.
 */
import type { WithConnection } from "../connections.ts";
import { count } from "../counters.ts";
import type { Breaker } from "./breaker.ts";
import type { TokenVerdict } from "./outcomes.ts";
import type { Verdict } from "./verdict.ts";

/** The state that all messages of a batch share. */
export interface BatchState {
  readonly now: () => number;
  /** Milliseconds: no push of this batch starts at or after this time. */
  readonly startUntil: number;
  /** One of the connections that all messages of a batch share. */
  readonly withConnection: WithConnection;
  /** Whether the operator has paused all pushes. The result may be a few seconds old. */
  readonly isPaused: () => Promise<boolean>;
  /** Ends the batch early if APNs does not answer. */
  readonly breaker: Breaker;
  /** The pushes of this batch so far, by `passTypeIdentifier token`, and whether each was delivered. */
  readonly inFlight: Map<string, Promise<boolean>>;
}

/**
 * Pushes each token as long as pushes may start; a pause takes effect within seconds. If another message of the batch
 * is already pushing a token, the token is pushed again only if that push fails. A successful push also covers this
 * change, which was made before the batch started. If APNs has stopped answering, the remaining tokens get the verdict of
 * the last push without being pushed.
 * @returns the verdict of each token, and the tokens that were not pushed because of the time limit or a pause
 */
export async function pushAll(
  { inFlight, withConnection, startUntil, now, isPaused, breaker }: BatchState,
  passTypeIdentifier: string,
  tokens: readonly string[],
  push: (token: string) => Promise<Verdict>,
): Promise<{ verdicts: TokenVerdict[]; notStarted: string[] }> {
  const verdicts: TokenVerdict[] = [];
  const notStarted: string[] = [];
  async function pushOne(pushToken: string): Promise<boolean> {
    return withConnection(async () => {
      const isLate = now() >= startUntil;
      const broken = breaker.verdict(isLate);
      if (broken !== undefined) {
        verdicts.push({ pushToken, verdict: broken });
        return false;
      }
      if (isLate || (await isPaused())) {
        notStarted.push(pushToken);
        return false;
      }
      const verdict = await push(pushToken);
      breaker.record(verdict);
      verdicts.push({ pushToken, verdict });
      count("push", verdict.outcome);
      return verdict.outcome === "sent";
    });
  }
  const all = tokens.map((pushToken) => {
    const key = `${passTypeIdentifier} ${pushToken}`;
    const other = inFlight.get(key);
    const own = (async () => (other !== undefined && (await other)) || pushOne(pushToken))();
    inFlight.set(
      key,
      own.catch(() => false),
    );
    return own;
  });
  await Promise.all(all);
  return { verdicts, notStarted };
}
