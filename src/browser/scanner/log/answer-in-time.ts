/**
 * How long a person waits for an answer. Afterwards they see that there is none, while the request goes on: its answer counts all
 * the same, but the person has not seen it.
 */
import type { Clock } from "./clock.ts";

const IN_TIME_MS = 4000;

/**
 * Runs `work` while a person waits.
 * @param unanswered what the person gets after 4 s, or if `work` fails
 * @param work it calls `claim` once, when the answer has arrived. Then the person waits until `work` has ended, unless it is
 *   too late: `claim` returns false. So the log never says that the person saw an answer that they did not see
 */
export function answerInTime<T>(
  { after }: Pick<Clock, "after">,
  unanswered: T,
  work: (claim: () => boolean) => Promise<T>,
  onFailure: (error: unknown) => void,
): Promise<T> {
  return new Promise((resolve) => {
    let phase: "asking" | "answered" | "late" = "asking";
    const cancel = after(IN_TIME_MS, () => {
      if (phase === "answered") return;
      phase = "late";
      resolve(unanswered);
    });
    const claim = () => {
      if (phase === "asking") phase = "answered";
      return phase === "answered";
    };
    const finish = (result: T) => {
      cancel();
      resolve(result);
    };
    work(claim).then(finish, (error: unknown) => {
      onFailure(error);
      finish(unanswered);
    });
  });
}
