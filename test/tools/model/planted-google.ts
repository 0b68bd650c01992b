/**
 * Bugs that the model has to find in what keeps Google Wallet up to date, and changes that are no bugs. planted.ts has those of
 * everything else.
 */
import type { Planted } from "./planted.ts";

const SYNC_ROWS = "src/google-wallet/sync-rows.ts";

const one = (name: string, file: string, text: string | RegExp, replacement: string): Planted => ({
  name,
  patches: [{ file, text, replacement }],
  inGoogle: true,
});

// The patches contain template literals of the sources.
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: they are texts of other files
export const plantedInGoogle: readonly Planted[] = [
  one(
    "the cursor of Google's reader moves before it has marked the rows as stale",
    "src/changes/readers.ts",
    "await repeatableBatchOf(db, { moved, statements });",
    "await repeatableBatchOf(db, { moved });\n    await repeatableBatchOf(db, { read: db.select().from(readers), statements });",
  ),
  one(
    "a change during a send does not count",
    "src/db/google-stale.ts",
    "generation: sql`generation + 1`,",
    "generation: sql`generation`,",
  ),
  one(
    "a claim of somebody else is not respected",
    "src/google-wallet/sync-rows.ts",
    "return sql`(claimed_until IS NULL OR",
    "return sql`(1 OR claimed_until IS NULL OR",
  ),
  {
    name: "a claim ends before its call, and the end of a send does not ask for it",
    inGoogle: true,
    patches: [
      {
        file: SYNC_ROWS,
        text: "const CLAIM_MS = 2 * MINUTE_MS;",
        replacement: "const CLAIM_MS = 1000 + 0 * MINUTE_MS;",
      },
      { file: SYNC_ROWS, text: "CLAIM_MS - 100_000", replacement: "CLAIM_MS + 19_000" },
      {
        file: SYNC_ROWS,
        text: "return sql`claimed_until = ${until}`;",
        replacement: "return sql`${until} > 0`;",
      },
    ],
  },
  one(
    "what is sent is stored although Google has not answered",
    "src/google-wallet/send-row.ts",
    "const resource = hasResource ? {",
    "const resource = hasResource || sent !== '' ? {",
  ),
  one(
    "a 429 of Google counts as a success",
    "src/google-wallet/answers.ts",
    "if (status >= 200 && status < 300) {",
    "if ((status >= 200 && status < 300) || status === 429) {",
  ),
  one(
    "a change of a template reaches its class without an event only",
    "src/google-wallet/reader.ts",
    "isOfIssuer(googleClasses, issuerId, googleClasses.templateId, templateIds)",
    "sql`${googleClasses.eventId} = 0 AND ${isOfIssuer(googleClasses, issuerId, googleClasses.templateId, templateIds)}`",
  ),
  one(
    "each page of objects that become stale is followed by one that does not",
    "src/google-wallet/stale-objects.ts",
    ".set({ staleThrough: last })",
    ".set({ staleThrough: sql`${last} + 1` })",
  ),
  one(
    "Google's reader passes over deletions",
    "src/google-wallet/reader.ts",
    "!UNSEEN.has(kind)",
    '!UNSEEN.has(kind) && kind !== "deleted"',
  ),
];

/** Changes that lose nothing: the model must not complain of them. */
export const harmlessInGoogle: readonly Planted[] = [
  one(
    "a page of changes is handled twice",
    "src/changes/readers.ts",
    "await repeatableBatchOf(db, { moved, statements });",
    "await repeatableBatchOf(db, { read: db.select().from(readers), statements });\n    await repeatableBatchOf(db, { moved, statements });",
  ),
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: they are texts of other files
