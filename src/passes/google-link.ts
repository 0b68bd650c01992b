/**
 * The link at which a holder saves a pass in Google Wallet. It is made at the click: Google gets the class and the object first, as
 * far as they differ from what it has, and the link then only names the object. If Google takes no calls at the moment, the link has
 * all of both, and Google makes them when it is opened. For ten seconds after a refusal of Google, clicks get the same refusal without
 * a call, unless what was refused has changed since.
 */
import { and, eq } from "drizzle-orm";
import type { Config } from "../config.ts";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { googleClasses, googleObjects, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { type PassSource, renderClass, renderObject } from "../google/render.ts";
import type { GoogleCaller } from "../google-wallet/access-token.ts";
import { type Shared, sharedSourceOf } from "../google-wallet/classes.ts";
import { type IssuerRow, selectIssuers } from "../google-wallet/issuers.ts";
import { type GoogleFailure, needsAction } from "../google-wallet/problems.ts";
import { recentRefusal } from "../google-wallet/repeats.ts";
import { makeSaveLink, type SavedResources } from "../google-wallet/save-link.ts";
import {
  type ClassKey,
  type ClassOutcome,
  expectClass,
  type GoogleSender,
  sendClass,
} from "../google-wallet/send-class.ts";
import { newClaim, UNSENT } from "../google-wallet/sync-rows.ts";
import { writeJson } from "../json.ts";
import { refuseWithoutGoogle } from "../templates/offered-wallets.ts";
import { claimObjects, type ObjectIds } from "./google-claims.ts";
import { dropUnsent, expectObject } from "./google-link-rows.ts";
import { type ObjectSender, sendObject } from "./google-objects.ts";
import { googlePassOf } from "./google-source.ts";
import type { LoadedPass, OfferedPass } from "./load.ts";

/** What a click needs. */
interface Clicked extends GoogleCaller, Pick<GoogleSender, "clock"> {
  readonly config: Pick<Config, "secrets" | "google" | "publicOrigin">;
}

/**
 * The first click costs two calls (class and object; more only if Google has them already, or lost them), and later ones none: messages of
 * the class are left to the next run. The token is one more call, once an hour.
 * @throws ApiError google_not_offered without an issuer or for Apple Wallet only, google_unavailable if Google or the issuer's key refuses
 */
export async function googleLinkOf(clicked: Clicked, loaded: OfferedPass): Promise<string> {
  refuseWithoutGoogle(loaded.wallets);
  const { db, config, now } = clicked;
  const { issuers, texts, ...rows } = await batchOf(db, selectGoogleRows(db, loaded));
  const [issuer] = issuers;
  const [text] = texts;
  if (issuer === undefined || text === undefined)
    throw new ApiError("google_not_offered", "This service does not offer Google Wallet.");
  const template = { ...loaded.template, ...text };
  const shared = sharedSourceOf(issuer, config.publicOrigin, template, loaded.event);
  const pass = await googlePassOf(config, issuer, loaded, now);
  const sharedAt = Math.max(text.updatedAt, loaded.event?.updatedAt ?? 0);
  const changedAt = { shared: sharedAt, pass: Math.max(sharedAt, loaded.pass.updatedAt) };
  const saved = await bringToGoogle(clicked, issuer, loaded.pass.id, { shared, pass, rows, changedAt });
  const link = saved.ok ? await makeSaveLink(config, issuer, saved.resources, now) : saved;
  if (link.ok) return link.url;
  throw new ApiError(
    "google_unavailable",
    "Google Wallet does not take this pass at the moment. The operator finds the reason in the log.",
    { cause: new Error(`${link.code}: ${link.detail}`) },
  );
}

/** The issuer of new passes, and what Google has of the pass. */
function selectGoogleRows(db: Database, { pass, template, event }: LoadedPass) {
  const eventId = event?.deletedAt === null ? event.id : 0;
  const isClassOf = and(eq(googleClasses.templateId, template.id), eq(googleClasses.eventId, eventId));
  return {
    issuers: selectIssuers(db).limit(1),
    texts: db
      .select({ strings: templates.strings, updatedAt: templates.updatedAt })
      .from(templates)
      .where(eq(templates.id, template.id)),
    classes: db.select(sentColumns(googleClasses)).from(googleClasses).where(isClassOf),
    objects: db
      .select(sentColumns(googleObjects))
      .from(googleObjects)
      .where(eq(googleObjects.passId, pass.id)),
  };
}

function sentColumns<Table extends typeof googleClasses | typeof googleObjects>(table: Table) {
  const { issuerId, type, sent, problem, gaveUpAt } = table;
  return { issuerId, type, sent, problem, gaveUpAt };
}

interface Wanted {
  readonly shared: Shared;
  readonly pass: PassSource;
  readonly rows: {
    readonly classes: readonly SentAs[];
    readonly objects: readonly SentAs[];
  };
  /** The last change of template and event, and of these or the pass, in milliseconds. */
  readonly changedAt: { readonly shared: number; readonly pass: number };
}

/** What was sent last of the class or the object, and what Google has refused since. */
type SentAs = Pick<typeof googleObjects.$inferSelect, "issuerId" | "type" | "sent" | "problem" | "gaveUpAt">;

/** What Google has of the class or of the object. */
interface AtGoogle {
  readonly row: SentAs | undefined;
  /** Whether it is what pass, template and event give now. */
  readonly isCurrent: boolean;
  /** When what it is made of was last changed, in milliseconds. */
  readonly changedAt: number;
}

type Brought =
  | { readonly ok: true; readonly resources: SavedResources }
  | ({ readonly ok: false } & GoogleFailure);

/** Brings class and object to Google. @returns what the link has to contain, or why there is none */
async function bringToGoogle(
  clicked: Clicked,
  issuer: IssuerRow,
  passId: number,
  { shared, pass, rows, changedAt }: Wanted,
): Promise<Brought> {
  const ofClass = renderClass(shared.source);
  const { type, id: resourceId, classId, resource: object } = renderObject(shared.source, pass);
  const short = { ok: true, resources: { type, object: { id: resourceId, classId } } } as const;
  const findAtGoogle = (all: readonly SentAs[], resource: object, at: number): AtGoogle => {
    const row = all.find((each) => each.issuerId === issuer.issuerId && each.type === type);
    return { row, isCurrent: row?.sent === writeJson(resource), changedAt: at };
  };
  const classAtGoogle = findAtGoogle(rows.classes, ofClass.resource, changedAt.shared);
  const objectAtGoogle = findAtGoogle(rows.objects, object, changedAt.pass);
  if (classAtGoogle.isCurrent && objectAtGoogle.isCurrent) return short;
  const { publicOrigin } = clicked.config;
  const sender = { ...clicked, publicOrigin, random: Math.random, sendsClassMessages: false };
  const ids = { passId, type, resourceId, classId };
  const key = { templateId: shared.templateId, eventId: shared.eventId, type };
  const outcome = await bringClass(sender, issuer, { key, classId }, classAtGoogle);
  const hasClass = isUsable(outcome);
  const failure = hasClass ? await bringObject(sender, issuer, ids, objectAtGoogle) : failureOf(outcome);
  if (failure === undefined) return short;
  if (failure.code !== "quota_exceeded" && failure.code !== "unavailable") {
    if (needsAction(failure.code)) await dropUnsent(sender, issuer, key, ids);
    return { ok: false, ...failure };
  }
  if (!hasClass) await expectClass(sender, issuer, key);
  if (!(await expectObject(sender, issuer, ids))) return { ok: false, ...DELETED };
  return { ok: true, resources: { type, object, ...(hasClass ? {} : { class: ofClass.resource }) } };
}

const READY: ClassOutcome = { state: "ready", basis: "", isSent: false };
/** Another request sends it at this moment, for the first time. */
const BUSY: GoogleFailure = { code: "unavailable", status: null, detail: "Another request sends it" };

const DELETED: GoogleFailure = { ...BUSY, detail: "The issuer was deleted meanwhile" };

/** Sends the class, unless Google has it as it is now or has just refused it. */
async function bringClass(
  sender: GoogleSender,
  issuer: IssuerRow,
  { key, classId }: { readonly key: ClassKey; readonly classId: string },
  atGoogle: AtGoogle,
): Promise<ClassOutcome> {
  if (atGoogle.isCurrent) return READY;
  const failure = recentRefusalOf(issuer, atGoogle, sender.now);
  if (failure !== undefined) return { state: "failed", isKnown: isKnown(atGoogle.row), failure };
  return sendClass(sender, issuer, key, classId);
}

/** Whether Google has the class. An older version is good enough for a link: the change is sent later. */
function isUsable(outcome: ClassOutcome): boolean {
  return outcome.state === "ready" || (outcome.state !== "unused" && outcome.isKnown);
}

/** Why Google does not have the class. */
function failureOf(outcome: ClassOutcome): GoogleFailure {
  return outcome.state === "failed" ? outcome.failure : BUSY;
}

/**
 * Sends the object, unless Google has just refused it.
 * @returns undefined if Google has the object: as it is now, or as it was and a change is sent later
 */
async function bringObject(
  sender: GoogleSender,
  issuer: IssuerRow,
  ids: ObjectIds,
  atGoogle: AtGoogle,
): Promise<GoogleFailure | undefined> {
  const refusal = atGoogle.isCurrent ? undefined : recentRefusalOf(issuer, atGoogle, sender.now);
  if (refusal !== undefined) return failureUnlessKnown(atGoogle.row, refusal);
  const claim = newClaim(sender.now, sender.random());
  const { claimed, busy } = await claimObjects(sender.db, issuer, ids, claim);
  const [object] = claimed;
  if (object === undefined) return isKnown(busy) ? undefined : BUSY;
  const sendClassOf: ObjectSender["sendClassOf"] = ({ templateId, eventId }, type, classId) =>
    sendClass(sender, issuer, { templateId, eventId, type }, classId);
  const outcome = await sendObject({ ...sender, sendClassOf }, issuer, object, claim);
  if (outcome.state === "ready") return undefined;
  if (outcome.state !== "failed") return BUSY;
  return failureUnlessKnown(object.row, outcome.failure);
}

/**
 * What Google has refused in the last seconds: the account, or else this class or object. A click then makes no call. A change since
 * the refusal may have corrected it, also if no run has read the change yet.
 */
function recentRefusalOf(
  issuer: IssuerRow,
  { row, changedAt }: AtGoogle,
  now: number,
): GoogleFailure | undefined {
  const ofAccount = recentRefusal(issuer.checkProblem, issuer.checkedAt, now);
  if (ofAccount !== undefined && needsAction(ofAccount.code)) return ofAccount;
  const isCorrected = changedAt > (row?.gaveUpAt ?? 0);
  return row === undefined || isCorrected ? undefined : recentRefusal(row.problem, row.gaveUpAt, now);
}

/** Whether Google has had a version of it. */
function isKnown(row: Pick<SentAs, "sent"> | undefined): boolean {
  return row !== undefined && row.sent !== UNSENT.sent;
}

/** @returns undefined if Google has an older version, which is good enough for a link, and takes calls of this account */
function failureUnlessKnown(
  row: Pick<SentAs, "sent"> | undefined,
  failure: GoogleFailure,
): GoogleFailure | undefined {
  return isKnown(row) && !needsAction(failure.code) ? undefined : failure;
}
