/**
 * Claims the row of a class, and brings Google up to date: with no call if it has the class as it is now.
 */
import { eq, type SQL, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { repeat, repeatable } from "../db/repeat.ts";
import { events, googleClasses, templates } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { noticesOfClass } from "../google/notices.ts";
import { objectBasisOf } from "../google/object-basis.ts";
import { type RenderedClass, renderClass } from "../google/render.ts";
import { writeJson } from "../json.ts";
import type { GoogleCaller } from "./access-token.ts";
import { type Shared, sharedSourceOf } from "./classes.ts";
import { digestOf } from "./digest.ts";
import { existsIssuer, type IssuerRow } from "./issuers.ts";
import type { GoogleFailure } from "./problems.ts";
import { columnsAfter, sendRow, textsBefore } from "./send-row.ts";
import {
  type Claim,
  claimColumns,
  doneColumns,
  hasClaim,
  isFree,
  NEW_ROW,
  newClaim,
  UNSENT,
  WAS_NEVER_SENT,
} from "./sync-rows.ts";

/** What is needed to send a row, in addition to the calls. */
export interface GoogleSender extends GoogleCaller {
  readonly publicOrigin: string;
  /** The time after a call, which may take ten seconds: pauses and claims count from there. Milliseconds. */
  readonly clock: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Whether messages of a class are sent. A click leaves them to the next run: somebody waits for its answer. */
  readonly sendsClassMessages: boolean;
}

export interface ClassKey {
  readonly templateId: number;
  /** 0 without an event. */
  readonly eventId: number;
  readonly type: string;
}

/**
 * - ready: Google has it as it is now. `basis` is what its objects take from it. With `failure`, its messages failed, and are sent later
 * - unused: template and event make no class of this type any more
 * - busy: somebody else sends it now. `isKnown`: Google has had it before
 */
export type ClassOutcome =
  | {
      readonly state: "ready";
      readonly basis: string;
      readonly isSent: boolean;
      readonly failure?: GoogleFailure | undefined;
    }
  | { readonly state: "unused" }
  | { readonly state: "busy"; readonly isKnown: boolean }
  | { readonly state: "failed"; readonly isKnown: boolean; readonly failure: GoogleFailure };

/** The basis of a class that no object has any more. It is no digest. */
const UNUSED = "unused";
/** The basis begins so if an object of the class shows a value that it does not set itself. */
const WITH_VALUES = "v:";
/** SQL on google_classes. */
export const IS_WITH_VALUES = sql`object_basis GLOB ${`${WITH_VALUES}*`}`;

export function isWithValues(objectBasis: string): boolean {
  return objectBasis.startsWith(WITH_VALUES);
}

/** What objects take from template and event, as it is stored. */
export async function basesOf({ source, barcodeText }: Pick<Shared, "source" | "barcodeText">) {
  const [plain, withValues] = await Promise.all([
    digestOf(writeJson([objectBasisOf(source), barcodeText])),
    digestOf(writeJson([objectBasisOf(source, true), barcodeText])),
  ]);
  return { plain, withValues: WITH_VALUES + withValues };
}

/** SQL on google_classes. */
export function isClass({ issuerId }: Pick<IssuerRow, "issuerId">, key: ClassKey): SQL {
  return sql`${googleClasses.templateId} = ${key.templateId} AND ${googleClasses.eventId} = ${key.eventId}
    AND ${googleClasses.issuerId} = ${issuerId} AND ${googleClasses.type} = ${key.type}`;
}

/**
 * Two trips to D1, and the calls.
 * @param resourceId makes the row, if there is none
 */
export async function sendClass(
  sender: GoogleSender,
  issuer: IssuerRow,
  key: ClassKey,
  resourceId?: string,
): Promise<ClassOutcome> {
  const { db, now } = sender;
  const claim = newClaim(now, sender.random());
  const { claimed, found, template, event } = await claimClass(db, issuer, key, claim, resourceId);
  const [row] = claimed;
  if (row === undefined) return { state: "busy", isKnown: found.some(({ sent }) => sent !== UNSENT.sent) };
  const [ofTemplate] = template;
  const [ofEvent] = event;
  const isGone = ofTemplate === undefined || (key.eventId !== 0 && ofEvent?.deletedAt !== null);
  const shared =
    isGone || ofTemplate.deletedAt !== null
      ? undefined
      : sharedSourceOf(issuer, sender.publicOrigin, ofTemplate, ofEvent ?? null);
  const rendered = shared && renderClass(shared.source);
  const done = { nextAt: null, now };
  if (shared === undefined || rendered?.type !== key.type) {
    await write(db, issuer, key, claim, {
      ...doneColumns({ ...done, generation: row.generation }),
      objectBasis: UNUSED,
      staleThrough: sql`iif(object_basis = ${UNUSED}, stale_through, 0)`,
    });
    return { state: "unused" };
  }
  const { source } = shared;
  const noticed = noticesOfClass(source, textsBefore(row));
  const messageKey = key.eventId === 0 ? "template" : "event";
  const { sendsClassMessages: sendsMessages } = sender;
  const toSend = { ...toResource(rendered), noticed, messageKey, sendsMessages } as const;
  const sent = await sendRow(sender, issuer, row, toSend);
  const bases = await basesOf(shared);
  const basis = sql`iif(${IS_WITH_VALUES}, ${bases.withValues}, ${bases.plain})`;
  // Objects that had to wait for it may have given up.
  const isLate = row.sent === UNSENT.sent && row.problem !== null;
  const basisColumns = {
    objectBasis: basis,
    staleThrough: isLate ? 0 : sql`iif(object_basis IN ('', ${basis}), stale_through, 0)`,
  };
  await write(db, issuer, key, claim, {
    ...columnsAfter(sent, row, toSend, { ...done, now: sender.clock(), random: sender.random() }),
    ...(sent.hasResource && { ...basisColumns, resourceId: rendered.id }),
  });
  const isKnown = sent.hasResource || row.sent !== UNSENT.sent;
  if (sent.failure !== undefined && !sent.hasResource)
    return { state: "failed", isKnown, failure: sent.failure };
  return { state: "ready", basis: bases.plain, isSent: sent.isSent, failure: sent.failure };
}

function claimClass(
  db: Database,
  { issuerId }: IssuerRow,
  key: ClassKey,
  claim: Claim,
  resourceId: string | undefined,
) {
  const isRow = isClass({ issuerId }, key);
  return repeat("batch", (isRepeat) =>
    batchOf(db, {
      made:
        resourceId === undefined
          ? undefined
          : db
              .insert(googleClasses)
              .select(
                selectInto(
                  googleClasses,
                  { issuerId, ...key, resourceId, ...NEW_ROW, objectBasis: "", staleThrough: null },
                  sql`WHERE ${existsIssuer(issuerId)}`,
                ),
              )
              .onConflictDoNothing(),
      claimed: db
        .update(googleClasses)
        .set(claimColumns(claim))
        .where(sql`${isRow} AND ${isFree(claim, isRepeat)}`)
        .returning(),
      found: db.select({ sent: googleClasses.sent }).from(googleClasses).where(isRow),
      template: db.select().from(templates).where(eq(templates.id, key.templateId)),
      event: db.select().from(events).where(eq(events.id, key.eventId)),
    }),
  );
}

/** It may run twice: the second time the claim is gone. */
async function write(
  db: Database,
  issuer: IssuerRow,
  key: ClassKey,
  claim: Claim,
  columns: Parameters<ReturnType<typeof db.update<typeof googleClasses>>["set"]>[0],
): Promise<void> {
  await repeatable(() =>
    db
      .update(googleClasses)
      .set(columns)
      .where(sql`${isClass(issuer, key)} AND ${hasClaim(claim)}`),
  );
}

function toResource({ type, id, resource }: RenderedClass) {
  return { kind: "Class", type, id, resource } as const;
}

/** A class that a link has all of: Google makes it when the link is opened. */
export async function expectClass(
  { db, now }: Pick<GoogleSender, "db" | "now">,
  issuer: IssuerRow,
  key: ClassKey,
): Promise<void> {
  await repeatable(() =>
    db
      .update(googleClasses)
      .set({ sentAt: now })
      .where(sql`${isClass(issuer, key)} AND ${WAS_NEVER_SENT}`),
  );
}
