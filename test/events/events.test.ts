/**
 * Projects and events in the API: create, show, list, change, delete; what is refused, and what does not make passes newer.
 *
 * What passes show of an event is in shown.test.ts, its pushes are in fan-out.test.ts. Values merge by RFC 7396.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Event } from "../../src/events/events.ts";
import type { Project } from "../../src/events/projects.ts";
import { admin, call, icon, refused, storeCard } from "../harness.ts";
import { changesOf as changesOfTarget, eventRow, newestChangeId, templateRow } from "../rows.ts";

const PASS_TYPE = "pass.test.events";
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const noProject = { status: 404, code: "project_not_found" };
const noEvent = { status: 404, code: "event_not_found" };

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}
async function idsOf(path: string) {
  const { items, nextCursor } = (await call<Page<{ id: number }>>("GET", path)).body;
  return { ids: items.map(({ id }) => id), nextCursor };
}
const pathOf = ({ projectId, id }: Pick<Event, "projectId" | "id">) => `/projects/${projectId}/events/${id}`;

const changesOf = ({ id }: Pick<Event, "id">) => changesOfTarget({ eventId: id });
const kindsOf = async (event: Pick<Event, "id">) => (await changesOf(event)).map(({ kind }) => kind);

describe("a project", () => {
  test("is shown as it was created", async () => {
    const made = await admin.makeProject({ name: "Tour 2026", externalId: "tour-26" });
    expect(made).toEqual({
      id: expect.any(Number),
      name: "Tour 2026",
      externalId: "tour-26",
      createdAt: expect.stringMatching(INSTANT),
      updatedAt: made.createdAt,
    });
    expect((await call<Project>("GET", `/projects/${made.id}`)).body).toEqual(made);
    expect((await admin.makeProject({ name: "No externalId" })).externalId).toBeNull();
  });

  test("keeps the members that are not in a change, and null removes its externalId", async () => {
    const { id } = await admin.makeProject({ name: "Before", externalId: "kept" });
    const renamed = await call<Project>("PATCH", `/projects/${id}`, { name: "After" });
    expect(renamed).toMatchObject({ status: 200, body: { id, name: "After", externalId: "kept" } });
    const bare = await call<Project>("PATCH", `/projects/${id}`, { externalId: null });
    expect(bare.body).toMatchObject({ name: "After", externalId: null });
    expect((await call<Project>("GET", `/projects/${id}`)).body).toEqual(bare.body);
  });

  test("has a unique externalId, which is free again when it is removed", async () => {
    const first = await admin.makeProject({ externalId: "only-one" });
    const other = await admin.makeProject();
    const taken = { status: 409, code: "external_id_taken", pointer: "/externalId" };
    await refused(["POST", "/projects", { name: "x", externalId: "only-one" }], taken);
    await refused(["PATCH", `/projects/${other.id}`, { externalId: "only-one" }], taken);
    await call("DELETE", `/projects/${first.id}`);
    await admin.makeProject({ externalId: "only-one" });
  });

  test("is listed newest first, page by page", async () => {
    const ids: number[] = [];
    for (let i = 0; i < 3; i++) ids.unshift((await admin.makeProject()).id);
    const first = await idsOf("/projects?limit=2");
    expect(first).toEqual({ ids: ids.slice(0, 2), nextCursor: String(ids[1]) });
    expect((await idsOf(`/projects?limit=2&cursor=${first.nextCursor}`)).ids[0]).toBe(ids[2]);
    expect(await idsOf("/projects?cursor=1")).toEqual({ ids: [], nextCursor: null });
  });

  test("can be deleted only after its events and templates were deleted", async () => {
    const project = await admin.makeProject();
    const inUse = { status: 409, code: "project_in_use" };
    const event = await admin.makeEvent({}, project.id);
    await refused(["DELETE", `/projects/${project.id}`], inUse);
    const template = await admin.makeTemplate(PASS_TYPE, { projectId: project.id });
    await admin.deleteEvent(event);
    await refused(["DELETE", `/projects/${project.id}`], inUse);
    await admin.changeTemplate(template.id, { projectId: null });
    expect((await call("DELETE", `/projects/${project.id}`)).status).toBe(204);
    await refused(["GET", `/projects/${project.id}`], noProject);
    await refused(["PATCH", `/projects/${project.id}`, { name: "x" }], noProject);
    await refused(["DELETE", `/projects/${project.id}`], noProject);
    await refused(["POST", `/projects/${project.id}/events`, { name: "x" }], noProject);
    await refused(["GET", `/projects/${project.id}/events`], noProject);
  });
});

describe("a template", () => {
  test("belongs to an existing project, is listed by it, and looks the same in any project", async () => {
    const [project, other] = [await admin.makeProject(), await admin.makeProject()];
    const missing = { status: 404, code: "project_not_found", pointer: "/projectId" };
    const { id, projectId } = await admin.makeTemplate(PASS_TYPE, { projectId: project.id });
    expect(projectId).toBe(project.id);
    await admin.makeTemplate(PASS_TYPE, { projectId: other.id });
    expect((await idsOf(`/templates?projectId=${project.id}`)).ids).toEqual([id]);
    await refused(["PATCH", `/templates/${id}`, { projectId: 999_999 }], missing);
    const tag = async () => (await templateRow(id)).tag;
    const before = await tag();
    expect((await admin.changeTemplate(id, { projectId: other.id })).projectId).toBe(other.id);
    expect((await idsOf(`/templates?projectId=${project.id}`)).ids).toEqual([]);
    expect((await admin.changeTemplate(id, { projectId: null })).projectId).toBeNull();
    expect(await tag()).toBe(before);
  });

  test("cannot be created in an unknown project", async () => {
    const answer = await call("POST", "/templates", {
      name: "x",
      passTypeIdentifier: PASS_TYPE,
      pass: storeCard,
      images: icon,
      projectId: 999_999,
    });
    expect(answer).toMatchObject({
      status: 404,
      body: { code: "project_not_found", pointer: "/projectId" },
    });
  });
});

describe("an event", () => {
  test("is shown as it was created, and is one row of the log that is already dispatched", async () => {
    const project = await admin.makeProject();
    const body = {
      name: "Berlin",
      externalId: "gig-1",
      values: { points: "7", terms: { value: "T", label: "L", changeMessage: "%@" } },
      pass: { logoText: "Tonight" },
      without: ["locations", "newKey"],
    };
    const made = await admin.makeEvent(body, project.id);
    expect(made).toEqual({
      ...body,
      id: expect.any(Number),
      projectId: project.id,
      values: { ...body.values, points: { value: "7" } },
      revision: 1,
      createdAt: expect.stringMatching(INSTANT),
      updatedAt: made.createdAt,
    });
    expect((await call<Event>("GET", pathOf(made))).body).toEqual(made);
    expect(await changesOf(made)).toEqual([
      expect.objectContaining({
        kind: "made",
        actor: "admin",
        passTypeIdentifier: "",
        passId: null,
        templateId: null,
        dispatchedAt: expect.any(Number),
      }),
    ]);
  });

  test("can be found only in its own project, and not after it was deleted", async () => {
    const event = await admin.makeEvent();
    const elsewhere = { id: event.id, projectId: (await admin.makeProject()).id };
    const deleted = await admin.makeEvent();
    await admin.deleteEvent(deleted);
    const unknown = { id: 999_999, projectId: event.projectId };
    for (const where of [elsewhere, deleted, unknown]) {
      await refused(["GET", pathOf(where)], noEvent);
      await refused(["PATCH", pathOf(where), { name: "x", values: { points: "9" } }], noEvent);
      await refused(["DELETE", pathOf(where)], noEvent);
    }
    expect((await call<Event>("GET", pathOf(event))).body).toEqual(event);
  });

  test("is listed in its project newest first, page by page, until it is deleted", async () => {
    const project = await admin.makeProject();
    const list = `/projects/${project.id}/events`;
    const made: Event[] = [];
    for (let i = 0; i < 4; i++) made.unshift(await admin.makeEvent({}, project.id));
    await admin.makeEvent();
    const ids = made.map(({ id }) => id);
    const first = await idsOf(`${list}?limit=2`);
    expect(first).toEqual({ ids: ids.slice(0, 2), nextCursor: String(ids[1]) });
    await admin.deleteEvent({ projectId: project.id, id: ids[2] ?? 0 });
    const second = await idsOf(`${list}?limit=2&cursor=${first.nextCursor}`);
    expect(second).toEqual({ ids: [ids[3]], nextCursor: null });
  });

  test("has an externalId that is unique within its project and free again when it is deleted", async () => {
    const event = await admin.makeEvent({ externalId: "gate" });
    const sibling = await admin.makeEvent({}, event.projectId);
    const taken = { status: 409, code: "external_id_taken", pointer: "/externalId" };
    const again = { name: "x", externalId: "gate" };
    await refused(["POST", `/projects/${event.projectId}/events`, again], taken);
    await refused(["PATCH", pathOf(sibling), { externalId: "gate", values: { points: "1" } }], taken);
    await admin.makeEvent({ externalId: "gate" }); // of another project
    await admin.deleteEvent(event);
    expect((await admin.changeEvent(sibling, { externalId: "gate" })).externalId).toBe("gate");
    expect((await admin.changeEvent(sibling, { externalId: null })).externalId).toBeNull();
  });

  test("merges values by field key, and replaces `pass` completely", async () => {
    const values = { points: { value: "1", label: "L" }, terms: "T" };
    const event = await admin.makeEvent({ values, pass: { logoText: "A", maxDistance: 5 } });
    const merged = await admin.changeEvent(event, { values: { points: "2", gate: 4 } });
    expect(merged.values).toEqual({
      points: { value: "2", label: "L" },
      terms: { value: "T" },
      gate: { value: 4 },
    });
    expect(merged.pass).toEqual(event.pass);
    const changed = await admin.changeEvent(event, {
      values: { points: null, terms: { changeMessage: "%@" } },
      pass: { maxDistance: null, userInfo: { a: 1 } },
      without: ["nfc"],
    });
    expect(changed.values).toEqual({ terms: { value: "T", changeMessage: "%@" }, gate: { value: 4 } });
    expect(changed.pass).toEqual({ logoText: "A", userInfo: { a: 1 } });
    expect(changed.without).toEqual(["nfc"]);
    expect((await call<Event>("GET", pathOf(event))).body).toEqual(changed);
    expect(await kindsOf(event)).toEqual(["made", "changed", "changed"]);
  });

  test.each<[what: string, body: Record<string, unknown>]>([
    ["nothing", {}],
    ["the same values", { values: { points: "1" } }],
    ["the same values as objects, and none where none was", { values: { points: { value: "1" }, no: null } }],
    ["the same overrides", { pass: { logoText: 'Ä " \\ \u2028 😀 1e21', maxDistance: 1e21 } }],
    ["its name and externalId", { name: "Another", externalId: null }],
  ])("is not changed for phones by a change of %s", async (_what, body) => {
    const event = await admin.makeEvent({
      externalId: "meta",
      values: { points: "1", odd: { value: 'Ä " \\ \u2028 😀', label: "\t/" } },
      pass: { logoText: 'Ä " \\ \u2028 😀 1e21', maxDistance: 1e21 },
    });
    const changed = await admin.changeEvent(event, body);
    expect(await kindsOf(event)).toEqual(["made"]);
    expect({ ...changed, updatedAt: null }).toEqual({
      ...event,
      updatedAt: null,
      ...(body.name === undefined ? {} : { ...body, revision: 2 }),
    });
  });

  test.each<[what: string, body: Record<string, unknown>, code: string, pointer: string]>([
    ["a style", { pass: { storeCard: {} } }, "invalid_pass", "/pass/storeCard"],
    ["what is Edgepass's own", { pass: { serialNumber: "1" } }, "invalid_pass", "/pass/serialNumber"],
    ["a colour that is none", { pass: { labelColor: "blue" } }, "invalid_pass", "/pass/labelColor"],
    [
      "a part of an object",
      { pass: { nfc: { message: "1" } } },
      "invalid_pass",
      "/pass/nfc/encryptionPublicKey",
    ],
    [
      "a key that is Edgepass's in without",
      { without: ["nfc", "voided", "teamIdentifier"] },
      "invalid_body",
      "/without/2",
    ],
    ["a value that is a list", { values: { points: [] } }, "invalid_body", "/values/points"],
    ["an unknown key", { images: {} }, "invalid_body", "/images"],
    ["an empty name", { name: "" }, "invalid_body", "/name"],
  ])("with %s is refused, when it is created and when it is changed", async (_what, body, code, pointer) => {
    const event = await admin.makeEvent();
    const status = code === "invalid_pass" ? 422 : 400;
    const events = `/projects/${event.projectId}/events`;
    await refused(["POST", events, { name: "x", ...body }], { status, code, pointer });
    await refused(["PATCH", pathOf(event), body], { status, code, pointer });
  });

  test("leaves an empty row and a change row when it is deleted", async () => {
    const event = await admin.makeEvent({
      externalId: "end",
      values: { points: "1" },
      pass: { voided: true },
    });
    await admin.deleteEvent(event);
    const row = await eventRow(event.id);
    const last = await newestChangeId();
    expect(row).toMatchObject({ values: "{}", pass: "{}", externalId: null, tag: last });
    expect(row.deletedAt).toBeGreaterThan(0);
    expect(await kindsOf(event)).toEqual(["made", "deleted"]);
  });
});

test("changes that would together exceed the limit of an event's overrides are refused and change nothing", async () => {
  const event = await admin.makeEvent();
  const path = `/projects/${event.projectId}/events/${event.id}`;
  await admin.changeEvent(event, { pass: { one: "x".repeat(60_000) } });
  await refused(["PATCH", path, { name: "Another", pass: { two: "x".repeat(60_000) } }], {
    status: 422,
    code: "content_too_large",
    pointer: "/pass",
  });
  expect((await eventRow(event.id)).name).toBe(event.name);
});
