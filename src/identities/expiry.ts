/**
 * When a pass type's certificate needs its owner: missing, over, or ending soon. Pure.
 */
import type { PassType } from "./pass-types.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Days before the end at which the warning is repeated more loudly. */
const WARNING_DAYS = [90, 30, 14, 7, 1] as const;

/** What to say of it, or undefined while all is well. */
export function expiryOf(passType: PassType, now: number) {
  const { passTypeIdentifier, certificates } = passType;
  const cure = "Make a new one in Apple's portal and PUT it to the pass type's /certificate.";
  const end = signsUntil(passType);
  if (certificates.length === 0) {
    return {
      severity: "error" as const,
      code: "no_certificate",
      message: `${passTypeIdentifier} has no certificate: none of its passes can be signed.`,
      cure,
    };
  }
  const date = new Date(end).toISOString().slice(0, 10);
  if (end <= now) {
    return {
      severity: "error" as const,
      code: "certificate_expired",
      message: `The certificate of ${passTypeIdentifier} ended on ${date}: nothing is signed with it.`,
      cure,
    };
  }
  const days = Math.ceil((end - now) / DAY_MS);
  const step = WARNING_DAYS.findLast((warning) => days <= warning);
  if (step === undefined) return undefined;
  return {
    severity: step <= 7 ? ("error" as const) : ("warning" as const),
    code: `certificate_ends_within_${step}_days`,
    message: `The certificate of ${passTypeIdentifier} ends on ${date}, in ${days} days.`,
    cure,
  };
}

/** Until when there is always one that signs: a standby counts if it takes over before the one before it ends. */
function signsUntil({ certificates }: PassType): number {
  let end = 0;
  // In the order of activeFrom: each takes over from the one before it, also if that would last longer.
  for (const { state, activeFrom, notAfter } of certificates) {
    if (state === "superseded") continue;
    if (state === "standby" && Date.parse(activeFrom) > end) break; // a gap
    end = Date.parse(notAfter);
  }
  return end;
}
