/**
 * What can be wrong between Edgepass and Google, and what the operator does about it. Pure.
 *
 * Google's words for each are from public reports: developers.google.com/wallet has no list of them.
 */

/** What Google answered, or why there was no answer. */
export interface GoogleFailure {
  readonly code: GoogleProblem;
  /** The HTTP status; null if there was no response. */
  readonly status: number | null;
  /** Google's own words, shortened. */
  readonly detail: string;
  /** How long Google asks to wait. */
  readonly retryAfterSeconds?: number | undefined;
}

/** The problem of the account comes first, then those of single calls. */
export type GoogleProblem =
  | "key_unreadable"
  | "key_refused"
  | "api_disabled"
  | "not_invited"
  | "wrong_issuer"
  | "issuer_unknown"
  | "demo_mode"
  | "quota_exceeded"
  | "unavailable"
  | "resource_exists"
  | "resource_unknown"
  | "refused";

/** Of an issuer and its service account. */
interface Account {
  readonly issuerId: string;
  readonly clientEmail: string;
}

/** What the operator can do. */
export function cureOfProblem(code: string, { issuerId, clientEmail }: Account): string {
  const change = `PATCH /admin/v1/google-issuers/${issuerId}`;
  switch (code) {
    case "key_unreadable":
      return `Put the missing entry of MASTER_SECRET back, or send the key of the service account again (${change}).`;
    case "key_refused":
      return `The key was deleted, or the service account was deleted or disabled. Add a new key of the type JSON to it in the Google Cloud Console, and send it (${change}).`;
    case "api_disabled":
      return `Enable the Google Wallet API in ${projectOf(clientEmail)}, and wait some minutes.`;
    case "not_invited":
      return `In the Google Pay & Wallet Console, open the issuer ${issuerId} → Users, and invite ${clientEmail} as a developer. It can take some minutes.`;
    case "wrong_issuer":
      return `Create the issuer that the service account belongs to, or invite ${clientEmail} as a user of the issuer ${issuerId} in the Google Pay & Wallet Console.`;
    case "issuer_unknown":
      return "Compare the id with the one in the Google Pay & Wallet Console. It has about 19 digits.";
    case "demo_mode":
      return "Request publishing access in the Google Pay & Wallet Console. Until then, only its users and test accounts can save passes.";
    case "quota_exceeded":
      return "Google takes 20 requests a second of a project. Wait, and look at the quotas of the Google Wallet API in the Google Cloud Console.";
    case "unavailable":
      return "This is temporary at Google. If it lasts, see status.cloud.google.com, and check GOOGLE_API_ORIGIN and GOOGLE_TOKEN_ORIGIN: in production, they should not be set.";
    default:
      return "Google's own words say what is wrong. Correct that in the template or in the pass. If neither has it, report the words as a bug.";
  }
}

/** Whether the operator has to do something, and the same call would fail again until then. */
export function needsAction(code: GoogleProblem): boolean {
  return (
    code === "key_unreadable" ||
    code === "key_refused" ||
    code === "api_disabled" ||
    code === "not_invited" ||
    code === "wrong_issuer" ||
    code === "issuer_unknown"
  );
}

/** `name@PROJECT.iam.gserviceaccount.com`. */
function projectOf(clientEmail: string): string {
  const [, project] = /@([^.@]+)\.iam\.gserviceaccount\.com$/.exec(clientEmail) ?? [];
  return project === undefined
    ? "the Google Cloud project of the service account"
    : `the Google Cloud project ${project}`;
}
