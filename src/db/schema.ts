/**
 * The tables of D1, and why each stands as it does. No queries.
 *
 * Times are milliseconds since 1970, named …At. Every row that a Wallet request needs carries its pass type, so that
 * a pass type could live in a database of its own. JSON columns hold minified text: "did this change?" is a
 * comparison of text. What is "sealed" is encrypted (secrets.ts).
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** What Apple's portal calls a Pass Type ID. Its team is known once the first certificate is. */
export const passTypes = sqliteTable("pass_types", {
  passTypeIdentifier: text("pass_type_identifier").primaryKey(),
  teamIdentifier: text("team_identifier"),
  /** The APNs configuration (key, team, origin) that has delivered to this topic at least once. */
  provenApns: text("proven_apns"),
  createdAt: integer("created_at").notNull(),
});

/** Keys that sign passes: made here, or imported. */
export const signingKeys = sqliteTable(
  "signing_keys",
  {
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    /** SHA-256 (hex) of the public key's SubjectPublicKeyInfo: how a certificate finds its key. */
    publicKeyHash: text("public_key_hash").notNull(),
    algorithm: text("algorithm", { enum: ["RSA", "P-256"] }).notNull(),
    /** PKCS#8, sealed. */
    privateKey: text("private_key").notNull(),
    /** PEM; null for an imported key. */
    csr: text("csr"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.passTypeIdentifier, t.publicKeyHash] })],
);

/** Certificates with their intermediate. The one that signs is the last whose activeFromAt has come. */
export const certificates = sqliteTable(
  "certificates",
  {
    /** SHA-256 (hex) of the DER. */
    fingerprint: text("fingerprint").primaryKey(),
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    teamIdentifier: text("team_identifier").notNull(),
    publicKeyHash: text("public_key_hash").notNull(),
    /** DER in base64. */
    certificate: text("certificate").notNull(),
    intermediate: text("intermediate").notNull(),
    notBeforeAt: integer("not_before_at").notNull(),
    notAfterAt: integer("not_after_at").notNull(),
    activeFromAt: integer("active_from_at").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [index("certificates_active").on(t.passTypeIdentifier, t.activeFromAt)],
);

/** APNs authentication keys (.p8). */
export const apnsKeys = sqliteTable("apns_keys", {
  keyId: text("key_id").primaryKey(),
  teamIdentifier: text("team_identifier").notNull(),
  /** PKCS#8, sealed. */
  privateKey: text("private_key").notNull(),
  createdAt: integer("created_at").notNull(),
});

/** The one provider token of each APNs key that all isolates share: APNs refuses tokens that are minted too often. */
export const providerTokens = sqliteTable("provider_tokens", {
  keyId: text("key_id").primaryKey(),
  /** JWT, sealed. */
  token: text("token").notNull(),
  issuedAt: integer("issued_at").notNull(),
});

export const templates = sqliteTable(
  "templates",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    externalId: text("external_id"),
    name: text("name").notNull(),
    /** pass.json without what Edgepass sets itself. */
    pass: text("pass").notNull(),
    /** Field key → what its style demands of a value: "text", "date" or "number". Derived from `pass`. */
    fields: text("fields").notNull(),
    /** Bundle path → {sha256, bytes, width, height}. */
    images: text("images").notNull(),
    /** Language → {text: translation}. */
    strings: text("strings").notNull(),
    /** R2 key of the compiled pack: images and strings, hashed and ready to be zipped. */
    pack: text("pack").notNull(),
    /** Id of the last change; 0 inside the batch that makes the row. */
    tag: integer("tag").notNull().default(0),
    /** `at` of the last change. */
    modifiedAt: integer("modified_at").notNull().default(0),
    /** When the last push for this row was or will be sent. */
    pushAt: integer("push_at").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    deletedAt: integer("deleted_at"),
  },
  (t) => [
    uniqueIndex("templates_external_id").on(t.passTypeIdentifier, t.externalId),
    index("templates_pack").on(t.pack),
  ],
);

export const passes = sqliteTable(
  "passes",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    /** Never given out twice: the row stays when the pass is deleted, since its old holder's token would fit. */
    serialNumber: text("serial_number").notNull(),
    templateId: integer("template_id").notNull(),
    externalId: text("external_id"),
    /** Capability of the public link: 160 random bits in hex. */
    webToken: text("web_token").notNull(),
    /** Which MASTER_SECRET entry the authenticationToken is derived with. It never changes. */
    tokenKeyId: text("token_key_id").notNull(),
    /** Field key → {value?, label?, changeMessage?}. */
    values: text("field_values").notNull(),
    /** Overrides of other keys of pass.json. */
    pass: text("pass").notNull(),
    /** Null: the barcodes show their own message, or the serial number. */
    barcodeMessage: text("barcode_message"),
    tag: integer("tag").notNull().default(0),
    modifiedAt: integer("modified_at").notNull().default(0),
    pushAt: integer("push_at").notNull().default(0),
    redeemedAt: integer("redeemed_at"),
    redemptionId: text("redemption_id"),
    /** Which etag lies at bundles/{id}/{etag} in R2, if any. */
    bundle: text("bundle"),
    /** What a device last said in passLifecycleUpdate. Unauthenticated: shown, never acted upon. */
    lifecycleState: text("lifecycle_state"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    deletedAt: integer("deleted_at"),
  },
  (t) => [
    uniqueIndex("passes_serial_number").on(t.passTypeIdentifier, t.serialNumber),
    uniqueIndex("passes_external_id").on(t.passTypeIdentifier, t.externalId),
    /** The latest change of a template's passes, in one step. */
    index("passes_template_modified").on(t.templateId, t.modifiedAt),
    index("passes_template").on(t.templateId, t.id),
    /** Bundles that a deletion could not remove yet. */
    index("passes_leftover_bundle").on(t.id).where(sql`deleted_at IS NOT NULL AND bundle IS NOT NULL`),
    index("passes_barcode_message").on(t.barcodeMessage),
    /** What is scanned where a pass has no message of its own. */
    index("passes_scanned_serial_number").on(t.serialNumber).where(sql`barcode_message IS NULL`),
  ],
);

export const passTags = sqliteTable(
  "pass_tags",
  { passId: integer("pass_id").notNull(), tag: text("tag").notNull() },
  (t) => [primaryKey({ columns: [t.passId, t.tag] }), index("pass_tags_tag").on(t.tag, t.passId)],
);

/**
 * The change log. An id is three things: the update tag (D1 has one writer, so ids rise in commit order), the
 * outbox entry until dispatchedAt is set, and the audit line.
 */
export const changes = sqliteTable(
  "changes",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    kind: text("kind", { enum: ["made", "issued", "changed", "redeemed", "deleted"] }).notNull(),
    passId: integer("pass_id"),
    templateId: integer("template_id"),
    actor: text("actor").notNull(),
    detail: text("detail"),
    /** Whole seconds, later than the `at` of all that it overrides: becomes Last-Modified. */
    at: integer("at").notNull(),
    /** When phones are to be told: at once, or a minute after the last time (they throttle what pushes too often). */
    pushAt: integer("push_at").notNull(),
    /** When the push job was last sent to the queue. */
    queuedAt: integer("queued_at"),
    /** When the last page of its fan-out was through, or at once where nobody can listen. */
    dispatchedAt: integer("dispatched_at"),
  },
  (t) => [
    index("changes_undispatched").on(t.pushAt).where(sql`dispatched_at IS NULL`),
    /** What one fan-out tells of, however long the target's history is. */
    index("changes_untold").on(t.passId, t.templateId, t.id).where(sql`dispatched_at IS NULL`),
    /** One of the two is null: the changes of a pass, or of a template, in order. */
    index("changes_target").on(t.passId, t.templateId, t.id),
  ],
);

/** A deviceLibraryIdentifier belongs to one pass type (and address) on one phone, so the pair is the key. */
export const devices = sqliteTable(
  "devices",
  {
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    deviceLibraryIdentifier: text("device_library_identifier").notNull(),
    pushToken: text("push_token").notNull(),
    /** Whose push service the token is for: "apple", or a wallet that is not Apple's and is never sent to APNs. */
    client: text("client").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.passTypeIdentifier, t.deviceLibraryIdentifier] }),
    index("devices_push_token").on(t.passTypeIdentifier, t.pushToken),
  ],
);

/** Who listens to what. templateId, pushToken and client are copies, so that a fan-out is one walk along an index. */
export const registrations = sqliteTable(
  "registrations",
  {
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    deviceLibraryIdentifier: text("device_library_identifier").notNull(),
    passId: integer("pass_id").notNull(),
    templateId: integer("template_id").notNull(),
    pushToken: text("push_token").notNull(),
    client: text("client").notNull(),
    /** When this registration, or its push token, was last made sure of by the phone. */
    registeredAt: integer("registered_at").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.passTypeIdentifier, t.deviceLibraryIdentifier, t.passId] }),
    index("registrations_pass").on(t.passId, t.client, t.pushToken),
    index("registrations_template").on(t.templateId, t.client, t.pushToken),
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

/** Push messages that gave up, as they came out of the dead-letter queue. Kept for a month. */
export const deadLetters = sqliteTable("dead_letters", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  /** The queue's own: at-least-once delivery writes a letter once. */
  messageId: text("message_id").notNull().unique(),
  message: text("message").notNull(),
  receivedAt: integer("received_at").notNull(),
});
