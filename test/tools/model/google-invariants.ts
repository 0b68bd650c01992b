/**
 * What must be true of Google Wallet when the faults have stopped and all work has finished: each class and each object at Google is
 * exactly what template, event and pass give now, and nothing waits and nothing was given up. A deleted pass, and one whose template
 * has another type since, is inactive there. google-witness.ts checks the rules for single calls.
 */
import type { DatabaseSync } from "node:sqlite";
import { isDeepStrictEqual } from "node:util";
import { openDatabase } from "../../../src/db/client.ts";
import {
  events,
  googleClasses,
  googleIssuers,
  googleObjects,
  passes,
  templates,
} from "../../../src/db/schema.ts";
import { renderClass, renderObject } from "../../../src/google/render.ts";
import { sharedSourceOf } from "../../../src/google-wallet/classes.ts";
import { type JsonObject, writeJson } from "../../../src/json.ts";
import { googlePassOf } from "../../../src/passes/google-source.ts";
import { createSecrets } from "../../../src/secrets/secrets.ts";
import type { Stored } from "../../google/stand-in/store.ts";
import type { PassEntry } from "./books.ts";
import { ORIGIN } from "./client.ts";
import { openD1 } from "./d1.ts";
import type { Google } from "./google.ts";
import type { World } from "./world.ts";

export interface GoogleScene {
  readonly world: World;
  readonly database: DatabaseSync;
  readonly google: Google;
  readonly masterSecret: string;
  /** By the id of the object: the pass that somebody has saved. */
  readonly saved: ReadonlyMap<string, PassEntry>;
}

/** Google sets these itself, or they belong to one call. */
const OWN_OF_GOOGLE = ["reviewStatus", "messages", "notifyPreference"];
/** A pass's own texts and barcodes (actors.ts). */
const PERSONAL = /s-\d+-\d+/;

/** Work for Google that has not finished. */
export function googleRestless({
  world,
  database,
  google,
}: Pick<GoogleScene, "world" | "database" | "google">): string[] {
  const { now } = world.schedule;
  const left = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => Object.values(row).join(" "));
  // An expiry may be far away. A link that has all of a deleted pass may still be opened until its row is looked at.
  const due = ["google_classes", "google_objects"].flatMap((table) =>
    left(`SELECT resource_id, send_at - ${now}, attempts, problem FROM ${table}
      WHERE send_at <= ${now} OR attempts > 0 OR claimed_until IS NOT NULL
        OR (sent = '{}' AND send_at IS NOT NULL)`),
  );
  return [
    ...(google.idle ? [] : ["a call of Google is on its way"]),
    ...due.map((row) => `to be sent to Google: ${row}`),
    ...left("SELECT resource_id FROM google_classes WHERE stale_through IS NOT NULL").map(
      (id) => `objects become stale: ${id}`,
    ),
    ...left(
      "SELECT name FROM readers WHERE name LIKE 'google:%' AND cursor < (SELECT max(id) FROM changes)",
    ).map((name) => `behind: ${name}`),
  ];
}

/** Compares all that Google has with what it should have. */
export async function checkGoogle(scene: GoogleScene): Promise<void> {
  const { world, google, saved } = scene;
  const expected = await expectedAt(scene);
  for (const [id, resource] of expected.classes)
    compare("class", id, google.standIn.store.find("Class", id), resource);
  const { store } = google.standIn;
  const rows = new Set(
    scene.database
      .prepare("SELECT resource_id AS id FROM google_objects")
      .all()
      .map(({ id }) => String(id)),
  );
  for (const [id, pass] of saved) {
    if (!rows.has(id)) world.violate("a saved pass has a row", `${id} ${pass.name}`);
  }
  for (const id of new Set([...rows, ...saved.keys()])) {
    const stored = store.find("Object", id);
    const resource = expected.objects.get(id);
    if (resource !== undefined) compare("object", id, stored, resource);
    else if (stored !== undefined && stored.resource.state !== "INACTIVE")
      world.violate("a pass that is gone is inactive at Google", id);
    if (expected.deleted.has(id) && PERSONAL.test(JSON.stringify(stored?.resource ?? {})))
      world.violate(
        "Google has nothing personal of a deleted pass",
        `${id} ${JSON.stringify(stored?.resource)}`,
      );
    const pass = saved.get(id);
    if (pass !== undefined && resource !== undefined && !JSON.stringify(resource).includes(pass.text))
      world.violate("what was acknowledged is shown", `${id} does not show ${pass.text}`);
  }
  for (const { id, problem } of scene.database
    .prepare(
      `SELECT resource_id AS id, problem FROM google_objects WHERE gave_up_at IS NOT NULL
       UNION ALL SELECT resource_id, problem FROM google_classes WHERE gave_up_at IS NOT NULL`,
    )
    .all())
    world.violate("nothing is given up for Google", `${id}: ${problem}`);

  function compare(what: string, id: string, stored: Stored | undefined, resource: JsonObject): void {
    // A link may have all of it, and was never opened.
    if (stored === undefined) {
      if (saved.has(id)) world.violate(`every saved pass is at Google`, id);
      return;
    }
    const is = comparable(stored.resource);
    const should = comparable(JSON.parse(writeJson(resource)));
    if (!isDeepStrictEqual(is, should))
      world.violate(`each ${what} at Google is as it is now`, `${id}: ${difference(is, should)}`);
  }
}

interface Expected {
  /** By id. */
  readonly classes: ReadonlyMap<string, JsonObject>;
  readonly objects: ReadonlyMap<string, JsonObject>;
  /** The ids of the objects of deleted passes. */
  readonly deleted: ReadonlySet<string>;
}

async function expectedAt({ world, database, masterSecret }: GoogleScene): Promise<Expected> {
  const db = openDatabase(openD1(database, world.stop));
  const config = { secrets: createSecrets(masterSecret), publicOrigin: ORIGIN };
  const [issuer] = await db.select().from(googleIssuers);
  const expected = {
    classes: new Map<string, JsonObject>(),
    objects: new Map<string, JsonObject>(),
    deleted: new Set<string>(),
  };
  if (issuer === undefined) return expected;
  const byId = <Row extends { id: number }>(rows: readonly Row[]) =>
    new Map(rows.map((row) => [row.id, row]));
  const templatesById = byId(await db.select().from(templates));
  const eventsById = byId(await db.select().from(events));
  const passesById = byId(await db.select().from(passes));
  for (const { templateId, eventId, type } of await db.select().from(googleClasses)) {
    const template = templatesById.get(templateId);
    const event = eventId === 0 ? null : eventsById.get(eventId);
    // A class of a deleted event has no objects any more.
    if (template === undefined || event === undefined || (event !== null && event.deletedAt !== null))
      continue;
    const rendered = renderClass(sharedSourceOf(issuer, ORIGIN, template, event).source);
    if (rendered.type === type) expected.classes.set(rendered.id, rendered.resource);
  }
  for (const { passId, type, resourceId } of await db.select().from(googleObjects)) {
    const pass = passesById.get(passId);
    const template = templatesById.get(pass?.templateId ?? 0);
    if (pass === undefined || template === undefined) continue;
    if (pass.deletedAt !== null) expected.deleted.add(resourceId);
    if (pass.deletedAt !== null) continue;
    const event = pass.eventId === null ? null : (eventsById.get(pass.eventId) ?? null);
    const shown = event?.deletedAt === null ? event : null;
    const source = await googlePassOf(config, issuer, { pass, template, event: shown }, world.schedule.now);
    const rendered = renderObject(sharedSourceOf(issuer, ORIGIN, template, shown).source, source);
    if (rendered.type === type) expected.objects.set(rendered.id, rendered.resource);
  }
  return expected;
}

function comparable(resource: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(resource).filter(([name]) => !OWN_OF_GOOGLE.includes(name)));
}

/** The members that differ, short. */
function difference(is: Record<string, unknown>, should: Record<string, unknown>): string {
  return [...new Set([...Object.keys(is), ...Object.keys(should)])]
    .filter((name) => !isDeepStrictEqual(is[name], should[name]))
    .map(
      (name) =>
        `${name} ${JSON.stringify(is[name])?.slice(0, 300)}, not ${JSON.stringify(should[name])?.slice(0, 300)}`,
    )
    .join("; ");
}
