/**
 * The signer of a pass type: its active certificate with the decrypted key, compiled once per isolate.
 *
 * It does not read the database: the caller passes the rows (`activeFingerprint` selects the certificate), so that
 * serving a pass takes one query.
 */
import { and, desc, eq, lte, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Database } from "../db/client.ts";
import { certificates, passes, type signingKeys } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { compileSigner, type ManifestSigner } from "../pkpass/build/cms.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { WEBCRYPTO_IMPORT } from "./pem.ts";

export type CertificateRow = typeof certificates.$inferSelect;
export type SigningKeyRow = typeof signingKeys.$inferSelect;

/** The limit of the cache, more than the certificates that one isolate serves. */
const MAX_CACHED = 100;
const signers = new Map<string, Promise<ManifestSigner>>();

/**
 * SQL: the fingerprint of the certificate that signs the passes of a pass type.
 * @param now milliseconds
 * @param passTypeIdentifier by default that of a `passes` row
 */
export function activeFingerprint(
  db: Database,
  now: number,
  passTypeIdentifier: string | SQLiteColumn = passes.passTypeIdentifier,
) {
  const active = db
    .select({ fingerprint: certificates.fingerprint })
    .from(certificates)
    .where(and(eq(certificates.passTypeIdentifier, passTypeIdentifier), lte(certificates.activeFromAt, now)))
    .orderBy(desc(certificates.activeFromAt), desc(certificates.createdAt))
    .limit(1);
  return sql`(${active})`;
}

/** The certificate with which a pass will be signed. @throws ApiError no_certificate */
export function requireCertificate(
  certificate: CertificateRow | null,
  passTypeIdentifier: string,
): CertificateRow {
  if (certificate === null) {
    throw new ApiError(
      "no_certificate",
      `Install a certificate for ${passTypeIdentifier} (PUT /admin/v1/pass-types/${encodeURIComponent(passTypeIdentifier)}/certificate).`,
    );
  }
  return certificate;
}

/**
 * Refuses an expired certificate. It must not sign, and built passes that it signed must not be served.
 * @throws ApiError signing_certificate_expired
 */
export function refuseExpired(certificate: CertificateRow, now: number): void {
  if (certificate.notAfterAt <= now) {
    throw new ApiError(
      "signing_certificate_expired",
      `The certificate of ${certificate.passTypeIdentifier} expired on ${new Date(certificate.notAfterAt).toISOString()}. Renew it in Apple's portal and install the new one.`,
    );
  }
}

/**
 * The signer of this certificate. Decrypting the key and preparing the signature take a few milliseconds, once per
 * isolate.
 */
export function getSigner(
  secrets: Secrets,
  certificate: CertificateRow,
  key: SigningKeyRow,
): Promise<ManifestSigner> {
  const name = certificate.fingerprint + certificate.intermediate; // a signature contains both certificates
  const cached = signers.get(name);
  if (cached !== undefined) return cached;
  const signer = compile(secrets, certificate, key);
  if (signers.size >= MAX_CACHED) signers.clear();
  signers.set(name, signer);
  // A failure (MASTER_SECRET lacks the entry) is not cached, so that the operator can fix it without a new isolate.
  signer.catch(() => signers.delete(name));
  return signer;
}

async function compile(
  secrets: Secrets,
  certificate: CertificateRow,
  key: SigningKeyRow,
): Promise<ManifestSigner> {
  const pkcs8 = await secrets.open("signing_keys.private_key", key, key.privateKey);
  return compileSigner({
    algorithm: key.algorithm,
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, WEBCRYPTO_IMPORT[key.algorithm], false, [
      "sign",
    ]),
    certificate: Uint8Array.fromBase64(certificate.certificate),
    intermediate: Uint8Array.fromBase64(certificate.intermediate),
  });
}
