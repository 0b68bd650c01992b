/**
 * What a change of a pass, a template or an event does in Google Wallet: what holders see, and in a dry run also how many passes
 * it concerns and how long it takes. Nothing is written.
 *
 * It renders class and object before and after the change as they are sent (google/render.ts), and takes the notices of both. It is
 * called only if there is an issuer, and costs one trip.
 */
import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf } from "../db/batch.ts";
import { events, googleClasses, googleObjects, templates } from "../db/schema.ts";
import { DAY_MS } from "../durations.ts";
import type { ChangedEvent } from "../events/change.ts";
import { noticesOfClass, noticesOfObject } from "../google/notices.ts";
import { type GoogleNotification, googleNotificationsOf } from "../google/notifications.ts";
import { objectBasisOf } from "../google/object-basis.ts";
import { renderClass, renderObject, type SharedSource } from "../google/render.ts";
import { type EventSource, sharedSourceOf } from "../google-wallet/classes.ts";
import { type IssuerRow, selectIssuers } from "../google-wallet/issuers.ts";
import { isDayFull } from "../google-wallet/send-notices.ts";
import { CALLS_PER_SECOND } from "../google-wallet/transport.ts";
import { parseJson, writeJson } from "../json.ts";
import type { Notification } from "../pkpass/notifications.ts";
import type { TemplateRow } from "../templates/show.ts";
import type { PassRows } from "./content.ts";
import { googlePassOf } from "./google-source.ts";

type Reader = Pick<Context, "db" | "config" | "now">;

/** What sending the change to Google takes. */
export interface GoogleReach {
  /** What Google has of passes that it concerns. Not all of them are saved: Google has a pass from the first click on. */
  readonly passes: number;
  /** The calls that bring classes and objects up to date. */
  readonly calls: number;
  /** At Google's pace. */
  readonly seconds: number;
}

/** Members of the answer of a change. Empty without an issuer. */
export interface GoogleChange {
  readonly googleNotifications?: readonly GoogleNotification[];
  /** Only of a dry run. */
  readonly googleReach?: GoogleReach;
}

/** What the change is, and what iPhones show for it. */
interface Foreseen {
  readonly hasGoogleIssuer: boolean;
  readonly isDryRun: boolean;
  readonly notifications: readonly Notification[];
}

/** @param before and `after`: the rows of the pass */
export async function googleChangeOfPass(
  { db, config, now }: Reader,
  { before, after }: { readonly before: PassRows["pass"]; readonly after: PassRows["pass"] },
  { hasGoogleIssuer, isDryRun, notifications }: Foreseen,
): Promise<GoogleChange> {
  if (!hasGoogleIssuer) return {};
  const { id, templateId } = after;
  const eventIds = [before.eventId, after.eventId].filter((eventId) => eventId !== null);
  const found = await batchOf(db, {
    issuers: selectIssuers(db).limit(1),
    templates: db.select().from(templates).where(eq(templates.id, templateId)),
    events: db
      .select()
      .from(events)
      .where(and(inArray(events.id, eventIds), isNull(events.deletedAt))),
    objects: db
      .select({ notifiedAt: googleObjects.notifiedAt })
      .from(googleObjects)
      .where(eq(googleObjects.passId, id)),
    classes: db
      .select({ notifiedAt: googleClasses.notifiedAt })
      .from(googleClasses)
      .where(and(eq(googleClasses.templateId, templateId), eq(googleClasses.eventId, after.eventId ?? 0))),
  });
  const [[issuer], [template]] = [found.issuers, found.templates];
  if (issuer === undefined || template === undefined) return {};
  const render = async (pass: PassRows["pass"]) => {
    const event = found.events.find((each) => each.id === pass.eventId) ?? null;
    const { source } = sharedSourceOf(issuer, config.publicOrigin, template, event);
    const own = await googlePassOf(config, issuer, { pass, template, event }, now);
    return { source, pass: own };
  };
  const [old, current] = [await render(before), await render(after)];
  const ofClass = noticesOfClass(current.source, undefined).texts;
  const { texts } = noticesOfObject(old.source, old.pass, undefined, ofClass);
  const { notices } = noticesOfObject(current.source, current.pass, texts, ofClass);
  const objectOf = ({ source, pass }: typeof old) => writeJson(renderObject(source, pass).resource);
  const facts = {
    isSaved: found.objects.length > 0,
    isChanged: objectOf(old) !== objectOf(current),
    isActive: current.pass.status === "active",
    isDayFull: isDayFull([...found.objects, ...found.classes].flatMap(timesOf), now),
  };
  const { isSaved, isChanged } = facts;
  const passes = isSaved ? 1 : 0;
  return {
    googleNotifications: googleNotificationsOf(notifications, notices, facts),
    ...(isDryRun && { googleReach: reachOf(passes, isChanged ? passes : 0) }),
  };
}

/** The notices are those of passes without an event, and concern all whose own values do not replace them. */
export async function googleChangeOfTemplate(
  reader: Reader,
  { before, after }: { readonly before: TemplateRow; readonly after: TemplateRow },
  foreseen: Foreseen,
): Promise<GoogleChange> {
  if (!foreseen.hasGoogleIssuer) return {};
  const { id } = after;
  const found = await batchOf(reader.db, {
    issuers: selectIssuers(reader.db).limit(1),
    ...selectSaved(reader, eq(googleClasses.templateId, id), foreseen),
  });
  const [issuer] = found.issuers;
  if (issuer === undefined) return {};
  return changeOfClass(reader, found, foreseen, {
    before: sourceOf(reader, issuer, before, null),
    after: sourceOf(reader, issuer, after, null),
  });
}

/** The notices are those of the template of the event's newest pass. */
export async function googleChangeOfEvent(
  reader: Reader,
  { before, after, example }: Pick<ChangedEvent, "before" | "after" | "example">,
  foreseen: Foreseen,
): Promise<GoogleChange> {
  if (!foreseen.hasGoogleIssuer) return {};
  const found = await batchOf(reader.db, {
    issuers: selectIssuers(reader.db).limit(1),
    templates: reader.db
      .select()
      .from(templates)
      .where(eq(templates.id, example?.pass.templateId ?? 0)),
    ...selectSaved(reader, eq(googleClasses.eventId, after.id), foreseen),
  });
  const [[issuer], [template]] = [found.issuers, found.templates];
  if (issuer === undefined) return {};
  const sources =
    template === undefined
      ? undefined
      : {
          before: sourceOf(reader, issuer, template, before),
          after: sourceOf(reader, issuer, template, after),
        };
  return changeOfClass(reader, found, foreseen, sources);
}

function sourceOf(
  { config }: Reader,
  issuer: Pick<IssuerRow, "issuerId" | "idPrefix">,
  template: TemplateRow,
  event: EventSource | null,
): SharedSource {
  return sharedSourceOf(issuer, config.publicOrigin, template, event).source;
}

const OBJECTS_OF_CLASS = sql`${googleObjects.issuerId} = ${googleClasses.issuerId} AND ${googleObjects.classId} = ${googleClasses.resourceId}`;

/**
 * Statements: the class that has notified least in the last 24 hours, whether Google has a pass, and for a dry run how many passes.
 * As long as one of the classes may notify, the holders of its passes are notified.
 */
function selectSaved({ db, now }: Reader, isConcerned: SQL, { isDryRun }: Foreseen) {
  const recent = sql`(SELECT count(*) FROM json_each(${googleClasses.notifiedAt}) WHERE value > ${now - DAY_MS})`;
  return {
    classes: db
      .select({ notifiedAt: googleClasses.notifiedAt })
      .from(googleClasses)
      .where(isConcerned)
      .orderBy(recent)
      .limit(1),
    saved: db
      .select({ passId: googleObjects.passId })
      .from(googleClasses)
      .innerJoin(googleObjects, OBJECTS_OF_CLASS)
      .where(isConcerned)
      .limit(1),
    counted: isDryRun
      ? db
          .select({
            classes: sql<number>`count(*)`.as("classes"),
            passes:
              sql<number>`coalesce(sum((SELECT count(*) FROM ${googleObjects} WHERE ${OBJECTS_OF_CLASS})), 0)`.as(
                "passes",
              ),
          })
          .from(googleClasses)
          .where(isConcerned)
      : undefined,
  };
}

interface FoundClasses {
  readonly classes: readonly Notified[];
  readonly saved: readonly unknown[];
  readonly counted: readonly { readonly classes: number; readonly passes: number }[] | undefined;
}

/** @param sources undefined if the event has no pass */
function changeOfClass(
  { now }: Reader,
  { classes, saved, counted }: FoundClasses,
  { notifications }: Foreseen,
  sources: { readonly before: SharedSource; readonly after: SharedSource } | undefined,
): GoogleChange {
  const notices =
    sources === undefined
      ? []
      : noticesOfClass(sources.after, noticesOfClass(sources.before, undefined).texts).notices;
  const differs = (write: (source: SharedSource) => string) =>
    sources !== undefined && write(sources.before) !== write(sources.after);
  const classDiffers = differs((source) => writeJson(renderClass(source).resource));
  const objectsDiffer = differs((source) => objectBasisOf(source));
  const [count] = counted ?? [];
  const calls = (classDiffers ? (count?.classes ?? 0) : 0) + (objectsDiffer ? (count?.passes ?? 0) : 0);
  return {
    googleNotifications: googleNotificationsOf(notifications, notices, {
      isSaved: saved.length > 0,
      isChanged: classDiffers || objectsDiffer,
      isActive: true,
      isDayFull: isDayFull(classes.flatMap(timesOf), now),
    }),
    ...(count !== undefined && { googleReach: reachOf(count.passes, calls) }),
  };
}

type Notified = Pick<typeof googleClasses.$inferSelect, "notifiedAt">;

function timesOf({ notifiedAt }: Notified): readonly number[] {
  return parseJson(notifiedAt);
}

function reachOf(passes: number, calls: number): GoogleReach {
  return { passes, calls, seconds: Math.ceil(calls / CALLS_PER_SECOND) };
}
