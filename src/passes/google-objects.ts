/**
 * Brings a claimed object of Google Wallet up to date: with no call if Google has it as it is now. The link and google-sync both do it
 * here, so that they send the same.
 */
import { sql } from "drizzle-orm";
import { repeatableBatchOf } from "../db/batch.ts";
import { lostColumns, staleColumns } from "../db/google-stale.ts";
import { repeatable } from "../db/repeat.ts";
import { googleClasses, googleObjects } from "../db/schema.ts";
import { noticesOfObject } from "../google/notices.ts";
import { takesSharedValues } from "../google/object-basis.ts";
import { type RenderedObject, renderObject } from "../google/render.ts";
import { GOOGLE_TYPES, type GoogleType } from "../google/types.ts";
import { type Shared, sharedSourceOf } from "../google-wallet/classes.ts";
import type { IssuerRow } from "../google-wallet/issuers.ts";
import type { GoogleFailure } from "../google-wallet/problems.ts";
import {
  basesOf,
  type ClassOutcome,
  type GoogleSender,
  IS_WITH_VALUES,
  isClass,
  isWithValues,
} from "../google-wallet/send-class.ts";
import { columnsAfter, type SentRow, sendRow, type ToSend, textsBefore } from "../google-wallet/send-row.ts";
import {
  type Claim,
  hasClaim,
  postponedColumns,
  UNSENT,
  WAS_NEVER_SENT,
} from "../google-wallet/sync-rows.ts";
import { parseJson } from "../json.ts";
import { type ClaimedObject, isObjectRow, type OwningClass } from "./google-claims.ts";
import { retire } from "./google-retired.ts";
import { googlePassOf } from "./google-source.ts";
import { statusFacts } from "./status.ts";

export interface ObjectSender extends GoogleSender {
  /** Brings a class that is missing up to date. Objects of one class that are sent at the same time share it. */
  readonly sendClassOf: (shared: Shared, type: GoogleType, classId: string) => Promise<ClassOutcome>;
}

/**
 * - ready: Google has it as it is now. With `failure`, its messages failed, and are sent later
 * - removed: it was never at Google, and its pass is gone or has another type
 * - waiting: its class is being sent
 */
export type ObjectOutcome =
  | { readonly state: "ready"; readonly isSent: boolean; readonly failure?: GoogleFailure | undefined }
  | { readonly state: "removed" }
  | { readonly state: "waiting" }
  | { readonly state: "failed"; readonly failure: GoogleFailure };

/** How long an object waits for its class, which somebody else sends. */
const CLASS_WAIT_MS = 3000;

/** One trip to D1, and the calls. */
export async function sendObject(
  sender: ObjectSender,
  issuer: IssuerRow,
  object: ClaimedObject,
  claim: Claim,
): Promise<ObjectOutcome> {
  const { row, pass, template, event } = object;
  const { now } = sender;
  const type = GOOGLE_TYPES.find((each) => each === row.type);
  const shared = sharedSourceOf(issuer, sender.publicOrigin, template, event);
  const rows = { pass, template, event };
  const source = await googlePassOf(
    { ...sender.config, publicOrigin: sender.publicOrigin },
    issuer,
    rows,
    now,
  );
  const rendered = source.status === "deleted" ? undefined : renderObject(shared.source, source);
  if (type === undefined || rendered?.type !== type) {
    if (row.sentAt === 0 || type === undefined) return removeObject(sender, issuer, object, claim);
    return finish(sender, issuer, object, claim, retire(type, row, source.status === "deleted", now));
  }
  const owner = ownerOf(object, shared, type);
  let basis = owner?.objectBasis;
  if (owner === undefined || owner.isSent === 0) {
    const outcome = await sender.sendClassOf(shared, type, rendered.classId);
    if (outcome.state === "ready") basis = outcome.basis;
    else if (outcome.state === "unused" || !outcome.isKnown)
      return waitForClass(sender, issuer, object, claim, outcome);
  }
  const noticed = noticesOfObject(
    shared.source,
    source,
    textsBefore(row),
    owner === undefined ? {} : parseJson(owner.shownTexts),
  );
  const toSend = {
    ...toObject(rendered),
    noticed,
    messageKey: "pass",
    notifiedByClass: owner === undefined ? [] : parseJson(owner.notifiedAt),
  } as const;
  const { expiresAt } = statusFacts(pass, rows);
  const nextAt = source.status === "active" && expiresAt !== null && expiresAt > now ? expiresAt : null;
  const own = await basisToCheck(shared, basis, owner, takesSharedValues(source.content));
  return finish(sender, issuer, object, claim, { toSend, nextAt, shared, classId: rendered.classId, own });
}

interface Finish {
  readonly toSend: ToSend;
  readonly nextAt: number | null;
  readonly shared?: Shared;
  readonly classId?: string;
  readonly own?: CheckedBasis;
  /** Whether Google may make it although it does not have it now. So nobody knows what Google has. */
  readonly mayAppear?: boolean;
}

async function finish(
  sender: ObjectSender,
  issuer: IssuerRow,
  { row }: ClaimedObject,
  claim: Claim,
  { toSend, nextAt, shared, classId, own, mayAppear = false }: Finish,
): Promise<ObjectOutcome> {
  const { db } = sender;
  const sent = await sendRow(sender, issuer, row, toSend);
  const { clock, random } = sender;
  const now = clock();
  const key = shared && { templateId: shared.templateId, eventId: shared.eventId, type: toSend.type };
  // The class changed after the claim, and its objects may have become stale before this row was one of them.
  const isStale =
    key === undefined || own === undefined
      ? undefined
      : sql`EXISTS (SELECT 1 FROM ${googleClasses} WHERE ${isClass(issuer, key)} AND object_basis NOT IN ('', ${own.seen}))`;
  const columns = {
    ...columnsAfter(sent, row, toSend, { nextAt, now, isStale, random: random() }),
    ...(mayAppear && { sent: UNSENT.sent, sentAt: row.sentAt }),
  };
  const ids = sent.hasResource && classId !== undefined ? { resourceId: toSend.id, classId } : {};
  const isClassLost = sent.failure?.code === "resource_unknown";
  await repeatableBatchOf(db, {
    row: db
      .update(googleObjects)
      .set({ ...columns, ...ids })
      .where(sql`${isObjectRow(issuer.issuerId, row)} AND ${hasClaim(claim)}`),
    // From now on, a change of a value concerns the objects of this class.
    class:
      key === undefined || own?.withValues === undefined || !sent.hasResource
        ? undefined
        : db
            .update(googleClasses)
            .set({ ...staleColumns(now), objectBasis: own.withValues })
            .where(sql`${isClass(issuer, key)} AND NOT ${IS_WITH_VALUES}`),
    // Google has no such class, although its row says so.
    lostClass:
      key === undefined || !isClassLost
        ? undefined
        : db
            .update(googleClasses)
            .set({ ...lostColumns(now), sentAt: 0 })
            .where(isClass(issuer, key)),
  });
  return toOutcome(sent);
}

function toOutcome({ failure, hasResource, isSent }: SentRow): ObjectOutcome {
  if (failure === undefined) return { state: "ready", isSent };
  // Its messages failed.
  return hasResource ? { state: "ready", isSent, failure } : { state: "failed", failure };
}

interface CheckedBasis {
  /** The basis of the class that goes with what was read. */
  readonly seen: string;
  /** Set if the class does not know yet that this object shows one of its values. */
  readonly withValues?: string;
}

/** @param basis of the class when the object was claimed, or when its class was sent for it */
async function basisToCheck(
  shared: Shared,
  basis: string | undefined,
  owner: OwningClass | undefined,
  takesValues: boolean,
): Promise<CheckedBasis> {
  const isNew = owner === undefined || owner.isSent === 0;
  if (!isNew && !(takesValues && !isWithValues(owner.objectBasis))) return { seen: owner.objectBasis };
  const bases = await basesOf(shared);
  const seen = isNew && basis !== undefined ? bases.plain : (owner?.objectBasis ?? "");
  return takesValues ? { seen, withValues: bases.withValues } : { seen };
}

function ownerOf(
  { classes }: ClaimedObject,
  { templateId, eventId }: Shared,
  type: GoogleType,
): OwningClass | undefined {
  return classes.find(
    (each) => each.templateId === templateId && each.eventId === eventId && each.type === type,
  );
}

async function removeObject(
  { db }: ObjectSender,
  { issuerId }: IssuerRow,
  { row }: ClaimedObject,
  claim: Claim,
): Promise<ObjectOutcome> {
  await repeatable(() =>
    db
      .delete(googleObjects)
      .where(sql`${isObjectRow(issuerId, row)} AND ${hasClaim(claim)} AND ${WAS_NEVER_SENT}`),
  );
  return { state: "removed" };
}

/** Without its class, Google refuses an object. */
async function waitForClass(
  sender: ObjectSender,
  issuer: IssuerRow,
  { row }: ClaimedObject,
  claim: Claim,
  outcome: Exclude<ClassOutcome, { state: "ready" }>,
): Promise<ObjectOutcome> {
  const { db, clock, random } = sender;
  const now = clock();
  const failure = outcome.state === "failed" ? outcome.failure : undefined;
  const nothing: SentRow = {
    failure,
    hasResource: false,
    isSent: false,
    sent: row.sent,
    notifiedAt: parseJson(row.notifiedAt),
  };
  const columns =
    failure === undefined
      ? postponedColumns(now + CLASS_WAIT_MS)
      : columnsAfter(
          nothing,
          row,
          { noticed: { texts: {}, notices: [] } },
          { nextAt: null, now, random: random() },
        );
  await repeatable(() =>
    db
      .update(googleObjects)
      .set(columns)
      .where(sql`${isObjectRow(issuer.issuerId, row)} AND ${hasClaim(claim)}`),
  );
  return failure === undefined ? { state: "waiting" } : { state: "failed", failure };
}

function toObject({ type, id, resource }: RenderedObject) {
  return { kind: "Object", type, id, resource } as const;
}
