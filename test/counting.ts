/**
 * Bindings that count: D1 and R2 as a Worker sees them, with a tally of what a request cost.
 *
 * A batch is one round trip of many statements. D1 says what a statement read and wrote in its `meta`; `raw()` has none,
 * so a query that is made that way is made once more, without being counted, for its meta.
 */

export interface Tally {
  /** D1: requests that went to the database. */
  trips: number;
  statements: number;
  rowsRead: number;
  rowsWritten: number;
  /** R2. */
  gets: number;
  puts: number;
  deletes: number;
}

export interface Counted<Bindings> {
  /** The environment with counting bindings in it. */
  readonly env: Bindings;
  /** What was spent since the last call of `spent`. */
  spent(): Tally;
  /** Every statement since the beginning, with what was bound to it. */
  readonly asked: readonly { sql: string; values: readonly unknown[] }[];
}

const nothing = (): Tally => ({
  trips: 0,
  statements: 0,
  rowsRead: 0,
  rowsWritten: 0,
  gets: 0,
  puts: 0,
  deletes: 0,
});

export function counted<Bindings extends { DB: D1Database; BUCKET: R2Bucket }>(
  env: Bindings,
): Counted<Bindings> {
  let tally = nothing();
  const asked: { sql: string; values: readonly unknown[] }[] = [];
  const book = {
    trip(statements: readonly { sql: string; values: readonly unknown[] }[]) {
      tally.trips += 1;
      tally.statements += statements.length;
      asked.push(...statements.map(({ sql, values }) => ({ sql, values })));
    },
    meta(meta: D1Meta) {
      tally.rowsRead += meta.rows_read;
      tally.rowsWritten += meta.rows_written;
    },
  };
  const count = (what: "gets" | "puts" | "deletes") => {
    tally[what] += 1;
  };
  return {
    env: { ...env, DB: countDatabase(env.DB, book), BUCKET: countBucket(env.BUCKET, count) },
    spent() {
      const spent = tally;
      tally = nothing();
      return spent;
    },
    asked,
  };
}

interface Book {
  trip(statements: readonly { sql: string; values: readonly unknown[] }[]): void;
  meta(meta: D1Meta): void;
}

/** The real statement inside each counting one. */
const counting = new WeakMap<
  D1PreparedStatement,
  { statement: D1PreparedStatement; sql: string; values: readonly unknown[] }
>();

function countDatabase(database: D1Database, book: Book): D1Database {
  const outer: D1Database = forwarding(database, {
    withSession: () => outer,
    prepare: (sql: string) => countStatement(database.prepare(sql), sql, [], book),
    async batch(statements: D1PreparedStatement[]) {
      const inner = statements.map((statement) => {
        const known = counting.get(statement);
        if (known === undefined) throw new Error("a batch of statements that were not prepared here");
        return known;
      });
      book.trip(inner);
      const results = await database.batch(inner.map(({ statement }) => statement));
      for (const { meta } of results) book.meta(meta);
      return results;
    },
    exec(sql: string) {
      book.trip([{ sql, values: [] }]); // exec tells no rows
      return database.exec(sql);
    },
  });
  return outer;
}

function countStatement(
  statement: D1PreparedStatement,
  sql: string,
  values: readonly unknown[],
  book: Book,
): D1PreparedStatement {
  const withMeta = async (ask: () => Promise<D1Result>) => {
    book.trip([{ sql, values }]);
    const result = await ask();
    book.meta(result.meta);
    return result;
  };
  const outer = forwarding(statement, {
    bind: (...bound: unknown[]) => countStatement(statement.bind(...bound), sql, bound, book),
    run: () => withMeta(() => statement.run()),
    all: () => withMeta(() => statement.all()),
    first: async (column?: string) => {
      const { results } = await withMeta(() => statement.all<Record<string, unknown>>());
      const [row] = results as Record<string, unknown>[];
      return row === undefined ? null : column === undefined ? row : row[column];
    },
    async raw() {
      if (!/^\s*(select|with)\b/i.test(sql)) throw new Error(`a write cannot be asked twice: ${sql}`);
      await withMeta(() => statement.all());
      return statement.raw();
    },
  });
  counting.set(outer, { statement, sql, values });
  return outer;
}

function countBucket(bucket: R2Bucket, count: (what: "gets" | "puts" | "deletes") => void): R2Bucket {
  const counts = { get: "gets", head: "gets", list: "gets", put: "puts", delete: "deletes" } as const;
  const methods = Object.entries(counts).map(([name, what]) => {
    const method: unknown = Reflect.get(bucket, name);
    if (typeof method !== "function") throw new Error(`the bucket has no ${name}`);
    return [
      name,
      (...values: unknown[]) => {
        count(what);
        return method.apply(bucket, values);
      },
    ];
  });
  return forwarding(bucket, Object.fromEntries(methods));
}

/** The same object, with these methods in place of its own. */
export function forwarding<Thing extends object>(thing: Thing, methods: object): Thing {
  return new Proxy(thing, {
    get(target, name) {
      if (name in methods) return Reflect.get(methods, name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
