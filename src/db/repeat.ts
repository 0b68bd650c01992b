/**
 * Repeats statements after a transient error of D1 (d1-errors.ts). It is not known whether such a statement was executed, so
 * only these are repeated:
 *
 * - reads: all of them, by repeating-reads.ts
 * - writes that may run twice, because the second time changes nothing that counts: `repeatable`, and `repeatableBatchOf` of
 *   batch.ts
 * - writes whose own row can be found: `writeOnce`
 *
 * A bare write and a bare batch are never repeated.
 */
import { count } from "../counters.ts";
import { logEvent, loggable } from "../log-events.ts";
import { isTransient, isUniqueViolation } from "./d1-errors.ts";

const MAX_ATTEMPTS = 3;
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 200;

/** What is repeated, for the log: never its text, and never its values. */
export type StatementKind = "read" | "write" | "batch";

/** Errors after the last attempt. A write that contains such a read does not begin again. */
const final = new WeakSet<object>();

/**
 * Runs something again after a transient error, three times at most. The pauses are random, because many
 * requests fail at the same moment.
 * @param run gets whether an earlier attempt may have taken effect
 * @throws the error of the last attempt
 */
export async function repeat<Result>(
  statement: StatementKind,
  run: (isRepeat: boolean) => PromiseLike<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(attempt > 1);
    } catch (error) {
      const inner = loggable(error);
      if (!isTransient(error) || !(inner instanceof Error) || final.has(inner)) throw error;
      if (attempt >= MAX_ATTEMPTS) {
        final.add(inner);
        throw error;
      }
      count("d1_repeat");
      logEvent("d1_repeated", { statement, attempt, error });
      await pause();
    }
  }
}

/** A write that may run twice. @param write makes the statement; each attempt makes its own */
export function repeatable<Result>(write: () => PromiseLike<Result>): Promise<Result> {
  return repeat("write", write);
}

/**
 * A write that must not run twice. Before a repeat, it looks for the row of an earlier attempt whose answer was lost. It
 * looks once more if the repeat violates a unique index: D1 may execute the earlier attempt after the first look.
 * @param findWritten what the write returns, read from the rows; undefined if it was not executed
 */
export function writeOnce<Result>(
  write: () => PromiseLike<Result>,
  findWritten: () => PromiseLike<Result | undefined>,
): Promise<Result> {
  return repeat("write", async (isRepeat) => {
    if (!isRepeat) return write();
    const written = await findWritten();
    if (written !== undefined) return written;
    try {
      return await write();
    } catch (error) {
      const writtenLate = isUniqueViolation(error) ? await findWritten() : undefined;
      if (writtenLate === undefined) throw error;
      return writtenLate;
    }
  });
}

function pause(): Promise<void> {
  const milliseconds = SHORTEST_PAUSE_MS + Math.random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS);
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
