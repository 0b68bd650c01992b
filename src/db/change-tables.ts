/**
 * The tables of the change log, and of those who read it (changes/).
 */
import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * The change log. An id is three things: the update tag (D1 has one writer, so ids rise in commit order), the
 * outbox entry until dispatchedAt is set, and the audit line.
 */
export const changes = sqliteTable(
  "changes",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    /** Empty for an event, because its passes may have several pass types. */
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    kind: text("kind", {
      enum: [
        "made",
        "issued",
        "changed",
        "redeemed",
        "unredeemed",
        "voided",
        "unvoided",
        "personalized",
        "deleted",
        "restored",
        "registered",
      ],
    }).notNull(),
    /**
     * The target of the change: exactly one of these three is set. All are null in a row that only skips ids
     * (changes/restored.ts).
     */
    passId: integer("pass_id"),
    templateId: integer("template_id"),
    eventId: integer("event_id"),
    actor: text("actor").notNull(),
    detail: text("detail"),
    /** Last-Modified: whole seconds, later than the `at` of every change that it overrides. */
    at: integer("at").notNull(),
    /**
     * When to push: immediately, or a minute after the last push, because phones throttle passes that push too often.
     */
    pushAt: integer("push_at").notNull(),
    /** When the push job was last sent to the queue, or when the queue will deliver it. */
    queuedAt: integer("queued_at"),
    /**
     * When the last page of its fan-out was finished. For a change that no device can be registered for, it is set at
     * the insert.
     */
    dispatchedAt: integer("dispatched_at"),
  },
  (t) => [
    index("changes_undispatched").on(t.pushAt).where(sql`dispatched_at IS NULL`),
    /** For one fan-out: finds the undispatched changes of its target, however long the history is. */
    index("changes_untold").on(t.passId, t.templateId, t.eventId, t.id).where(sql`dispatched_at IS NULL`),
    /** Finds the changes of a pass, a template or an event, in order. */
    index("changes_target").on(t.passId, t.templateId, t.eventId, t.id),
  ],
);

/**
 * Readers of the change log other than APNs: `cursor` is the id of the last change that the reader has handled. APNs has
 * `dispatchedAt` instead.
 */
export const readers = sqliteTable("readers", {
  name: text("name").primaryKey(),
  cursor: integer("cursor").notNull(),
});
