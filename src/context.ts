/**
 * The context that functions that write need. It is set once per request (http/context.ts). Functions that only read
 * take plain arguments.
 */
import type { Config } from "./config.ts";
import type { Database } from "./db/client.ts";

export interface Context {
  readonly db: Database;
  readonly bucket: R2Bucket;
  readonly config: Config;
  /** The actor: the name of a key, never the key itself. It is stored in the change log. */
  readonly actor: string;
  /** Milliseconds. One time for the whole request. */
  readonly now: number;
  /** Sends the push job of a change after the response. Does nothing if there was no change. */
  readonly announce: (change: RecordedChange | undefined) => void;
}

/** A change that phones have to be notified of. */
export interface RecordedChange {
  readonly changeId: number;
  /** Milliseconds. The push job waits until then. */
  readonly pushAt: number;
}
