/**
 * A D1 database that counts round trips and nothing else. It is for thousands of concurrent requests: counting.ts runs
 * some queries twice to count their rows and stores every statement, which would distort a measurement of speed and
 * memory.
 */
import { forwarding } from "../../counting.ts";

/** @param onTrip called for each request to the database; a batch is one request */
export function countTrips(database: D1Database, onTrip: () => void): D1Database {
  const inner = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

  function counting(statement: D1PreparedStatement): D1PreparedStatement {
    const trip = <Values extends unknown[], Answer>(ask: (...values: Values) => Answer) =>
      ((...values) => {
        onTrip();
        return ask.apply(statement, values);
      }) satisfies (...values: Values) => Answer;
    const outer = forwarding(statement, {
      bind: (...values: unknown[]) => counting(statement.bind(...values)),
      run: trip(statement.run),
      all: trip(statement.all),
      first: trip(statement.first),
      raw: trip(statement.raw),
    });
    inner.set(outer, statement);
    return outer;
  }

  return forwarding(database, {
    prepare: (sql: string) => counting(database.prepare(sql)),
    batch(statements: D1PreparedStatement[]) {
      onTrip();
      return database.batch(statements.map((statement) => inner.get(statement) ?? statement));
    },
  });
}
