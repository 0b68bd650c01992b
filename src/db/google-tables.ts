/**
 * The tables for Google Wallet: issuers with the key of their service account, access tokens, and what Google has of templates
 * and passes. No request of an iPhone reads them. The conventions of all tables are in schema.ts.
 */
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Json, JsonObject } from "../json.ts";
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
   * Begins the ids of all its classes and objects. It is random, because Google never forgets an id: those of another
   * deployment, or of a database that is gone, must not be met again.
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
  },
  (t) => [primaryKey({ columns: [t.templateId, t.eventId, t.issuerId, t.type] })],
);

/** What Google has of a pass, from the first time that somebody wanted it there. */
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
  },
  (t) => [
    primaryKey({ columns: [t.passId, t.issuerId, t.type] }),
    /** To find what a class has: if its type changes, and before an issuer is deleted. */
    index("google_objects_class").on(t.issuerId, t.classId, t.passId),
  ],
);
