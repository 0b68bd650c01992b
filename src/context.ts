/**
 * What a function that writes needs, set once per request (http/context.ts). Functions that only read take plain
 * arguments.
 */
import type { Config } from "./config.ts";
import type { Database } from "./db/client.ts";

export interface Context {
  readonly db: Database;
  readonly bucket: R2Bucket;
  readonly config: Config;
  /** Who acts: the name of a key, never the key. The change log keeps it. */
  readonly actor: string;
  /** Milliseconds. One time for the whole request: when it began, or when its body had arrived (http/body.ts). */
  readonly now: number;
  /** Sends the push job of a change after the answer. Does nothing if there was no change. */
  readonly announce: (change: RecordedChange | undefined) => void;
}

/** A change that phones have to be notified of. */
export interface RecordedChange {
  readonly changeId: number;
  /** Milliseconds. The push job waits until then. */
  readonly pushAt: number;
}
