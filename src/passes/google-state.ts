/**
 * Whether Google Wallet shows a pass as it is now: from the rows of its object and its class, and from the change log.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { passes, type StoredProblem } from "../db/schema.ts";
import { livingEventId } from "../events/living-event.ts";
import { cureOfProblem } from "../google-wallet/problems.ts";
import { isSeenKind, readerNameOf } from "../google-wallet/reader.ts";
import { type Json, parseJson } from "../json.ts";
import { livingPass, type Pass, passNotFound, shownColumns, showPassRow } from "./show.ts";

export const GOOGLE_STATES = ["up_to_date", "waiting", "failed"] as const;

export interface GoogleState {
  /** Google's id of it. */
  readonly objectId: string;
  readonly state: (typeof GOOGLE_STATES)[number];
  /** When it was last sent. Null: never. */
  readonly sentAt: string | null;
  /** Why the last attempt failed. Null after a success. */
  readonly problem: { readonly code: string; readonly detail: string; readonly cure: string } | null;
}

/** What `googleFacts` selects: 0 and 1 for no and yes. */
interface Facts {
  readonly issuerId: string;
  readonly clientEmail: string;
  readonly objectId: string;
  readonly sentAt: number;
  readonly hasFailed: number;
  readonly isWaiting: number;
  /** Of the object, or else of its class. */
  readonly problem: StoredProblem | null;
}

export interface PassWithGoogle extends Pass {
  /** Absent: nobody has wanted it in Google Wallet. */
  readonly google?: GoogleState;
}

/** One statement. @throws ApiError pass_not_found, also for a deleted pass */
export async function showPassWithGoogle(
  db: Database,
  publicOrigin: string,
  id: number,
  now: number,
): Promise<PassWithGoogle> {
  const [row] = await db
    .select({ ...shownColumns, google: googleFacts(now).as("google_facts") })
    .from(passes)
    .where(livingPass(id));
  if (row === undefined) throw passNotFound(id);
  const pass = showPassRow(row, publicOrigin, now);
  return row.google === null ? pass : { ...pass, google: stateOf(row.google) };
}

/**
 * SQL, for a select from passes alone: null if nobody has wanted the pass in Google Wallet. Of several objects, it is the newest one: a
 * template that changes its type leaves the old ones behind. The time is a whole number, because json.ts reads one with more digits than
 * a double as an object.
 */
function googleFacts(now: number): SQL<Json<Facts> | null> {
  const isWaiting = sql`(coalesce(o.send_at <= ${now}, 0) OR o.attempts > 0 OR coalesce(c.send_at <= ${now}, 0)
    OR coalesce(c.attempts, 0) > 0 OR coalesce(c.stale_through < o.pass_id, 0))`;
  const isUnread = sql`EXISTS (SELECT 1 FROM readers AS r JOIN changes AS l ON l.id > r.cursor
    WHERE r.name = ${readerNameOf(sql`o.issuer_id`)} AND ${isSeenKind(sql`l.kind`)}
    AND (l.pass_id = passes.id OR l.template_id = passes.template_id OR l.event_id = passes.event_id))`;
  return sql`(SELECT json_object('issuerId', o.issuer_id, 'clientEmail', i.client_email, 'objectId', o.resource_id,
      'sentAt', CAST(o.sent_at AS INTEGER), 'hasFailed', o.gave_up_at IS NOT NULL OR c.gave_up_at IS NOT NULL,
      'isWaiting', ${isWaiting} OR ${isUnread}, 'problem', json(coalesce(o.problem, c.problem)))
    FROM google_objects AS o JOIN google_issuers AS i ON i.issuer_id = o.issuer_id
    LEFT JOIN google_classes AS c ON c.template_id = passes.template_id AND c.event_id = coalesce(${livingEventId}, 0)
      AND c.issuer_id = o.issuer_id AND c.type = o.type
    WHERE o.pass_id = passes.id ORDER BY o.created_at DESC LIMIT 1)`;
}

function stateOf(json: Json<Facts>): GoogleState {
  const { objectId, sentAt, hasFailed, isWaiting, problem, ...account } = parseJson(json);
  const state = isWaiting === 1 ? "waiting" : "up_to_date";
  return {
    objectId,
    state: hasFailed === 1 ? "failed" : state,
    sentAt: sentAt === 0 ? null : new Date(sentAt).toISOString(),
    problem: problem && { ...problem, cure: cureOfProblem(problem.code, account) },
  };
}
