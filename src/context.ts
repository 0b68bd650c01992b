/**
 * What a function of a request needs, set once (http/context.ts). A function that writes takes it first; one that serves
 * passes takes its reading part; other functions that only read take plain arguments.
 */
import type { Config } from "./config.ts";
import type { Database } from "./db/client.ts";

export interface Context {
  readonly db: Database;
  readonly bucket: R2Bucket;
  readonly config: Config;
  /** The actor: the name of a key, never the key itself. It is stored in the change log. */
  readonly actor: string;
  /** Milliseconds. One time for the whole request: when it began, or when its body had arrived (http/body.ts). */
  readonly now: number;
  /** Sends the push job of a change after the response. Does nothing if there was no change. */
  readonly announce: (change: RecordedChange | undefined) => void;
}

/** The part of it that serving a pass needs: rows, files, secrets and the time. */
export type ReadContext = Pick<Context, "db" | "bucket" | "config" | "now">;

/** A change that phones have to be notified of. */
export interface RecordedChange {
  readonly changeId: number;
  /** Milliseconds. The push job waits until then. */
  readonly pushAt: number;
}
