/**
 * Finds what needs the operator's attention. `checkHealth` is the whole report. `findErrors` is the part that a monitor
 * needs: every finding with the severity error, except those that only a write can find.
 */
import { desc, isNull } from "drizzle-orm";
import { countWaiting } from "../changes/outbox.ts";
import { type Config, isLoopback } from "../config.ts";
import { batchOf } from "../db/batch.ts";
import { areBatchesSound } from "../db/canary.ts";
import type { Database } from "../db/client.ts";
import { missingPart } from "../db/missing-tables.ts";
import { probeTables } from "../db/probe-tables.ts";
import { passes, templates } from "../db/schema.ts";
import { findGoogleDelays } from "../google-wallet/delays.ts";
import { listOpenedIssuers } from "../google-wallet/issuers.ts";
import { findExpiry } from "../identities/expiry.ts";
import { listPassTypes, type PassType } from "../identities/pass-types.ts";
import { listApnsKeys } from "../push/apns-keys.ts";
import { readHeartbeat, readPushControl } from "../push/control.ts";
import { countRecentDeadLetters } from "../push/dead-letters.ts";
import { listPushStates } from "../push/failures.ts";
import { countPushedTooOften } from "../push/pace.ts";
import { offersApple } from "../templates/offered-wallets.ts";
import type { HealthFinding, Severity } from "./findings.ts";
import * as findings from "./findings.ts";
import * as googleFindings from "./google-findings.ts";
import { findNextSteps, type NextStep } from "./next-steps.ts";

export interface Health {
  /** The worst severity among the findings. */
  readonly status: Severity | "ok";
  readonly findings: readonly HealthFinding[];
  readonly nextSteps: readonly NextStep[];
}

/** The settings that the report needs. */
type HealthConfig = Pick<Config, "publicOrigin" | "migrateCommand" | "secrets">;

/** The worst first. */
const SEVERITIES: readonly Severity[] = ["error", "warning", "setup"];

/** All findings, errors first, and what to do next in a new deployment. */
export async function checkHealth(db: Database, config: HealthConfig, now: number): Promise<Health> {
  return withMigrations(config, async () => {
    const state = await readState(db, now);
    const [isSound, waiting, dead, tooOften, { pausedAt }, newest, issuers] = await Promise.all([
      areBatchesSound(db),
      countWaiting(db, now),
      countRecentDeadLetters(db, now),
      countPushedTooOften(db, now),
      readPushControl(db),
      findNewest(db),
      listOpenedIssuers(db, config.secrets),
    ]);
    const google = issuers.length === 0 ? undefined : await findGoogleDelays(db, now);
    const { passTypes, pushStates, teamsWithKey } = state;
    return toHealth(
      [
        ...judgeState(state, config.publicOrigin, now),
        ...(isSound ? [] : [findings.batchesUnsound()]),
        ...pushStates.flatMap((push) => findings.tokensDoubted(push.passTypeIdentifier, push.doubtedAt)),
        ...findings.severalTeams(
          [...new Set(passTypes.flatMap((type) => type.teamIdentifier ?? []))].toSorted(),
        ),
        ...(pausedAt === null ? findings.changesWaiting(waiting) : []),
        ...findings.storedDeadLetters(dead),
        ...findings.pushPaused(pausedAt, waiting),
        ...tooOften.map((row) => findings.pushedTooOften(row.passTypeIdentifier, row.devices)),
        ...issuers.flatMap(({ issuer, canOpen }) => googleFindings.googleProblem(issuer, canOpen)),
        ...(google === undefined
          ? []
          : [...googleFindings.googleFailures(google.failures), ...googleFindings.googleBehind(google)]),
        ...passTypes
          .filter(({ wallets }) => issuers.length === 0 && !offersApple(wallets))
          .map(({ passTypeIdentifier }) => googleFindings.googleOnly(passTypeIdentifier)),
        ...(passTypes.length === 0 ? [findings.noPassType()] : []),
        ...(newest.templateId === undefined ? [findings.noTemplate()] : []),
      ],
      findNextSteps({
        passTypes,
        teamsWithKey,
        uncheckedPassTypes: new Set(
          pushStates.flatMap((push) =>
            push.isProven || push.checkedAt !== null ? [] : [push.passTypeIdentifier],
          ),
        ),
        hasDelivered: pushStates.some(({ isProven }) => isProven),
        hasPhones: pushStates.some(({ hasPhones }) => hasPhones),
        uncheckedIssuers: issuers.flatMap(({ issuer }) => (issuer.lastCheck === null ? issuer.issuerId : [])),
        ...newest,
      }),
    );
  });
}

/** The findings with the severity error, except those that only a write can find. It takes two round trips. */
export async function findErrors(
  db: Database,
  config: HealthConfig,
  now: number,
): Promise<readonly HealthFinding[]> {
  const health = await withMigrations(config, async () =>
    toHealth(judgeState(await readState(db, now), config.publicOrigin, now), []),
  );
  return health.findings.filter(({ severity }) => severity === "error");
}

/** @throws every error that is not about missing tables */
async function withMigrations(
  { migrateCommand }: HealthConfig,
  check: () => Promise<Health>,
): Promise<Health> {
  try {
    return await check();
  } catch (error) {
    const missing = missingPart(error);
    if (missing === undefined) throw error;
    return toHealth([findings.migrationsMissing(missing, migrateCommand)], []);
  }
}

function toHealth(found: readonly HealthFinding[], nextSteps: readonly NextStep[]): Health {
  const ordered = SEVERITIES.flatMap((severity) => found.filter((finding) => finding.severity === severity));
  return { status: ordered[0]?.severity ?? "ok", findings: ordered, nextSteps };
}

interface State {
  readonly passTypes: readonly PassType[];
  readonly teamsWithKey: ReadonlySet<string>;
  readonly pushStates: Awaited<ReturnType<typeof listPushStates>>;
  readonly heartbeat: Awaited<ReturnType<typeof readHeartbeat>>;
  readonly sizeBytes: number;
}

/** @throws an error that `missingPart` knows, if a migration is missing */
async function readState(db: Database, now: number): Promise<State> {
  const sizeBytes = await probeTables(db);
  const [passTypes, apnsKeys, pushStates, heartbeat] = await Promise.all([
    listPassTypes(db, now),
    listApnsKeys(db),
    listPushStates(db),
    readHeartbeat(db),
  ]);
  const teamsWithKey = new Set(apnsKeys.map(({ teamIdentifier }) => teamIdentifier));
  return { passTypes, teamsWithKey, pushStates, heartbeat, sizeBytes };
}

function judgeState(state: State, publicOrigin: string, now: number): HealthFinding[] {
  const { passTypes, teamsWithKey, pushStates, heartbeat, sizeBytes } = state;
  const withPhones = new Set(pushStates.flatMap((push) => (push.hasPhones ? [push.passTypeIdentifier] : [])));
  return [
    ...(publicOrigin.startsWith("http:") && !isLoopback(publicOrigin)
      ? [findings.withoutTls(publicOrigin)]
      : []),
    ...findings.cronSilent(heartbeat, now),
    ...pushStates.flatMap((push) => findings.pushFailing(push, now)),
    ...passTypes.flatMap((passType) => {
      const { passTypeIdentifier, teamIdentifier, wallets } = passType;
      // Even if its passes are now offered in Google Wallet only, phones that have them still get signed updates and pushes.
      if (!offersApple(wallets) && !withPhones.has(passTypeIdentifier)) return [];
      const expiry = findExpiry(passType, now);
      const lacksKey = teamIdentifier !== null && !teamsWithKey.has(teamIdentifier);
      return [
        ...(expiry === undefined ? [] : [expiry]),
        ...(lacksKey
          ? [findings.noApnsKey(passTypeIdentifier, teamIdentifier, withPhones.has(passTypeIdentifier))]
          : []),
      ];
    }),
    ...findings.databaseLarge(sizeBytes),
  ];
}

/** The newest template that is not deleted, and the newest pass of all. */
async function findNewest(db: Database) {
  const { template, pass } = await batchOf(db, {
    template: db
      .select({ id: templates.id })
      .from(templates)
      .where(isNull(templates.deletedAt))
      .orderBy(desc(templates.id))
      .limit(1),
    pass: db.select({ id: passes.id }).from(passes).orderBy(desc(passes.id)).limit(1),
  });
  return { templateId: template[0]?.id, passId: pass[0]?.id };
}
