/**
 * Makes, lists and revokes API keys. The text of a key is shown once, when it is made.
 *
 * The row of a revoked key stays, because the change log has its name.
 */
import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { batchOf, repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { type Page, type PagePosition, pageOf, toPage } from "../db/page.ts";
import { writeOnce } from "../db/repeat.ts";
import { type Marker, markIf, markRequest } from "../db/requests.ts";
import { keys } from "../db/schema.ts";
import { DAY_MS } from "../durations.ts";
import { ApiError, type ErrorCode } from "../errors.ts";
import { parseJson, pointerTo, writeJson } from "../json.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { hashOfRandom, randomPart, writeKey } from "./key-text.ts";
import { forgetKey, type StoredKey } from "./known-keys.ts";
import type { Role, Scope } from "./principal.ts";

export interface NewKey {
  readonly name: string;
  readonly role: Role;
  /** Absent: the key reaches everything. */
  readonly scope?: Scope | undefined;
  /** Milliseconds. Null: it does not expire. Absent: the key of a scanner expires, and no other. */
  readonly expiresAt?: number | null | undefined;
}

/** The link of a scanner's key is on phones, in chats and on paper, and events end. */
const SCANNER_DAYS = 7;

export interface Key {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly scope: Scope | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

/** @throws ApiError project_not_found, event_not_found or template_not_found for the scope; invalid_body for a past expiresAt */
export async function createKey(
  context: Marker,
  secrets: Secrets,
  { name, role, scope, ...asked }: NewKey,
): Promise<Key & { readonly key: string }> {
  const { db, now } = context;
  const { expiresAt = role === "scanner" ? now + SCANNER_DAYS * DAY_MS : null } = asked;
  if (expiresAt !== null && expiresAt <= now)
    throw new ApiError("invalid_body", "expiresAt must be in the future.", { pointer: "/expiresAt" });
  if (scope !== undefined) await demandExisting(db, scope);
  const random = randomPart();
  const hash = await hashOfRandom(random);
  const masterKeyId = secrets.newestKeyId;
  const made = { name, role, scope: scope ? writeJson(scope) : null, hash, masterKeyId, expiresAt };
  const insert = async () => {
    const { rows } = await batchOf(db, {
      rows: db
        .insert(keys)
        .values({ ...made, createdAt: now })
        .returning(),
      mark: markIf(context, sql`last_insert_rowid()`),
    });
    return rows[0];
  };
  const row = await writeOnce(
    insert,
    async () => (await db.select().from(keys).where(eq(keys.hash, hash)))[0],
  );
  if (row === undefined) throw new Error("an insert that returned no row");
  return { ...showKeyRow(row), key: await writeKey(secrets, masterKeyId, row.id, random) };
}

const KINDS = { projects: "project", events: "event", templates: "template" } as const;

/** Refuses ids that do not exist: a resource that is created later could get such an id, and the key would reach it. */
async function demandExisting(db: Database, scope: Scope): Promise<void> {
  const missing = (table: keyof Scope, isLiving: SQL) =>
    db
      .select({ id: sql<number>`listed.value` })
      .from(sql`json_each(${writeJson(scope[table])}) AS listed`)
      .where(
        sql`NOT EXISTS (SELECT 1 FROM ${sql.identifier(table)} AS known WHERE known.id = listed.value AND ${isLiving})`,
      )
      .limit(1);
  const found = await batchOf(db, {
    projects: missing("projects", sql`true`),
    events: missing("events", sql`known.deleted_at IS NULL`),
    templates: missing("templates", sql`known.deleted_at IS NULL`),
  });
  for (const table of ["projects", "events", "templates"] as const) {
    const [unknown] = found[table];
    if (unknown === undefined) continue;
    const kind = KINDS[table];
    const code: ErrorCode = `${kind}_not_found`;
    const pointer = pointerTo(["scope", table, scope[table].indexOf(unknown.id)]);
    throw new ApiError(code, `There is no ${kind} ${unknown.id}, or it was deleted.`, { pointer });
  }
}

/** The answer to a repeated request that made a key. */
export function keyMadeBefore(id: number): ApiError {
  return new ApiError(
    "shown_once",
    `Key ${id} was made by an earlier request with this Idempotency-Key, and was shown then. If you do not have it, revoke it and make another one.`,
    { extra: { keyId: id } },
  );
}

/** Revokes a key. It may be accepted for up to a minute more. A revoked one stays as it is. @throws ApiError key_not_found */
export async function revokeKey(context: Marker, id: number): Promise<void> {
  const { db, now } = context;
  const { rows } = await repeatableBatchOf(db, {
    mark: markRequest(context, id, keys, eq(keys.id, id)),
    revoked: db
      .update(keys)
      .set({ revokedAt: now })
      .where(and(eq(keys.id, id), isNull(keys.revokedAt))),
    rows: db.select({ hash: keys.hash }).from(keys).where(eq(keys.id, id)),
  });
  const [row] = rows;
  if (row === undefined) throw new ApiError("key_not_found", `There is no key ${id}.`);
  forgetKey(row.hash);
}

/** Newest first, the revoked ones too. */
export async function listKeys(db: Database, position: PagePosition): Promise<Page<Key>> {
  const page = pageOf(db, keys, position);
  const rows = await db
    .select({ row: keys, candidates: page.candidates })
    .from(page)
    .innerJoin(keys, eq(keys.id, page.id))
    .orderBy(sql`${page.id} DESC`);
  return toPage(rows, ({ row }) => showKeyRow(row));
}

function showKeyRow({ id, name, role, scope, createdAt, expiresAt, revokedAt, lastUsedAt }: StoredKey): Key {
  return {
    id,
    name,
    role,
    scope: scope === null ? null : parseJson(scope),
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: instantOrNull(expiresAt),
    revokedAt: instantOrNull(revokedAt),
    lastUsedAt: instantOrNull(lastUsedAt),
  };
}

function instantOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
