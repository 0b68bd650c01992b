/**
 * A stand-in APNs for many pushes: HTTP/1.1, as the local Worker sends it. Each response is delayed for a fixed time,
 * as by the network to Apple, and pushes are counted per token. It stores nothing else. apple/apns-rules.ts judges
 * one push of each kind; pushes of one kind differ only in the token, which has to belong to one of the phones.
 */
import { createPublicKey } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { exportJWK, importJWK } from "jose";
import {
  type ApnsAccounts,
  type ApnsAnswer,
  type ApnsVerdict,
  answerAboutToken,
  answerBody,
  answerWith,
  judge,
} from "../../apple/apns-rules.ts";
import { closeHttp, listen } from "../../apple/listen.ts";

export interface LoadApns {
  /** http://127.0.0.1:port */
  readonly origin: string;
  /**
   * Registers the key that provider tokens are signed with.
   * @param privateKey PEM; only the public half is stored
   */
  registerKey(key: { keyId: string; teamIdentifier: string; privateKey: string }): Promise<void>;
  registerTopic(topic: { topic: string; teamIdentifier: string }): void;
  /** From now on, these phones should be pushed. */
  expect(pushTokens: readonly string[]): void;
  readonly seen: Pushes;
  close(): Promise<void>;
}

/** Times are those of performance.now(). */
export interface Pushes {
  /** Pushes so far by token. */
  readonly byToken: ReadonlyMap<string, number>;
  /** Tokens that were pushed at least once. */
  reached: number;
  /** Pushes after the first one of each token. */
  duplicates: number;
  /** The faults of other pushes, and how many pushes had each. */
  readonly faults: ReadonlyMap<string, number>;
  firstAt: number;
  /** When the last push was answered. */
  lastAt: number;
  /** Milliseconds from the arrival of a push to its response, summed over all pushes. */
  heldMs: number;
  answered: number;
  /** The maximum number of pushes that waited for their responses at the same time. */
  mostAtOnce: number;
}

/** @param latency milliseconds that each response takes */
export async function startLoadApns(latency: number): Promise<LoadApns> {
  const accounts: ApnsAccounts = { keys: new Map(), topics: new Map(), providerTokens: new Map() };
  const byToken = new Map<string, number>();
  const faults = new Map<string, number>();
  const judged = new Map<string, Promise<Pick<ApnsVerdict, "refusal" | "complaints">>>();
  const zero = { reached: 0, duplicates: 0, firstAt: 0, lastAt: 0, heldMs: 0, answered: 0, mostAtOnce: 0 };
  const seen: Pushes = { byToken, faults, ...zero };
  let waiting = 0;

  /** The rules for all but the token, applied once to each kind of request. */
  function judgeOnce(request: IncomingMessage, body: string) {
    const { authorization, "content-type": contentType } = request.headers;
    const apns = ["apns-topic", "apns-push-type", "apns-priority"].map((name) => request.headers[name]);
    const kind = JSON.stringify([request.method, authorization, contentType, ...apns, body]);
    const known = judged.get(kind);
    if (known !== undefined) return known;
    const headers = Object.entries(request.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value) => [name, value] as const),
    );
    const asked = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers,
      body: Buffer.from(body),
    };
    const verdict = judge(asked, accounts, Date.now());
    judged.set(kind, verdict);
    return verdict;
  }

  /** Counts a push. A token that no phone has is unknown. */
  function count(pushToken: string): ApnsAnswer {
    const times = byToken.get(pushToken);
    if (times === undefined) return answerAboutToken("unknown");
    byToken.set(pushToken, times + 1);
    if (times === 0) seen.reached += 1;
    else seen.duplicates += 1;
    return answerAboutToken("active");
  }

  const server = createServer(async (request, response) => {
    const arrivedAt = performance.now();
    if (seen.firstAt === 0) seen.firstAt = arrivedAt;
    waiting += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, waiting);
    const { refusal, complaints } = await judgeOnce(request, await text(request));
    const pushToken = request.url?.split("/").at(-1) ?? "";
    const answer = refusal === undefined ? count(pushToken) : answerWith(refusal);
    const fault = answer.reason ?? complaints[0];
    if (fault !== undefined) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    setTimeout(
      () => {
        waiting -= 1;
        seen.lastAt = performance.now();
        seen.heldMs += seen.lastAt - arrivedAt;
        seen.answered += 1;
        response.writeHead(answer.status).end(answerBody(answer, Date.now()));
      },
      Math.max(0, arrivedAt + latency - performance.now()),
    );
  });
  // An idle connection between two batches must not be closed just before the next push.
  server.keepAliveTimeout = 60_000;
  const port = await listen(server, 0);
  return {
    origin: `http://127.0.0.1:${port}`,
    async registerKey({ keyId, teamIdentifier, privateKey }) {
      const publicKey = await importJWK(await exportJWK(createPublicKey(privateKey)), "ES256");
      if (publicKey instanceof Uint8Array) throw new Error("the APNs key is not an asymmetric one");
      accounts.keys.set(keyId, { teamIdentifier, publicKey });
    },
    registerTopic({ topic, teamIdentifier }) {
      accounts.topics.set(topic, teamIdentifier);
    },
    expect(pushTokens) {
      for (const pushToken of pushTokens) byToken.set(pushToken, 0);
    },
    seen,
    close: () => closeHttp(server),
  };
}
