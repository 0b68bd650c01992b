/**
 * Findings about a pass type's certificates: none, expired, or expiring soon. For the health report and for the linter's
 * report. Only an expired one is an error, because nothing fails before that. Pure.
 */
import { DAY_MS } from "../durations.ts";
import { error, type Finding, warning } from "../pkpass/finding.ts";
import type { PassType } from "./pass-types.ts";

/** Days before the expiry. At each of these thresholds the finding of the health report gets another code. */
const WARNING_DAYS = [90, 30, 14, 7, 1] as const;
/** Days before the expiry from which each answer that issues a pass warns. */
const SOON_DAYS = 14;

/** When a certificate signs, in milliseconds. */
export interface CertificateTimes {
  readonly activeFromAt: number;
  readonly notAfterAt: number;
}

/** The finding for the health report, or undefined if there is nothing to warn about. @param now milliseconds */
export function findExpiry({ passTypeIdentifier, certificates }: PassType, now: number) {
  const times = certificates.map(({ activeFrom, notAfter }) => ({
    activeFromAt: Date.parse(activeFrom),
    notAfterAt: Date.parse(notAfter),
  }));
  const expiry = judge(times, now);
  const texts = describe(passTypeIdentifier, expiry);
  switch (expiry.state) {
    case "none":
      return { severity: "setup" as const, code: "no_certificate", ...texts };
    case "expired":
      return { severity: "error" as const, code: "certificate_expired", ...texts };
    case "valid": {
      const step = WARNING_DAYS.findLast((warning) => expiry.days <= warning);
      if (step === undefined) return undefined;
      return { severity: "warning" as const, code: `certificate_expires_within_${step}_days`, ...texts };
    }
  }
}

/**
 * The findings for the linter's report.
 * @param certificates in the order of activeFromAt
 * @param pointer to the member that names the pass type
 * @param now milliseconds
 */
export function lintCertificates(
  passTypeIdentifier: string,
  certificates: readonly CertificateTimes[],
  pointer: string,
  now: number,
): Finding[] {
  const expiry = judge(certificates, now);
  const { message, cure } = describe(passTypeIdentifier, expiry);
  switch (expiry.state) {
    case "none":
      return [warning("certificate_missing", pointer, message, cure)];
    case "expired":
      return [error("certificate_expired", pointer, message, cure)];
    case "valid":
      return expiry.days > SOON_DAYS ? [] : [warning("certificate_expires_soon", pointer, message, cure)];
  }
}

type Expiry =
  | { readonly state: "none" }
  | { readonly state: "expired"; readonly endAt: number }
  | { readonly state: "valid"; readonly endAt: number; readonly days: number };

function judge(certificates: readonly CertificateTimes[], now: number): Expiry {
  const endAt = findEndOfSigning(certificates, now);
  if (endAt === undefined) return { state: "none" };
  if (endAt <= now) return { state: "expired", endAt };
  return { state: "valid", endAt, days: Math.ceil((endAt - now) / DAY_MS) };
}

function describe(passTypeIdentifier: string, expiry: Expiry) {
  const path = `/admin/v1/pass-types/${passTypeIdentifier}`;
  const cure = `Create a new one in Apple's portal and install it (PUT ${path}/certificate).`;
  const date = expiry.state === "none" ? "" : new Date(expiry.endAt).toISOString().slice(0, 10);
  switch (expiry.state) {
    case "none":
      return {
        message: `${passTypeIdentifier} has no certificate yet, so its passes cannot be signed.`,
        cure: `Get the signing request (GET ${path}/csr), upload it in Apple's portal, download the certificate, and install it (PUT ${path}/certificate).`,
      };
    case "expired":
      return {
        message: `The certificate of ${passTypeIdentifier} expired on ${date}, so its passes cannot be signed.`,
        cure,
      };
    case "valid":
      return {
        message: `The certificate of ${passTypeIdentifier} expires on ${date}, in ${expiry.days} days.`,
        cure,
      };
  }
}

/**
 * Until when passes can be signed without a gap. A standby certificate counts if it becomes active before the previous
 * one expires. Undefined if no certificate is active yet.
 */
function findEndOfSigning(certificates: readonly CertificateTimes[], now: number): number | undefined {
  // Each certificate replaces the previous one, even if the previous one is valid longer.
  const active = certificates.findLast(({ activeFromAt }) => activeFromAt <= now);
  let end = active?.notAfterAt;
  if (end === undefined) return undefined;
  for (const { activeFromAt, notAfterAt } of certificates) {
    if (activeFromAt <= now) continue;
    if (activeFromAt > end) break; // a gap
    end = notAfterAt;
  }
  return end;
}
