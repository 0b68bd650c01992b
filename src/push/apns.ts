/**
 * One push to APNs, as Wallet wants it: an empty JSON dictionary, to the topic that is the pass type, on the production
 * host. Never a token of the sandbox: Wallet has none.
 *
 * Plain fetch: on Cloudflare's edge it speaks HTTP/2 with APNs. The local runtime speaks HTTP/1.1 only, and is pointed
 * at a bridge. Follows Apple's "Sending notification requests to APNs".
 */
import { type Verdict, verdictOf } from "./verdict.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ApnsRequest {
  readonly origin: string;
  readonly providerToken: string;
  /** The passTypeIdentifier. */
  readonly topic: string;
  readonly pushToken: string;
  /** Milliseconds: until when APNs keeps it for a phone that is off. */
  readonly expiresAt: number;
}

const TIMEOUT_MS = 10_000;
/** APNs' own answers are small; more than this is somebody else's. */
const MAX_BODY_CHARACTERS = 4096;

/** One push and what its answer means. Never throws: a connection that fails is a verdict too. */
export async function pushOnce(request: ApnsRequest, fetch: Fetch): Promise<Verdict> {
  // AbortSignal.timeout would keep the invocation open until it fires, also after an answer.
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(`${request.origin}/3/device/${encodeURIComponent(request.pushToken)}`, {
      method: "POST",
      headers: {
        authorization: `bearer ${request.providerToken}`,
        "apns-topic": request.topic,
        "apns-push-type": "background",
        "apns-priority": "5", // what Apple demands of background pushes
        "apns-expiration": String(Math.floor(request.expiresAt / 1000)),
        "content-type": "application/json",
      },
      body: "{}",
      redirect: "manual", // workerd knows no "error", and a followed POST would become a GET
      signal: abort.signal,
    });
    const body = (await response.text()).slice(0, MAX_BODY_CHARACTERS);
    return verdictOf(response.status, body, response.headers.get("retry-after"));
  } catch (error) {
    // Reset, refused, timed out: APNs may or may not have it, and a second push does no harm.
    const reason = abort.signal.aborted ? "no answer in time" : "no connection";
    return { outcome: "retry", reason, afterSeconds: undefined, detail: messageOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 100);
}
