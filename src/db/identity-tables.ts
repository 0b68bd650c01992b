/**
 * The tables of who signs and who pushes: pass types, keys and certificates. What is "sealed" is encrypted
 * (secrets.ts). The rest of the tables, and what holds for all of them, is schema.ts.
 */
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Sealed } from "./sealed.ts";

/** What Apple's portal calls a Pass Type ID. Its team is known once the first certificate is. */
export const passTypes = sqliteTable("pass_types", {
  passTypeIdentifier: text("pass_type_identifier").primaryKey(),
  teamIdentifier: text("team_identifier"),
  /** The APNs configuration (key, team, origin) that has delivered to this topic at least once. */
  provenApns: text("proven_apns"),
  /** Since when APNs has called tokens bad and delivered to none: then it is not believed. */
  doubtedAt: integer("doubted_at"),
  /** The one token that was called bad in the last doubt, also when that is over. Null: there were several, or none. */
  doubtedToken: text("doubted_token"),
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
    privateKey: text("private_key").$type<Sealed<"signing_keys.private_key">>().notNull(),
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
  privateKey: text("private_key").$type<Sealed<"apns_keys.private_key">>().notNull(),
  createdAt: integer("created_at").notNull(),
});

/** The one provider token of each APNs key that all isolates share: APNs refuses tokens that are minted too often. */
export const providerTokens = sqliteTable("provider_tokens", {
  keyId: text("key_id").primaryKey(),
  /** JWT, sealed. */
  token: text("token").$type<Sealed<"provider_tokens.token">>().notNull(),
  issuedAt: integer("issued_at").notNull(),
});
