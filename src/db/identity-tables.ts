/**
 * The tables for signing and pushing: pass types, keys and certificates. "Sealed" means encrypted (secrets/secrets.ts). The
 * other tables and the conventions of all tables are in schema.ts.
 */
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Sealed } from "./sealed.ts";

/** In which Wallets passes are offered. */
export const OFFERED_WALLETS = ["both", "apple", "google"] as const;

/** A Pass Type ID from Apple's portal. The team is null until the first certificate is installed. */
export const passTypes = sqliteTable("pass_types", {
  passTypeIdentifier: text("pass_type_identifier").primaryKey(),
  teamIdentifier: text("team_identifier"),
  /** In which Wallets its passes are offered, unless their template says otherwise. */
  wallets: text("wallets", { enum: OFFERED_WALLETS }).notNull().default("both"),
  /** The APNs configuration (key, team, origin) with which a push to this topic was delivered at least once. */
  provenApns: text("proven_apns"),
  /**
   * The start of a doubt: since then APNs has reported bad tokens and accepted no push. During a doubt, such reports do
   * not delete registrations.
   */
  doubtedAt: integer("doubted_at"),
  /**
   * The token that APNs has reported as bad since doubtedAt, if it was only one; otherwise null. It remains set after
   * the doubt has ended.
   */
  doubtedToken: text("doubted_token"),
  /**
   * Since when no push was accepted: the first and the newest message without one success, and APNs' reason of the
   * newest. Null after a success (push/failures.ts).
   */
  pushFirstFailedAt: integer("push_first_failed_at"),
  pushFailedAt: integer("push_failed_at"),
  pushFailure: text("push_failure"),
  /** When the operator last had the push connection checked (push/push-check.ts). */
  pushCheckedAt: integer("push_checked_at"),
  createdAt: integer("created_at").notNull(),
});

/** Keys that sign passes, generated here or imported. */
export const signingKeys = sqliteTable(
  "signing_keys",
  {
    passTypeIdentifier: text("pass_type_identifier").notNull(),
    /** SHA-256 (hex) of the public key's SubjectPublicKeyInfo: it identifies the key of a certificate. */
    publicKeyHash: text("public_key_hash").notNull(),
    algorithm: text("algorithm", { enum: ["RSA", "P-256"] }).notNull(),
    /** PKCS#8, sealed. */
    privateKey: text("private_key").$type<Sealed<"signing_keys.private_key">>().notNull(),
    /** PEM; null for an imported key. */
    csr: text("csr"),
    createdAt: integer("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.passTypeIdentifier, t.publicKeyHash] })],
);

/** Certificates with their intermediate. The active one has the latest activeFromAt that is not in the future. */
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
  privateKey: text("private_key").$type<Sealed<"apns_keys.private_key">>().notNull(),
  createdAt: integer("created_at").notNull(),
});

/** The provider token of each APNs key, shared by all isolates: APNs refuses tokens that are renewed too often. */
export const providerTokens = sqliteTable("provider_tokens", {
  keyId: text("key_id").primaryKey(),
  /** JWT, sealed. */
  token: text("token").$type<Sealed<"provider_tokens.token">>().notNull(),
  issuedAt: integer("issued_at").notNull(),
});
