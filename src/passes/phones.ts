/**
 * The phones of a pass: its registrations, the last push to each, and when the next one is due.
 *
 * A push that APNs accepts is stored with the device, and one that gave up is a dead letter. A push that is retried is only
 * in the queue. Nothing is written when a phone fetches a registered pass: that would be one row for each phone of a
 * campaign.
 */
import { and, eq, type SQL, sql } from "drizzle-orm";
import { isPushed, pushDueAt } from "../changes/push-state.ts";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { MAX_EXAMINED, type Page, type PagePosition } from "../db/page.ts";
import { type changes, devices, passes, passTypes, registrations } from "../db/schema.ts";
import { selectPushControl, toPushControl } from "../push/control.ts";
import { cureFor } from "../push/cures.ts";
import { selectGaveUp } from "../push/gave-up.ts";
import { type LastPush, waitBefore } from "../push/pace.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { SEARCHED_CHANGES, selectNewestChanges } from "./history.ts";
import { instantOf, livingPass, passNotFound } from "./show.ts";

export const PHONE_PUSHES = ["none", "done", "waiting", "unconfirmed", "gave_up"] as const;

export interface Phone {
  /** The id of the registration. */
  readonly id: number;
  readonly device: string;
  readonly pushToken: string;
  readonly wallet: string;
  readonly registeredAt: string;
  /** Whether the phone was notified of the newest change. */
  readonly push: (typeof PHONE_PUSHES)[number];
  readonly nextPushAt: string | null;
  /** What APNs said last, as far as it is stored. */
  readonly lastAnswer: {
    readonly at: string;
    readonly accepted: boolean;
    readonly reason: string | null;
  } | null;
  readonly doubted: boolean;
}

export interface PhonePage extends Page<Phone> {
  readonly paused: boolean;
  /** Why no push of the pass type is accepted. */
  readonly failure: {
    readonly reason: string;
    readonly firstFailedAt: string;
    readonly lastFailedAt: string;
    readonly cure: string;
  } | null;
}

const PURPOSE = "device in the list of phones";
const MARK_BYTES = 6;

/** @throws ApiError pass_not_found */
export async function listPhones(
  { db, config, now }: Pick<Context, "db" | "config" | "now">,
  id: number,
  { cursor, limit }: PagePosition,
): Promise<PhonePage> {
  const listed = registrationsOf(id, cursor, limit + 1);
  const tokens = sql`SELECT DISTINCT push_token, pass_type_identifier FROM (${listed}) AS phones JOIN registrations ON registrations.rowid = phones.id`;
  const { pass, rows, newest, control, letters } = await batchOf(db, {
    pass: selectPushFacts(db, id),
    rows: selectRegistrations(db, listed),
    newest: selectNewestChanges(db, id, { limit: SEARCHED_CHANGES }, undefined),
    control: selectPushControl(db),
    letters: selectGaveUp(db, tokens),
  });
  const [passType] = pass;
  if (passType === undefined) throw passNotFound(id);
  const paused = toPushControl(control).pausedAt !== null;
  const pending = { ...newestPushed(newest), secrets: config.secrets, paused, now };
  const items = rows.slice(0, limit).map((row) => {
    const letter = letters.find(({ pushToken }) => pushToken === row.pushToken);
    return showPhone(row, letter, passType.doubtedToken, pending);
  });
  return {
    items: await Promise.all(items),
    hasMore: rows.length > limit,
    paused,
    failure: showFailure(passType),
  };
}

/**
 * SQL: the ids of the newest registrations of the pass. SQLite has no index of them in this order, so at most MAX_EXAMINED are read.
 */
function registrationsOf(id: number, before: number | undefined, limit: number) {
  const all = sql`SELECT rowid AS id FROM ${registrations} WHERE pass_id = ${id} LIMIT ${MAX_EXAMINED}`;
  const earlier = before === undefined ? sql`` : sql`WHERE id < ${before}`;
  return sql`SELECT id FROM (${all}) ${earlier} ORDER BY id DESC LIMIT ${limit}`;
}

/** Statement: the failures and doubts of the pushes of the pass's pass type. Empty if there is no such pass. */
function selectPushFacts(db: Database, id: number) {
  return db
    .select({
      failure: passTypes.pushFailure,
      firstFailedAt: passTypes.pushFirstFailedAt,
      failedAt: passTypes.pushFailedAt,
      doubtedToken: sql<
        string | null
      >`iif(${passTypes.doubtedAt} IS NULL, NULL, ${passTypes.doubtedToken})`.as("doubted"),
    })
    .from(passes)
    .innerJoin(passTypes, eq(passTypes.passTypeIdentifier, passes.passTypeIdentifier))
    .where(livingPass(id));
}

/** Statement: these registrations with the last push to each. @param listed SQL: their ids */
function selectRegistrations(db: Database, listed: SQL) {
  return db
    .select({
      id: sql<number>`listed.id`.as("registration_id"),
      deviceLibraryIdentifier: registrations.deviceLibraryIdentifier,
      pushToken: registrations.pushToken,
      client: registrations.client,
      registeredAt: registrations.registeredAt,
      pushedAt: devices.pushedAt,
      pushedThrough: devices.pushedThrough,
    })
    .from(sql`(${listed}) AS listed`)
    .crossJoin(registrations) // SQLite never reorders it
    .leftJoin(
      devices,
      and(
        eq(devices.passTypeIdentifier, registrations.passTypeIdentifier),
        eq(devices.deviceLibraryIdentifier, registrations.deviceLibraryIdentifier),
      ),
    )
    .where(sql`registrations.rowid = listed.id`)
    .orderBy(sql`listed.id DESC`);
}

type ChangeRow = typeof changes.$inferSelect;

/** The newest change that was or will be pushed, and when the first of those that still wait is due. */
function newestPushed(rows: readonly ChangeRow[]) {
  const due = rows.flatMap((row) => pushDueAt(row) ?? []);
  return { change: rows.find(isPushed), dueAt: due.length === 0 ? null : Math.min(...due) };
}

interface Pending extends ReturnType<typeof newestPushed> {
  readonly secrets: Secrets;
  readonly paused: boolean;
  readonly now: number;
}

interface PhoneRow {
  readonly id: number;
  readonly deviceLibraryIdentifier: string;
  readonly pushToken: string;
  readonly client: string;
  readonly registeredAt: number;
  readonly pushedAt: number | null;
  readonly pushedThrough: number | null;
}
type Letter = { readonly reason: string | null; readonly at: number } | undefined;

async function showPhone(
  row: PhoneRow,
  letter: Letter,
  doubtedToken: string | null,
  pending: Pending,
): Promise<Phone> {
  const { id, pushToken, client, registeredAt } = row;
  const push = pushOf(row, letter, pending);
  return {
    id,
    device: await markOf(pending.secrets, row.deviceLibraryIdentifier),
    pushToken: masked(pushToken),
    wallet: client,
    registeredAt: new Date(registeredAt).toISOString(),
    push,
    nextPushAt: instantOf(nextPushAt(row, push, pending)),
    lastAnswer: lastAnswer(row, letter),
    doubted: doubtedToken === pushToken,
  };
}

function pushOf(
  { client, registeredAt, pushedThrough }: PhoneRow,
  letter: Letter,
  { change }: Pending,
): Phone["push"] {
  if (client !== "apple") return "none";
  if (change === undefined || (pushedThrough ?? 0) >= change.id) return "done";
  if (change.dispatchedAt === null) return "waiting";
  // It has downloaded the pass since then.
  if (registeredAt >= change.dispatchedAt) return "done";
  return letter !== undefined && letter.at >= change.pushAt ? "gave_up" : "unconfirmed";
}

/** A push that is retried is due at a time that only the queue knows. */
function nextPushAt(
  { pushedAt, pushedThrough }: PhoneRow,
  push: Phone["push"],
  pending: Pending,
): number | null {
  const { dueAt, paused, now } = pending;
  const isDue = push === "waiting" && dueAt !== null && !paused;
  if (!isDue) return null;
  const last: LastPush | undefined =
    pushedAt === null ? undefined : { pushedAt, pushedThrough: pushedThrough ?? 0 };
  const wait = waitBefore(last, undefined, Math.max(dueAt, now));
  return Math.max(dueAt, now) + (wait === "notified" ? 0 : wait);
}

function lastAnswer({ pushedAt }: PhoneRow, letter: Letter): Phone["lastAnswer"] {
  if (letter !== undefined && letter.at >= (pushedAt ?? 0))
    return { at: new Date(letter.at).toISOString(), accepted: false, reason: letter.reason };
  return pushedAt === null ? null : { at: new Date(pushedAt).toISOString(), accepted: true, reason: null };
}

/** The end of a token: enough to compare, and useless to push. */
function masked(token: string): string {
  return token.length < 32 ? "…" : `…${token.slice(-6)}`;
}

/** A client that knows the id of a device can read its list of updates, so only an HMAC is shown. */
async function markOf(secrets: Secrets, deviceLibraryIdentifier: string): Promise<string> {
  const mac = await secrets.mac(secrets.newestKeyId, PURPOSE, deviceLibraryIdentifier);
  return mac.subarray(0, MARK_BYTES).toHex();
}

function showFailure(passType: {
  readonly failure: string | null;
  readonly firstFailedAt: number | null;
  readonly failedAt: number | null;
}): PhonePage["failure"] {
  const { failure: reason, firstFailedAt, failedAt } = passType;
  if (reason === null || firstFailedAt === null || failedAt === null) return null;
  return {
    reason,
    firstFailedAt: new Date(firstFailedAt).toISOString(),
    lastFailedAt: new Date(failedAt).toISOString(),
    cure: cureFor(reason),
  };
}
