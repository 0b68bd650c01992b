/**
 * Finds problems that need the operator's attention: certificates that expire or are missing, teams without an APNs
 * key, changes that are not pushed, dead letters. Each finding contains its cure.
 */
import { countWaiting } from "../../changes/outbox.ts";
import { isLoopback } from "../../config.ts";
import type { Database } from "../../db/client.ts";
import { findExpiry } from "../../identities/expiry.ts";
import { listPassTypes } from "../../identities/pass-types.ts";
import { listApnsKeys } from "../../push/apns-keys.ts";
import { readPushControl } from "../../push/control.ts";
import { countRecentDeadLetters } from "../../push/dead-letters.ts";
import { countPushedTooOften } from "../../push/pace.ts";

interface HealthFinding {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** All findings, errors first. `status` is the worst severity among them, or ok. */
export async function checkHealth(db: Database, publicOrigin: string, now: number) {
  const [passTypes, apnsKeys, waiting, dead, tooOften, { pausedAt }] = await Promise.all([
    listPassTypes(db, now),
    listApnsKeys(db),
    countWaiting(db, now),
    countRecentDeadLetters(db, now),
    countPushedTooOften(db, now),
    readPushControl(db),
  ]);
  const findings: HealthFinding[] = passTypes.flatMap((passType) => {
    const expiry = findExpiry(passType, now);
    const hasKey = apnsKeys.some((key) => key.teamIdentifier === passType.teamIdentifier);
    return [
      ...(expiry === undefined ? [] : [expiry]),
      ...(passType.teamIdentifier === null || hasKey
        ? []
        : [noApnsKey(passType.passTypeIdentifier, passType.teamIdentifier)]),
    ];
  });
  if (waiting > 0) findings.push(changesWaiting(waiting));
  if (dead > 0) findings.push(deadLetters(dead));
  if (pausedAt !== null) findings.push(pushPaused(pausedAt));
  for (const { passTypeIdentifier, devices } of tooOften) {
    findings.push(tooManyPushes(passTypeIdentifier, devices));
  }
  if (publicOrigin.startsWith("http:") && !isLoopback(publicOrigin)) findings.push(withoutTls(publicOrigin));
  findings.sort((a, b) => (a.severity === b.severity ? 0 : a.severity === "error" ? -1 : 1));
  return { status: findings[0]?.severity ?? ("ok" as const), findings };
}

function noApnsKey(passTypeIdentifier: string, teamIdentifier: string): HealthFinding {
  return {
    severity: "error",
    code: "no_apns_key",
    message: `Passes of ${passTypeIdentifier} get no pushes: team ${teamIdentifier} has no APNs key.`,
    cure: "POST /admin/v1/apns-keys with the team's .p8. Pushes that failed until then are sent again automatically, within a day.",
  };
}

function changesWaiting(count: number): HealthFinding {
  return {
    severity: "warning",
    code: "changes_waiting",
    message: `Changes that have waited for more than five minutes to be pushed: ${count}.`,
    cure: "Look for push_ and outbox_ events in the Worker's log. The sweep keeps trying.",
  };
}

function deadLetters(count: number): HealthFinding {
  return {
    severity: "warning",
    code: "dead_letters",
    message: `Push messages that failed permanently in the last seven days: ${count}.`,
    cure: "GET /admin/v1/dead-letters shows why. Messages that failed because of an outage are sent again automatically; POST /admin/v1/dead-letters/replay sends all of them now.",
  };
}

function pushPaused(pausedAt: number): HealthFinding {
  return {
    severity: "warning",
    code: "push_paused",
    message: `Pushes have been paused since ${new Date(pausedAt).toISOString()}.`,
    cure: 'PUT /admin/v1/push {"paused": false}. Until then, pushes wait in the queue and are not lost.',
  };
}

function tooManyPushes(passTypeIdentifier: string, devices: number): HealthFinding {
  return {
    severity: "warning",
    code: "pushed_too_often",
    message: `Devices that get pushes for ${passTypeIdentifier} more often than iOS tolerates: ${devices}. iOS delays their updates, and may finally ask their owners to turn updates off.`,
    cure: "Change passes less often, or combine several changes into one. iOS does not delay pushes that are two hours apart.",
  };
}

function withoutTls(publicOrigin: string): HealthFinding {
  return {
    severity: "error",
    code: "public_origin_without_tls",
    message: `The web service address in passes is ${publicOrigin}, and Wallet requires https.`,
    cure: "Set PUBLIC_ORIGIN to an https address.",
  };
}
