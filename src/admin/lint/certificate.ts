/**
 * Findings about the certificate of the pass type that a request names: missing or expired.
 */
import type { Database } from "../../db/client.ts";
import { findActiveCertificate } from "../../identities/active-certificate.ts";
import { error, type Finding, warning } from "../../pkpass/finding.ts";

type ActiveCertificate = Awaited<ReturnType<typeof findActiveCertificate>>;

/** @param certificate the active one; undefined if there is none */
export function certificateFindings(
  passTypeIdentifier: string,
  certificate: ActiveCertificate,
  now: number,
): Finding[] {
  const cure = `Install one: PUT /admin/v1/pass-types/${passTypeIdentifier}/certificate.`;
  const pointer = "/passTypeIdentifier";
  if (certificate === undefined) {
    const message = `${passTypeIdentifier} has no certificate yet, so its passes cannot be signed.`;
    return [warning("certificate_missing", pointer, message, cure)];
  }
  if (certificate.notAfterAt > now) return [];
  const message = `The certificate of ${passTypeIdentifier} has expired, so its passes cannot be signed.`;
  return [error("certificate_expired", pointer, message, cure)];
}

/** The same, for what is stored in spite of it: a template may be copied before its pass type gets a certificate. */
export async function warnOfCertificate(
  db: Database,
  passTypeIdentifier: string,
  now: number,
): Promise<Finding[]> {
  const certificate = await findActiveCertificate(db, passTypeIdentifier, now);
  const findings = certificateFindings(passTypeIdentifier, certificate, now);
  return findings.map((finding) => ({ ...finding, severity: "warning" }));
}
