/**
 * The admins: each makes random requests to the admin API, one after the other, and repeats requests without a
 * response, as a careful client does. The results are stored in the books.
 *
 * Passes and events are changed by their owners. Templates are changed by two admins, one for the texts and one for the
 * files. Anyone may redeem or add a stamp, sometimes several at the same time. A stamp without an answer is not repeated,
 * because it may have counted. A scan is sent until it is answered, because it counts once. One of them pauses all pushes now and then.
 */
import {
  type Books,
  type EventEntry,
  MOST_STAMPS,
  type PassEntry,
  pictures,
  templateFiles,
  templatePass,
} from "./books.ts";
import { type Answered, Client } from "./client.ts";
import { ADDS } from "./observer.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

export interface AdminParts {
  readonly world: World;
  readonly random: Random;
  readonly books: Books;
}

const MAX_PASSES = 50;
const DELETED_AT_ONCE = 0.3;
const SHORT_PAUSE_MS = 20_000;
const LONG_PAUSE_MS = 30 * 60_000;

export class Admin {
  readonly #number: number;
  readonly #client: Client;
  readonly #parts: AdminParts;
  #made = 0;
  /** It makes one request after the other, also if it is asked for a change. */
  #isBusy = false;

  /** @param number 0 writes the texts of templates, 1 writes their files */
  constructor(number: number, parts: AdminParts) {
    this.#number = number;
    this.#parts = parts;
    this.#client = new Client(`admin ${number}`, parts.world);
  }

  /** Does something. */
  act(): Promise<void> {
    return this.#alone(() => this.#act());
  }

  /** Changes this pass or event of its own now, unless it is doing something. */
  change(what: PassEntry | EventEntry): Promise<void> {
    return this.#alone(async () => {
      if (!what.deleted) await ("serialNumber" in what ? this.#change(what) : this.#changeEvent(what));
    });
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await work();
    } finally {
      this.#isBusy = false;
    }
  }

  async #act(): Promise<void> {
    const { random, books } = this.#parts;
    const own = books.living(this.#number);
    const what = random.weighted({
      issue: books.passes.length < MAX_PASSES ? 8 : 0,
      change: own.length > 0 ? 34 : 0,
      touch: own.length > 0 ? 10 : 0,
      move: own.length > 0 ? 10 : 0,
      delete: own.length > 2 ? 2 : 0,
      template: this.#number < 2 ? 10 : 0,
      makeEvent: 3,
      changeEvent: 12,
      deleteEvent: 1.5,
      redeem: 12,
      unredeem: 6,
      void: own.length > 0 ? 8 : 0,
      stamp: 8,
      point: 6,
      scan: 8,
      look: 5,
      pause: this.#number === 0 ? 3 : 0,
    });
    switch (what) {
      case "issue":
        return this.#issue();
      case "change":
        return this.#change(random.pickHot(own));
      case "touch":
        return this.#touch(random.pickHot(own));
      case "move":
        return this.#move(random.pickHot(own));
      case "delete":
        return this.#delete(random.pick(own));
      case "template":
        return this.#changeTemplate();
      case "makeEvent":
        return this.#makeEvent();
      case "changeEvent":
      case "deleteEvent": {
        const events = books.events.filter((event) => event.owner === this.#number && !event.deleted);
        if (events.length === 0) return this.#makeEvent();
        const event = random.pickHot(events);
        return what === "changeEvent" ? this.#changeEvent(event) : this.#deleteEvent(event);
      }
      case "redeem":
        return this.#redeem();
      case "unredeem":
        return this.#unredeem();
      case "void":
        return this.#voidOrUnvoid(random.pickHot(own));
      case "stamp":
        return this.#stamp();
      case "point":
        return this.#point();
      case "scan":
        return this.#scan();
      case "look":
        return this.#look();
      case "pause":
        return this.#pause();
    }
  }

  /** Some passes are deleted at once, so that deletions are as frequent as other writes. */
  async #issue(): Promise<void> {
    const { random, books } = this.#parts;
    const template = random.pick(books.templates);
    const serialNumber = `s-${this.#number}-${++this.#made}`;
    const text = `${serialNumber} 0`;
    const path = `/templates/${template.id}/passes`;
    const issued = await this.#client.call("POST", path, { serialNumber, values: { p: text } });
    if (issued.status === 201) {
      const pass = books.enter(issued.body, template, this.#number, text);
      if (random.chance(DELETED_AT_ONCE)) await this.#delete(pass);
      return;
    }
    // An earlier attempt issued the pass, but the response was lost.
    this.#expect(issued, [409], "issue");
    const found = await this.#client.call("GET", `/passes?code=${serialNumber}`);
    const shown = (found.body.items as Record<string, unknown>[]).find(
      (pass) => pass.passTypeIdentifier === template.passTypeIdentifier,
    );
    if (issued.attempts === 1 || shown === undefined)
      this.#parts.world.violate("a serial number is taken only by who took it", serialNumber);
    else books.enter(shown, template, this.#number, text);
  }

  async #change(pass: PassEntry): Promise<void> {
    const { random } = this.#parts;
    const isPictureOnly = random.chance(0.1);
    const text = isPictureOnly ? pass.text : `${pass.serialNumber} ${++pass.changes}`;
    const body: Record<string, unknown> = { values: { p: text } };
    let { barcode, thumbnail } = pass;
    if (!isPictureOnly && random.chance(0.3)) {
      barcode = random.chance(0.3) ? undefined : `code ${text}`;
      body.barcodeMessage = barcode ?? null;
    }
    if (isPictureOnly || random.chance(0.25)) {
      thumbnail = random.chance(0.3) ? undefined : random.int(pictures.length);
      body.images = { "thumbnail.png": thumbnail === undefined ? null : pictures[thumbnail] };
    }
    if (random.chance(0.2)) body.tags = [random.pick(["one", "two", "three"])];
    const answer = await this.#client.call("PATCH", `/passes/${pass.id}`, body);
    this.#expect(answer, [200], "change");
    Object.assign(pass, { text, barcode, thumbnail });
    if (random.chance(0.3)) await this.#readBack(pass);
  }

  /** A fetch must return the content of the response to the change from now on. */
  async #readBack(pass: PassEntry): Promise<void> {
    const answer = await this.#client.call("GET", `/passes/${pass.id}`);
    this.#expect(answer, [200], "show");
    const { p } = answer.body.values as { p?: { value: string } };
    if (p?.value !== pass.text)
      this.#parts.world.violate(
        "who was answered reads what was written",
        `${pass.name}: ${p?.value}, not ${pass.text}`,
      );
  }

  /** Writes what phones do not show: such a change must take no other change's push. */
  async #touch(pass: PassEntry): Promise<void> {
    const { random } = this.#parts;
    const { description } = templatePass("");
    const body = random.pick<object>([
      { pass: {} },
      { pass: { description, userInfo: null } },
      { pass: { description: null } },
      { without: random.pick([[], ["userInfo"], ["nfc", "userInfo"]]) },
    ]);
    this.#expect(await this.#client.call("PATCH", `/passes/${pass.id}`, body), [200], "touch");
  }

  async #move(pass: PassEntry): Promise<void> {
    const { random, books } = this.#parts;
    const living = books.events.filter((event) => !event.deleted);
    const event = living.length === 0 || random.chance(0.25) ? undefined : random.pickHot(living);
    const text = `${pass.serialNumber} ${++pass.changes}`;
    const body = { eventId: event?.id ?? null, values: { p: text } };
    const answer = await this.#client.call("PATCH", `/passes/${pass.id}`, body);
    this.#expect(answer, event === undefined ? [200] : [200, 404], "move");
    if (answer.status === 200) {
      pass.text = text;
      pass.events = new Set([event?.id]);
    } else if (answer.attempts > 1) {
      // The event was deleted. An earlier attempt may have moved the pass there, or not.
      pass.events.add(event?.id);
      pass.text = `${pass.serialNumber} ${++pass.changes}`;
      const again = { values: { p: pass.text } };
      this.#expect(await this.#client.call("PATCH", `/passes/${pass.id}`, again), [200], "change");
    }
  }

  async #delete(pass: PassEntry): Promise<void> {
    pass.deleted = true;
    const answer = await this.#client.call("DELETE", `/passes/${pass.id}`);
    this.#expect(answer, answer.attempts === 1 ? [204] : [204, 404], "delete");
  }

  async #changeTemplate(): Promise<void> {
    const { random, books } = this.#parts;
    const template = random.pick(books.templates);
    const change = ++template.changes;
    const path = `/templates/${template.id}`;
    if (this.#number === 0) {
      // The same text again in another order of keys, or a new text.
      const isTouched = random.chance(0.3);
      const text = isTouched ? template.text : `template ${template.id} text ${change}`;
      const pass = Object.entries(templatePass(text));
      const ordered = Object.fromEntries(isTouched && random.chance(0.5) ? pass.reverse() : pass);
      await this.#writeTemplate(path, { pass: ordered });
      template.text = text;
      return;
    }
    const logo = random.int(pictures.length);
    await this.#writeTemplate(path, templateFiles(logo));
    template.logo = logo;
  }

  /** Until no other actor changes the template at the same time. */
  async #writeTemplate(path: string, body: object): Promise<void> {
    for (;;) {
      const answer = await this.#client.call("PATCH", path, body);
      this.#expect(answer, [200, 409], "template");
      if (answer.status === 200) return;
    }
  }

  async #makeEvent(): Promise<void> {
    const { books, random, world } = this.#parts;
    const name = `event ${this.#number}-${++this.#made}`;
    const text = `${name} 0`;
    const path = `/projects/${books.projectId}/events`;
    const isNamed = random.chance(0.5);
    const body = { name, values: { e: text }, ...(isNamed ? { externalId: name } : {}) };
    const made = await this.#client.call("POST", path, body);
    this.#expect(made, made.attempts > 1 && isNamed ? [201, 409] : [201], "make event");
    const listed = await this.#client.call("GET", `${path}?limit=200`);
    const same = (listed.body.items as Record<string, unknown>[]).filter((event) => event.name === name);
    if (same.length > 1 && (isNamed || made.attempts === 1))
      world.violate("a request creates one event", `${name}: ${same.map((event) => event.id).join(" ")}`);
    const id = made.body.id ?? same[0]?.id;
    if (typeof id !== "number") {
      world.violate("what is taken is there", name);
      return;
    }
    const { projectId } = books;
    const event = { id, projectId, owner: this.#number, text, changes: 0, deleted: false };
    books.events.push(event);
    if (random.chance(DELETED_AT_ONCE)) await this.#deleteEvent(event);
  }

  /**
   * Once, or several times in a row: then its Last-Modified is ahead of the clock, and passes that leave the event
   * follow.
   */
  async #changeEvent(event: EventEntry): Promise<void> {
    const { random, books } = this.#parts;
    const times = random.chance(0.3) ? random.between(2, 6) : 1;
    for (let time = 1; time <= times; time++) {
      const text = `event ${event.id} ${++event.changes}`;
      const path = `/projects/${event.projectId}/events/${event.id}`;
      this.#expect(await this.#client.call("PATCH", path, { values: { e: text } }), [200], "change event");
      event.text = text;
    }
    const [pass] = books.living(this.#number).filter((one) => one.events.has(event.id));
    if (pass === undefined || times === 1) return;
    await this.#download(pass);
    await this.#move(pass);
    await this.#download(pass);
  }

  async #deleteEvent(event: EventEntry): Promise<void> {
    event.deleted = true;
    const answer = await this.#client.call("DELETE", `/projects/${event.projectId}/events/${event.id}`);
    this.#expect(answer, answer.attempts === 1 ? [204] : [204, 404], "delete event");
  }

  /** One scanner, or several at the same time. */
  async #redeem(): Promise<void> {
    const { random, books } = this.#parts;
    const passes = books.living();
    if (passes.length === 0) return;
    const pass = random.pickHot(passes);
    const scanners = random.chance(0.4) ? random.between(2, 4) : 1;
    await Promise.all(
      Array.from({ length: scanners }, async () => {
        const redemptionId = random.chance(0.5) ? `r-${this.#number}-${++this.#made}` : undefined;
        const force = random.chance(0.2);
        const body = { ...(redemptionId === undefined ? {} : { redemptionId }), ...(force ? { force } : {}) };
        const { voided, voidings } = pass;
        const answer = await this.#client.call("POST", `/passes/${pass.id}/redeem`, body);
        this.#expect(answer, pass.deleted ? [200, 404, 409] : [200, 409], "redeem");
        if (answer.status === 200) pass.redemptions.push(redemptionId);
        if (answer.status === 200 && !force && voided && voidings === pass.voidings)
          this.#parts.world.violate("a voided pass is redeemed by force only", pass.name);
        if (redemptionId === undefined) pass.unclear += answer.attempts - 1;
      }),
    );
  }

  async #unredeem(): Promise<void> {
    const { random, books } = this.#parts;
    const passes = books.living();
    if (passes.length === 0) return;
    const pass = random.pickHot(passes);
    const answer = await this.#client.call("POST", `/passes/${pass.id}/unredeem`);
    this.#expect(answer, pass.deleted ? [200, 404] : [200], "unredeem");
  }

  /** Sometimes it sets the state that the pass has already, which changes nothing. */
  async #voidOrUnvoid(pass: PassEntry): Promise<void> {
    const voids = this.#parts.random.chance(pass.voided ? 0.2 : 0.8);
    pass.voidings++;
    // It may be done long before its answer.
    if (!voids) pass.voided = false;
    const answer = await this.#client.call("POST", `/passes/${pass.id}/${voids ? "void" : "unvoid"}`);
    this.#expect(answer, [200], "void");
    pass.voided = voids;
    if ((answer.body.voidedAt !== null) !== voids)
      this.#parts.world.violate("who was answered reads what was written", `${pass.name}: ${voids}`);
  }

  /** One till, or several at the same time. */
  async #stamp(): Promise<void> {
    const { random, books, world } = this.#parts;
    const passes = books.living();
    if (passes.length === 0) return;
    const pass = random.pickHot(passes);
    const tills = random.chance(0.5) ? random.between(2, 4) : 1;
    const body = { values: { stamps: { add: 1, max: MOST_STAMPS } } };
    await Promise.all(
      Array.from({ length: tills }, async () => {
        const answer = await this.#client.once("PATCH", `/passes/${pass.id}`, body, { [ADDS]: "" });
        if (answer === undefined || answer.status >= 500) {
          pass.unclearStamps += 1;
          return;
        }
        this.#expect({ ...answer, attempts: 1 }, pass.deleted ? [200, 404, 409] : [200, 409], "stamp");
        if (answer.status !== 200) return;
        const { value } = (answer.body.values as { stamps: { value: number } }).stamps;
        if (pass.stamps.includes(value)) world.violate("no stamp is lost", `${pass.name}: ${value} twice`);
        pass.stamps.push(value);
      }),
    );
  }

  /** One client, or several at the same time, which read the points, add one and write them on condition of the revision. */
  async #point(): Promise<void> {
    const { random, books } = this.#parts;
    const passes = books.living();
    if (passes.length === 0) return;
    const pass = random.pickHot(passes);
    const clients = random.chance(0.5) ? random.between(2, 3) : 1;
    const addPoint = async (): Promise<void> => {
      const shown = await this.#client.call("GET", `/passes/${pass.id}`);
      if (shown.status !== 200) return;
      const { values, revision } = shown.body as { values: { points?: { value: number } }; revision: number };
      const body = { values: { points: (values.points?.value ?? 0) + 1 } };
      const headers = { "If-Match": `"${revision}"`, [ADDS]: "" };
      const answer = await this.#client.once("PATCH", `/passes/${pass.id}`, body, headers);
      if (answer === undefined || answer.status >= 500) {
        pass.unclearPoints += 1;
        return;
      }
      this.#expect({ ...answer, attempts: 1 }, pass.deleted ? [200, 404, 412] : [200, 412], "point");
      if (answer.status === 200) pass.points += 1;
      else if (answer.status === 412) await addPoint();
    };
    await Promise.all(Array.from({ length: clients }, addPoint));
  }

  /** One scanner, or several at the same time. Some send their scan twice at the same time, and some undo it. */
  async #scan(): Promise<void> {
    const { random, books, world } = this.#parts;
    const passes = books.living();
    if (passes.length === 0) return;
    const pass = random.pickHot(passes);
    const scanners = random.chance(0.5) ? random.between(2, 4) : 1;
    const scanOnce = async (): Promise<void> => {
      const scanId = `scan-${this.#number}-${++this.#made}`;
      const body = { scans: [{ scanId, code: pass.barcode ?? pass.serialNumber, place: "Gate 2" }] };
      const times = random.chance(0.3) ? 2 : 1;
      const send = () => this.#client.call("POST", "/scans", body);
      const answers = await Promise.all(Array.from({ length: times }, send));
      for (const answer of answers) this.#expect(answer, [200], "scan");
      const outcomes = answers.flatMap(({ body: { results } }) =>
        (results as { outcome: string }[]).map(({ outcome }) => outcome),
      );
      const [outcome = ""] = outcomes;
      // Its owner may change the barcode, or delete the pass, meanwhile.
      const isKnown = ["added", "already_redeemed", "voided", "unknown"].includes(outcome);
      if (!isKnown || new Set(outcomes).size > 1)
        world.violate("a scan has one outcome", `${pass.name}: ${outcomes.join(" ")}`);
      if (outcome !== "added") return;
      pass.scans += 1;
      if (!random.chance(0.3)) return;
      const undone = await this.#client.call("POST", `/scans/${scanId}/undo`);
      this.#expect(undone, [200, 409], "undo");
      if (undone.status === 200) pass.scans -= 1;
    };
    await Promise.all(Array.from({ length: scanners }, scanOnce));
  }

  async #look(): Promise<void> {
    const { random, books } = this.#parts;
    const passes = books.living();
    const path = random.pick([
      "/passes?limit=20",
      "/passes?status=redeemed",
      "/passes?status=voided",
      "/templates",
      "/health",
      "/passes?tag=one",
    ]);
    this.#expect(await this.#client.call("GET", path), [200], path);
    if (passes.length === 0) return;
    await this.#download(random.pickHot(passes));
  }

  /** Pauses all pushes for some time, and resumes them at a rate or without one. */
  async #pause(): Promise<void> {
    const { random, world, books } = this.#parts;
    books.wasPaused = true;
    this.#expect(await this.#client.call("PUT", "/push", { paused: true }), [200], "pause");
    await world.schedule.sleep(
      random.int(random.chance(0.5) ? SHORT_PAUSE_MS : LONG_PAUSE_MS),
      "a pause ends",
    );
    const control = { paused: false, pushesPerSecond: random.pick([null, 5]) };
    this.#expect(await this.#client.call("PUT", "/push", control), [200], "resume");
  }

  async #download(pass: PassEntry): Promise<void> {
    const answer = await this.#client.call("GET", `/passes/${pass.id}/download`);
    this.#expect(answer, pass.deleted ? [200, 404] : [200], "download");
  }

  #expect(answer: Answered, statuses: readonly number[], what: string): void {
    if (statuses.includes(answer.status)) return;
    const text = `${this.#client.name} ${what}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`;
    this.#parts.world.violate("an admin is answered as the API says", text);
  }
}
