/**
 * APNs for a campaign: it accepts every push of a phone that is registered, after a fixed time, and the phone gets it.
 * It counts pushes by token and the pushes that wait for their answers at the same time. apple/apns-rules.ts judges the
 * requests.
 */
import {
  answerAboutToken,
  answerWith,
  judgeUnsigned,
  toApnsRequest,
  toResponse,
} from "../../apple/apns-rules.ts";
import type { Schedule } from "../model/schedule.ts";

export interface CampaignApns {
  /** The Worker's fetch. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Tokens that were pushed at least once. */
  readonly reached: ReadonlySet<string>;
  /** Pushes after the first one of each token. */
  readonly duplicates: number;
  /** The maximum number of pushes that waited for their answers at the same time. */
  readonly mostAtOnce: number;
}

/**
 * @param latency milliseconds from the request to the response
 * @param onPush called when a push is answered for the first time, with its token; false if no phone has the token
 */
export function createApns(
  schedule: Schedule,
  latency: number,
  onPush: (pushToken: string) => boolean,
): CampaignApns {
  const reached = new Set<string>();
  let waiting = 0;
  let mostAtOnce = 0;
  let duplicates = 0;

  function answer(url: string, init: RequestInit) {
    const { refusal, token, complaints } = judgeUnsigned(toApnsRequest(url, init));
    if (refusal !== undefined) return answerWith(refusal);
    if (complaints.length > 0) throw new Error(`APNs complains: ${complaints.join(" ")}`);
    if (reached.has(token)) duplicates++;
    else if (onPush(token)) reached.add(token);
    else return answerAboutToken("unknown");
    return answerAboutToken("active");
  }

  return {
    async fetch(url, init) {
      mostAtOnce = Math.max(mostAtOnce, ++waiting);
      await schedule.sleep(latency, "APNs answers");
      waiting--;
      return toResponse(answer(url, init), schedule.now);
    },
    reached,
    get duplicates() {
      return duplicates;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
  };
}
