/**
 * The Worker that `npm run growth` measures: the whole of src/ with bindings that count, and routes that fill the tables and run
 * the hourly job. It is never deployed.
 */
import type { Env } from "../../../src/config.ts";
import edgepass from "../../../src/index.ts";
import { counted, type Tally } from "../../counting.ts";

/** What POST /growth/fill makes. */
export interface Fill {
  /** Objects in use, as rows only. */
  readonly used: number;
  /** Unused objects, as rows only. */
  readonly unused: number;
  /** Unused objects, as rows and in R2. */
  readonly stored: number;
  /** Folders of deleted passes. */
  readonly folders: number;
  /** Old changes that are dispatched. */
  readonly oldChanges: number;
  /** Changes of today. */
  readonly newChanges: number;
}

/** What POST /growth/hour answers. */
export interface Hour {
  readonly milliseconds: number;
  readonly spent: Tally;
  readonly left: { readonly objects: number; readonly changes: number; readonly stored: number };
}

const ROWS_PER_STATEMENT = 50_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const PUTS_AT_ONCE = 50;

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case "/growth/fill":
        await fill(env, await request.json());
        return Response.json({});
      case "/growth/hour":
        return Response.json(await hour(env));
      default:
        return new Response(null, { status: 404 });
    }
  },
};

async function fill({ DB, BUCKET }: Env, wanted: Fill): Promise<void> {
  const now = Date.now();
  const objects = (column: string) =>
    `INSERT INTO objects (key, since) SELECT ${column}, ${now - 2 * HOUR_MS}`;
  await insert(
    DB,
    wanted.used,
    "INSERT INTO object_uses (key, owner) SELECT 'packs/used-' || n, 'pass:' || n",
  );
  await insert(DB, wanted.unused, objects("'packs/row-' || n"));
  await insert(DB, wanted.stored, objects("'packs/stored-' || n"));
  await insert(DB, wanted.folders, objects("'built/' || n || '/'"));
  const changes = (at: number) =>
    `INSERT INTO changes (pass_type_identifier, kind, pass_id, actor, at, push_at, dispatched_at)
     SELECT 'pass.test.growth', 'changed', n, 'admin', ${at}, ${at}, ${at}`;
  await insert(DB, wanted.oldChanges, changes(now - 100 * DAY_MS));
  await insert(DB, wanted.newChanges, changes(now - HOUR_MS));
  for (let n = 1; n <= wanted.stored; n += PUTS_AT_ONCE) {
    const count = Math.min(PUTS_AT_ONCE, wanted.stored - n + 1);
    await Promise.all(Array.from({ length: count }, (_, at) => BUCKET.put(`packs/stored-${n + at}`, "x")));
  }
}

/** @param select an INSERT … SELECT without its FROM, in which n counts from 1 */
async function insert(db: D1Database, count: number, select: string): Promise<void> {
  for (let from = 1; from <= count; from += ROWS_PER_STATEMENT) {
    const to = Math.min(count, from + ROWS_PER_STATEMENT - 1);
    const numbers = `WITH RECURSIVE numbers (n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM numbers WHERE n < ${to})`;
    await db.prepare(`${numbers} ${select} FROM numbers`).run();
  }
}

async function hour(env: Env): Promise<Hour> {
  const counters = counted(env);
  const startedAt = Date.now();
  await edgepass.scheduled({ cron: "17 * * * *", scheduledTime: startedAt, noRetry() {} }, counters.env);
  const milliseconds = Date.now() - startedAt;
  const count = async (table: string) =>
    (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<number>("n")) ?? 0;
  const listed = await env.BUCKET.list({ prefix: "packs/stored-" });
  return {
    milliseconds,
    spent: counters.spent(),
    left: {
      objects: await count("objects"),
      changes: await count("changes"),
      stored: listed.objects.length,
    },
  };
}
