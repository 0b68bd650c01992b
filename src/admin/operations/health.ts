/**
 * What needs the operator: certificates that end or are missing, teams without an APNs key, changes that wait, letters
 * that are dead. Gathered from the rooms that know; each finding says its cure.
 */
import { countWaiting } from "../../changes/outbox.ts";
import { isLoopback } from "../../config.ts";
import type { Database } from "../../db/client.ts";
import { expiryOf } from "../../identities/expiry.ts";
import { listPassTypes } from "../../identities/pass-types.ts";
import { listApnsKeys } from "../../push/apns-keys.ts";
import { readPushControl } from "../../push/control.ts";
import { countRecentDeadLetters } from "../../push/dead-letters.ts";
import { countPushedTooOften } from "../../push/pace.ts";

export interface Finding {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly cure: string;
}

/** All findings, errors first. `status` is the worst of them, or ok. */
export async function examine(db: Database, publicOrigin: string, now: number) {
  const [passTypes, apnsKeys, waiting, dead, tooOften, { pausedAt }] = await Promise.all([
    listPassTypes(db, now),
    listApnsKeys(db),
    countWaiting(db, now),
    countRecentDeadLetters(db, now),
    countPushedTooOften(db, now),
    readPushControl(db),
  ]);
  const findings: Finding[] = passTypes.flatMap((passType) => {
    const found: Finding[] = [];
    const expiry = expiryOf(passType, now);
    if (expiry !== undefined) found.push(expiry);
    const { teamIdentifier } = passType;
    if (teamIdentifier !== null && !apnsKeys.some((key) => key.teamIdentifier === teamIdentifier)) {
      found.push({
        severity: "error",
        code: "no_apns_key",
        message: `No push reaches the passes of ${passType.passTypeIdentifier}: team ${teamIdentifier} has no APNs key here.`,
        cure: "POST /admin/v1/apns-keys with the team's .p8. What gave up until then is sent again by itself, within a day.",
      });
    }
    return found;
  });
  if (waiting > 0) {
    findings.push({
      severity: "warning",
      code: "changes_waiting",
      message: `${waiting} changes have waited for more than five minutes to be pushed.`,
      cure: "Look at the Worker's log for push_ and outbox_ events; the sweep goes on trying.",
    });
  }
  if (dead > 0) {
    findings.push({
      severity: "warning",
      code: "dead_letters",
      message: `${dead} push messages gave up in the last seven days.`,
      cure: "GET /admin/v1/dead-letters says why. What an outage left is sent again by itself; POST /admin/v1/dead-letters/replay sends all, at once.",
    });
  }
  if (pausedAt !== null) {
    findings.push({
      severity: "warning",
      code: "push_paused",
      message: `Pushes are paused since ${new Date(pausedAt).toISOString()}.`,
      cure: 'PUT /admin/v1/push {"paused": false}; nothing is lost until then.',
    });
  }
  for (const { passTypeIdentifier, devices } of tooOften) {
    findings.push({
      severity: "warning",
      code: "pushed_too_often",
      message: `${devices} devices are pushed for ${passTypeIdentifier} more often than iOS bears: it delays their updates, and in the end asks their owners to switch them off.`,
      cure: "Change passes less often, or several at a time: pushes two hours apart cost a phone nothing.",
    });
  }
  if (publicOrigin.startsWith("http:") && !isLoopback(publicOrigin)) {
    findings.push({
      severity: "error",
      code: "public_origin_without_tls",
      message: `Passes name ${publicOrigin} as their web service, and Wallet demands https.`,
      cure: "Set PUBLIC_ORIGIN to an https address.",
    });
  }
  findings.sort((a, b) => (a.severity === b.severity ? 0 : a.severity === "error" ? -1 : 1));
  return { status: findings[0]?.severity ?? ("ok" as const), findings };
}
