/**
 * A D1 batch whose results have names. The statements run in the order in which they are written, in one transaction
 * and one round trip.
 *
 * Groups nest: what a function returns as `{write, logged, stamped}` is one member of a batch, and so is its result.
 */
import { DrizzleQueryError } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { Database } from "./client.ts";
import { repeat } from "./repeat.ts";

export type Statement = BatchItem<"sqlite">;

/** Statements by name. A member that is undefined is left out. */
export interface Statements {
  readonly [name: string]: Statement | Statements | undefined;
}

export type BatchResult<Item> = Item extends Statement
  ? Item["_"]["result"]
  : Item extends Statements
    ? { readonly [Name in keyof Item]: BatchResult<Item[Name]> }
    : Item;

/**
 * Runs the statements as one batch, once. It is repeated only if it has nothing but SELECTs: a transient error of D1 does
 * not show whether a write was executed.
 * @returns their results under the same names
 */
export async function batchOf<const Group extends Statements>(
  db: Database,
  group: Group,
): Promise<BatchResult<Group>> {
  const [first, ...others] = flatten(group);
  if (first === undefined) throw new Error("a batch without statements");
  let results: readonly unknown[];
  try {
    results = await db.batch([first, ...others]);
  } catch (error) {
    // As Drizzle does for a single query, so that every error of D1 is recognized as one (d1-errors.ts).
    throw new DrizzleQueryError("batch", [], error instanceof Error ? error : new Error(String(error)));
  }
  const rest = results.values();
  return named(group, () => rest.next().value) as BatchResult<Group>;
}

/**
 * Runs the statements as one batch that may run twice: it is repeated after a transient error of D1 (repeat.ts). Either its
 * effect is the same, however often it runs, or its rows show whether an earlier attempt took effect.
 * @returns their results under the same names, and whether it was repeated. If it was, an earlier attempt may have taken
 *   effect, and the results of conditional writes then say that they changed nothing. A change that an earlier attempt
 *   has recorded is left to the sweep of the outbox.
 */
export function repeatableBatchOf<const Group extends Statements>(
  db: Database,
  group: Group,
): Promise<BatchResult<Group> & { readonly wasRepeated: boolean }> {
  return repeat("batch", async (wasRepeated) => ({ ...(await batchOf(db, group)), wasRepeated }));
}

function flatten(group: Statements): Statement[] {
  return Object.values(group).flatMap((item) => {
    if (item === undefined) return [];
    return isStatement(item) ? [item] : flatten(item);
  });
}

function named(group: Statements, next: () => unknown): object {
  const entries = Object.entries(group).map(([name, item]) => {
    if (item === undefined) return [name, undefined];
    return [name, isStatement(item) ? next() : named(item, next)];
  });
  return Object.fromEntries(entries);
}

/** Every Drizzle query is a thenable; a group of queries is not. */
function isStatement(item: Statement | Statements): item is Statement {
  return "then" in item && typeof item.then === "function";
}
