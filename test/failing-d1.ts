/**
 * A D1 binding that fails: its next calls, of reads or of writes, before or after they take effect. So that a test sees what
 * clients get when D1 has one of its normal errors.
 */
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
  /** A read is a SELECT, or a batch of nothing else. */
  readonly of: "reads" | "writes";
  readonly when: "before" | "after";
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
  const { of, when, times = 1, message = LOST } = failure;
  const inner = new WeakMap<D1PreparedStatement, { statement: D1PreparedStatement; sql: string }>();
  let calls = 0;
  async function run<Result>(kind: Failure["of"], work: () => Promise<Result>): Promise<Result> {
    if (kind !== of) return work();
    if (++calls > times) return work();
    if (when === "after") await work();
    throw new Error(message);
  }
  function wrap(statement: D1PreparedStatement, sql: string): D1PreparedStatement {
    const kind = READ.test(sql) ? "reads" : "writes";
    const outer = forwarding(statement, {
      bind: (...values: unknown[]) => wrap(statement.bind(...values), sql),
      run: () => run(kind, () => statement.run()),
      all: () => run(kind, () => statement.all()),
      first: () => run(kind, () => statement.first()),
      raw: () => run(kind, () => statement.raw()),
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
      const kind = known.every(({ sql }) => READ.test(sql)) ? "reads" : "writes";
      return run(kind, () => binding.batch(known.map(({ statement }) => statement)));
    },
  });
  return { DB, calls: () => calls };
}
