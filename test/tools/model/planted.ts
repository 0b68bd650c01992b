/**
 * The test of the model itself: bugs that it has to find. Each is a patch of a source that is applied during bundling,
 * and a plausible mistake of a programmer.
 */
import { createFixture, type Surroundings } from "./fixture.ts";
import { plantedInGoogle } from "./planted-google.ts";
import type { Patch } from "./program.ts";
import { run } from "./run.ts";

export interface Planted {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** Whether the phones share one address with a stranger who guesses. */
  readonly inCrowd?: boolean;
  /** Whether people save passes in Google Wallet. */
  readonly inGoogle?: boolean;
}

export interface Caught {
  readonly bug: string;
  /** Undefined if the bug was not found. */
  readonly violation: string | undefined;
  readonly seeds: number;
}

const STEPS = 500;
const MAX_SEEDS = 200;
const CROWD = { phones: 60 };

/**
 * Runs seeds until the bug is found.
 * @param first the first seed
 */
export async function catchPlanted(
  surroundings: Surroundings,
  { name, patches, inCrowd, inGoogle }: Planted,
  most = MAX_SEEDS,
  first = 1,
): Promise<Caught> {
  const fixture = await createFixture(surroundings, patches);
  for (let seed = first; seed <= most; seed++) {
    const { violations } = await run(fixture, {
      seed,
      steps: STEPS,
      crowd: inCrowd ? CROWD : undefined,
      google: inGoogle ? "mostly" : undefined,
    });
    if (violations[0] !== undefined) return { bug: name, violation: violations[0], seeds: seed };
  }
  return { bug: name, violation: undefined, seeds: most };
}

/** One line for each bug: its name, the number of seeds, and the violated invariant. */
export function tableOf(caught: readonly Caught[]): string {
  return caught
    .map(({ bug, violation, seeds }) => {
      const by = violation === undefined ? "GOT AWAY" : violation.split(":")[0];
      return `${bug.padEnd(64)} ${String(seeds).padStart(3)} seeds  ${by}`;
    })
    .join("\n");
}

const one = (name: string, file: string, text: string, replacement: string): Planted => ({
  name,
  patches: [{ file, text, replacement }],
});

/** Every batch is repeated, whether or not it may run twice. */
const BARE_BATCH_REPEATED: readonly Patch[] = [
  {
    file: "src/db/batch.ts",
    text: "results = await db.batch([first, ...others]);",
    replacement: 'results = await repeat("batch", () => db.batch([first, ...others]));',
  },
];

const NO_SWEEP: Patch = {
  file: "src/changes/sweep.ts",
  text: /(\{ unqueuedAfterMs, pages \}: SweepLimits = EVERY_MINUTE,\n\): Promise<number> \{\n)/,
  replacement: "$1  return 0;\n",
};
const NO_ANNOUNCEMENT: Patch = {
  file: "src/changes/outbox.ts",
  text: /(export async function announce\([^{]*\{\n)/,
  replacement: "$1  return;\n",
};

// The patches contain template literals of the sources.
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are texts of other files
export const planted: readonly Planted[] = [
  { name: "nothing is announced, and the sweep is off", patches: [NO_ANNOUNCEMENT, NO_SWEEP] },
  { name: "the sweep is off", patches: [NO_SWEEP] },
  one(
    "the tag is the clock's",
    "src/changes/log.ts",
    "const STAMP = { tag: sql`last_insert_rowid()`,",
    "const STAMP = { tag: sql`(SELECT at / 1000 FROM changes WHERE id = last_insert_rowid())`,",
  ),
  one(
    "lastUpdated is the newest change of all, read beside the list",
    "src/devices/updates.ts",
    "  return {\n    serialNumbers: rows.map((row) => row.serialNumber),\n    lastUpdated: String(Math.max(...rows.map((row) => row.tag))),",
    "  const [all] = await db.all<{ id: number }>(sql`SELECT max(id) AS id FROM changes`);\n" +
      "  return {\n    serialNumbers: rows.map((row) => row.serialNumber),\n    lastUpdated: String(all?.id),",
  ),
  one(
    "Last-Modified is the clock's",
    "src/changes/times.ts",
    "overridden.map((at) => sql`${at} + ${SECOND_MS}`)",
    "overridden.map((at) => sql`0 * ${at}`)",
  ),
  one(
    "Last-Modified forgets the event that a pass leaves",
    "src/passes/change-statements.ts",
    "modifiedAt: sql`max(${passes.modifiedAt}, coalesce((SELECT modified_at FROM events WHERE events.id = passes.event_id), 0))`,",
    "modifiedAt: sql`${passes.modifiedAt}`,",
  ),
  one(
    "any 400 costs the registration",
    "src/push/verdict.ts",
    'IdleTimeout: { outcome: "retry", healedBy: "time" },',
    'IdleTimeout: { outcome: "bad_token", healedBy: "operator" },',
  ),
  one(
    "a change of a pass's own images counts as invisible",
    "src/passes/visible.ts",
    "images: imageHashes(images) };",
    "images: {} };",
  ),
  one(
    "an invisible change marks all changes of its pass as dispatched",
    "src/changes/outbox.ts",
    ".where(and(eq(changes.id, changeId), isNull(changes.dispatchedAt), sql`NOT ${earlierWaits}`)),",
    ".where(and(sql`pass_id IS ${kind === 'pass' ? id : null}`, isNull(changes.dispatchedAt), sql`NOT 0 * ${earlierWaits}`)),",
  ),
  one(
    "a message is acknowledged before its work is done",
    "src/push/consumer.ts",
    "await work();\n    message.ack();",
    "message.ack();\n    await work();",
  ),
  one(
    "a push that failed is not repeated",
    "src/push/deliver.ts",
    "    await retryOrGiveUp(delivery, job, tokens, reason, afterSeconds);\n",
    "    void [tokens, reason, afterSeconds];\n",
  ),
  one(
    "a message that arrives during a pause is dropped",
    "src/push/held.ts",
    "else await storeMessage(db, messageId, message, { isHeld: true, now });",
    "else void [storeMessage, messageId, now];",
  ),
  one(
    "a change that arrives during a pause counts as dispatched",
    "src/push/held.ts",
    "await returnToOutbox(db, message.changeId);",
    "await db.run(`UPDATE changes SET dispatched_at = ${now} WHERE id = ${message.changeId}`);",
  ),
  one(
    "redeem asks no condition",
    "src/passes/redeem.ts",
    'force ? isNull(passes.redeemedAt) : hasStatus("active", now),',
    'force ? undefined : hasStatus("active", now) && undefined,',
  ),
  one(
    "a voided pass is redeemed",
    "src/passes/redeem.ts",
    'force ? isNull(passes.redeemedAt) : hasStatus("active", now)',
    'force || hasStatus("active", now) ? isNull(passes.redeemedAt) : undefined',
  ),
  one(
    "a void does not reach the pass that phones get",
    "src/passes/content.ts",
    "voided: pass.redeemedAt !== null || pass.voidedAt !== null,",
    "voided: pass.redeemedAt !== null,",
  ),
  one(
    "a void and a redemption count as invisible",
    "src/passes/visible.ts",
    "const shown = { before: () => shownPass(old, layers), after: () => shownPass(row, layers) };",
    "const shown = { before: () => shownPass(row, layers), after: () => shownPass(row, layers) };",
  ),
  one(
    "a registration keeps its old push token",
    "src/devices/register.ts",
    ".set({ pushToken, client, registeredAt: now })",
    ".set({ client, registeredAt: now })",
  ),
  one(
    "an event's change moves no tag",
    "src/changes/effective.ts",
    "`max(passes.tag, templates.tag, coalesce(events.tag, 0))`",
    "`max(passes.tag, templates.tag)`",
  ),
  one(
    "the list looks at the pass's own tag only",
    "src/devices/updates.ts",
    "sql`${listedTag} > ${known}`,",
    "sql`${passes.tag} > ${known}`,",
  ),
  one(
    "the fan-out ends after its first page",
    "src/push/fan-out.ts",
    "listeners.length < pageListeners ||",
    "listeners.length <= pageListeners ||",
  ),
  one(
    "the last page marks what was changed since the first",
    "src/push/fan-out.ts",
    "const throughId = job.throughId ?? change.newestId;",
    "const throughId = change.newestId;",
  ),
  one(
    "what leaves its push to a later change marks that one told",
    "src/push/fan-out.ts",
    "change.lastWithSamePushAt !== job.changeId) return;",
    "change.lastWithSamePushAt !== job.changeId) return markDispatched(db, change.target, change.newestId, now);",
  ),
  one(
    "a dead token takes what was registered since",
    "src/push/listeners.ts",
    "AND stale.registered_at < token.value->>'before'",
    "",
  ),
  one(
    "a dead token is never forgotten",
    "src/push/deliver.ts",
    "if (dead.length === 0) return [];",
    "if (dead.length < 1e9) return [];",
  ),
  one(
    "the status stays installed when APNs ends the last registration",
    "src/push/listeners.ts",
    ".set({ uninstalledAt: now })",
    ".set({ uninstalledAt: null })",
  ),
  one(
    "a moved pass's registrations stay with the event that it left",
    "src/passes/change-statements.ts",
    ".set({ eventId: eventId ?? null })",
    ".set({ eventId: sql`event_id` })",
  ),
  one(
    "a deleted pass keeps its registrations",
    "src/passes/delete.ts",
    "    registrations: deleteRegistrations(db, id, isDeleted),\n",
    "",
  ),
  one(
    "the mark of a kept bundle is not compared",
    "src/passes/serve.ts",
    "if (isStored(config, loaded, version)) {\n    const stored = await openStoredPass(bucket, loaded.pass.id, version.etag);",
    "if (config.keepBuiltPasses && loaded.pass.builtEtag !== null) {\n    const stored = await openStoredPass(bucket, loaded.pass.id, loaded.pass.builtEtag);",
  ),
  one(
    "304 a second too early",
    "src/http/conditions.ts",
    "since >= lastModifiedAt;",
    "since >= lastModifiedAt - 1000;",
  ),
  one(
    "the use of a pass's own pack is forgotten",
    "src/passes/change-statements.ts",
    "named: pack === null ? undefined : nameObjects(db, user, keys),",
    "",
  ),
  one(
    "each isolate mints its own provider token",
    "src/push/provider-token.ts",
    "isUsable(stored, rejected, now) ? stored : await",
    "isUsable(stored, rejected, now + 1e12) ? stored : await",
  ),
  { name: "a bare batch is repeated", patches: BARE_BATCH_REPEATED },
  one(
    "a redemption without a redemptionId is repeated",
    "src/passes/redeem.ts",
    "redemptionId !== null,\n  );\n  const [row] = rows;\n  if (row === undefined) throw passNotFound(id);\n  const redemption",
    "true,\n  );\n  const [row] = rows;\n  if (row === undefined) throw passNotFound(id);\n  const redemption",
  ),
  one(
    "an addition is repeated after a lost answer",
    "src/passes/change.ts",
    "statements(context, id, input, own, demanded), input.additions === undefined)",
    "statements(context, id, input, own, demanded), true)",
  ),
  one(
    "a number is read, and its sum is written later",
    "src/passes/change.ts",
    "  const own = input.images === undefined ?",
    "  if (input.additions !== undefined) {\n" +
      "    const [shown] = await context.db.select({ values: passes.values }).from(passes).where(livingPass(id));\n" +
      "    const { stamps } = JSON.parse(shown?.values ?? '{}');\n" +
      "    const value = Number(stamps?.value ?? 0) + 1;\n" +
      "    if (value <= 10) input = { ...input, additions: undefined, values: { stamps: { value } } };\n" +
      "  }\n" +
      "  const own = input.images === undefined ?",
  ),
  one(
    "an undo asks for no revision",
    "src/scans/effect.ts",
    "sql`${passes.revision} = ${revision} AND EXISTS",
    "sql`EXISTS",
  ),
  one(
    "If-Match is compared before the write, and not in it",
    "src/db/revisions.ts",
    "return sql`${column} IN (SELECT value FROM json_each(${writeJson(demanded)}))`;",
    "return sql`(1 OR ${column} IN (SELECT value FROM json_each(${writeJson(demanded)})))`;",
  ),
  one(
    "reads are not repeated",
    "src/db/repeating-reads.ts",
    "return READ.test(query) ? repeatingStatement(statement) : statement;",
    "return READ.test('') ? repeatingStatement(statement) : statement;",
  ),
  one(
    "a statement is sent twice, and not three times",
    "src/db/repeat.ts",
    "const MAX_ATTEMPTS = 3;",
    "const MAX_ATTEMPTS = 2;",
  ),
  one(
    "a batch that may run twice is not repeated",
    "src/db/batch.ts",
    'return repeat("batch", async (wasRepeated) => ({ ...(await batchOf(db, group)), wasRepeated }));',
    "return batchOf(db, group).then((results) => ({ ...results, wasRepeated: repeat === undefined }));",
  ),
  one(
    "an issue whose answer was lost is taken for a serial number of somebody else",
    "src/passes/issue.ts",
    "if (holder?.pass.webToken === identity.webToken) return show(holder);",
    "",
  ),
  one(
    "a deletion of a pass whose answer was lost is taken for a failure",
    "src/passes/delete.ts",
    "const wasDeletedBefore = isOwnWrite(row, attempt);",
    "const wasDeletedBefore = isOwnWrite(undefined, attempt);",
  ),
  one(
    "a deletion of an event whose answer was lost is taken for a failure",
    "src/passes/delete-event.ts",
    "if (isOwnWrite(row, attempt)) return;",
    "void isOwnWrite;",
  ),
  one(
    "an event whose answer was lost is created again",
    "src/events/create.ts",
    "() => findCreated(db, projectId, writeId),",
    "async () => (findCreated === undefined ? content : undefined) as undefined,",
  ),
  one(
    "markPushed is not repeated",
    "src/push/pace.ts",
    "await repeatable(() =>\n    db\n      .update(devices)",
    "await (async (write: () => PromiseLike<unknown>) => write())(() =>\n    db\n      .update(devices)",
  ),
  one(
    "a change that an earlier attempt has written counts as invisible",
    "src/changes/log.ts",
    "return group.logged.meta.changes > 0 ? {",
    "return group.logged.meta.changes >= 0 ? {",
  ),
  one(
    "an error of D1 that remains is answered 500",
    "src/http/refusals.ts",
    "if (error instanceof ApiError) return error;",
    "if (error !== env) return error instanceof ApiError ? error : undefined;",
  ),
  one(
    "a token of another pass opens this one",
    "src/passes/token.ts",
    "return (await secrets.verify(keyId, PURPOSE, message(passTypeIdentifier, serialNumber), given))",
    "return given.length > 0 || (await secrets.verify(keyId, PURPOSE, message(passTypeIdentifier, serialNumber), given))",
  ),
  {
    ...one(
      "a link of a pass is limited like a guess",
      "src/pages/routes.tsx",
      'if (isGuess) refuseLimited(c, "link");',
      'refuseLimited(c, "link");',
    ),
    inCrowd: true,
  },
  {
    ...one(
      "a phone is limited like a stranger who asks for serial numbers",
      "src/dialects/voltmx/routes.ts",
      'const authorization = c.req.header("authorization");',
      'refuseLimited(c, "serial number");\n  const authorization = c.req.header("authorization");',
    ),
    inCrowd: true,
  },
  {
    ...one(
      "a list above a limit is answered 204",
      "src/wallet/routes.ts",
      "walletRoutes.get(REGISTRATIONS, async (c) => {",
      "walletRoutes.get(REGISTRATIONS, async (c) => {\n  const limited = await c.env.ANONYMOUS_LIMIT.limit({ key: `list ${networkOf(c.req.raw)}` });\n  if (!limited.success) return c.body(null, 204);",
    ),
    inCrowd: true,
  },
  ...plantedInGoogle,
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are texts of other files
