/**
 * A write that took effect, but whose answer was lost: it is repeated if it may be, and has one effect.
 */
import { expect, test } from "vitest";
import {
  changes,
  events,
  passes,
  personalizations,
  projects,
  registrations,
  templates,
} from "../../src/db/schema.ts";
import { admin, call, icon, randomPushToken, storeCard } from "../harness.ts";
import { ADA } from "../passes/rewards.ts";
import { countRows, passRow, rowsOf } from "../rows.ts";
import {
  ask,
  type Call,
  eventWithPass,
  held,
  KEY,
  LOGGED,
  PASS_TYPE,
  personalDataTaken,
  prepareStorage,
  registered,
  repeats,
  templateId,
  unique,
  whens,
} from "./client.ts";

prepareStorage();

const lost = { of: "writes", when: "after" } as const;
/** Only the insert of the template fails, and not the declaration of its images before it. */
const insertsTemplate = { with: /^insert into "templates"/ };
const kindsOf = async (where: { passId?: number; eventId?: number; templateId?: number }) =>
  (await rowsOf(changes, where)).map(({ kind }) => kind);

test.each([{}, { serialNumber: "lost-serial" }])("one pass is issued, with the body %j", async (body) => {
  const before = await countRows(passes);
  const answer = await ask(
    ["POST", `/admin/v1/templates/${templateId}/passes`, { ...body, tags: ["t"] }],
    lost,
  );
  expect(await countRows(passes)).toBe(before + 1);
  expect(answer.body).toMatchObject({ ...body, tags: ["t"] });
  const shown = await admin.show(Number(answer.body.id));
  expect(answer.body).toMatchObject({ ...shown });
  expect(await kindsOf({ passId: shown.id })).toEqual(["issued"]);
});

test("a serial number of another pass is refused with the id of that pass", async () => {
  const { id } = await admin.issue(templateId, { serialNumber: "taken" });
  const request: Call = ["POST", `/admin/v1/templates/${templateId}/passes`, { serialNumber: "taken" }];
  for (const when of whens) {
    const answer = await ask(request, { of: "writes", when });
    expect(answer.body).toMatchObject({ status: 409, code: "serial_number_taken", passId: id });
  }
  await admin.delete(id);
  expect((await call("POST", `/templates/${templateId}/passes`, { serialNumber: "taken" })).body.passId).toBe(
    id,
  );
});

test("a redemption is made once, and answered with its time", async () => {
  const { id } = await admin.issue(templateId);
  const answer = await ask(["POST", `/admin/v1/passes/${id}/redeem`, { redemptionId: "till/1" }], lost);
  const { redeemedAt } = await passRow(id);
  expect(answer.body.redeemedAt).toBe(new Date(redeemedAt ?? 0).toISOString());
  expect(await kindsOf({ passId: id })).toEqual(["issued", "redeemed"]);
});

test("without a redemptionId, a redemption is not repeated: it is answered 503, and the next request 409", async () => {
  const { id } = await admin.issue(templateId);
  const request: Call = ["POST", `/admin/v1/passes/${id}/redeem`];
  const answer = await ask(request, lost);
  expect([answer.status, answer.headers.get("retry-after"), answer.calls]).toEqual([503, "5", 1]);
  expect((await call("POST", `/passes/${id}/redeem`)).body.code).toBe("already_redeemed");
  const undone = await ask(["POST", `/admin/v1/passes/${id}/unredeem`], lost);
  expect([undone.status, undone.calls]).toEqual([503, 1]);
});

/** Calls that are not repeated without an Idempotency-Key. */
const UNREPEATABLE: Record<string, (id: number) => Call> = {
  "an addition": (id) => ["PATCH", `/admin/v1/passes/${id}`, { values: { balance: { add: 1, max: 13.5 } } }],
  "a redemption": (id) => ["POST", `/admin/v1/passes/${id}/redeem`],
  "an unredemption": (id) => ["POST", `/admin/v1/passes/${id}/unredeem`],
  "moving the change log": () => ["POST", "/admin/v1/restored"],
};

test.each(Object.entries(UNREPEATABLE))(
  "with an Idempotency-Key, %s is repeated, has one effect and is answered 200, also if the client sends it again",
  async (what, requestOf) => {
    for (const when of ["before", "after", "long before"] as const) {
      const { id } = await admin.issue(templateId);
      if (what === "an unredemption") await admin.redeem(id);
      const [method, path, body] = requestOf(id);
      const request: Call = [method, path, body, { ...KEY, "Idempotency-Key": unique("key") }];
      const answer = await ask(request, { of: "writes", when });
      expect([when, answer.status, repeats(answer)]).toEqual([when, 200, [LOGGED("batch")]]);
      const [pass, log] = [await passRow(id), await countRows(changes)];
      const again = await ask(request, { of: "writes", when });
      expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([200, "true"]);
      expect([await passRow(id), await countRows(changes)]).toEqual([pass, log]);
      if (what === "an addition") expect((await admin.show(id)).values.balance?.value).toBe(13.5);
    }
  },
);

test("a change is one row of the log, which waits for the sweep", async () => {
  const { id } = await admin.issue(templateId);
  await ask(["PATCH", `/admin/v1/passes/${id}`, { values: { points: "7" } }], lost);
  const [, change, ...more] = await rowsOf(changes, { passId: id });
  expect(change).toMatchObject({ kind: "changed", queuedAt: null, dispatchedAt: null });
  expect(more).toEqual([]);
});

test("a deleted event's change waits for the sweep, and an event of another project stays 404", async () => {
  const { event, path } = await eventWithPass();
  await ask(["DELETE", path], lost);
  const [, deletion] = await rowsOf(changes, { eventId: event.id });
  expect(deletion).toMatchObject({ kind: "deleted", dispatchedAt: null });
  expect((await ask(["DELETE", path], { of: "writes", when: "before" })).status).toBe(404);
});

test("each creation makes one template, one event or one project", async () => {
  const counts = () => Promise.all([countRows(templates), countRows(events), countRows(projects)]);
  const [t = 0, e = 0, p = 0] = await counts();
  const template = { name: "One", passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
  const made = await ask(["POST", "/admin/v1/templates", template], { ...lost, ...insertsTemplate });
  expect(made.log.join()).toContain("d1_repeated");
  expect(await kindsOf({ templateId: Number(made.body.id) })).toEqual(["made"]);
  const project = await ask(["POST", "/admin/v1/projects", { name: "One" }], lost);
  const event = await ask(["POST", `/admin/v1/projects/${project.body.id}/events`, { name: "One" }], lost);
  expect(await kindsOf({ eventId: Number(event.body.id) })).toEqual(["made"]);
  expect(await counts()).toEqual([t + 1, e + 1, p + 1]);
});

test("a row that is committed only after the repeat has looked for it is found, and not refused as another one's", async () => {
  const late = { of: "writes", when: "long before" } as const;
  const externalId = "late";
  const template = { name: "L", externalId, passTypeIdentifier: PASS_TYPE, pass: storeCard, images: icon };
  const made = await ask(["POST", "/admin/v1/templates", template], { ...late, ...insertsTemplate });
  expect(made.status, made.text).toBe(201);
  // The pack of the template exists, so a pass can be built.
  const { id } = await admin.issue(Number(made.body.id));
  expect((await call("GET", `/passes/${id}/download`)).status).toBe(200);
  const project = await ask(["POST", "/admin/v1/projects", { name: "L", externalId }], late);
  expect(project.status, project.text).toBe(201);
  const path = `/admin/v1/projects/${project.body.id}/events`;
  expect((await ask(["POST", path, { name: "L", externalId }], late)).status).toBe(201);
  const type = { passTypeIdentifier: unique("pass.test.late"), keyAlgorithm: "P-256" };
  expect((await ask(["POST", "/admin/v1/pass-types", type], late)).status).toBe(201);
});

test("an externalId that is taken by another row is refused, not shared", async () => {
  const { id } = await admin.makeProject({ externalId: "mine" });
  for (const when of whens) {
    const answer = await ask(["POST", "/admin/v1/projects", { name: "Tour", externalId: "mine" }], {
      of: "writes",
      when,
    });
    expect(answer.body.code).toBe("external_id_taken");
  }
  expect(await countRows(projects, { externalId: "mine", id })).toBe(1);
});

test("what was deleted before stays 404, also after a repeat", async () => {
  const { id } = await admin.issue(templateId);
  await admin.delete(id);
  const template = await admin.makeTemplate(PASS_TYPE);
  await call("DELETE", `/templates/${template.id}`);
  for (const path of [`/passes/${id}`, `/templates/${template.id}`])
    expect((await ask(["DELETE", `/admin/v1${path}`], lost)).status).toBe(404);
});

test("personal data that is taken is returned, and deleted", async () => {
  const answer = await ask(await personalDataTaken(), lost);
  expect(answer.body).toMatchObject(ADA);
  expect(await countRows(personalizations, { passId: Number(answer.body.passId) })).toBe(0);
});

test("a request to unregister is not repeated: the phone repeats it itself, and may have registered again meanwhile", async () => {
  const { pass, place, holder } = await registered();
  const answer = await ask(["DELETE", `/v1${place}/${pass.serialNumber}`, undefined, holder], lost);
  expect([answer.status, answer.headers.get("retry-after"), answer.calls]).toEqual([503, "5", 1]);
  expect(await countRows(registrations, { passId: pass.id })).toBe(0);
});

test("a registration is made once", async () => {
  const { pass, place, holder } = await held();
  const body = { pushToken: randomPushToken() };
  await ask(["POST", `/v1${place}/${pass.serialNumber}`, body, holder], lost);
  expect(await countRows(registrations, { passId: pass.id })).toBe(1);
  expect((await passRow(pass.id)).installedAt).not.toBeNull();
});
