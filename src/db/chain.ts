/**
 * Statements of a batch that depend on whether the one before them wrote something.
 *
 * SQLite's `changes()` is the row count of the statement directly before. A statement in between would change it, so the
 * condition and what it depends on must not be separated: a chain is one member of a batch. Only this file uses `changes()`
 * (test/architecture.test.ts).
 */
import { type SQL, sql } from "drizzle-orm";
import type { Statement } from "./batch.ts";

/** Makes a statement. @param wrote SQL: whether the statement before it in the chain wrote something */
type Link = (wrote: SQL) => Statement | undefined;

type Chain<Links> = {
  readonly [Name in keyof Links]: Links[Name] extends (wrote: SQL) => infer Made ? Made : Links[Name];
};

const WROTE = sql`changes() > 0`;

/**
 * Statements in their order, as one member of a batch.
 * @param links by name: a statement, or a function that makes one from the condition "the statement before wrote something"
 */
export function chain<const Links extends { readonly [name: string]: Statement | Link | undefined }>(
  links: Links,
): Chain<Links> {
  const made = Object.entries(links).map(([name, link]) => [
    name,
    typeof link === "function" ? link(WROTE) : link,
  ]);
  return Object.fromEntries(made) as Chain<Links>;
}
