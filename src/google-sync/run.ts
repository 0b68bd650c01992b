/**
 * One run for an issuer: the change log, then classes that are due, then objects. Newer changes of a resource that waits are one call.
 */
import { eq } from "drizzle-orm";
import { runReader } from "../changes/readers.ts";
import type { Config } from "../config.ts";
import type { WithConnection } from "../connections.ts";
import type { Database } from "../db/client.ts";
import { googleIssuers } from "../db/schema.ts";
import type { Shared } from "../google-wallet/classes.ts";
import type { IssuerRow } from "../google-wallet/issuers.ts";
import { markStaleRows, readerOfIssuer } from "../google-wallet/reader.ts";
import { kindOfFailure } from "../google-wallet/repeats.ts";
import { type ClassOutcome, type GoogleSender, sendClass } from "../google-wallet/send-class.ts";
import { markStalePage } from "../google-wallet/stale-objects.ts";
import { mayStillSend, newClaim } from "../google-wallet/sync-rows.ts";
import type { GoogleFetch } from "../google-wallet/transport.ts";
import { logEvent } from "../log-events.ts";
import { claimObjects, releaseObjects } from "../passes/google-claims.ts";
import { type ObjectOutcome, sendObject } from "../passes/google-objects.ts";
import { findDueClasses, findNextAt } from "./due.ts";
import { type Clock, pacedFetch } from "./pace.ts";
import { pausedUntil, pauseFor } from "./pauses.ts";

/** What a page of objects takes at the usual pace is six seconds, so their claims do not end before they are sent. Large ones are fewer. */
const PAGE_OBJECTS = 90;

export interface RunParts extends Clock {
  readonly db: Database;
  readonly config: Pick<Config, "secrets" | "google" | "publicOrigin">;
  readonly fetch: GoogleFetch;
  /** 0 to 1. */
  readonly random: () => number;
  readonly withConnection: WithConnection;
  /** Of a page of classes or objects, with what they are rendered from. */
  readonly pageBytes: number;
}

/** A run of one issuer. It ends early if Google asks for a pause. */
interface Run extends RunParts {
  readonly issuer: IssuerRow;
  readonly until: number;
  isPaused: boolean;
}

/**
 * @param until no call starts later, in milliseconds
 * @returns when something is due next; undefined if nothing is
 */
export async function runIssuer(
  parts: RunParts,
  issuerId: string,
  until: number,
): Promise<number | undefined> {
  const { db, now } = parts;
  const [issuer] = await db.select().from(googleIssuers).where(eq(googleIssuers.issuerId, issuerId));
  if (issuer === undefined) return undefined;
  const name = readerOfIssuer(issuerId);
  await runReader(db, { name, handle: markStaleRows }, now());
  const paused = pausedUntil(issuer, now());
  if (paused !== undefined) return paused;
  const fetch = pacedFetch(parts.fetch, issuerId, parts.config.google.api, parts);
  const run: Run = { ...parts, fetch, issuer, until, isPaused: false };
  while (mayGoOn(run)) {
    const didClasses = await sendDueClasses(run);
    const didPage = mayGoOn(run) && (await markStalePage(db, issuerId, now()));
    const didObjects = mayGoOn(run) && (await sendDueObjects(run));
    if (!didClasses && !didPage && !didObjects) break;
  }
  const nextAt = await findNextAt(db, issuerId, now());
  const pause = run.isPaused ? pausedUntil(issuer, now()) : undefined;
  return nextAt === undefined ? undefined : Math.max(nextAt, pause ?? 0);
}

function mayGoOn({ isPaused, now, until }: Run): boolean {
  return !isPaused && now() < until;
}

/** @returns whether there were any */
async function sendDueClasses(run: Run): Promise<boolean> {
  const { db, issuer, now, withConnection, pageBytes } = run;
  const due = await findDueClasses(db, issuer.issuerId, now(), pageBytes);
  const sent = due.map((key) =>
    withConnection(async () => {
      if (!mayGoOn(run)) return;
      note(run, "class", await sendClass(senderOf(run), issuer, key));
    }),
  );
  await Promise.all(sent);
  return due.length > 0;
}

/** @returns whether there were any */
async function sendDueObjects(run: Run): Promise<boolean> {
  const { db, issuer, now, random, withConnection, pageBytes } = run;
  const claim = newClaim(now(), random());
  const { claimed } = await claimObjects(db, issuer, { atMost: PAGE_OBJECTS, maxBytes: pageBytes }, claim);
  const sendClassOf = shareClasses(run);
  let left = 0;
  const sent = claimed.map((object) =>
    withConnection(async () => {
      if (!mayGoOn(run) || !mayStillSend(claim, now())) {
        left += 1;
        return;
      }
      const outcome = await sendObject({ ...senderOf(run), sendClassOf }, issuer, object, claim);
      note(run, "object", outcome, object.row.attempts);
    }),
  );
  await Promise.all(sent);
  if (left > 0) await releaseObjects(db, issuer, claim);
  return claimed.length > 0;
}

function senderOf({ db, config, fetch, now, random }: Run): GoogleSender {
  const { publicOrigin } = config;
  return { db, config, fetch, now: now(), clock: now, random, publicOrigin, sendsClassMessages: true };
}

/** A class that several objects of a page lack is sent once. */
function shareClasses(run: Run) {
  const outcomes = new Map<string, Promise<ClassOutcome>>();
  return ({ templateId, eventId }: Shared, type: string, classId: string): Promise<ClassOutcome> => {
    const outcome =
      outcomes.get(classId) ?? sendClass(senderOf(run), run.issuer, { templateId, eventId, type }, classId);
    outcomes.set(classId, outcome);
    return outcome;
  };
}

/** @param attempts before this one. They matter to an object whose class Google does not know */
function note(run: Run, kind: string, outcome: ClassOutcome | ObjectOutcome, attempts = 0): void {
  const failure = "failure" in outcome ? outcome.failure : undefined;
  if (failure === undefined) return;
  const { code, detail } = failure;
  const hasGivenUp = kindOfFailure(code, attempts) === "refused";
  logEvent(hasGivenUp ? "google_refused" : "google_delayed", { kind, code, detail });
  if (pauseFor(run.issuer.issuerId, failure, run.now())) run.isPaused = true;
}
