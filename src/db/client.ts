/**
 * The database handles. Both repeat reads after a transient error of D1.
 *
 * Wallet, dialects and the admin API always read from the primary. A phone asks seconds after a write, because it was pushed. A
 * replica that is behind would answer 304 or 204, and nothing would push the phone again for that change. Only pages and links
 * may read a replica. What they show may be some seconds old, and a phone that installs an old version gets the new one when it
 * registers. Follows Cloudflare's "Global read replication".
 */
import { drizzle } from "drizzle-orm/d1";
import { repeatingReads } from "./repeating-reads.ts";

export { isUniqueViolation } from "./d1-errors.ts";

/** Drizzle over the D1 binding. It is cheap, so each request creates its own. */
export function openDatabase(binding: D1Database) {
  return drizzle(repeatingReads(binding));
}

/**
 * Reads from the replica that is nearest to the request, or from the primary if D1 has no replicas. Not for writes. A row that
 * was written seconds ago may be missing.
 */
export function openReplica(binding: D1Database): Database {
  let session: D1DatabaseSession | undefined;
  const nearest = () => (session ??= binding.withSession("first-unconstrained"));
  return drizzle(
    repeatingReads(binding, {
      prepare: (query) => nearest().prepare(query),
      batch: (statements) => nearest().batch(statements),
    }),
  );
}

export type Database = ReturnType<typeof openDatabase>;
