/**
 * How Google refuses: one error with a status and the JSON that Google's APIs answer. The texts for 403 permissionDenied, 404 and 409
 * are from Google's page of error codes and from public reports; the others follow the form of Google's APIs and are partly guesses.
 */
import type { Fault } from "./shapes.ts";

/** Google's canonical codes, with their HTTP statuses. */
const STATUSES = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 429,
} as const;
type Code = keyof typeof STATUSES;

export class GoogleRefusal extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, message: string, body: unknown) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

interface More {
  readonly domain?: string;
  readonly details?: readonly Readonly<Record<string, unknown>>[];
}

function refusal(code: Code, message: string, reason: string, more: More = {}): GoogleRefusal {
  return new GoogleRefusal(
    STATUSES[code],
    message,
    errorBody(STATUSES[code], message, reason, { code, ...more }),
  );
}

/** Google's error JSON. */
export function errorBody(
  status: number,
  message: string,
  reason: string,
  { code, domain = "walletobjects", details }: More & { code?: string } = {},
): unknown {
  const errors = [{ message, domain, reason }];
  return { error: { code: status, message, errors, status: code, details } };
}

export const badRequest = (message: string): GoogleRefusal =>
  refusal("INVALID_ARGUMENT", message, "badRequest", { domain: "global" });

/** The first fault is the message; all of them are violations. */
export function badResource(faults: readonly Fault[]): GoogleRefusal {
  const fieldViolations = faults.map(({ at, message }) => ({ field: at, description: message }));
  const details = [{ "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations }];
  const message = faults[0]?.message ?? "Request contains an invalid argument.";
  return refusal("INVALID_ARGUMENT", message, "invalid", { domain: "global", details });
}

export const unauthenticated = (): GoogleRefusal =>
  refusal(
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
    "authError",
    { domain: "global" },
  );

/** The same for an issuer that does not exist, for one of somebody else, and for an account that was not invited. */
export const permissionDenied = (): GoogleRefusal =>
  refusal("PERMISSION_DENIED", "Permission denied.", "permissionDenied");

export function apiDisabled(projectNumber: string): GoogleRefusal {
  const metadata = { service: "walletobjects.googleapis.com", consumer: `projects/${projectNumber}` };
  return refusal(
    "PERMISSION_DENIED",
    `Google Wallet API has not been used in project ${projectNumber} before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/walletobjects.googleapis.com/overview?project=${projectNumber} then retry.`,
    "accessNotConfigured",
    {
      domain: "usageLimits",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.ErrorInfo",
          reason: "SERVICE_DISABLED",
          domain: "googleapis.com",
          metadata,
        },
      ],
    },
  );
}

const NAMES = { Class: "Wallet Object Class", Object: "Wallet Object" } as const;

export const notFound = (kind: keyof typeof NAMES, id: string): GoogleRefusal =>
  refusal(
    "NOT_FOUND",
    `${NAMES[kind]} ${id} not found.`,
    kind === "Class" ? "classNotFound" : "resourceNotFound",
  );

export const noSuchMethod = (path: string): GoogleRefusal =>
  refusal("NOT_FOUND", `The requested URL ${path} was not found.`, "notFound", { domain: "global" });

export const alreadyExists = (kind: keyof typeof NAMES, id: string): GoogleRefusal =>
  refusal("ALREADY_EXISTS", `${NAMES[kind]} ${id} already exists.`, "existingResource");

export const rateLimited = (projectNumber: string): GoogleRefusal =>
  refusal(
    "RESOURCE_EXHAUSTED",
    `Quota exceeded for quota metric 'Queries' and limit 'Queries per second' of service 'walletobjects.googleapis.com' for consumer 'project_number:${projectNumber}'.`,
    "rateLimitExceeded",
    { domain: "usageLimits" },
  );

/** More than three messages that notify in a day. These words were reported of a class (edutap.wallet_google, issue 3). */
export const tooManyMessages = (kind: "Class" | "Object", id: string): GoogleRefusal =>
  refusal(
    "PERMISSION_DENIED",
    `Quota exceeded for issuer ${id.split(".")[0]} when adding TEXT_AND_NOTIFY message to ${kind.toLowerCase()} ${id}.`,
    "quotaExceeded",
  );

/** More than three changes that notify in a day. */
export const tooManyNotifications = (): GoogleRefusal =>
  refusal(
    "RESOURCE_EXHAUSTED",
    "QuotaExceededException: the pass has had its notifications of 24 hours.",
    "quotaExceeded",
  );

/** The form of the token endpoint, which is OAuth's and not that of the other APIs. */
export function tokenRefusal(error: string, description: string, status = 400): GoogleRefusal {
  return new GoogleRefusal(status, `${error}: ${description}`, { error, error_description: description });
}
