/**
 * A stand-in for Apple's push service. Like Apple's, it supports only HTTP/2 over TLS. apns-rules.ts decides about a
 * request and apns-faults.ts has the faults; this file has the connections, the responses and the history. It delivers
 * nothing: a push is only a line in the history, and tests that need a phone read that.
 *
 * Follows "Sending notification requests to APNs" in Apple's User Notifications documentation, and RFC 9113.
 */
import { once } from "node:events";
import { constants, createSecureServer, type Http2Session, type ServerHttp2Stream } from "node:http2";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { importJWK, type JWK, type JWTPayload, type ProtectedHeaderParameters } from "jose";
import { type ApnsFault, createFaultBook } from "./apns-faults.ts";
import { ACCEPTED, type ApnsAccounts, answerBody, answerWith, GATEWAY_PAGE, judge } from "./apns-rules.ts";
import { listen } from "./listen.ts";
import { createTlsIdentity } from "./tls-identity.ts";

/** One request, with its verdict on arrival. */
export interface ApnsHistoryEntry {
  /** Milliseconds. */
  at: number;
  token: string;
  topic: string | undefined;
  /** 0 if a fault prevented a response. */
  status: number;
  reason: string | undefined;
  /** Without the authorization header. Its content is in `jwtHeader` and `jwtClaims` if it could be read. */
  headers: Record<string, string>;
  jwtHeader: ProtectedHeaderParameters | undefined;
  jwtClaims: JWTPayload | undefined;
  complaints: string[];
}

export interface StandInApns {
  /** https://127.0.0.1:port */
  origin: string;
  /** The certificate that a client must trust. */
  certificatePem: string;
  /** Registers the public half of a provider token key (P-256). */
  registerKey(key: { keyId: string; teamIdentifier: string; publicKeyJwk: JWK }): Promise<void>;
  /** As soon as one topic is registered, topics that are not registered are refused. */
  registerTopic(topic: { topic: string; teamIdentifier: string }): void;
  /** Makes requests for this token, or for all tokens ("*"), fail. */
  fault(tokenOrAll: string, fault: ApnsFault): void;
  /** The requests so far, oldest first; those for one token if it is given. */
  history(token?: string): ApnsHistoryEntry[];
  /** Removes history, faults and stored provider tokens. Keys and topics stay. */
  reset(): void;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/** Starts the server on 127.0.0.1. Default: any free port. */
export async function startApns({ port = 0 }: { port?: number } = {}): Promise<StandInApns> {
  const accounts: ApnsAccounts = { keys: new Map(), topics: new Map(), providerTokens: new Map() };
  const faults = createFaultBook();
  const history: ApnsHistoryEntry[] = [];

  const { certificatePem, privateKeyPem } = await createTlsIdentity();
  const server = createSecureServer({ cert: certificatePem, key: privateKeyPem });
  const sessions = new Set<Http2Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("stream", (stream, _headers, _flags, rawHeaders) => {
      // A client that gives up closes its own stream, so nobody waits for a response.
      stream.on("error", () => {});
      serve(stream, rawHeaders).catch((error: unknown) => {
        if (!stream.destroyed) console.error("The stand-in APNs failed:", error);
        stream.destroy();
      });
    });
  });
  // A client that did not negotiate h2 gets no response.
  server.on("unknownProtocol", (socket) => socket.destroy());

  async function serve(stream: ServerHttp2Stream, rawHeaders: string[]): Promise<void> {
    const pairs = toPairs(rawHeaders);
    const pseudo = new Map(pairs.filter(([name]) => name.startsWith(":")));
    const headers = pairs.filter(([name]) => !name.startsWith(":"));
    const request = {
      method: pseudo.get(":method") ?? "",
      path: pseudo.get(":path") ?? "",
      headers,
      body: await buffer(stream),
    };

    const at = Date.now();
    const { refusal, token, jwtHeader, jwtClaims, complaints } = await judge(request, accounts, at);
    const fault: ApnsFault = refusal ? answerWith(refusal) : (faults.take(token) ?? ACCEPTED);
    const shown = Object.fromEntries(headers.filter(([name]) => name !== "authorization"));
    history.push({
      at,
      token,
      topic: shown["apns-topic"],
      status: "status" in fault ? fault.status : 0,
      reason: "reason" in fault ? fault.reason : undefined,
      headers: shown,
      jwtHeader,
      jwtClaims,
      complaints,
    });
    await answer(stream, shown["apns-id"] ?? crypto.randomUUID(), fault);
  }

  const origin = `https://127.0.0.1:${await listen(server, port)}`;
  return {
    origin,
    certificatePem,
    async registerKey({ keyId, teamIdentifier, publicKeyJwk }) {
      const publicKey = await importJWK(publicKeyJwk, "ES256");
      if (!(publicKey instanceof CryptoKey)) throw new Error("A provider token key is a P-256 key.");
      accounts.keys.set(keyId, { teamIdentifier, publicKey });
    },
    registerTopic({ topic, teamIdentifier }) {
      accounts.topics.set(topic, teamIdentifier);
    },
    fault: faults.set,
    history: (token) => history.filter((entry) => token === undefined || entry.token === token),
    reset() {
      history.length = 0;
      faults.clear();
      accounts.providerTokens.clear();
    },
    async close() {
      server.close();
      for (const session of sessions) session.destroy();
      await once(server, "close");
    },
  };
}

/** Sends the response that the fault describes; this may also be a plain 200. */
async function answer(stream: ServerHttp2Stream, apnsId: string, fault: ApnsFault): Promise<void> {
  if (fault.delayMs !== undefined) {
    const gone = new AbortController();
    stream.once("close", () => gone.abort());
    await pause(fault.delayMs, undefined, { signal: gone.signal });
  }
  if (stream.destroyed) return;

  switch (fault.mode) {
    case "hang":
      return;
    case "reset":
      stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      return;
    case "html":
      stream.respond({ ":status": fault.status, "content-type": "text/html", ...fault.headers });
      stream.end(GATEWAY_PAGE);
      return;
    case "answer":
    case undefined:
      stream.respond({ ":status": fault.status, "apns-id": apnsId, ...fault.headers });
      stream.end(answerBody(fault, Date.now()));
  }
}

/** Converts Node's flat list of names and values to pairs. */
function toPairs(rawHeaders: readonly string[]): [name: string, value: string][] {
  const pairs: [name: string, value: string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    pairs.push([(rawHeaders[at] ?? "").toLowerCase(), rawHeaders[at + 1] ?? ""]);
  }
  return pairs;
}
