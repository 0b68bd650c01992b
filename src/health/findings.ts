/**
 * The findings of the health report, each with its severity, message and cure. A cure is a sentence for people, followed by
 * the call that does it in parentheses. Pure. The findings about certificates are in identities/expiry.ts, those about
 * Google Wallet in google-findings.ts.
 */
import { MINUTE_MS } from "../durations.ts";
import { cureFor, mayEndByItself } from "../push/cures.ts";

/** setup: the service is not used yet, and something is left to do before it can be. */
export type Severity = "error" | "warning" | "setup";

export interface HealthFinding {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

const GB = 1_000_000_000;
/** D1's limit for a database. */
const MAX_GB = 10;
const WARNING_GB = 5;
const ERROR_GB = 7;
/** Faults that may end without the operator usually end earlier. */
const RECOVERS_WITHIN_MS = 5 * MINUTE_MS;
const SILENT_AFTER_MS = 5 * MINUTE_MS;
/** A cron trigger starts some minutes after the first deployment. */
const SILENT_AFTER_START_MS = 10 * MINUTE_MS;

/** @param missing SQLite's words for the table or column */
export function migrationsMissing(missing: string, migrateCommand: string): HealthFinding {
  return {
    severity: "error",
    code: "not_migrated",
    message: `The database has no tables yet, or the tables of another version (${missing}).`,
    cure: `In the folder of the newest version, run: ${migrateCommand}. If it finds nothing to apply, deploy the newest version.`,
  };
}

export function batchesUnsound(): HealthFinding {
  return {
    severity: "error",
    code: "batches_unsound",
    message:
      "In a batch, D1 does not say which statements wrote something. Edgepass depends on that: changes may be lost.",
    cure: "Stop the changes, and report this as a bug, with the version of wrangler and the region of the database.",
  };
}

/** @param heartbeat milliseconds: when the minute trigger last ran, and since when it is expected to run */
export function cronSilent(
  { sweptAt, startedAt }: { readonly sweptAt: number | null; readonly startedAt: number | null },
  now: number,
): HealthFinding[] {
  const isYoung = startedAt === null || now - startedAt < SILENT_AFTER_START_MS;
  if (isYoung || now - (sweptAt ?? 0) <= SILENT_AFTER_MS) return [];
  const since = sweptAt === null ? "has never run" : `last ran at ${inWords(sweptAt)}`;
  return [
    {
      severity: "error",
      code: "cron_silent",
      message: `The cron trigger that runs every minute ${since}. Without it, pushes that were lost are not sent again, and nothing is cleaned up.`,
      cure: "npx wrangler deploy, with both crons of wrangler.toml in [triggers]. A new trigger can take 15 minutes to start. If it stays silent, see Settings → Trigger Events of the Worker in Cloudflare's dashboard, and npx wrangler tail.",
    },
  ];
}

/** What failures.ts recorded about a pass type. */
export interface PushFailure {
  readonly passTypeIdentifier: string;
  readonly firstFailedAt: number | null;
  readonly failedAt: number | null;
  readonly failure: string | null;
  /** Whether a push was ever delivered. */
  readonly isProven: boolean;
}

export function pushFailing(
  { passTypeIdentifier, firstFailedAt, failedAt, failure, isProven }: PushFailure,
  now: number,
): HealthFinding[] {
  if (firstFailedAt === null || failedAt === null || failure === null) return [];
  const isNew = now - firstFailedAt < RECOVERS_WITHIN_MS;
  return [
    {
      severity: isNew && mayEndByItself(failure, isProven) ? "warning" : "error",
      code: "push_failing",
      message: `No push of ${passTypeIdentifier} has got out since ${inWords(firstFailedAt)}: ${failure} (last at ${inWords(failedAt)}).`,
      cure: `${cureFor(failure)} Then check its pushes (POST /admin/v1/pass-types/${passTypeIdentifier}/push-check): that ends this finding if they get out.`,
    },
  ];
}

export function tokensDoubted(passTypeIdentifier: string, doubtedAt: number | null): HealthFinding[] {
  if (doubtedAt === null) return [];
  return [
    {
      severity: "warning",
      code: "tokens_doubted",
      message: `Since ${inWords(doubtedAt)} APNs has called several push tokens of ${passTypeIdentifier} bad, and has accepted no push. No registration was removed.`,
      cure: "If it concerns every phone, the APNs key is only for Apple's sandbox, or APNS_ORIGIN is not Apple's production server. Otherwise these phones are gone, and the next push that is accepted ends this finding.",
    },
  ];
}

export function severalTeams(teams: readonly string[]): HealthFinding[] {
  if (teams.length < 2) return [];
  return [
    {
      severity: "warning",
      code: "several_teams",
      message: `The pass types belong to ${teams.length} Apple teams: ${teams.join(", ")}. APNs accepts the keys of one team per connection, and all pushes of a deployment share connections.`,
      cure: "Deploy one Edgepass for each team.",
    },
  ];
}

export function databaseLarge(bytes: number): HealthFinding[] {
  const gigabytes = bytes / GB;
  if (!(gigabytes > WARNING_GB)) return [];
  return [
    {
      severity: gigabytes > ERROR_GB ? "error" : "warning",
      code: "database_large",
      message: `The database has ${gigabytes.toFixed(1)} GB. At ${MAX_GB} GB, which cannot be raised, every write fails.`,
      cure: "Move some pass types to a deployment of their own, before the limit is reached.",
    },
  ];
}

export function noPassType(): HealthFinding {
  return {
    severity: "setup",
    code: "no_pass_type",
    message: "There is no pass type, so no pass can be made.",
    cure: "Create one (POST /admin/v1/pass-types).",
  };
}

/** @param hasPhones whether phones wait for pushes of the pass type */
export function noApnsKey(
  passTypeIdentifier: string,
  teamIdentifier: string,
  hasPhones: boolean,
): HealthFinding {
  return {
    severity: hasPhones ? "error" : "setup",
    code: "no_apns_key",
    message: `Passes of ${passTypeIdentifier} get no pushes: team ${teamIdentifier} has no APNs key.`,
    cure: "Store the team's .p8 (POST /admin/v1/apns-keys). Pushes that failed until then are sent again automatically, within a day.",
  };
}

export function noTemplate(): HealthFinding {
  return {
    severity: "setup",
    code: "no_template",
    message: "There is no template, so no pass can be issued.",
    cure: "Create one (POST /admin/v1/templates), or import a .pkpass (POST /admin/v1/templates/import).",
  };
}

export function changesWaiting(count: number): HealthFinding[] {
  if (count === 0) return [];
  return [
    {
      severity: "warning",
      code: "changes_waiting",
      message: `Changes that have waited for more than five minutes to be pushed: ${count}.`,
      cure: "Look for push_ and outbox_ events in the Worker's log. The sweep keeps trying.",
    },
  ];
}

export function storedDeadLetters(count: number): HealthFinding[] {
  if (count === 0) return [];
  return [
    {
      severity: "warning",
      code: "dead_letters",
      message: `Push messages that failed permanently in the last seven days: ${count}.`,
      cure: "Their list shows why (GET /admin/v1/dead-letters). Messages that failed because of an outage are sent again automatically. You can send all of them now (POST /admin/v1/dead-letters/replay).",
    },
  ];
}

/** @param waiting how many changes wait for the end of the pause */
export function pushPaused(pausedAt: number | null, waiting: number): HealthFinding[] {
  if (pausedAt === null) return [];
  return [
    {
      severity: "warning",
      code: "push_paused",
      message: `Pushes have been paused since ${inWords(pausedAt)}. Changes that have waited for more than five minutes: ${waiting}.`,
      cure: 'Resume them (PUT /admin/v1/push {"paused": false}). Until then, changes wait in the database, and none is lost.',
    },
  ];
}

export function pushedTooOften(passTypeIdentifier: string, devices: number): HealthFinding {
  return {
    severity: "warning",
    code: "pushed_too_often",
    message: `Devices that get pushes for ${passTypeIdentifier} more often than iOS tolerates: ${devices}. iOS delays their updates, and may finally ask their owners to turn updates off.`,
    cure: "Change passes less often, or combine several changes into one. iOS does not delay pushes that are two hours apart.",
  };
}

export function withoutTls(publicOrigin: string): HealthFinding {
  return {
    severity: "error",
    code: "public_origin_without_tls",
    message: `The web service address in passes is ${publicOrigin}, and Wallet requires https.`,
    cure: "Set PUBLIC_ORIGIN to an https address.",
  };
}

function inWords(at: number): string {
  return new Date(at).toISOString();
}
