/**
 * The filters of passes, for lists and counts.
 *
 * An index finds the passes of one filter, the one that usually has the fewest. The others are checked in these rows, and
 * so are pass type, text, status and install status, which have no index: an index of a status would cost a write with each
 * registration and each change, and the status also depends on the time, the event and the template. An index of the words in the
 * values would cost several with each change of a pass.
 */
import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { type Examine, examineBy } from "../db/page.ts";
import { passes, passTags, passTypes } from "../db/schema.ts";
import { isLivingEvent } from "../events/living-event.ts";
import type { Scope } from "../keys/principal.ts";
import { passesWithin } from "../keys/scope.ts";
import { examineByCode } from "./codes.ts";
import { hasInstallStatus, type InstallStatus, type Wallet } from "./install-status.ts";
import { hasStatus, type PassStatus } from "./status.ts";

export interface PassFilter {
  readonly serialNumber?: string | undefined;
  readonly externalId?: string | undefined;
  readonly passTypeIdentifier?: string | undefined;
  readonly templateId?: number | undefined;
  readonly eventId?: number | undefined;
  /** The exact text that a scanner reads from one of its barcodes (codes.ts). */
  readonly code?: string | undefined;
  readonly tag?: string | undefined;
  /** A part of one of its own values, such as the name of its holder. */
  readonly text?: string | undefined;
  readonly status?: PassStatus | undefined;
  readonly installStatus?: InstallStatus | undefined;
  /** The Wallet that `installStatus` is about. Without one: passes that are installed there. */
  readonly wallet?: Wallet | undefined;
  /** The scope of the requesting key: only passes that it reaches. */
  readonly scope: Scope | undefined;
}

/**
 * SQL: whether a pass matches, for a WHERE on passes. Only `code` is not in it: what a pass shows is verified in what was found.
 * @param now decides which passes have expired
 */
export function matchesFilter(filter: PassFilter, now: number): SQL | undefined {
  const { serialNumber, externalId, passTypeIdentifier, templateId, eventId, tag } = filter;
  const { text, status, wallet } = filter;
  const installStatus = filter.installStatus ?? (wallet && "installed");
  return and(
    isNull(passes.deletedAt),
    passesWithin(filter.scope),
    serialNumber === undefined ? undefined : eq(passes.serialNumber, serialNumber),
    externalId === undefined ? undefined : eq(passes.externalId, externalId),
    passTypeIdentifier === undefined ? undefined : eq(passes.passTypeIdentifier, passTypeIdentifier),
    templateId === undefined ? undefined : eq(passes.templateId, templateId),
    // A deleted event has no passes, although rows of passes still contain its id.
    eventId === undefined ? undefined : and(eq(passes.eventId, eventId), isLivingEvent(eventId)),
    tag === undefined
      ? undefined
      : sql`EXISTS (SELECT 1 FROM pass_tags WHERE pass_tags.pass_id = passes.id AND pass_tags.tag = ${tag})`,
    text === undefined ? undefined : hasText(text),
    installStatus === undefined ? undefined : hasInstallStatus(installStatus, wallet),
    status === undefined ? undefined : hasStatus(status, now),
  );
}

/** SQL on passes: one of its own values contains the text. SQLite's lower() knows A to Z. */
function hasText(text: string): SQL {
  return sql`EXISTS (SELECT 1 FROM json_each(${passes.values}) AS own
    WHERE instr(lower(own.value ->> 'value'), lower(${text})) > 0)`;
}

/** Which passes are examined: those that the index of one filter finds. */
export function examineFilter(filter: PassFilter): Examine {
  const { serialNumber, externalId, code, templateId, eventId, tag } = filter;
  if (serialNumber !== undefined)
    return examineBy(passes, and(ofPassType(filter), eq(passes.serialNumber, serialNumber)));
  if (externalId !== undefined) return examineBy(passes, hasExternalId(externalId, filter));
  if (code !== undefined) return examineByCode(code);
  if (eventId !== undefined) return examineBy(passes, eq(passes.eventId, eventId));
  if (tag !== undefined) return examineByTag(tag);
  if (templateId !== undefined) return examineBy(passes, eq(passes.templateId, templateId));
  return examineBy(passes);
}

/** For a WHERE on passes, along the index of external ids. */
export function hasExternalId(externalId: string, filter: Pick<PassFilter, "passTypeIdentifier">) {
  return and(ofPassType(filter), eq(passes.externalId, externalId));
}

/** The indexes of serial numbers and of external ids begin with the pass type, so all pass types (there are few) are listed. */
function ofPassType({ passTypeIdentifier }: Pick<PassFilter, "passTypeIdentifier">): SQL {
  return passTypeIdentifier === undefined
    ? inArray(passes.passTypeIdentifier, sql`(SELECT ${passTypes.passTypeIdentifier} FROM ${passTypes})`)
    : eq(passes.passTypeIdentifier, passTypeIdentifier);
}

function examineByTag(tag: string): Examine {
  return (cursor, limit) => {
    const before = cursor === undefined ? undefined : sql`${passTags.passId} < ${cursor}`;
    return sql`SELECT ${passTags.passId} AS id FROM ${passTags}
      WHERE ${and(eq(passTags.tag, tag), before)} ORDER BY ${passTags.passId} DESC LIMIT ${limit}`;
  };
}
