/**
 * Copies a pass that the Worker has issued and Google has been sent, with its row of Google's object: the same rows as that many
 * passes and clicks would leave. So it knows the columns that differ, and no others.
 */
import type { DatabaseSync } from "node:sqlite";

/** @param saved how many there are then, with the first one */
export function copySaved(database: DatabaseSync, passId: number, serialNumber: string, saved: number): void {
  const numbers = `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${saved - 1})`;
  if (saved < 2) return;
  copy("passes", `passes.id = ${passId}`, {
    id: `${passId} + n`,
    serial_number: `'campaign-' || n`,
    field_values: `replace(field_values, '${serialNumber}', 'campaign-' || n)`,
    web_token: `web_token || n`,
  });
  copy("google_objects", `pass_id = ${passId}`, {
    pass_id: `${passId} + n`,
    resource_id: idOf("resource_id"),
    sent: `replace(${idOf("sent")}, '${serialNumber}', 'campaign-' || n)`,
    shown_texts: `replace(shown_texts, '${serialNumber}', 'campaign-' || n)`,
  });

  function copy(table: string, which: string, others: Readonly<Record<string, string>>): void {
    const columns = database
      .prepare("SELECT name FROM pragma_table_info(?)")
      .all(table)
      .map(({ name }) => String(name));
    const values = columns.map((name) => others[name] ?? `${table}.${name}`);
    database.exec(
      `${numbers} INSERT INTO ${table} (${columns.join(", ")}) SELECT ${values.join(", ")} FROM ${table}, numbers WHERE ${which}`,
    );
  }

  /** The ids of objects name the pass. */
  function idOf(column: string): string {
    return `replace(${column}, '-p${passId}-', '-p' || (${passId} + n) || '-')`;
  }
}
