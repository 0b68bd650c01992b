/**
 * What the functions of a request need, set once (http/context.ts). A function that writes takes the whole Context as its
 * first argument; one that serves passes takes a ReadContext; other functions that only read take plain arguments.
 */
import type { Config } from "./config.ts";
import type { Database } from "./db/client.ts";
import type { KeyedRequest } from "./db/requests.ts";
import type { PrincipalKey, Role, Scope } from "./keys/principal.ts";

export interface Context {
  readonly db: Database;
  readonly bucket: R2Bucket;
  readonly config: Config;
  /** The actor: the name of a key, never the key itself. It is stored in the change log. */
  readonly actor: string;
  /** The role of the key. Undefined for a request without one. */
  readonly role: Role | undefined;
  /** What the key can reach. Undefined if it can reach everything, and for a request without a key. */
  readonly scope: Scope | undefined;
  /** The name and the expiry of the key. Undefined for the ADMIN_TOKEN, and for a request without a key. */
  readonly key: PrincipalKey | undefined;
  /** Milliseconds. One time for the whole request: when it began, or when its body had arrived (http/body.ts). */
  readonly now: number;
  /** A random number of the request. Its writes leave it in their rows, so that it recognizes them (db/revisions.ts). */
  readonly writeId: number;
  /** The Idempotency-Key of the request. Undefined without one: then its effect is not marked (db/requests.ts). */
  readonly request?: KeyedRequest | undefined;
  /**
   * Sends the push job of a change after the response, or marks the change as dispatched if phones do not show it. Does
   * nothing if there was no change.
   */
  readonly announce: (change: RecordedChange | undefined) => void;
  /** The same for many changes that phones show. */
  readonly announceAll: (changes: readonly RecordedChange[]) => void;
}

/** The part of a Context that serving a pass needs: rows, files, secrets and the time. */
export type ReadContext = Pick<Context, "db" | "bucket" | "config" | "now">;

/** A change that phones have to be notified of. */
export interface RecordedChange {
  readonly changeId: number;
  /** Milliseconds. The push job waits until then. */
  readonly pushAt: number;
  /** Set if phones do not show the change. Then they need no push (changes/visible.ts). */
  readonly invisible?: InvisibleChange;
}

/** The target of a change that phones do not show. */
export interface InvisibleChange {
  readonly kind: "pass" | "template" | "event";
  readonly id: number;
  /** Milliseconds: the target's pushAt before the change. */
  readonly pushAtBefore: number;
}
