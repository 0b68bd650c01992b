/**
 * Many requests for events at the same time: no value is lost, no pass joins a deleted event, and every phone gets every version,
 * in whatever order D1 executes them.
 */
import { beforeAll, expect, test } from "vitest";
import { passes } from "../../src/db/schema.ts";
import type { Event } from "../../src/events/events.ts";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, download, storeCard } from "../harness.ts";
import { changesOf as changesOfTarget, eventRow, rowsOf } from "../rows.ts";
import { holderOf, randomDevice, updates } from "../wallet/web-service.ts";

const PASS_TYPE = "pass.test.events.at-once";
const numbers = Array.from({ length: 20 }, (_, i) => i);
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

const pathOf = ({ projectId, id }: Event) => `/projects/${projectId}/events/${id}`;

const changesOf = ({ id }: Event) => changesOfTarget({ eventId: id });

test("changes of different values and keys of an event are all written, each as a separate version", async () => {
  const event = await admin.makeEvent();
  await Promise.all(
    numbers.map((i) =>
      admin.changeEvent(event, { values: { [`f${i}`]: String(i) }, pass: { [`key${i}`]: i } }),
    ),
  );
  const { values, pass } = (await call<Event>("GET", pathOf(event))).body;
  expect(pass).toEqual(Object.fromEntries(numbers.map((i) => [`key${i}`, i])));
  expect(values).toEqual(Object.fromEntries(numbers.map((i) => [`f${i}`, { value: String(i) }])));
  const changes = await changesOf(event);
  expect(changes.map(({ kind }) => kind)).toEqual(["made", ...numbers.map(() => "changed")]);
  for (const [i, { at }] of changes.entries()) expect(at).toBeGreaterThan(changes[i - 1]?.at ?? 0);
});

test("only one event of a project, and only one project, gets an externalId", async () => {
  const { id } = await admin.makeProject();
  for (const path of [`/projects/${id}/events`, "/projects"]) {
    const answers = await Promise.all(
      numbers.map(() => call("POST", path, { name: "x", externalId: "wanted" })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(19).fill(409)]);
  }
});

test("an event is deleted once, and not changed afterwards", async () => {
  const event = await admin.makeEvent();
  const answers = await Promise.all(
    numbers.map((i) =>
      i % 2 === 0
        ? call("DELETE", pathOf(event))
        : call("PATCH", pathOf(event), { values: { points: `${i}` }, externalId: `e${i}` }),
    ),
  );
  expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  expect(answers.every(({ status }) => [200, 204, 404].includes(status))).toBe(true);
  const row = await eventRow(event.id);
  expect(row).toMatchObject({ values: "{}", pass: "{}", externalId: null });
  expect((await changesOf(event)).at(-1)?.kind).toBe("deleted");
});

test("a pass that is issued or moved while its event is deleted is written before the deletion, or is refused", async () => {
  const event = await admin.makeEvent({ values: { points: "event" } });
  const outside = await Promise.all(numbers.map(() => admin.issue(templateId)));
  const answers = await Promise.all(
    numbers.flatMap((i) => [
      call<Pass>("POST", `/templates/${templateId}/passes`, { eventId: event.id }),
      call<Pass>("PATCH", `/passes/${outside[i]?.id}`, { eventId: event.id }),
      ...(i === 10 ? [call<Pass>("DELETE", pathOf(event))] : []),
    ]),
  );
  for (const { status, body } of answers) {
    if (status < 300) continue;
    expect(body).toMatchObject(
      status === 409 ? { code: "changed_meanwhile" } : { status: 404, code: "event_not_found" },
    );
  }
  const deletedBy = (await changesOf(event)).at(-1);
  const results = await rowsOf(passes, { eventId: event.id });
  const inside = answers.filter(({ status }) => [200, 201].includes(status)).length;
  expect(results).toHaveLength(inside);
  for (const { tag } of results) expect(tag).toBeLessThan(deletedBy?.id ?? 0);
});

test("a project is not deleted while an event is created in it", async () => {
  for (let round = 0; round < 5; round++) {
    const { id } = await admin.makeProject();
    const make = () => call<Event>("POST", `/projects/${id}/events`, { name: "x" });
    const [one, two, deleted, three] = await Promise.all([
      make(),
      make(),
      // Without a body it would always be the first.
      call("GET", `/projects/${id}`).then(() => call("DELETE", `/projects/${id}`)),
      make(),
    ]);
    const made = [one, two, three].map(({ status }) => status);
    if (deleted.status === 204) expect(made).toEqual([404, 404, 404]);
    else expect([deleted.status, ...made]).toEqual([409, 201, 201, 201]);
  }
});

test("a phone misses no change during many concurrent changes and moves, and finally has the current state", async () => {
  const device = randomDevice();
  const events = [await admin.makeEvent(), await admin.makeEvent()];
  const passes: Pass[] = [];
  for (let i = 0; i < 5; i++) {
    const pass = await admin.issue(templateId, { eventId: events[i % 2]?.id });
    await (await holderOf(pass)).register(device);
    passes.push(pass);
  }
  const versionOf = async (pass: Pass) => {
    const response = await (await holderOf(pass)).fetch({ "If-None-Match": "*" });
    const tag = Number(/^"(\d+)-/.exec(response.headers.get("etag") ?? "")?.[1]);
    return { tag, lastModifiedAt: Date.parse(response.headers.get("last-modified") ?? "") };
  };
  for (let round = 0; round < 6; round++) {
    const seen = (await updates(device, PASS_TYPE))?.lastUpdated;
    const before = await Promise.all(passes.map(versionOf));
    const label = `round ${round}`;
    await Promise.all([
      ...events.map((event) => admin.changeEvent(event, { values: { points: label } })),
      ...passes.slice(0, 3).map(({ id }, i) => {
        const eventId = (round + i) % 3 === 2 ? null : events[(round + i) % 3]?.id;
        return admin.change(id, { eventId });
      }),
      admin.change(passes[3]?.id ?? 0, { values: { terms: label } }),
      ...(round % 2 === 0
        ? [admin.changeTemplate(templateId, { pass: { ...storeCard, logoText: label } })]
        : []),
    ]);
    const after = await Promise.all(passes.map(versionOf));
    const moved = passes.filter((_, i) => (after[i]?.tag ?? 0) !== before[i]?.tag);
    expect((await updates(device, PASS_TYPE, seen))?.serialNumbers).toEqual(
      moved.map(({ serialNumber }) => serialNumber).toSorted(),
    );
    for (const [i, version] of after.entries()) {
      const { tag = Number.NaN, lastModifiedAt = Number.NaN } = before[i] ?? {};
      expect(Math.sign(version.tag - tag)).toBe(Math.sign(version.lastModifiedAt - lastModifiedAt));
      expect(version.tag).toBeGreaterThanOrEqual(tag);
    }
  }
  for (const [i, { pass: json }] of (await Promise.all(passes.map(download))).entries()) {
    const { eventId } = await admin.show(passes[i]?.id ?? 0);
    const points = eventId === null ? "0" : "round 5";
    expect(json.storeCard).toMatchObject({ primaryFields: [{ value: points }] });
  }
});
