/**
 * The version of a pass with its template and its event: tag and Last-Modified rise with every change of the three and with every
 * move between events, never fall, and rise for no other pass. The list for a device and conditional fetches depend on them.
 *
 * Follows RFC 9110 §8.8 and §13, and Apple's "Get the list of updatable passes".
 */
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { admin, storeCard } from "../harness.ts";
import { callWithQueue, spyQueue } from "../push/consume.ts";
import { changeRow, newestChangeId } from "../rows.ts";
import { type Holder, holderOf, randomDevice, updates } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.events.versions";
const STEPS = 20;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});
afterEach(() => {
  vi.useRealTimers();
});

interface EventId {
  readonly projectId: number;
  readonly id: number;
}
interface Subject {
  readonly id: number;
  readonly serialNumber: string;
  readonly holder: Holder;
  readonly templateId: number;
  /** The id of its event, also if the event was deleted. */
  eventId: number | null;
  redeemed: boolean;
  known: Version;
}
interface Version {
  readonly tag: number;
  readonly lastModified: string;
}

/** What a client gets to know of the newest version, without its bytes. */
async function versionOf(holder: Holder): Promise<Version> {
  const response = await holder.fetch({ "If-None-Match": "*" });
  expect(response.status).toBe(304);
  const tag = /^"(\d+)-/.exec(response.headers.get("etag") ?? "")?.[1];
  return { tag: Number(tag), lastModified: response.headers.get("last-modified") ?? "" };
}

const atOf = async (changeId: number) => new Date((await changeRow(changeId)).at).toUTCString();

/** mulberry32: a small generator that a seed repeats. */
function randomFrom(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** Two templates, three events, and passes in some of them, all on one phone. */
async function world(random: (below: number) => number) {
  const device = randomDevice();
  const templates = [await admin.makeTemplate(PASS_TYPE), await admin.makeTemplate(PASS_TYPE)];
  const project = await admin.makeProject();
  const events: EventId[] = [];
  for (let i = 0; i < 3; i++) events.push(await admin.makeEvent({}, project.id));
  const passes: Subject[] = [];
  const anyOf = <Item>(items: readonly Item[]): Item => {
    const item = items[random(items.length)];
    if (item === undefined) throw new Error("there is nothing to choose from");
    return item;
  };
  const anyEvent = () => anyOf([null, ...events.map(({ id }) => id)]);
  const issue = async () => {
    const eventId = anyEvent();
    const templateId = anyOf(templates).id;
    const pass = await admin.issue(templateId, eventId === null ? {} : { eventId });
    const { id, serialNumber } = pass;
    const holder = await holderOf(pass);
    await holder.register(device);
    const known = await versionOf(holder);
    passes.push({ id, serialNumber, holder, templateId, eventId, redeemed: false, known });
  };
  for (let i = 0; i < 6; i++) await issue();
  return { device, templates, project, events, passes, anyOf, anyEvent, issue };
}

const seeds = [1, Date.now() % 2 ** 31];

test.each(seeds)(
  "every change and every move makes exactly the affected passes newer (seed %i)",
  async (seed) => {
    const random = randomFrom(seed);
    let now = Date.now() + 3_600_000; // so that no step back comes before the certificate
    vi.useFakeTimers({ toFake: ["Date"], now });
    const { device, templates, project, events, passes, anyOf, anyEvent, issue } = await world(random);
    const write = async (method: string, path: string, body?: object) => {
      const { status, text } = await callWithQueue(spyQueue(), method, path, body);
      if (status >= 300) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    };

    /** One step. @returns which passes it concerns */
    const step = async (label: string): Promise<(pass: Subject) => boolean> => {
      const kind = random(12);
      const pass = anyOf(passes);
      const path = `/passes/${pass.id}`;
      if (kind < 3) {
        await write("PATCH", path, { values: { points: label } });
        return ({ id }) => id === pass.id;
      }
      if (kind < 6) {
        const eventId = anyEvent();
        const living = events.some(({ id }) => id === pass.eventId) ? pass.eventId : null;
        await write("PATCH", path, { eventId });
        pass.eventId = eventId;
        if (eventId === living) return () => false;
        return ({ id }) => id === pass.id;
      }
      if (kind === 6) {
        await write("POST", `${path}/${pass.redeemed ? "unredeem" : "redeem"}`);
        pass.redeemed = !pass.redeemed;
        return ({ id }) => id === pass.id;
      }
      if (kind === 7) {
        const { id: templateId } = anyOf(templates);
        await write("PATCH", `/templates/${templateId}`, { pass: { ...storeCard, logoText: label } });
        return (other) => other.templateId === templateId;
      }
      if (kind < 11) {
        const event = anyOf(events);
        const body = random(2) === 0 ? { values: { points: label } } : { pass: { logoText: label } };
        await write("PATCH", `/projects/${project.id}/events/${event.id}`, body);
        return ({ eventId }) => eventId === event.id;
      }
      const at = random(events.length);
      const [ended] = events.splice(at, 1, await admin.makeEvent({}, project.id));
      await write("DELETE", `/projects/${project.id}/events/${ended?.id}`);
      return ({ eventId }) => eventId === ended?.id;
    };

    for (let count = 0; count < STEPS; count += 1) {
      // Stands still, moves within a second, jumps, and sometimes goes back, as clocks of many machines do.
      now += [0, 0, 1, 120, 999, 1000, 45_000, -700, -2500][random(9)] ?? 0;
      vi.setSystemTime(now);
      const what = `seed ${seed}, step ${count}`;
      if (random(15) === 0) await issue();
      const before = await newestChangeId();
      const concerns = await step(`${seed} ${count}`);
      const last = await newestChangeId();
      const touched = passes.filter(concerns);

      const named = await updates(device, PASS_TYPE, String(before));
      expect(named?.serialNumbers ?? [], what).toEqual(
        touched.map(({ serialNumber }) => serialNumber).toSorted(),
      );
      if (touched.length > 0) expect(named?.lastUpdated, what).toBe(String(last));
      for (const pass of passes) {
        const after = await versionOf(pass.holder);
        const since = await pass.holder.fetch({ "If-Modified-Since": pass.known.lastModified });
        await since.arrayBuffer();
        if (!concerns(pass)) {
          expect(after, what).toEqual(pass.known);
          expect(since.status, what).toBe(304);
          continue;
        }
        expect(after, what).toEqual({ tag: last, lastModified: await atOf(last) });
        expect(after.tag, what).toBeGreaterThan(pass.known.tag);
        const [modifiedAt, knownAt] = [after, pass.known].map(({ lastModified }) => Date.parse(lastModified));
        expect(modifiedAt, what).toBeGreaterThan(knownAt ?? Number.NaN);
        expect(modifiedAt, what).toBeGreaterThanOrEqual(now);
        expect(since.status, what).toBe(200);
        pass.known = after;
      }
    }
  },
);

/** A pass in an event whose Last-Modified has run far ahead of the clock, by changes within one second. */
async function inBusyEvent() {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  const { id: templateId } = await admin.makeTemplate(PASS_TYPE);
  const event = await admin.makeEvent();
  const pass = await admin.issue(templateId, { eventId: event.id });
  for (let i = 0; i < 6; i++) await admin.changeEvent(event, { values: { points: `${i}` } });
  const holder = await holderOf(pass);
  return { templateId, event, pass, holder, before: await versionOf(holder) };
}
type Busy = Awaited<ReturnType<typeof inBusyEvent>>;

test.each<[what: string, act: (busy: Busy) => Promise<unknown>]>([
  ["leaves the event", ({ pass }) => admin.change(pass.id, { eventId: null })],
  [
    "moves to an event without recent changes",
    async ({ pass }) => admin.change(pass.id, { eventId: (await admin.makeEvent()).id }),
  ],
  ["is changed in it", ({ pass }) => admin.change(pass.id, { values: { points: "own" } })],
  ["is redeemed in it", ({ pass }) => admin.redeem(pass.id)],
  ["loses the event by its deletion", ({ event }) => admin.deleteEvent(event)],
  [
    "sees its template changed",
    ({ templateId }) => admin.changeTemplate(templateId, { pass: { ...storeCard, logoText: "new" } }),
  ],
  ["gets another web service", ({ templateId }) => admin.changeTemplate(templateId, { webService: "/api" })],
])("a pass that %s gets a newer version, even within the same second", async (_what, act) => {
  const busy = await inBusyEvent();
  const old = Date.parse(busy.before.lastModified);
  expect(old).toBeGreaterThan(Date.now() + 4_000);
  await act(busy);
  const after = await versionOf(busy.holder);
  expect(after.tag).toBeGreaterThan(busy.before.tag);
  expect(Date.parse(after.lastModified)).toBeGreaterThan(old);
  const since = (lastModified: string) => busy.holder.fetch({ "If-Modified-Since": lastModified });
  expect((await since(busy.before.lastModified)).status).toBe(200);
  expect((await since(after.lastModified)).status).toBe(304);
});

test("a pass that leaves a deleted event is newer than the deletion", async () => {
  const { event, pass, holder } = await inBusyEvent();
  await admin.deleteEvent(event);
  const ended = await versionOf(holder);
  await admin.change(pass.id, { eventId: (await admin.makeEvent()).id });
  const after = await versionOf(holder);
  expect(after.tag).toBeGreaterThan(ended.tag);
  expect(Date.parse(after.lastModified)).toBeGreaterThan(Date.parse(ended.lastModified));
});

test("a change of an event is newer than the last change of a pass that was moved to it", async () => {
  const { event: busy, pass, holder } = await inBusyEvent();
  const silent = await admin.makeEvent();
  await admin.change(pass.id, { eventId: silent.id });
  const moved = await versionOf(holder);
  await admin.changeEvent(silent, { values: { points: "heard" } });
  const after = await versionOf(holder);
  expect(Date.parse(after.lastModified)).toBeGreaterThan(Date.parse(moved.lastModified));
  // The event that it left concerns it no more.
  await admin.changeEvent(busy, { values: { points: "unheard" } });
  expect(await versionOf(holder)).toEqual(after);
});

test("a pass that is issued in an event has a Last-Modified that is not earlier than its event's", async () => {
  const { event, templateId, before } = await inBusyEvent();
  const born = await holderOf(await admin.issue(templateId, { eventId: event.id }));
  const { tag, lastModified } = await versionOf(born);
  expect(lastModified).toBe(before.lastModified);
  expect(await atOf(tag)).toBe(lastModified);
  expect(tag).toBeGreaterThan(before.tag);
});
