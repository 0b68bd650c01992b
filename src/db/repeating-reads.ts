/**
 * A D1 binding whose reads are repeated after a transient error (repeat.ts): each SELECT, and each batch of nothing but
 * SELECTs. Everything else goes to D1 as it is. No other file has to care about it.
 */
import { repeat } from "./repeat.ts";

/** A WITH may lead to a write, so it does not count as a read. */
const READ = /^\s*SELECT\b/i;

/** The statement of D1 in a repeating one. */
const inside = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

/** The binding, with repeated reads. @param source where statements are sent: the binding, or a session of it */
export function repeatingReads(
  binding: D1Database,
  source: Pick<D1Database, "prepare" | "batch"> = binding,
): D1Database {
  return {
    prepare(query) {
      const statement = source.prepare(query);
      return READ.test(query) ? repeatingStatement(statement) : statement;
    },
    batch<Row>(statements: D1PreparedStatement[]) {
      const bare = statements.map((statement) => inside.get(statement) ?? statement);
      const run = () => source.batch<Row>(bare);
      return statements.every((statement) => inside.has(statement)) ? repeat("read", run) : run();
    },
    exec: (query) => binding.exec(query),
    withSession: (constraint) => binding.withSession(constraint),
    dump: () => binding.dump(),
  };
}

function repeatingStatement(statement: D1PreparedStatement): D1PreparedStatement {
  const repeating = {
    bind: (...values: unknown[]) => repeatingStatement(statement.bind(...values)),
    first: (...columns: [string]) => repeat("read", () => statement.first(...columns)),
    run: () => repeat("read", () => statement.run()),
    all: () => repeat("read", () => statement.all()),
    raw: (...options: [{ columnNames: true }]) => repeat("read", () => statement.raw(...options)),
  } as D1PreparedStatement;
  inside.set(repeating, statement);
  return repeating;
}
