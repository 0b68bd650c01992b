/**
 * The findings of the health report about Google Wallet, in the form of findings.ts. Pure.
 */
import { cureOfProblem } from "../google-wallet/problems.ts";
import type { HealthFinding } from "./findings.ts";

/** The part of a Google issuer that the findings need (google-wallet/issuers.ts). */
interface CheckedIssuer {
  readonly issuerId: string;
  readonly clientEmail: string;
  readonly lastCheck: {
    readonly checkedAt: string;
    readonly ok: boolean;
    readonly code: string | null;
    readonly detail: string;
    readonly cure: string | null;
  } | null;
}

/** @param canOpen whether MASTER_SECRET opens the key */
export function googleProblem(
  { issuerId, clientEmail, lastCheck }: CheckedIssuer,
  canOpen: boolean,
): HealthFinding[] {
  const check = `Then check it (POST /admin/v1/google-issuers/${issuerId}/check): that ends this finding if Google accepts it.`;
  if (!canOpen) {
    return [
      {
        severity: "warning",
        code: "google_key_unreadable",
        message: `The key of the issuer ${issuerId} of Google Wallet cannot be decrypted: its entry of MASTER_SECRET is gone. Its passes can neither be added nor changed.`,
        cure: cureOfProblem("key_unreadable", { issuerId, clientEmail }),
      },
    ];
  }
  if (lastCheck === null || lastCheck.ok) return [];
  const isDemo = lastCheck.code === "demo_mode";
  return [
    {
      severity: "warning",
      code: isDemo ? "google_demo_mode" : "google_failing",
      message: `${isDemo ? "The issuer is in Google's demo mode" : "The last check failed"}: ${issuerId} of Google Wallet, at ${lastCheck.checkedAt}: ${lastCheck.detail}`,
      cure: `${lastCheck.cure} ${check}`,
    },
  ];
}

export function googleFailures(count: number): HealthFinding[] {
  if (count === 0) return [];
  return [
    {
      severity: "warning",
      code: "google_failures",
      message: `Passes and templates that Google refused: ${count}. In Google Wallet, holders see what was sent before, or nothing.`,
      cure: "Their list has Google's words (GET /admin/v1/google-failures). Correct the cause, then have them tried again (POST /admin/v1/google-failures/retry). A change of the pass or the template tries it again, too.",
    },
  ];
}

/** @param late classes and objects: at most 10,001 */
export function googleBehind({
  isBehind,
  late,
}: {
  readonly isBehind: boolean;
  readonly late: number;
}): HealthFinding[] {
  if (!isBehind) return [];
  const count = late > 10_000 ? "more than 10,000" : `${late}`;
  const waiting = late === 0 ? "" : ` Passes and templates that wait: ${count}.`;
  return [
    {
      severity: "warning",
      code: "google_behind",
      message: `Changes have waited for more than five minutes to be sent to Google Wallet.${waiting}`,
      cure: "If another finding is about the issuer, correct that first, or check it (POST /admin/v1/google-issuers/{issuerId}/check). Otherwise look for google_ events in the Worker's log. Nothing is lost: all of it is sent when Google can be reached.",
    },
  ];
}

/**
 * For a pass type that is offered in Google Wallet only, if there is no issuer. A template with its own `wallets` gets the
 * linter's finding google_issuer_missing instead.
 */
export function googleOnly(passTypeIdentifier: string): HealthFinding {
  return {
    severity: "warning",
    code: "google_issuer_missing",
    message: `Passes of ${passTypeIdentifier} are offered in Google Wallet only, but this service has no issuer of Google Wallet. So nobody can add them.`,
    cure: `Store an issuer (POST /admin/v1/google-issuers), or offer the passes in Apple Wallet too (PATCH /admin/v1/pass-types/${passTypeIdentifier} {"wallets": "both"}).`,
  };
}
