/**
 * The control API of the stand-in Apple, as functions for tests and tools that can only fetch, such as a test inside
 * the Workers runtime. server.ts implements it.
 */
import type { JWK } from "jose";
import type { ApnsHistoryEntry } from "./apns.ts";
import type { ApnsFault } from "./apns-faults.ts";
import type { IssueOptions } from "./ca.ts";
import type { SecondOpinion } from "./inspect.ts";

/** A provider token key as the developer downloads it: the text of the .p8 file, with its id and team. */
export interface ProviderTokenKey {
  keyId: string;
  teamIdentifier: string;
  /** PKCS #8 PEM. */
  privateKey: string;
}

export interface AppleControl {
  /** Answers a certificate request (PEM) with a pass certificate (PEM). */
  issue(request: IssueOptions & { csr: string }): Promise<{ pem: string }>;
  /** Creates and registers a provider token key. */
  makeKey(key: { keyId: string; teamIdentifier: string }): Promise<ProviderTokenKey>;
  /** Registers the public half of a provider token key that the caller has. */
  registerKey(key: { keyId: string; teamIdentifier: string; publicKeyJwk: JWK }): Promise<void>;
  /** As soon as one topic is registered, topics that are not registered are refused. */
  registerTopic(topic: { topic: string; teamIdentifier: string }): Promise<void>;
  /** Makes pushes to this token, or to all tokens ("*"), fail. */
  fault(token: string, fault: ApnsFault): Promise<void>;
  /** The pushes so far, oldest first; those to one token if it is given. */
  history(token?: string): Promise<ApnsHistoryEntry[]>;
  /** Removes history, faults and stored provider tokens. Keys and topics stay. */
  reset(): Promise<void>;
  /** The results of `unzip` and `openssl` for a pass. */
  inspect(pkpass: Uint8Array): Promise<SecondOpinion>;
  /** The root that the stand-in certificates chain up to. */
  rootPem(): Promise<string>;
}

/**
 * `origin` is the origin of the control server. Every function throws, with the server's message, for a status other
 * than 2xx.
 */
export function appleControl(origin: string): AppleControl {
  async function call(path: string, init?: RequestInit): Promise<Response> {
    const response = await fetch(origin + path, init);
    if (!response.ok) {
      throw new Error(`The stand-in Apple refused ${path} (${response.status}): ${await response.text()}`);
    }
    return response;
  }

  async function post<Answer>(path: string, body: unknown): Promise<Answer> {
    const headers = { "content-type": "application/json" };
    const response = await call(path, { method: "POST", headers, body: JSON.stringify(body) });
    return response.json();
  }

  return {
    issue: (request) => post("/control/issue", request),
    makeKey: (key) => post("/control/keys", key),
    registerKey: (key) => post("/control/keys", key),
    registerTopic: (topic) => post("/control/topics", topic),
    fault: (token, fault) => post("/control/faults", { token, ...fault }),
    async history(token) {
      const query = token === undefined ? "" : `?${new URLSearchParams({ token })}`;
      const response = await call(`/control/history${query}`);
      const { items }: { items: ApnsHistoryEntry[] } = await response.json();
      return items;
    },
    reset: () => post("/control/reset", {}),
    inspect: async (pkpass) => (await call("/control/inspect", { method: "POST", body: pkpass })).json(),
    rootPem: async () => (await call("/root.pem")).text(),
  };
}
