/**
 * The tables for Google Wallet: issuers with the key of their service account, access tokens, and what Google has of templates
 * and passes. No request of an iPhone reads them. The conventions of all tables are in schema.ts.
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { type Json, type JsonObject, writeJson } from "../json.ts";
import type { Sealed } from "./sealed.ts";

/** Why the last check of an issuer failed: a code, and what Google said. */
export interface StoredProblem {
  readonly code: string;
  readonly detail: string;
}

/** An issuer account of Google's console, with the service account that may use it. */
export const googleIssuers = sqliteTable("google_issuers", {
  /** About 19 digits, more than a double holds. */
  issuerId: text("issuer_id").primaryKey(),
  clientEmail: text("client_email").notNull(),
  privateKeyId: text("private_key_id").notNull(),
  /** PKCS#8, sealed. */
  privateKey: text("private_key").$type<Sealed<"google_issuers.private_key">>().notNull(),
  /**
   * The prefix of the ids of all its classes and objects. It is random, because Google never forgets an id: the ids of
   * another deployment, or of a lost database, must not be used again.
   */
  idPrefix: text("id_prefix").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
  /** When the operator last had it checked (google-wallet/check.ts), and what was wrong. Null if nothing was. */
  checkedAt: integer("checked_at"),
  checkProblem: text("check_problem").$type<Json<StoredProblem>>(),
});

/** The access token of each issuer's service account, shared by all isolates. */
export const googleTokens = sqliteTable("google_tokens", {
  issuerId: text("issuer_id").primaryKey(),
  /** Sealed. */
  token: text("token").$type<Sealed<"google_tokens.token">>().notNull(),
  expiresAt: integer("expires_at").notNull(),
});

/** Field key → the text that the field showed when its class or object was last sent. Only fields with a changeMessage. */
export type ShownTexts = Readonly<Record<string, string>>;

/**
 * The columns by which classes and objects are kept up to date (google-sync/). A change of what a resource may show adds one to
 * `generation`. A sender claims the row first and reads `generation` in the batch that loads the content. If it is still the same
 * when Google has answered, there is nothing left to send.
 */
const syncColumns = () => ({
  /** How many changes may have made `sent` stale. It only rises. */
  generation: integer("generation").notNull().default(0),
  /** When the row has to be checked next: because of a change, a repeat or an expiry. Null if nothing is to be done. */
  sendAt: integer("send_at"),
  /** Until then the row belongs to the request or the run that sends it, so that two calls cannot arrive in the other order. */
  claimedUntil: integer("claimed_until"),
  /** How many times it was sent without success since the last success. */
  attempts: integer("attempts").notNull().default(0),
  /** Why the last attempt failed; null after a success. */
  problem: text("problem").$type<Json<StoredProblem>>(),
  /** When Google refused it for good: nothing is sent until it is changed or the operator retries it. */
  gaveUpAt: integer("gave_up_at"),
  /** For the messages of the next change. */
  shownTexts: text("shown_texts").$type<Json<ShownTexts>>().notNull().default(writeJson({})),
  /** When messages that notify were sent for it in the last 24 hours: milliseconds. */
  notifiedAt: text("notified_at").$type<Json<readonly number[]>>().notNull().default(writeJson([])),
});

/** What Google has of a template and an event: a class of each type that they ever had. */
export const googleClasses = sqliteTable(
  "google_classes",
  {
    issuerId: text("issuer_id").notNull(),
    templateId: integer("template_id").notNull(),
    /** 0 for passes without an event. */
    eventId: integer("event_id").notNull(),
    type: text("type").notNull(),
    /** Google's id of it. */
    resourceId: text("resource_id").notNull(),
    /**
     * As it was last sent. Equal text means that nothing has to be sent; otherwise it shows which members have to be
     * removed, because Google's PATCH keeps what is absent.
     */
    sent: text("sent").$type<Json<JsonObject>>().notNull(),
    sentAt: integer("sent_at").notNull(),
    ...syncColumns(),
    /** A digest of what its objects take from template and event (google/object-basis.ts). Empty if it was never computed. */
    objectBasis: text("object_basis").notNull().default(""),
    /** While its objects become stale page by page, because `objectBasis` changed: the last pass that was done. Null when all are. */
    staleThrough: integer("stale_through"),
  },
  (t) => [
    primaryKey({ columns: [t.templateId, t.eventId, t.issuerId, t.type] }),
    index("google_classes_event").on(t.eventId, t.issuerId),
    index("google_classes_due").on(t.issuerId, t.sendAt).where(sql`send_at IS NOT NULL`),
    index("google_classes_stale_through").on(t.issuerId).where(sql`stale_through IS NOT NULL`),
  ],
);

/** What Google has of a pass, from the first click on its link to Google Wallet. */
export const googleObjects = sqliteTable(
  "google_objects",
  {
    issuerId: text("issuer_id").notNull(),
    passId: integer("pass_id").notNull(),
    type: text("type").notNull(),
    resourceId: text("resource_id").notNull(),
    /** Google's id of its class. */
    classId: text("class_id").notNull(),
    /** As in google_classes. */
    sent: text("sent").$type<Json<JsonObject>>().notNull(),
    sentAt: integer("sent_at").notNull(),
    createdAt: integer("created_at").notNull(),
    ...syncColumns(),
  },
  (t) => [
    primaryKey({ columns: [t.passId, t.issuerId, t.type] }),
    index("google_objects_due").on(t.issuerId, t.sendAt, t.passId).where(sql`send_at IS NOT NULL`),
    index("google_objects_gave_up").on(t.issuerId, t.gaveUpAt).where(sql`gave_up_at IS NOT NULL`),
    /** To find what a class has: if its type changes, and before an issuer is deleted. */
    index("google_objects_class").on(t.issuerId, t.classId, t.passId),
  ],
);

/** Nonces of Google's callbacks that were accepted: each counts once. A row is removed when its callback has expired. */
export const googleNonces = sqliteTable(
  "google_nonces",
  {
    issuerId: text("issuer_id").notNull(),
    nonce: text("nonce").notNull(),
    expiresAt: integer("expires_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.issuerId, t.nonce] }), index("google_nonces_expiry").on(t.expiresAt)],
);

/** The root keys by which Google's callbacks are verified, shared by all isolates. One row. */
export const googleRootKeys = sqliteTable("google_root_keys", {
  id: integer("id").primaryKey(),
  /** The keys that can be used, as Google publishes them, with the `origin` that they were fetched from. */
  keys: text("keys").$type<Json<JsonObject>>().notNull(),
  /** When an isolate last began to fetch them: no other one does so for some seconds. */
  fetchedAt: integer("fetched_at").notNull(),
  /** When they have to be fetched again. */
  expiresAt: integer("expires_at").notNull(),
});
