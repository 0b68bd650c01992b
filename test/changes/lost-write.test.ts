/**
 * A conditional write whose condition fails (src/changes/log.ts): it makes no change row and no stamp, for every kind
 * of target, whatever the other statements of the batch write.
 */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { recordChange, recordCreation, recordedChange } from "../../src/changes/log.ts";
import type { TargetKind } from "../../src/changes/targets.ts";
import { batchOf } from "../../src/db/batch.ts";
import { changes, events, passes, projects, readers, templates } from "../../src/db/schema.ts";
import { createContext } from "../../src/http/context.ts";
import { admin } from "../harness.ts";

const PASS_TYPE = "pass.test.lost-write";
const context = createContext({ env, executionCtx: createExecutionContext() }, Date.now() + 3_600_000);
const { db } = context;
const TABLES = { pass: passes, template: templates, event: events };
const kinds: readonly TargetKind[] = ["pass", "template", "event"];
const ids: Record<TargetKind, number> = { pass: 0, template: 0, event: 0 };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  ids.template = (await admin.makeTemplate(PASS_TYPE)).id;
  ids.event = (await admin.makeEvent()).id;
  ids.pass = (await admin.issue(ids.template)).id;
});

const stored = () =>
  batchOf(db, {
    passes: db.select().from(passes),
    templates: db.select().from(templates),
    events: db.select().from(events),
    changes: db.select().from(changes),
  });
/** Writes a row before and after the lost write, so that `changes()` is 1 directly before and after. */
const write = (name: string) => db.insert(readers).values({ name, cursor: 0 });

/** The UPDATE of the row that a request has found, on a condition. */
function update(kind: TargetKind, condition: boolean) {
  return db
    .update(TABLES[kind])
    .set({ createdAt: 1 })
    .where(sql`${TABLES[kind].id} = ${ids[kind]} AND ${condition ? 1 : 0}`);
}

test.each(kinds)(
  "a change of the kind %s whose condition fails is neither logged nor stamped",
  async (kind) => {
    const before = await stored();
    const target = { kind, id: ids[kind] };
    const { change, row } = await batchOf(db, {
      first: write(`${kind} first`),
      change: recordChange(context, update(kind, false), target, { kind: "changed" }, (wrote) =>
        db.insert(projects).select(sql`SELECT NULL, NULL, 'followed', 0, 0, 0 WHERE ${wrote}`),
      ),
      last: write(`${kind} last`),
      row: db.select().from(TABLES[kind]).where(sql`${TABLES[kind].id} = ${ids[kind]}`),
    });
    expect(change.write.meta.changes).toBe(0);
    expect(change.followed.meta.changes).toBe(0);
    expect(row).toHaveLength(1);
    expect(recordedChange(change, row[0] ?? { tag: 0, pushAt: 0 })).toBeUndefined();
    expect(await stored()).toEqual(before);
  },
);

test.each(kinds)("a change of the kind %s whose condition is true is logged and stamped", async (kind) => {
  const target = { kind, id: ids[kind] };
  const { change, log, row } = await batchOf(db, {
    first: write(`${kind} before`),
    change: recordChange(context, update(kind, true), target, { kind: "changed" }),
    log: db.select().from(changes).orderBy(sql`id DESC`).limit(1),
    row: db.select().from(TABLES[kind]).where(sql`${TABLES[kind].id} = ${ids[kind]}`),
  });
  const [logged] = log;
  expect(logged).toMatchObject({ kind: "changed", [`${kind}Id`]: ids[kind], dispatchedAt: null });
  expect(row).toMatchObject([{ tag: logged?.id, modifiedAt: logged?.at, pushAt: logged?.pushAt }]);
  expect(recordedChange(change, row[0] ?? { tag: 0, pushAt: 0 })).toEqual({
    changeId: logged?.id,
    pushAt: logged?.pushAt,
  });
});

test.each(kinds)(
  "an insert of the kind %s that inserted nothing is neither logged nor stamped",
  async (kind) => {
    const before = await stored();
    const table = TABLES[kind];
    const { change } = await batchOf(db, {
      first: write(`${kind} other`),
      change: recordCreation(
        context,
        db.run(sql`INSERT INTO ${table} (id) SELECT 1 WHERE 0`),
        kind,
        (wrote, id) => db.select({ id: table.id }).from(table).where(sql`${wrote} AND ${table.id} = ${id}`),
      ),
    });
    expect(change.followed).toEqual([]);
    expect(await stored()).toEqual(before);
  },
);
