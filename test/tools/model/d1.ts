/**
 * D1 on Node's SQLite: its statements, its batches (one transaction each, rolled back as a whole), its limits, its
 * errors and its `meta`.
 *
 * Every call is a stop of the task before it reaches the database, where it is atomic: D1 has one writer. `changes()`
 * and `last_insert_rowid()` count across the statements of a batch, because it is one connection. Only the real D1
 * knows how many rows were read, so this number is 0 here.
 *
 * Follows Cloudflare's "D1 Database" API and limits, and the wording of D1's errors.
 */
import { readdirSync, readFileSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Stop } from "./world.ts";

const MOST_PARAMETERS = 100;
const LONGEST_SQL = 100_000;
const LARGEST_VALUE = 2_000_000;

type Value = null | number | string | Uint8Array;
interface Ready {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
}
interface Prepared {
  readonly sql: string;
  /** For the trace. */
  readonly label: string;
  /** Undefined until the statement is first executed, because SQLite parses it only then. */
  ready: Ready | undefined;
}
interface Asked {
  readonly prepared: Prepared;
  readonly values: readonly Value[];
}

/** The Worker removes old changes. The invariants need all of them. */
const REMEMBER_PRUNED = `CREATE TABLE pruned_changes (id, pass_id, kind, detail);
  CREATE TRIGGER remember_pruned AFTER DELETE ON changes
    BEGIN INSERT INTO pruned_changes VALUES (OLD.id, OLD.pass_id, OLD.kind, OLD.detail); END`;

/** An empty database with the tables of `migrations/`. */
export function createDatabase(folder: string): DatabaseSync {
  const file = new DatabaseSync(":memory:");
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  for (const name of names.sort()) file.exec(readFileSync(`${folder}/${name}`, "utf8"));
  file.exec(REMEMBER_PRUNED);
  return file;
}

const asked = new WeakMap<D1PreparedStatement, Asked>();

/** The binding over this database. */
export function openD1(file: DatabaseSync, stop: Stop): D1Database {
  const prepared = new Map<string, Prepared>();
  const total = file.prepare("SELECT total_changes() AS total, last_insert_rowid() AS id");
  total.setReturnArrays(true);

  /** Keyed by the text of the statement, which is long, so it is looked up once per call. */
  function known(sql: string): Prepared {
    let found = prepared.get(sql);
    if (found === undefined) {
      found = { sql, label: labelOf(sql), ready: undefined };
      prepared.set(sql, found);
    }
    return found;
  }

  function ready(statement: Prepared): Ready {
    if (statement.ready !== undefined) return statement.ready;
    if (statement.sql.length > LONGEST_SQL) throw new Error("D1_ERROR: Statement too long: SQLITE_TOOBIG");
    const made = file.prepare(statement.sql);
    made.setReturnArrays(true);
    statement.ready = { statement: made, columns: made.columns().map(({ name }) => name) };
    return statement.ready;
  }

  function counted(): [changes: number, lastRowId: number] {
    return total.get() as unknown as [number, number];
  }

  function perform({ prepared, values }: Asked) {
    const { statement, columns } = ready(prepared);
    const [before] = counted();
    const rows = statement.all(...values) as unknown as Value[][];
    const [after, last_row_id] = counted();
    const changes = after - before;
    const meta = {
      duration: 0,
      size_after: 0,
      rows_read: 0,
      rows_written: changes,
      last_row_id,
      changed_db: changes > 0,
      changes,
    };
    return { columns, rows: rows.map((row) => row.map(fromSqlite)), meta };
  }

  const result = <Row>({ columns, rows, meta }: ReturnType<typeof perform>): D1Result<Row> => ({
    success: true,
    // Columns with the same name are one key, as in D1. The last of them counts.
    results: rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]]))) as Row[],
    meta,
  });
  const ask = (it: Asked) => stop("d1", it.prepared.label, () => translated(() => perform(it)));

  function statementOf(prepared: Prepared, values: readonly Value[]): D1PreparedStatement {
    const it = { prepared, values };
    async function first(column?: string): Promise<unknown> {
      const [row] = result<Record<string, unknown>>(await ask(it)).results;
      return row === undefined ? null : column === undefined ? row : row[column];
    }
    async function raw(options?: { columnNames?: boolean }): Promise<unknown[]> {
      const { columns, rows } = await ask(it);
      return options?.columnNames === true ? [columns, ...rows] : rows;
    }
    const statement = {
      bind: (...given: unknown[]) => statementOf(prepared, bound(given)),
      first,
      raw,
      run: async () => result(await ask(it)),
      all: async () => result(await ask(it)),
    } as D1PreparedStatement;
    asked.set(statement, it);
    return statement;
  }

  const binding: D1Database = {
    prepare: (sql) => statementOf(known(sql), []),
    async batch<Row>(statements: D1PreparedStatement[]) {
      const inner = statements.map((statement) => {
        const prepared = asked.get(statement);
        if (prepared === undefined) throw new TypeError("a batch of statements that were not prepared here");
        return prepared;
      });
      const label = `batch of ${inner.length}: ${inner[0]?.prepared.label}`;
      return stop("d1", label, () =>
        translated(() => {
          file.exec("BEGIN IMMEDIATE");
          try {
            const results = inner.map((statement) => result<Row>(perform(statement)));
            file.exec("COMMIT");
            return results;
          } catch (error) {
            file.exec("ROLLBACK");
            throw error;
          }
        }),
      );
    },
    exec: (sql) =>
      stop("d1", "exec", () =>
        translated(() => {
          file.exec(sql);
          return { count: 1, duration: 0 };
        }),
      ),
    dump: () => Promise.reject(new Error("D1_ERROR: dump is gone")),
    // There is one primary here, and no replica.
    withSession: () => ({ prepare: binding.prepare, batch: binding.batch, getBookmark: () => null }),
  };
  return binding;
}

/** Checks the bound values before they are sent, as D1 does. */
function bound(values: unknown[]): Value[] {
  if (values.length > MOST_PARAMETERS)
    throw new Error("D1_ERROR: too many SQL variables at offset 0: SQLITE_ERROR");
  return values.map((value) => {
    if (typeof value === "boolean") return Number(value);
    if (value instanceof ArrayBuffer) return new Uint8Array(value);
    if (value === null || typeof value === "number") return value;
    if (typeof value === "string" || value instanceof Uint8Array) {
      if (value.length > LARGEST_VALUE) throw new Error("D1_ERROR: string or blob too big: SQLITE_TOOBIG");
      return value;
    }
    throw new Error(`D1_TYPE_ERROR: Type '${typeof value}' not supported for value '${String(value)}'`);
  });
}

function fromSqlite(value: Value): unknown {
  return value instanceof Uint8Array ? [...value] : value;
}

/** SQLite's own message, as D1 returns it. */
function translated<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error) || !("errcode" in error)) throw error;
    const constraint = (Number(error.errcode) & 0xff) === 19;
    throw new Error(`D1_ERROR: ${error.message}: ${constraint ? "SQLITE_CONSTRAINT" : "SQLITE_ERROR"}`, {
      cause: error,
    });
  }
}

/** The verb and the table, which help to find a statement in a trace. */
function labelOf(sql: string): string {
  const verb = /^\s*(\w+)/.exec(sql)?.[1] ?? "";
  const table = /(?:from|into|update)\s+"?(\w+)/i.exec(sql)?.[1] ?? "";
  return `${verb} ${table}`;
}
