/** What the calls of the stand-in Google have in common: a request, the state, and what is to be done. */
import type { Accounts } from "./accounts.ts";
import type { Json } from "./shapes.ts";
import type { Store } from "./store.ts";

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** The parsed JSON; undefined if there is no body. */
  readonly body: Json;
}

export interface Plan {
  readonly issuerId?: string | undefined;
  /** The JSON of the answer. @throws GoogleRefusal */
  run(): unknown;
}

export interface World {
  /** The stand-in's own address, of which the links of /jwt are. */
  readonly origin: string;
  readonly accounts: Accounts;
  readonly store: Store;
  /** The JWTs of the links that /jwt has answered, by the last part of their paths. */
  readonly links: Map<string, string>;
  now(): number;
}
