/**
 * One push to APNs, as Wallet expects it: an empty JSON dictionary, with the pass type as topic, to the production host.
 * Wallet has no tokens of the sandbox.
 *
 * Plain fetch: on Cloudflare's edge it uses HTTP/2 with APNs. The local runtime supports only HTTP/1.1, so it is
 * configured to use a bridge. Follows Apple's "Sending notification requests to APNs".
 */
import { DAY_MS } from "../durations.ts";
import { NO_ANSWER, NO_CONNECTION, toVerdict, type Verdict } from "./verdict.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ApnsRequest {
  readonly origin: string;
  readonly providerToken: string;
  /** The passTypeIdentifier. */
  readonly topic: string;
  readonly pushToken: string;
  /** Milliseconds. */
  readonly startedAt: number;
}

/**
 * How long APNs stores a push for a phone that is off. When the phone is on again, APNs delivers only the newest push
 * (Apple's "Viewing the status of push notifications using Metrics and APNs"). After a 200, this phone is not pushed
 * again until the next change, so a push that expires earlier would be a lost update.
 */
const EXPIRES_AFTER_MS = 30 * DAY_MS;

const TIMEOUT_MS = 10_000;
/** APNs' own responses are small; a longer body is not from APNs. */
const MAX_BODY_CHARACTERS = 4096;

export interface ApnsResponse {
  /** The HTTP status; null if there was no response. */
  readonly status: number | null;
  readonly verdict: Verdict;
}

/** Sends one push and interprets the response. Never throws: a failed connection is a verdict too. */
export async function pushOnce(request: ApnsRequest, fetch: Fetch): Promise<ApnsResponse> {
  // AbortSignal.timeout would keep the invocation open until it fires, also after a response.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(`${request.origin}/3/device/${encodeURIComponent(request.pushToken)}`, {
      method: "POST",
      headers: {
        authorization: `bearer ${request.providerToken}`,
        "apns-topic": request.topic,
        "apns-push-type": "background",
        "apns-priority": "5", // required by Apple for background pushes
        "apns-expiration": String(Math.floor((request.startedAt + EXPIRES_AFTER_MS) / 1000)),
        "content-type": "application/json",
      },
      body: "{}",
      redirect: "manual", // workerd does not support "error", and "follow" would turn the POST into a GET
      signal: abort.signal,
    });
    const body = (await response.text()).slice(0, MAX_BODY_CHARACTERS);
    const { status } = response;
    return { status, verdict: toVerdict(status, body, response.headers.get("retry-after")) };
  } catch (error) {
    // Reset, refused or timed out: APNs may have received the push, but a second one does no harm.
    const reason = abort.signal.aborted ? NO_ANSWER : NO_CONNECTION;
    const verdict = { outcome: "retry", reason, afterSeconds: undefined, detail: messageOf(error) } as const;
    return { status: null, verdict };
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 100);
}
