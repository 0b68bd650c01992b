/**
 * The tables of devices and of pushing to them: devices, registrations, device logs, the push control and dead letters.
 * What holds for all tables is in schema.ts.
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** A deviceLibraryIdentifier belongs to one pass type (and address) on one phone, so the pair is the key. */
export const devices = sqliteTable(
  "devices",
  {
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    deviceLibraryIdentifier: text("device_library_identifier").notNull(),
    pushToken: text("push_token").notNull(),
    /** Whose push service the token is for: "apple", or a wallet that is not Apple's and is never sent to APNs. */
    client: text("client").notNull(),
    /** When APNs last took a push for it, and the last change that was made before: it tells of all up to that one. */
    pushedAt: integer("pushed_at"),
    pushedThrough: integer("pushed_through"),
    /** How far its pushes are ahead of what iOS bears (push/pace.ts). */
    pushScore: real("push_score").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.passTypeIdentifier, t.deviceLibraryIdentifier] }),
    index("devices_push_token").on(t.passTypeIdentifier, t.pushToken),
    index("devices_pushed_too_often").on(t.passTypeIdentifier).where(sql`push_score > 10`),
  ],
);

/** Who listens to what. templateId, eventId, pushToken and client are copies: a fan-out is one walk along an index. */
export const registrations = sqliteTable(
  "registrations",
  {
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    deviceLibraryIdentifier: text("device_library_identifier").notNull(),
    passId: integer("pass_id").notNull(),
    templateId: integer("template_id").notNull(),
    eventId: integer("event_id"),
    pushToken: text("push_token").notNull(),
    client: text("client").notNull(),
    /** When this registration, or its push token, was last made sure of by the phone. */
    registeredAt: integer("registered_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.passTypeIdentifier, t.deviceLibraryIdentifier, t.passId] }),
    index("registrations_pass").on(t.passId, t.client, t.passTypeIdentifier, t.pushToken),
    index("registrations_template").on(t.templateId, t.client, t.passTypeIdentifier, t.pushToken),
    index("registrations_event")
      .on(t.eventId, t.client, t.passTypeIdentifier, t.pushToken)
      .where(sql`event_id IS NOT NULL`),
    index("registrations_push_token").on(t.passTypeIdentifier, t.pushToken),
  ],
);

/** What devices reported to /v1/log, masked. Written by strangers: bounded in size and number. */
export const deviceLogs = sqliteTable("device_logs", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  client: text("client").notNull(),
  message: text("message").notNull(),
  receivedAt: integer("received_at").notNull(),
});

/** One row: what the operator says of all pushes. */
export const pushControl = sqliteTable("push_control", {
  id: integer("id").primaryKey(),
  /** Since when nothing is pushed; null while it is. */
  pausedAt: integer("paused_at"),
  /** How fast the change of a template or an event goes out at most; null for as fast as it can. */
  pushesPerSecond: integer("pushes_per_second"),
});

/** Push messages that gave up, as they came out of the dead-letter queue. Kept for a month. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** The queue's own: at-least-once delivery writes a letter once. */
    messageId: text("message_id").notNull().unique(),
    message: text("message").notNull(),
    receivedAt: integer("received_at").notNull(),
  },
  /** Those of the last week, which health counts, and those of before the last month, which go. */
  (t) => [index("dead_letters_received_at").on(t.receivedAt)],
);
