/**
 * Findings about a pass type's certificate: missing, expired, or expiring soon. Only an expired one is an error, because
 * nothing fails before. Pure.
 */
import type { PassType } from "./pass-types.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Days before the expiry. At each of these thresholds the finding gets another code. */
const WARNING_DAYS = [90, 30, 14, 7, 1] as const;

/** The finding for the health report, or undefined if there is nothing to warn about. @param now milliseconds */
export function findExpiry(passType: PassType, now: number) {
  const { passTypeIdentifier, certificates } = passType;
  const cure = "Create a new one in Apple's portal and PUT it to the pass type's /certificate.";
  const end = findEndOfSigning(passType);
  if (certificates.length === 0) {
    return {
      severity: "setup" as const,
      code: "no_certificate",
      message: `${passTypeIdentifier} has no certificate, so its passes cannot be signed.`,
      cure,
    };
  }
  const date = new Date(end).toISOString().slice(0, 10);
  if (end <= now) {
    return {
      severity: "error" as const,
      code: "certificate_expired",
      message: `The certificate of ${passTypeIdentifier} expired on ${date}, so its passes cannot be signed.`,
      cure,
    };
  }
  const days = Math.ceil((end - now) / DAY_MS);
  const step = WARNING_DAYS.findLast((warning) => days <= warning);
  if (step === undefined) return undefined;
  return {
    severity: "warning" as const,
    code: `certificate_expires_within_${step}_days`,
    message: `The certificate of ${passTypeIdentifier} expires on ${date}, in ${days} days.`,
    cure,
  };
}

/**
 * Until when passes can be signed without a gap. A standby certificate counts if it becomes active before the previous
 * one expires.
 */
function findEndOfSigning({ certificates }: PassType): number {
  let end = 0;
  // In the order of activeFrom. Each certificate replaces the previous one, even if the previous one is valid longer.
  for (const { state, activeFrom, notAfter } of certificates) {
    if (state === "superseded") continue;
    if (state === "standby" && Date.parse(activeFrom) > end) break; // a gap
    end = Date.parse(notAfter);
  }
  return end;
}
