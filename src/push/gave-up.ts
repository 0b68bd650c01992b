/**
 * Which phones are in the dead letters: the pushes to them that gave up, and why. A push must not cost a row of its own, so
 * the tokens of a letter are in no index, and its refusal is stored nowhere else. So only the newest letters are searched.
 */
import { desc, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { changes, deadLetters } from "../db/schema.ts";
import { IS_DEAD } from "./stored-messages.ts";

/** The letters that are searched: the newest, up to this number and this many bytes together. Those that a pause holds count too. */
const SEARCHED = { letters: 100, bytes: 2_000_000 };

const NEWEST = sql`(SELECT id, sum(length(message)) OVER (ORDER BY id DESC) AS through
  FROM (SELECT id, message FROM dead_letters ORDER BY id DESC LIMIT ${SEARCHED.letters})) AS newest`;
/** For a WHERE, with a join of `deadLetters` to NEWEST. */
const IS_SEARCHED = sql`${deadLetters.id} = newest.id AND newest.through <= ${SEARCHED.bytes} AND ${IS_DEAD}`;

/**
 * Statement: the tokens that the letters have, the newest letter first.
 * @param tokens SQL: a SELECT DISTINCT, so that SQLite evaluates it once, of push_token and pass_type_identifier
 */
export function selectGaveUp(db: Database, tokens: SQL) {
  const { message } = deadLetters;
  return db
    .select({
      pushToken: sql<string>`phone.push_token`.as("given_up_token"),
      /** Null if not APNs but D1 or the queue failed. */
      reason: sql<string | null>`${message} ->> 'reason'`.as("reason"),
      at: deadLetters.receivedAt,
    })
    .from(NEWEST)
    .crossJoin(deadLetters) // SQLite never reorders it
    .crossJoin(sql`(${tokens}) AS phone`)
    .where(
      sql`${IS_SEARCHED} AND ${message} ->> 'passTypeIdentifier' = phone.pass_type_identifier
        AND instr(${message}, '"' || phone.push_token || '"') > 0`,
    )
    .orderBy(desc(deadLetters.id));
}

/** Statement: how many phones are in the letters of these changes. @param condition SQL on changes */
export function selectGaveUpCount(db: Database, condition: SQL) {
  const { message } = deadLetters;
  return db
    .select({
      phones: sql<number>`coalesce(sum(json_array_length(${message}, '$.tokens')), 0)`.as("phones"),
    })
    .from(NEWEST)
    .crossJoin(deadLetters)
    .where(
      sql`${IS_SEARCHED} AND EXISTS (SELECT 1 FROM ${changes}
        WHERE ${changes.id} = ${message} ->> 'throughId' AND ${condition})`,
    );
}
