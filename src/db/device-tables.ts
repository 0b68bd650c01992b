/**
 * The tables of devices and of pushes to them: devices, registrations, device logs, push control and dead letters. The
 * conventions of all tables are in schema.ts.
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Json } from "../json.ts";

/** A deviceLibraryIdentifier belongs to one pass type (and address) on one phone, so the pair is the key. */
export const devices = sqliteTable(
  "devices",
  {
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    deviceLibraryIdentifier: text("device_library_identifier").notNull(),
    pushToken: text("push_token").notNull(),
    /** The wallet that the token belongs to: "apple", or another one, whose tokens are never sent to APNs. */
    client: text("client").notNull(),
    /**
     * When APNs last accepted a push for the device, and the last change before that: the push covers all changes up to
     * this one.
     */
    pushedAt: integer("pushed_at"),
    pushedThrough: integer("pushed_through"),
    /** How far its pushes are above the rate that iOS tolerates (push/pace.ts). */
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

/**
 * Which device is registered for which pass. templateId, eventId, pushToken and client are copies, so that a fan-out reads
 * one index.
 */
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
    /** When the phone last sent this registration or its push token. */
    registeredAt: integer("registered_at").notNull(),
    /** Devices with a smaller tag than this get the pass in their list of updates, even if the pass did not change. */
    listedFrom: integer("listed_from").notNull().default(0),
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

/**
 * Requests of devices to /v1/log, masked: one row per request. Anyone can send them, so their size and number are limited.
 * Ids are not AUTOINCREMENT, which would write a second row: the newest row is never removed, so ids rise anyway.
 */
export const deviceLogs = sqliteTable("device_logs", {
  id: integer("id").primaryKey(),
  client: text("client").notNull(),
  messages: text("messages").$type<Json<readonly string[]>>().notNull(),
  receivedAt: integer("received_at").notNull(),
});

/** The id of the only row of `push_control`. */
export const PUSH_CONTROL_ROW = 1;

/** One row, which a migration inserts: the operator's settings for all pushes, and the heartbeat of the minute trigger. */
export const pushControl = sqliteTable("push_control", {
  id: integer("id").primaryKey(),
  /** Since when pushes are paused; null if they are not. */
  pausedAt: integer("paused_at"),
  /** The highest rate for the change of a template or an event; null for no limit. */
  pushesPerSecond: integer("pushes_per_second"),
  /** When the minute trigger last ran. */
  sweptAt: integer("swept_at"),
  /** When this table got its heartbeat: before that, no run of the minute trigger can be expected. */
  startedAt: integer("started_at"),
});

/**
 * Push messages that failed permanently, from the dead-letter queue: they are deleted after a month. Also push messages that
 * a pause holds: their messageId starts with "held " (push/stored-messages.ts).
 */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** The queue's id, so that a message that is delivered twice is stored once. */
    messageId: text("message_id").notNull().unique(),
    message: text("message").notNull(),
    receivedAt: integer("received_at").notNull(),
  },
  /** For the 7-day count and the 30-day purge. */
  (t) => [index("dead_letters_received_at").on(t.receivedAt)],
);
