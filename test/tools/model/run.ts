/**
 * One run: a seed determines a number of random actions while faults happen. Then the faults stop, all work finishes,
 * and the invariants are checked (invariants.ts).
 */
import { Admin } from "./actors.ts";
import { Apns } from "./apns.ts";
import type * as Apple from "./apple.ts";
import type { PassEntry } from "./books.ts";
import { createClock } from "./clock.ts";
import { Faults, type Weather } from "./faults.ts";
import { APNS_ORIGIN, BEGINS_AT, drive, type Fixture } from "./fixture.ts";
import { Google } from "./google.ts";
import { GoogleAdmin } from "./google-admin.ts";
import { Holder } from "./holders.ts";
import { judge, restless } from "./invariants.ts";
import type { Invocation } from "./isolate.ts";
import { Lists } from "./lists.ts";
import { Observer } from "./observer.ts";
import { Phone } from "./phones.ts";
import { Random } from "./random.ts";
import { Schedule } from "./schedule.ts";
import { Guesser, Poller, Stranger } from "./strangers.ts";
import { checkTables } from "./tables.ts";
import { createCrypto } from "./web-crypto.ts";
import { World } from "./world.ts";

export interface RunOptions {
  readonly seed: number;
  /** How many actions there are before the faults stop. */
  readonly steps: number;
  /** All phones share one address with a stranger who guesses as fast as he can. Without it, each has its own address. */
  readonly crowd?: { readonly phones: number } | undefined;
  /** People with Android save passes in Google Wallet. "mostly": there are few iPhones. Without it, there is no issuer. */
  readonly google?: "also" | "mostly" | undefined;
  /** Receives every line of the trace. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface RunResult {
  readonly seed: number;
  readonly weather: Weather;
  /** The violations, as `invariant: observation`. */
  readonly violations: readonly string[];
  /** The last lines of the trace. */
  readonly lines: readonly string[];
  /** Equal for two runs in which the same things happened. */
  readonly hash: string;
  readonly steps: number;
  /** How often a task stopped and continued, plus the number of all other events. */
  readonly events: number;
  readonly faults: number;
  readonly pushes: number;
  /** Calls of Google that wrote a class or an object. */
  readonly googleCalls: number;
}

const ADMINS = 8;
const POLLERS = 3;
/** How many phones there are, and how many people who save passes in Google Wallet. */
const PEOPLE = {
  none: { phones: 24, holders: 0 },
  also: { phones: 24, holders: 10 },
  mostly: { phones: 4, holders: 14 },
} as const;
const PAUSE_MS = 150_000;
const HASTE_MS = 500;
/** A provider token is replaced after 50 minutes, and valid for an hour. */
const LONGEST_JUMP_MS = 5 * 60_000;
const PUSH_CRON = "* * * * *";
const HOURLY_CRON = "17 * * * *";
const WEATHERS = { calm: 1, breeze: 2, storm: 3 } as const;

/** Runs a seed. It ends at the first violation, or when all invariants were checked. */
export async function run(fixture: Fixture, options: RunOptions): Promise<RunResult> {
  const { surroundings, program, settings } = fixture;
  const random = new Random(`seed ${options.seed}`);
  const schedule = new Schedule(random, BEGINS_AT);
  schedule.onLine = options.onLine;
  const weather = random.weighted(WEATHERS);
  const faults = new Faults(random, weather, schedule.now);
  const { database, objects, books } = fixture.begin();
  const { consumers, ca } = surroundings;
  const clock = createClock(schedule, 0, () => undefined);
  const apple = surroundings.apple({
    ...clock,
    fetch: undefined,
    // A computation of a phone is not a stop, because nothing in the Worker happens meanwhile.
    crypto: createCrypto(random, (_label, work) => schedule.awaitElsewhere(Promise.resolve().then(work))),
    console,
  }) as typeof Apple;
  const outbound = (url: string, init: RequestInit, invocation: Invocation | undefined) =>
    Google.isAt(url) ? google.fetch(url, init, invocation) : apns.fetch(url, init);
  const { crowd } = options;
  const people = PEOPLE[options.google ?? "none"];
  const world = new World({
    schedule,
    faults,
    program,
    database,
    objects,
    consumers,
    settings,
    outbound,
    oneAddress: crowd !== undefined,
  });
  const apns = new Apns({
    schedule,
    faults,
    random,
    judge: apple.judge,
    accounts: { ...fixture.accounts, providerTokens: new Map() },
    origin: APNS_ORIGIN,
    violate: (invariant, what) => world.violate(invariant, what),
    stop: world.stop,
  });
  const google = new Google({
    schedule,
    faults,
    random,
    accounts: surroundings.google.saved,
    violate: (invariant, what) => world.violate(invariant, what),
    stop: world.stop,
    changeMeanwhile(id) {
      const [, eventId, passId] = /-t\d+e(\d+)-|-p(\d+)-/.exec(id) ?? [];
      const shown =
        books.passes.find((pass) => pass.id === Number(passId)) ??
        books.events.find((event) => event.id === Number(eventId));
      const change = shown && admins[shown.owner]?.change(shown);
      if (change !== undefined) meanwhile.push(change);
    },
  });
  const meanwhile: Promise<void>[] = [];
  const observer = new Observer(world, books, new Lists(database), google);
  const phoneParts = { world, random, apns, IPhone: apple.IPhone, rootPem: ca.rootPem, links: books.shared };
  const phones = Array.from(
    { length: crowd?.phones ?? people.phones },
    (_, at) => new Phone(`phone ${at}`, phoneParts),
  );
  const admins = Array.from({ length: ADMINS }, (_, at) => new Admin(at, { world, random, books }));
  const askers = { world, random, books, phones };
  const pollers = Array.from({ length: POLLERS }, (_, at) => new Poller(`poller ${at}`, askers));
  const scene = {
    fixture,
    world,
    schedule,
    faults,
    database,
    objects,
    books,
    apns,
    phones,
    observer,
    random,
    google,
    saved: new Map<string, PassEntry>(),
  };

  const googleParts = { world, random, books, google, saved: scene.saved };
  const googleAdmin = new GoogleAdmin(googleParts);
  const holders = Array.from({ length: people.holders }, (_, at) => new Holder(`holder ${at}`, googleParts));
  if (options.google !== undefined) await drive(world, googleAdmin.connect(surroundings.google));

  let steps = 0;
  const strangers = [new Stranger(askers), ...(crowd === undefined ? [] : [new Guesser(askers)])];
  const lives = [
    ...admins,
    ...phones,
    ...pollers,
    ...strangers,
    ...(options.google === undefined ? [] : [googleAdmin, ...holders]),
  ].map(async (actor) => {
    for (;;) {
      // Now and then one action follows immediately after another.
      await schedule.sleep(random.int(random.chance(0.4) ? HASTE_MS : PAUSE_MS), "somebody wakes");
      if (steps >= options.steps || world.violations.length > 0) return;
      steps++;
      await actor.act();
    }
  });
  const stopCrons = startCrons(world, () => checkTables(world, database));
  await drive(
    world,
    Promise.all(lives).then(() => Promise.all(meanwhile)),
  );
  if (world.violations.length === 0) await judge(scene);
  stopCrons();
  const { violations } = world;
  const left = violations.length > 0 ? restless(scene) : [];
  database.close();
  return {
    seed: options.seed,
    weather,
    violations,
    lines: [...schedule.lines, ...left],
    hash: schedule.hash(),
    steps,
    events: schedule.events,
    faults: faults.count,
    pushes: apns.accepted,
    googleCalls: google.witness.calls,
  };
}

/** Every minute, and once an hour. In bad weather, one in ten is missed; `everyMinute` is never missed. */
function startCrons(world: World, everyMinute: () => void): () => void {
  const { schedule, faults } = world;
  let running = true;
  const next = (at: number) => {
    if (!running) return;
    schedule.at(at, "cron", () => {
      next(at + 60_000);
      everyMinute();
      // As if the machine had been suspended: everything that was due meanwhile happens at once.
      if (faults.accident(0.05)) schedule.now += schedule.random.int(LONGEST_JUMP_MS);
      if (!faults.accident(0.1)) world.cron(PUSH_CRON);
      if (new Date(at).getUTCMinutes() === 17) world.cron(HOURLY_CRON);
      return undefined;
    });
  };
  next(schedule.now + 60_000);
  return () => {
    running = false;
  };
}
