/**
 * The signer of a pass type: its active certificate with the opened key, compiled once and kept by the isolate.
 *
 * It reads no database: who asks brings the row (`activeFingerprint` says which), so that a pass costs one query.
 */
import { and, desc, eq, lte, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { certificates, passes, type signingKeys } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { compileSigner, type ManifestSigner } from "../pkpass/build/cms.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { WEBCRYPTO_IMPORT } from "./pem.ts";

export type CertificateRow = typeof certificates.$inferSelect;
export type SigningKeyRow = typeof signingKeys.$inferSelect;

/** More certificates than one isolate ever serves; a bound all the same. */
const KEPT = 100;
const compiled = new Map<string, Promise<ManifestSigner>>();

/** SQL: the fingerprint of the certificate that signs for a `passes` row at this moment. */
export function activeFingerprint(db: Database, now: number) {
  const active = db
    .select({ fingerprint: certificates.fingerprint })
    .from(certificates)
    .where(
      and(
        eq(certificates.passTypeIdentifier, passes.passTypeIdentifier),
        lte(certificates.activeFromAt, now),
      ),
    )
    .orderBy(desc(certificates.activeFromAt), desc(certificates.createdAt))
    .limit(1);
  return sql`(${active})`;
}

/** @throws ApiError no_certificate */
export function installedCertificate(
  certificate: CertificateRow | null,
  passTypeIdentifier: string,
): CertificateRow {
  if (certificate === null) {
    throw new ApiError(
      "no_certificate",
      `Give ${passTypeIdentifier} a certificate: PUT /admin/v1/pass-types/${encodeURIComponent(passTypeIdentifier)}/certificate.`,
    );
  }
  return certificate;
}

/** @throws ApiError signing_certificate_expired: with such a certificate nothing is signed, nor a kept bundle served */
export function refuseExpired(certificate: CertificateRow, now: number): void {
  if (certificate.notAfterAt <= now) {
    throw new ApiError(
      "signing_certificate_expired",
      `The certificate of ${certificate.passTypeIdentifier} ended on ${new Date(certificate.notAfterAt).toISOString()}. Renew it in Apple's portal and install the new one.`,
    );
  }
}

/** The signer of this certificate. Opening the key and compiling costs some milliseconds, once per isolate. */
export function signerOf(
  secrets: Secrets,
  certificate: CertificateRow,
  key: SigningKeyRow,
): Promise<ManifestSigner> {
  const name = certificate.fingerprint + certificate.intermediate; // the two that the structure holds
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const signer = open(secrets, certificate, key);
  if (compiled.size >= KEPT) compiled.clear();
  compiled.set(name, signer);
  // A failure (MASTER_SECRET lacks the entry) is not kept: the cure must not wait for a new isolate.
  signer.catch(() => compiled.delete(name));
  return signer;
}

async function open(
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
