/**
 * A D1 binding whose next reads or writes fail, so that a test sees what clients get when D1 has one of its normal errors. A call
 * fails before or after it takes effect. With "long before", it takes effect only when the next call of its kind arrives.
 */
import { vi } from "vitest";
import { forwarding } from "./counting.ts";

/** D1's own texts of transient errors. */
export const LOST = "D1_ERROR: Network connection lost.";
export const TRANSIENT = [
  LOST,
  "D1_ERROR: D1 DB reset because its code was updated.",
  "D1_ERROR: Internal error in D1 DB storage caused object to be reset.",
  "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
  "D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.",
];
export const OVERLOADED = "D1_ERROR: D1 DB is overloaded. Requests queued for too long.";

export interface Failure {
  /** Which calls fail. A read is a SELECT, or a batch of SELECTs only. */
  readonly of: "reads" | "writes";
  readonly when: "before" | "after" | "long before";
  /** Only calls with such a statement fail. */
  readonly with?: RegExp;
  /** How many calls fail: 1 by default. */
  readonly times?: number;
  readonly message?: string;
}

export interface FailingD1 {
  readonly DB: D1Database;
  /** The calls of that kind, failed or not. */
  calls(): number;
}

const READ = /^\s*select\b/i;

export function failingD1(binding: D1Database, failure: Failure): FailingD1 {
  const { of, when, with: statement = /^/, times = 1, message = LOST } = failure;
  const inner = new WeakMap<D1PreparedStatement, { statement: D1PreparedStatement; sql: string }>();
  let calls = 0;
  let delayed: (() => Promise<unknown>) | undefined;
  async function run<Result>(queries: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const kind = queries.every((sql) => READ.test(sql)) ? "reads" : "writes";
    if (kind !== of || !queries.some((sql) => statement.test(sql))) return work();
    await delayed?.();
    delayed = undefined;
    if (++calls > times) return work();
    if (when === "after") await work();
    if (when === "long before") delayed = work;
    throw new Error(message);
  }
  function wrap(statement: D1PreparedStatement, sql: string): D1PreparedStatement {
    const outer = forwarding(statement, {
      bind: (...values: unknown[]) => wrap(statement.bind(...values), sql),
      run: () => run([sql], () => statement.run()),
      all: () => run([sql], () => statement.all()),
      first: () => run([sql], () => statement.first()),
      raw: () => run([sql], () => statement.raw()),
    });
    inner.set(outer, { statement, sql });
    return outer;
  }
  const DB: D1Database = forwarding(binding, {
    withSession: () => DB,
    prepare: (sql: string) => wrap(binding.prepare(sql), sql),
    batch(statements: D1PreparedStatement[]) {
      const known = statements.map((statement) => {
        const found = inner.get(statement);
        if (found === undefined) throw new Error("a batch of statements that were not prepared here");
        return found;
      });
      const queries = known.map(({ sql }) => sql);
      return run(queries, () => binding.batch(known.map(({ statement }) => statement)));
    },
  });
  return { DB, calls: () => calls };
}

/** The longest pause before a repeat: db/repeat.ts */
const LONGEST_PAUSE_MS = 200;

/** Removes the pauses before repeated statements, until the spy is restored. */
export function withoutPauses() {
  const wait = globalThis.setTimeout;
  const shortened = (run: () => void, ms = 0) => wait(run, ms > LONGEST_PAUSE_MS ? ms : 0);
  return vi.spyOn(globalThis, "setTimeout").mockImplementation(shortened as typeof wait);
}
