/**
 * The control API of the stand-in Google, as functions for tests and tools that can only fetch, such as a test inside the Workers
 * runtime. control-routes.ts implements it.
 *
 * All test files share one stand-in, so a test makes an issuer and an account of its own, and asks for the history of these.
 */
import type { NewIssuer, NewServiceAccount, ServiceAccountKey } from "./accounts.ts";
import type { CallbackEvent, SignedCallback } from "./callbacks.ts";
import type { GoogleFault } from "./faults.ts";
import type { HistoryEntry, HistoryFilter } from "./history.ts";
import type { JsonMembers } from "./shapes.ts";

/** The classes and objects of an issuer as they are stored. An object also has `users`: how often it was saved. */
export interface StoredResources {
  readonly classes: readonly (JsonMembers & { readonly type: string })[];
  readonly objects: readonly (JsonMembers & { readonly type: string; readonly users: number })[];
}

export interface GoogleControl {
  registerIssuer(issuer?: NewIssuer): Promise<{ issuerId: string }>;
  /** A service account with its first key, and the project if it does not exist. */
  createServiceAccount(account?: NewServiceAccount): Promise<ServiceAccountKey>;
  /** Both of these: an issuer, and the key of an account that is invited to it. */
  makeIssuer(issuer?: NewIssuer): Promise<{ issuerId: string; key: ServiceAccountKey }>;
  /** A further key of an account. */
  createKey(email: string): Promise<ServiceAccountKey>;
  deleteKey(key: Pick<ServiceAccountKey, "client_email" | "private_key_id">): Promise<void>;
  /** `refusesMessages`: an eleventh message is refused, in place of keeping the last ten. */
  changeIssuer(
    issuerId: string,
    change: { name?: string; demoMode?: boolean; refusesMessages?: boolean },
  ): Promise<void>;
  /** Enables or disables the Google Wallet API, or sets another limit than 20 requests a second. */
  changeProject(
    projectId: string,
    change: { apiEnabled?: boolean; requestsPerSecond?: number },
  ): Promise<void>;
  invite(issuerId: string, email: string): Promise<void>;
  uninvite(issuerId: string, email: string): Promise<void>;
  /** The access tokens of the account are not accepted any more. */
  expireTokens(email: string): Promise<void>;
  fault(fault: GoogleFault): Promise<void>;
  /** The calls so far, oldest first. */
  history(filter?: HistoryFilter): Promise<HistoryEntry[]>;
  /** How many calls of each kind came: `{ token: 1, "class.insert": 1 }`. */
  counts(filter?: HistoryFilter): Promise<Record<string, number>>;
  stored(issuerId: string): Promise<StoredResources>;
  /** A visitor removes the object from the wallet. It still exists. */
  remove(objectId: string): Promise<void>;
  /** The body of a callback. Without a callbackUrl (server.ts), the stand-in sends none by itself. */
  signCallback(event: CallbackEvent): Promise<SignedCallback>;
  /** Removes history, faults, classes and objects, of all issuers. Issuers and accounts stay. */
  reset(): Promise<void>;
}

/** `origin` is the stand-in's. Every function throws, with the server's message, for a status other than 2xx. */
export function googleControl(origin: string): GoogleControl {
  async function read<Answer>(path: string, init?: RequestInit): Promise<Answer> {
    const response = await fetch(origin + path, init);
    if (!response.ok) {
      throw new Error(`The stand-in Google refused ${path} (${response.status}): ${await response.text()}`);
    }
    return response.json();
  }

  function post<Answer>(path: string, body: unknown): Promise<Answer> {
    const headers = { "content-type": "application/json" };
    return read(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  function query(filter: HistoryFilter): string {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    return new URLSearchParams(given).toString();
  }

  return {
    registerIssuer: (issuer = {}) => post("/control/issuers", issuer),
    createServiceAccount: (account = {}) => post("/control/accounts", account),
    async makeIssuer(issuer) {
      const { issuerId } = await this.registerIssuer(issuer);
      return { issuerId, key: await this.createServiceAccount({ invitedTo: [issuerId] }) };
    },
    createKey: (email) => post("/control/keys", { email }),
    deleteKey: ({ client_email, private_key_id }) =>
      post("/control/keys/delete", { email: client_email, privateKeyId: private_key_id }),
    changeIssuer: (issuerId, change) => post("/control/issuers/change", { issuerId, ...change }),
    changeProject: (projectId, change) => post("/control/projects/change", { projectId, ...change }),
    invite: (issuerId, email) => post("/control/invite", { issuerId, email }),
    uninvite: (issuerId, email) => post("/control/uninvite", { issuerId, email }),
    expireTokens: (email) => post("/control/tokens/expire", { email }),
    fault: (fault) => post("/control/faults", fault),
    async history(filter = {}) {
      const { items } = await read<{ items: HistoryEntry[] }>(`/control/history?${query(filter)}`);
      return items;
    },
    counts: (filter = {}) => read(`/control/counts?${query(filter)}`),
    stored: (issuerId) => read(`/control/stored?${new URLSearchParams({ issuerId })}`),
    remove: (objectId) => post("/control/remove", { objectId }),
    signCallback: (event) => post("/control/callbacks", event),
    reset: () => post("/control/reset", {}),
  };
}
