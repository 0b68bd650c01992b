/**
 * The invariants that must be true after the faults have stopped and all work has finished. Whatever failed, and in
 * whatever order: every phone that can be reached has the newest version of each of its passes, no acknowledged change
 * is lost, no redemption or stamp counts twice, and no garbage remains. Nobody refreshes manually: there are only pushes, and
 * what phones repeat automatically.
 *
 * observer.ts checks the rules for single responses.
 */
import { createHash } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { unzipSync } from "fflate";
import type { Apns } from "./apns.ts";
import { type Books, MOST_STAMPS, type PassEntry, pictures, templatePass } from "./books.ts";
import { Client } from "./client.ts";
import { complaintsOf } from "./complaints.ts";
import { Faults } from "./faults.ts";
import { drive, type Fixture } from "./fixture.ts";
import type { Google } from "./google.ts";
import { checkGoogle, googleRestless } from "./google-invariants.ts";
import type { Observer } from "./observer.ts";
import type { Phone } from "./phones.ts";
import type { StoredObject } from "./r2.ts";
import { Random } from "./random.ts";
import { Schedule } from "./schedule.ts";
import { checkTables } from "./tables.ts";
import { World } from "./world.ts";

/** The parts of a run. */
export interface Scene {
  readonly fixture: Fixture;
  readonly world: World;
  readonly schedule: Schedule;
  readonly faults: Faults;
  readonly database: DatabaseSync;
  readonly objects: Map<string, StoredObject>;
  readonly books: Books;
  readonly apns: Apns;
  readonly phones: readonly Phone[];
  readonly observer: Observer;
  readonly random: Random;
  readonly google: Google;
  /** By the id of the object at Google: the pass that somebody has saved there. */
  readonly saved: ReadonlyMap<string, PassEntry>;
}

const HOUR_MS = 3_600_000;
/** Ten attempts of a push take two hours, and those of a message take the same time. */
const RESTS_WITHIN_MS = 8 * HOUR_MS;
/** The age below which the hourly job deletes nothing, plus the hour until it runs. */
const DELETED_WITHIN_MS = 2 * HOUR_MS + 60_000;

/** Waits until all work has finished, and reports violations of the invariants. */
export async function judge(scene: Scene): Promise<void> {
  const { world, faults, phones, books, apns, google } = scene;
  faults.over = true;
  for (const phone of phones) phone.settle();
  await rest(scene);
  if (world.violations.length > 0) return;
  checkLog(scene);
  const builder = withoutBundles(scene);
  await checkContents(scene, builder);
  await checkSaved(scene);
  if (world.violations.length > 0) return;

  // One more change without faults: phones whose registration was lost now have an old version, and invalid tokens are
  // discovered.
  for (const round of [1, 2]) {
    apns.toDead = 0;
    google.witness.forgetCalls();
    const client = new Client("the end", world);
    const changes = books.templates.map(async (template) => {
      template.text = `template ${template.id} end ${round}`;
      const { status } = await client.call("PATCH", `/templates/${template.id}`, {
        pass: templatePass(template.text),
      });
      if (status !== 200) world.violate("an admin is answered as the API says", `template ${status}`);
    });
    await drive(world, Promise.all(changes));
    await rest(scene);
    google.witness.checkCallsOfTexts();
    if (world.violations.length > 0) return;
  }
  if (apns.toDead > 0) world.violate("pushes to a dead token end", `${apns.toDead} pushes`);
  await checkContents(scene, builder);
  await checkSaved(scene);
  checkRegistrations(scene);
  checkTables(world, scene.database);
  for (const phone of phones) {
    for (const complaint of complaintsOf(phone, scene))
      world.violate("phones have nothing to complain of", complaint);
  }
  await checkObjects(scene);
}

/** Work that has not finished. */
export function restless({ world, apns, phones, database, google }: Scene): string[] {
  const undispatched = undispatchedIds(database);
  return [
    ...(world.idle ? [] : ["the Worker is at work"]),
    ...(apns.idle ? [] : ["a push is on its way"]),
    ...phones.flatMap((phone) =>
      phone.idle
        ? []
        : [`${phone.name}: ${phone.iphone.failures.map(({ reason }) => reason).join(", ") || "busy"}`],
    ),
    ...(undispatched.length === 0 ? [] : [`not dispatched: ${undispatched.join(" ")}`]),
    ...(countHeld(database) === 0 ? [] : ["a message is held although pushes are not paused"]),
    ...googleRestless({ world, database, google }),
  ];
}

async function rest(scene: Scene): Promise<void> {
  const { world, schedule, phones, apns, database, google } = scene;
  const until = schedule.now + RESTS_WITHIN_MS;
  while (schedule.now < until && world.violations.length === 0) {
    await schedule.next();
    if (!world.idle || !apns.idle || phones.some((phone) => !phone.idle)) continue;
    if (undispatchedIds(database).length > 0 || countHeld(database) > 0 || !google.idle) continue;
    if (googleRestless(scene).length === 0) return;
  }
  if (world.violations.length > 0) return;
  const [first = "nothing"] = restless(scene);
  world.violate("every change is dispatched, and all comes to rest", first);
}

function undispatchedIds(database: DatabaseSync): number[] {
  const rows = database.prepare("SELECT id FROM changes WHERE dispatched_at IS NULL").all();
  return rows.map(({ id }) => Number(id));
}

/** How many messages a pause holds. */
function countHeld(database: DatabaseSync): number {
  const held = database.prepare("SELECT count(*) AS count FROM dead_letters WHERE message_id LIKE 'held %'");
  return Number(held.get()?.count);
}

/** What Google has. */
async function checkSaved({ world, database, google, saved, fixture }: Scene): Promise<void> {
  const masterSecret = fixture.settings.MASTER_SECRET ?? "";
  await checkGoogle({ world, database, google, saved, masterSecret });
}

/** The change log: redemptions and their reversals alternate, and each acknowledged one is there. */
function checkLog({ world, database, books }: Scene): void {
  const rows = database
    .prepare(`SELECT * FROM (SELECT id, pass_id, kind, detail FROM changes UNION ALL SELECT * FROM pruned_changes)
      WHERE kind IN ('redeemed', 'unredeemed') ORDER BY id`)
    .all();
  for (const pass of books.passes) {
    const own = rows.filter(({ pass_id }) => pass_id === pass.id);
    const inTurn = own.every(({ kind }, at) => kind === (at % 2 === 0 ? "redeemed" : "unredeemed"));
    if (!inTurn)
      world.violate("no redeem counts twice", `${pass.name}: ${own.map(({ kind }) => kind).join(" ")}`);
    const won = own.filter(({ kind }) => kind === "redeemed").map(({ detail }) => detail ?? undefined);
    for (const [id, answered] of Map.groupBy(pass.redemptions, (redemptionId) => redemptionId)) {
      const times = won.filter((detail) => detail === id).length;
      if (times < answered.length)
        world.violate("an answer that says redeemed is a redemption", `${pass.name} ${id}`);
    }
    const unnamed = won.filter((detail) => detail === undefined).length;
    const told = pass.redemptions.filter((redemptionId) => redemptionId === undefined).length;
    if (unnamed > told + pass.unclear)
      world.violate("every redemption is answered", `${pass.name}: ${unnamed} redemptions, ${told} answers`);
  }
  const dead = database.prepare("SELECT message FROM dead_letters").all();
  for (const { message } of dead) {
    const { reason } = JSON.parse(String(message));
    if (reason !== "BadDeviceToken") world.violate("no push is given up", String(message));
  }
}

/**
 * Every living pass has the last content that was written to it, whether cached or built now, and phones have exactly
 * that.
 */
async function checkContents(scene: Scene, builder: World): Promise<void> {
  const { world, books, phones } = scene;
  const served = await bundles(scene, world);
  builder.schedule.now = scene.schedule.now;
  const built = await bundles(scene, builder);
  const redeemed = new Set(
    scene.database
      .prepare("SELECT id FROM passes WHERE redeemed_at IS NOT NULL")
      .all()
      .map(({ id }) => Number(id)),
  );
  for (const pass of books.living()) {
    const bundle = served.get(pass.name);
    if (bundle === undefined || built.get(pass.name)?.manifestHash !== bundle.manifestHash)
      world.violate("a kept bundle is what would be built", pass.name);
    for (const fault of bundle === undefined
      ? ["nothing"]
      : differences(pass, bundle, books, redeemed.has(pass.id)))
      world.violate("what was acknowledged is shown", `${pass.name} shows ${fault}`);
  }
  for (const phone of phones) {
    if (phone.gone) continue;
    for (const { automaticUpdates, passTypeIdentifier, serialNumber, manifestHash } of phone.iphone.passes) {
      const newest = served.get(`${passTypeIdentifier} ${serialNumber}`);
      if (newest === undefined || !automaticUpdates || newest.manifestHash === manifestHash) continue;
      world.violate("every phone holds the newest version", `${phone.name} ${serialNumber}`);
    }
  }
}

interface Bundle {
  readonly manifestHash: string;
  readonly manifest: Readonly<Record<string, string>>;
  readonly pass: Readonly<Record<string, unknown>>;
}

async function bundles({ books }: Scene, world: World): Promise<Map<string, Bundle>> {
  const client = new Client("the judge", world);
  const found = new Map<string, Bundle>();
  const downloads = books.living().map(async (pass) => {
    const body = await client.download(pass.id);
    if (body === undefined) return;
    const files = unzipSync(body, { filter: ({ name }) => name === "pass.json" || name === "manifest.json" });
    const text = (name: string) => Buffer.from(files[name] ?? []).toString();
    found.set(pass.name, {
      manifestHash: createHash("sha1").update(text("manifest.json")).digest("hex"),
      manifest: JSON.parse(text("manifest.json")),
      pass: JSON.parse(text("pass.json")),
    });
  });
  await drive(world, Promise.all(downloads));
  return found;
}

/** The same rows and objects with a Worker that caches no built passes, and so builds each. */
function withoutBundles({ fixture, database, objects, schedule, world }: Scene): World {
  const { program, settings, surroundings } = fixture;
  const random = new Random("without bundles");
  const own = new Schedule(random, schedule.now);
  const other = new World({
    schedule: own,
    faults: new Faults(random, "calm", own.now),
    program,
    database,
    objects,
    consumers: surroundings.consumers,
    isolates: 1,
    settings: { ...settings, KEEP_BUILT_PASSES: "no" },
    outbound: () => Promise.reject(new TypeError("nobody is pushed here")),
  });
  other.violations = world.violations;
  return other;
}

/** The differences between the expected and the actual content of the pass. */
function differences(
  pass: PassEntry,
  { pass: shown, manifest }: Bundle,
  books: Books,
  isRedeemed: boolean,
): string[] {
  const { primaryFields, secondaryFields, auxiliaryFields, backFields } = shown.generic as Record<
    string,
    { value: string }[]
  >;
  const stamps = Number(auxiliaryFields?.[0]?.value);
  const points = Number(auxiliaryFields?.[1]?.value);
  const told = pass.stamps.length;
  const mostStamps = Math.min(told + pass.unclearStamps, MOST_STAMPS);
  const barcodes = shown.barcodes as { message: string }[];
  const events = books.eventTexts(pass);
  const hash = (picture: number | undefined) =>
    picture === undefined
      ? undefined
      : createHash("sha1")
          .update(Buffer.from(pictures[picture] ?? "", "base64"))
          .digest("hex");
  const pairs: [what: string, is: unknown, expected: unknown][] = [
    ["p", primaryFields?.[0]?.value, pass.text],
    ["t", backFields?.[0]?.value, pass.template.text],
    [
      "e",
      secondaryFields?.[0]?.value,
      events.find((text) => text === secondaryFields?.[0]?.value) ?? events[0],
    ],
    ["stamps", stamps, Math.min(Math.max(stamps, told), mostStamps)],
    ["points", points, Math.min(Math.max(points, pass.points), pass.points + pass.unclearPoints)],
    ["scans", Number(auxiliaryFields?.[2]?.value), pass.scans],
    ["barcode", barcodes[0]?.message, pass.barcode ?? pass.serialNumber],
    ["logo", manifest["logo.png"], hash(pass.template.logo)],
    ["thumbnail", manifest["thumbnail.png"], hash(pass.thumbnail)],
    ["voided", shown.voided === true, pass.voided || isRedeemed],
  ];
  return pairs.flatMap(([what, is, expected]) => (is === expected ? [] : [`${what} ${is}, not ${expected}`]));
}

/** Rows of registrations: exactly those of phones that update, with the current token of each. */
function checkRegistrations({ world, database, phones, books }: Scene): void {
  const rows = database
    .prepare("SELECT device_library_identifier AS device, pass_id, push_token FROM registrations")
    .all();
  const there = new Map(rows.map(({ device, pass_id, push_token }) => [`${device} ${pass_id}`, push_token]));
  for (const phone of phones) {
    if (phone.gone) continue;
    for (const pass of phone.iphone.passes) {
      const entry = books.byName(`${pass.passTypeIdentifier} ${pass.serialNumber}`);
      if (!pass.automaticUpdates || entry === undefined || entry.deleted) continue;
      const place = `${phone.iphone.deviceLibraryIdentifier(pass)} ${entry.id}`;
      if (there.get(place) !== phone.iphone.pushToken)
        world.violate("no registration of a live phone vanishes", `${phone.name} ${entry.name}`);
      there.delete(place);
    }
  }
  for (const place of there.keys()) world.violate("a registration is of a phone that updates", place);
}

/**
 * R2: objects that a row names exist. The hourly job deletes the others, except for built passes of living passes whose rows a
 * fault prevented.
 */
async function checkObjects(scene: Scene): Promise<void> {
  const { world, schedule, database, objects, faults } = scene;
  for (const until = schedule.now + DELETED_WITHIN_MS; schedule.now < until; ) await schedule.next();
  await rest(scene);
  const column = (sql: string) =>
    new Set(
      database
        .prepare(sql)
        .all()
        .map(({ key }) => String(key)),
    );
  const living = column(`SELECT pack AS key FROM templates WHERE deleted_at IS NULL
    UNION SELECT pack FROM passes WHERE pack IS NOT NULL
    UNION SELECT 'assets/' || (image.value->>'sha256') FROM templates, json_each(templates.images) AS image`);
  const bundles = column(
    "SELECT 'built/' || id || '/' || replace(built_etag, '\"', '') AS key FROM passes WHERE built_etag IS NOT NULL",
  );
  const folders = column("SELECT 'built/' || id AS key FROM passes WHERE deleted_at IS NULL");
  for (const key of living) if (!objects.has(key)) world.violate("what a row names is in R2", key);
  for (const key of objects.keys()) {
    const isOfLivingPass = folders.has(key.slice(0, key.lastIndexOf("/")));
    if (living.has(key) || bundles.has(key) || (isOfLivingPass && faults.count > 0)) continue;
    world.violate("what no row names leaves R2", key);
  }
}
