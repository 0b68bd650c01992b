/**
 * Phones and their owners: the simulated iPhone (apple/iphone.ts) with the behaviour that it leaves to its owner. It is
 * off at times, retries automatically with growing pauses, does one thing after the other, and gets a new push token
 * now and then. It is not public how long iOS pauses between attempts, so the pauses are invented. The sequential order
 * is an assumption about its queue of tasks.
 */

import type { Apns, Receiver } from "./apns.ts";
import type * as Apple from "./apple.ts";
import { type InstalledPass, type ModelIPhone, oneByOne } from "./one-by-one.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** The duration of a push in calm weather (apns.ts), plus some seconds in the Worker. */
const ON_ITS_WAY_MS = 40_000;

/** A pass that a phone may add, because its owner was sent the link. */
export interface Link {
  readonly url: string;
  readonly passTypeIdentifier: string;
  readonly serialNumber: string;
}

export interface PhoneParts {
  readonly world: World;
  readonly random: Random;
  readonly apns: Apns;
  readonly IPhone: typeof Apple.IPhone;
  readonly rootPem: string;
  /** The links that owners may have. */
  readonly links: readonly Link[];
}

const RETRIED_AFTER_MS = [20_000, 60_000, 180_000, 420_000, 900_000, 1_500_000, 1_800_000, 3_600_000];
/** How many of iOS's ten attempts may have faults. */
const SHELTERED_FROM = 6;
/**
 * More than the difference between isolates' clocks, so that a registration before a token became invalid is older than
 * the time that APNs reports.
 */
const CLOCKS_DIFFER_MS = 20_000;
const LONGEST_OFF_MS = 40 * 60_000;

export class Phone implements Receiver {
  readonly name: string;
  online = true;
  /** The phone was erased and will not come back. */
  gone = false;
  readonly iphone: ModelIPhone;
  /** Complaints about pushes that were on their way when the phone unregistered their pass. */
  readonly ownDoing = new Set<string>();
  readonly #leftAt = new Map<string, number>();
  readonly #parts: PhoneParts;
  readonly #waitingPushes = new Set<string>();
  #line: Promise<unknown> = Promise.resolve();
  #inLine = 0;
  #retryIsDue = false;
  #wantsNewToken = false;
  #lapsed = false;
  #lapsedAt = 0;

  constructor(name: string, parts: PhoneParts) {
    const { world, apns, IPhone, rootPem } = parts;
    this.name = name;
    this.#parts = parts;
    const OneByOne = oneByOne(IPhone);
    this.iphone = new OneByOne({
      fetch: (request) => this.#fetch(request),
      rootPem,
      now: () => world.schedule.now,
      pushToken: apns.issue(this, undefined),
      name,
    });
  }

  /** Whether it has no work left. */
  get idle(): boolean {
    return (
      this.gone || (this.#inLine === 0 && this.online && this.iphone.failures.length === 0 && !this.#lapsed)
    );
  }

  #leaves({ passTypeIdentifier }: InstalledPass): void {
    this.#leftAt.set(passTypeIdentifier, this.#parts.world.schedule.now);
  }

  pushed(topic: string): void {
    // A push during a list queues only one more list.
    if (this.#waitingPushes.has(topic)) return;
    this.#waitingPushes.add(topic);
    this.#next(async () => {
      this.#waitingPushes.delete(topic);
      const known = this.iphone.complaints.length;
      await this.iphone.receivePush(topic);
      if (this.#parts.world.schedule.now - (this.#leftAt.get(topic) ?? 0) > ON_ITS_WAY_MS) return;
      for (const line of this.iphone.complaints.slice(known)) {
        if (line.includes("spurious push")) this.ownDoing.add(line);
      }
    });
  }

  wasCalledDead(): void {
    const { world, random } = this.#parts;
    if (!random.chance(0.7)) return;
    const at = Math.max(world.schedule.now, this.#lapsedAt + CLOCKS_DIFFER_MS) + random.int(1500);
    world.schedule.at(at, `${this.name} is back`, () => this.#comeBack());
  }

  /** A random action of an owner. */
  async act(): Promise<void> {
    const { random, links, world } = this.#parts;
    if (this.gone) return;
    const badDays = world.faults.weather === "calm" ? 0 : 1;
    const pass = this.iphone.passes.length === 0 ? undefined : random.pick(this.iphone.passes);
    const what = random.weighted({
      add: pass === undefined ? 60 : 26,
      refresh: 14,
      remove: 9,
      off: 8,
      on: 12,
      rotate: 7,
      lapse: 5 * badDays,
      offline: 7 * badDays,
      log: 2,
      wipe: 0.6 * badDays,
    });
    world.schedule.note(`${this.name} does: ${what} ${pass?.serialNumber ?? ""}`);
    switch (what) {
      case "add": {
        // One pass, or those of a whole family.
        const few = random.chance(0.15) ? random.between(2, 7) : 1;
        for (let count = 0; count < few && links.length > 0; count++) {
          const link = few === 1 ? random.pickHot(links) : random.pick(links);
          await this.#next(() => this.#add(link));
        }
        return;
      }
      case "refresh":
        return this.#with(pass, (installed) => this.iphone.refresh(installed));
      case "remove":
        return this.#with(pass, async (installed) => {
          // Otherwise the failed task to unregister would be dropped, and the server would never be notified.
          if (this.iphone.owesUnregistration(installed)) return;
          this.#leaves(installed);
          await this.iphone.remove(installed);
        });
      case "off":
        return this.#with(pass, (installed) => {
          this.#leaves(installed);
          return this.iphone.switchUpdatesOff(installed);
        });
      case "on":
        return this.#with(
          this.iphone.passes.find(({ automaticUpdates }) => !automaticUpdates),
          (installed) => this.iphone.switchUpdatesOn(installed),
        );
      case "rotate":
        return this.#rotate();
      case "lapse":
        return this.#lapse();
      case "offline":
        return this.#goOffline();
      case "wipe":
        return this.#wipe();
      case "log":
        return void (await this.#next(() => this.iphone.flushLog()));
    }
  }

  /** Runs waiting work, because the faults have stopped. */
  settle(): void {
    if (this.gone) return;
    this.#comeOnline();
    if (this.#lapsed) this.#comeBack();
    this.#retryLater();
  }

  async #add(link: Link): Promise<void> {
    // Otherwise the removed pass would be unregistered after the added one was registered.
    if (!this.iphone.owesUnregistration(link)) await this.iphone.addFrom(link.url);
  }

  /** One action after the other. If Safari or Wallet refuses something, the action ends without consequences. */
  async #next(occasion: () => Promise<unknown>): Promise<void> {
    const { world } = this.#parts;
    this.#inLine++;
    const turn = this.#line.then(async () => {
      try {
        await occasion();
      } catch (error) {
        world.schedule.note(`${this.name} could not: ${String(error).slice(0, 200)}`);
        if (String(error).startsWith("InvalidPass"))
          world.violate("every bundle served is one that Wallet takes", String(error));
      }
      this.#inLine--;
      this.#retryLater();
    });
    this.#line = turn;
    await turn;
  }

  async #with(
    pass: InstalledPass | undefined,
    verb: (pass: InstalledPass) => Promise<unknown>,
  ): Promise<void> {
    if (pass === undefined) return;
    await this.#next(async () => {
      // The pass may have been replaced or removed while this action waited.
      if (this.iphone.passes.includes(pass)) await verb(pass);
    });
  }

  async #rotate(): Promise<void> {
    if (this.#lapsed) return;
    await this.#next(() => this.iphone.registerAnew(this.#parts.apns.issue(this, this.iphone.pushToken)));
  }

  /**
   * The phone's token becomes temporarily invalid at APNs and then valid again. The phone registers the same token
   * again.
   */
  #lapse(): void {
    const { apns, random, world } = this.#parts;
    if (this.#lapsed || this.#inLine > 0) return;
    this.#lapsed = true;
    this.#lapsedAt = world.schedule.now;
    apns.lapse(this.iphone.pushToken);
    const at = world.schedule.now + CLOCKS_DIFFER_MS + random.int(300_000);
    world.schedule.at(at, `${this.name} is back`, () => this.#comeBack());
  }

  /** Erased: nobody will ever register or unregister it again. */
  async #wipe(): Promise<void> {
    const { apns, world } = this.#parts;
    if (this.#lapsed || this.gone) return;
    this.gone = true;
    this.online = false;
    await world.schedule.sleep(CLOCKS_DIFFER_MS, `${this.name} is being wiped`);
    apns.retire(this.iphone.pushToken);
  }

  #comeBack(): undefined {
    const { apns, world } = this.#parts;
    if (!this.#lapsed || this.#wantsNewToken) return;
    this.#wantsNewToken = true;
    world.schedule.note(`${this.name} has its token again`);
    this.#next(async () => {
      apns.revive(this.iphone.pushToken);
      this.#lapsed = false;
      this.#wantsNewToken = false;
      await this.iphone.registerAnew(this.iphone.pushToken);
    });
  }

  #goOffline(): void {
    const { world, random } = this.#parts;
    if (!this.online) return;
    this.online = false;
    const until = world.schedule.now + random.int(LONGEST_OFF_MS);
    world.schedule.at(until, `${this.name} is online`, () => {
      this.#comeOnline();
      return undefined;
    });
  }

  #comeOnline(): void {
    if (this.online || this.gone) return;
    this.online = true;
    this.#parts.apns.cameOnline(this.iphone.pushToken);
  }

  /** Runs every failed task once more, one after the other, each after a pause that grows with its attempts. */
  #retryLater(): void {
    const { world, random } = this.#parts;
    const { failures } = this.iphone;
    if (failures.length === 0 || this.#retryIsDue || this.gone) return;
    this.#retryIsDue = true;
    const attempts = Math.min(...failures.map((failure) => failure.attempts));
    const pause = RETRIED_AFTER_MS[Math.min(attempts, RETRIED_AFTER_MS.length) - 1] ?? 0;
    world.schedule.at(world.schedule.now + pause + random.int(5000), `${this.name} retries`, () => {
      this.#retryIsDue = false;
      if (this.online) this.#next(() => this.iphone.retryOneByOne(attempts));
      else this.#retryLater();
      return undefined;
    });
  }

  async #fetch(request: Request): Promise<Response> {
    if (!this.online) throw new TypeError("The Internet connection appears to be offline.");
    const sheltered = this.iphone.failures.some(({ attempts }) => attempts >= SHELTERED_FROM);
    return this.#parts.world.request(request, this.name, sheltered);
  }
}
