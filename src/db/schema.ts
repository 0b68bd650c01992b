/**
 * The tables of D1, and the reasons for their design. It contains no queries.
 *
 * Times are milliseconds since 1970, and their names end in …At. Every row that a Wallet request needs has its pass type, so
 * that each pass type could have a database of its own. JSON columns hold minified text, so that a comparison of text shows
 * whether something changed. "Sealed" means encrypted (secrets/secrets.ts).
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { GooglePart } from "../google/google-part.ts";
import { type Json, writeJson } from "../json.ts";
import type { FieldKind } from "../pkpass/schema/field-kinds.ts";
import type {
  FieldOverrides,
  PassOverrides,
  Personalization,
  TemplatePass,
} from "../pkpass/schema/schema.ts";
import { OFFERED_WALLETS } from "./identity-tables.ts";
import type { JoinRule } from "./join-tables.ts";
import type { ScanRule } from "./scan-tables.ts";
import { otherCodes, scannedCode, sharedCodes } from "./scanned-codes.ts";
import type { Sealed } from "./sealed.ts";

export * from "./change-tables.ts";
export * from "./device-tables.ts";
export * from "./google-tables.ts";
export * from "./identity-tables.ts";
export * from "./join-tables.ts";
export * from "./key-tables.ts";
export * from "./object-tables.ts";
export * from "./request-tables.ts";
export * from "./scan-tables.ts";

/** A stored image. */
export interface ImageFacts {
  readonly sha256: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  /** The path of the sharper image that it was scaled from; absent if it was uploaded. */
  readonly derivedFrom?: string;
}

/** Path in the pass → image. */
export type ImagesFacts = Readonly<Record<string, ImageFacts>>;

/** Language → {text: translation}. */
export type Strings = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A group of events and templates: the events of one tour, the flights of one airline. */
export const projects = sqliteTable("projects", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  externalId: text("external_id").unique(),
  name: text("name").notNull(),
  /** The request that created it, by a random number (revisions.ts). Null before there was such a column. */
  writeId: integer("write_id"),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
});

/** Values that all passes of one occasion show in place of their templates' values: a time, a gate, a place. */
export const events = sqliteTable(
  "events",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    projectId: integer("project_id").notNull(),
    externalId: text("external_id"),
    name: text("name").notNull(),
    /** Field key → {value?, label?, changeMessage?, hidden?}. */
    values: text("field_values").$type<Json<FieldOverrides>>().notNull(),
    /** Overrides of other keys of pass.json. */
    pass: text("pass").$type<Json<PassOverrides>>().notNull(),
    /** The keys of pass.json that it removes from its template and from itself. */
    without: text("without").$type<Json<readonly string[]>>().notNull().default(writeJson([])),
    /** How many writes of operators it had; the ETag of the admin API (revisions.ts). */
    revision: integer("revision").notNull().default(1),
    /** The last request that wrote it, by a random number (revisions.ts). Null before there was such a column. */
    writeId: integer("write_id"),
    tag: integer("tag").notNull().default(0),
    modifiedAt: integer("modified_at").notNull().default(0),
    pushAt: integer("push_at").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    /** The row of a deleted event stays, because its tag makes the event's passes newer. */
    deletedAt: integer("deleted_at"),
  },
  (t) => [
    uniqueIndex("events_external_id").on(t.projectId, t.externalId),
    index("events_project").on(t.projectId, t.id),
    /** An index to find the latest change of all events in one step. */
    index("events_modified").on(t.modifiedAt),
    ...sharedCodes("events").map(({ name, code, isSet }) => index(name).on(code).where(isSet)),
  ],
);

export const templates = sqliteTable(
  "templates",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    projectId: integer("project_id"),
    externalId: text("external_id"),
    name: text("name").notNull(),
    /**
     * Path of the webServiceURL in its passes: Apple's web service is at the origin itself, VoltMX's is under "/api".
     */
    webService: text("web_service", { enum: ["/", "/api"] })
      .notNull()
      .default("/"),
    /** pass.json without what Edgepass sets itself. */
    pass: text("pass").$type<Json<TemplatePass>>().notNull(),
    /** Field key → the kind of value that its style requires: "text", "date" or "number". Derived from `pass`. */
    fields: text("fields").$type<Json<Readonly<Record<string, FieldKind>>>>().notNull(),
    /** Path in the pass → {sha256, bytes, width, height}. */
    images: text("images").$type<Json<ImagesFacts>>().notNull(),
    /** Language → {text: translation}. */
    strings: text("strings").$type<Json<Strings>>().notNull(),
    /** personalization.json: what Wallet asks for when somebody adds a pass. Null if it asks for nothing. */
    personalization: text("personalization").$type<Json<Personalization>>(),
    /** With "message", the text below each barcode of its passes is the barcode's message. */
    barcodeText: text("barcode_text", { enum: ["message"] }),
    /** An https address, an e-mail address or a phone number, for the page of its passes. Phones do not show it. */
    contact: text("contact"),
    /** What a scan of its passes does. If null, it redeems. Phones do not show it. */
    scan: text("scan").$type<Json<ScanRule>>(),
    /** The page on which people get a pass of their own (/join/{slug}). If null, there is none. Phones do not show it. */
    join: text("join").$type<Json<JoinRule>>(),
    /** What Google Wallet needs and pass.json does not have. iPhones do not show it. */
    google: text("google").$type<Json<GooglePart>>(),
    /** In which Wallets its passes are offered. Null: as its pass type says. */
    wallets: text("wallets", { enum: OFFERED_WALLETS }),
    /** R2 key of the compiled pack: images and strings, hashed and ready to be zipped. */
    pack: text("pack").notNull(),
    /** As in events. */
    revision: integer("revision").notNull().default(1),
    /** As in events. */
    writeId: integer("write_id"),
    /** Id of the last change; 0 inside the batch that inserts the row. */
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
    uniqueIndex("templates_join_slug")
      .on(sql`"join" ->> 'slug'`)
      .where(sql`deleted_at IS NULL AND "join" IS NOT NULL`),
    index("templates_project").on(t.projectId, t.id),
    /** An index to find the latest change of all templates in one step. */
    index("templates_modified").on(t.modifiedAt),
    ...sharedCodes("templates").map(({ name, code, isSet }) => index(name).on(code).where(isSet)),
  ],
);

export const passes = sqliteTable(
  "passes",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    /**
     * Never reused: the row of a deleted pass stays, because otherwise its holder's token would be valid for a new pass
     * with the same serial number.
     */
    serialNumber: text("serial_number").notNull(),
    templateId: integer("template_id").notNull(),
    eventId: integer("event_id"),
    externalId: text("external_id"),
    /** The secret in the public link: 160 random bits in hex. */
    webToken: text("web_token").notNull(),
    /** The entry of MASTER_SECRET that the authenticationToken is derived from. It never changes. */
    tokenKeyId: text("token_key_id").notNull(),
    /** Field key → {value?, label?, changeMessage?, hidden?}. */
    values: text("field_values").$type<Json<FieldOverrides>>().notNull(),
    /** Overrides of other keys of pass.json. */
    pass: text("pass").$type<Json<PassOverrides>>().notNull(),
    /** The keys of pass.json that it removes from its template, its event and itself. */
    without: text("without").$type<Json<readonly string[]>>().notNull().default(writeJson([])),
    /** If null, the barcodes show their own message, or else the serial number. */
    barcodeMessage: text("barcode_message"),
    barcodeAltText: text("barcode_alt_text"),
    /** The text that a scanner reads, as far as this row alone shows it (scanned-codes.ts). */
    scannedCode: text("scanned_code").generatedAlwaysAs(scannedCode, { mode: "virtual" }),
    /** The pass's own images: path in the pass → {sha256, bytes, width, height}. */
    images: text("images").$type<Json<ImagesFacts>>().notNull().default(writeJson({})),
    /** R2 key of the pack with its own images; null if it has none. */
    pack: text("pack"),
    /** As in events. */
    revision: integer("revision").notNull().default(1),
    /** As in events. */
    writeId: integer("write_id"),
    tag: integer("tag").notNull().default(0),
    modifiedAt: integer("modified_at").notNull().default(0),
    pushAt: integer("push_at").notNull().default(0),
    redeemedAt: integer("redeemed_at"),
    redemptionId: text("redemption_id"),
    /** When it was voided by the API. Its content may say the same without that: `pass.voided` (passes/status.ts). */
    voidedAt: integer("voided_at"),
    voidReason: text("void_reason"),
    /** When its holder first signed up in Wallet. From then on the pass does not ask again. */
    personalizedAt: integer("personalized_at"),
    /**
     * When the pass was first registered, or registered again after its last registration had ended. Null if it was
     * never registered.
     */
    installedAt: integer("installed_at"),
    /** When its last registration ended; null while a device is registered. */
    uninstalledAt: integer("uninstalled_at"),
    /** When somebody saved the pass in Google Wallet, as a callback said; null if nobody did. */
    googleInstalledAt: integer("google_installed_at"),
    /** When it was removed there; null while somebody has it. */
    googleUninstalledAt: integer("google_uninstalled_at"),
    /** The expiry of the newest of these callbacks: an older one that arrives later changes nothing. */
    googleCallbackAt: integer("google_callback_at"),
    /**
     * The tag of the version that was downloaded last before the first registration; null if none was. The first phone has
     * that version, or a newer one.
     */
    givenTag: integer("given_tag"),
    /** The etag of the built pass in R2 at built/{id}/{etag}; null if there is none. */
    builtEtag: text("built_etag"),
    /**
     * The last state that a device reported with passLifecycleUpdate. It is not authenticated, so it is only shown to
     * the operator.
     */
    lifecycleState: text("lifecycle_state"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
    deletedAt: integer("deleted_at"),
  },
  (t) => [
    uniqueIndex("passes_serial_number").on(t.passTypeIdentifier, t.serialNumber),
    uniqueIndex("passes_external_id").on(t.passTypeIdentifier, t.externalId),
    /** An index to find the latest change of a template's passes in one step. */
    index("passes_template_modified").on(t.templateId, t.modifiedAt),
    index("passes_template").on(t.templateId, t.id),
    /** The same for the passes of an event. */
    index("passes_event_modified").on(t.eventId, t.modifiedAt).where(sql`event_id IS NOT NULL`),
    index("passes_event").on(t.eventId, t.id).where(sql`event_id IS NOT NULL`),
    uniqueIndex("passes_web_token").on(t.webToken),
    index("passes_code_1").on(t.scannedCode),
    ...otherCodes.map(({ name, code, isOther }) => index(name).on(code).where(isOther)),
  ],
);

/**
 * The data that holders entered when they signed up in Wallet. It is deleted when the operator takes it or the pass is
 * deleted.
 */
export const personalizations = sqliteTable("personalizations", {
  passId: integer("pass_id").primaryKey(),
  /** JSON {fullName?, emailAddress?, …}, sealed. */
  info: text("info").$type<Sealed<"personalizations.info">>().notNull(),
  receivedAt: integer("received_at").notNull(),
});

export const passTags = sqliteTable(
  "pass_tags",
  { passId: integer("pass_id").notNull(), tag: text("tag").notNull() },
  (t) => [primaryKey({ columns: [t.passId, t.tag] }), index("pass_tags_tag").on(t.tag, t.passId)],
);
