/**
 * The rows of the database as tests read and write them, beside the Worker: by table and column of src/db/schema.ts, so that
 * a renamed column is an error of the compiler in every test that names it.
 */
import { env } from "cloudflare:workers";
import { and, eq, getTableColumns, type InferSelectModel, isNull, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { openDatabase } from "../src/db/client.ts";
import { changes, events, passes, templates } from "../src/db/schema.ts";

export const db = openDatabase(env.DB);

/** Columns and their values: all of them must be equal. Null: IS NULL. */
export type Where<Table extends SQLiteTable> = {
  readonly [Key in keyof InferSelectModel<Table>]?: InferSelectModel<Table>[Key];
};
type NewRow<Table extends SQLiteTable> = Table["$inferInsert"];

/** D1 takes 2 MB in one statement. */
const ROWS_PER_INSERT = 2000;

/** The rows that match, in order of their creation. */
export async function rowsOf<Table extends SQLiteTable>(
  table: Table,
  where: Where<Table> = {},
): Promise<InferSelectModel<Table>[]> {
  const query = db.select().from<SQLiteTable>(table).where(matching(table, where)).orderBy(sql`rowid`);
  return (await query) as InferSelectModel<Table>[];
}

/** The only row that matches; throws if there is none, or more than one. */
export async function rowOf<Table extends SQLiteTable>(
  table: Table,
  where: Where<Table>,
): Promise<InferSelectModel<Table>> {
  const [row, ...more] = await rowsOf(table, where);
  if (row === undefined || more.length > 0) throw new Error(`${more.length + (row ? 1 : 0)} rows match`);
  return row;
}

export async function countRows<Table extends SQLiteTable>(
  table: Table,
  where: Where<Table> = {},
): Promise<number> {
  return db.$count(table, matching(table, where));
}

export async function setRows<Table extends SQLiteTable>(
  table: Table,
  where: Where<Table>,
  values: Partial<NewRow<Table>>,
): Promise<void> {
  await db.update<SQLiteTable>(table).set(values).where(matching(table, where));
}

export async function deleteRows<Table extends SQLiteTable>(
  table: Table,
  where: Where<Table> = {},
): Promise<void> {
  await db.delete(table).where(matching(table, where));
}

/** Inserts rows that all have the same columns, with a few statements, however many they are. */
export async function insertRows<Table extends SQLiteTable>(
  table: Table,
  rows: readonly NewRow<Table>[],
): Promise<void> {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key in (rows[0] ?? {}));
  const names = sql.join(
    columns.map(([, column]) => sql.identifier(column.name)),
    sql`, `,
  );
  const values = sql.join(
    columns.map(([key]) => sql`value ->> ${key}`),
    sql`, `,
  );
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) {
    const json = JSON.stringify(rows.slice(at, at + ROWS_PER_INSERT));
    await db.run(sql`INSERT INTO ${table} (${names}) SELECT ${values} FROM json_each(${json})`);
  }
}

function matching<Table extends SQLiteTable>(table: Table, where: Where<Table>): SQL | undefined {
  const columns = getTableColumns(table);
  return and(
    ...Object.entries(where).map(([key, value]) => {
      const column = columns[key];
      if (column === undefined) throw new Error(`the table has no column ${key}`);
      return value === null ? isNull(column) : eq(column, value);
    }),
  );
}

export const passRow = (id: number) => rowOf(passes, { id });
export const templateRow = (id: number) => rowOf(templates, { id });
export const eventRow = (id: number) => rowOf(events, { id });
export const changeRow = (id: number) => rowOf(changes, { id });

/** The changes of a pass, a template or an event, in order. */
export const changesOf = (target: { passId: number } | { templateId: number } | { eventId: number }) =>
  rowsOf(changes, target);

export const kindsOf = async (target: Parameters<typeof changesOf>[0]) =>
  (await changesOf(target)).map(({ kind }) => kind);

/** The id of the newest change; 0 if there is none. */
export async function newestChangeId(): Promise<number> {
  const [row] = await db.select({ id: sql<number>`coalesce(max(${changes.id}), 0)` }).from(changes);
  return row?.id ?? 0;
}

/** Copies a pass that often, each with a serial number and a link that start with `prefix`. @returns their ids */
export async function copyPass(id: number, count: number, prefix: string): Promise<number[]> {
  const { id: _, scannedCode, ...original } = await passRow(id);
  const copy = {
    ...original,
    externalId: null,
    installedAt: null,
    builtEtag: null,
    createdAt: 0,
    updatedAt: 0,
  };
  const before = new Set((await rowsOf(passes)).map((pass) => pass.id));
  await insertRows(
    passes,
    Array.from({ length: count }, (_, n) => ({
      ...copy,
      serialNumber: `${prefix}${n}`,
      webToken: `${prefix}${n}`,
    })),
  );
  return (await rowsOf(passes)).map((pass) => pass.id).filter((copied) => !before.has(copied));
}

interface Registered {
  readonly id: number;
  readonly templateId: number;
  readonly passTypeIdentifier: string;
  readonly eventId?: number | null;
}

/** A registration of an iPhone for the pass. @param registeredAt milliseconds */
export function registrationOf(
  { id, templateId, passTypeIdentifier, eventId = null }: Registered,
  pushToken: string,
  registeredAt = 0,
) {
  const deviceLibraryIdentifier = `device ${pushToken}`;
  const common = { passTypeIdentifier, deviceLibraryIdentifier, pushToken, client: "apple" };
  return { ...common, passId: id, templateId, eventId, registeredAt };
}

/** The row of the device that `registrationOf` names. @param at milliseconds */
export function deviceOf(passTypeIdentifier: string, pushToken: string, at = 0) {
  const deviceLibraryIdentifier = `device ${pushToken}`;
  const common = { passTypeIdentifier, deviceLibraryIdentifier, pushToken, client: "apple" };
  return { ...common, createdAt: at, updatedAt: at };
}
