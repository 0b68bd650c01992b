/**
 * Voiding a pass and undoing that: each is recorded once and may be repeated, phones get it, and the content of a pass, its event
 * or its template may void it too.
 */
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, download, iphone, refused, storeCard } from "../harness.ts";
import { callWithQueue, spyQueue } from "../push/consume.ts";
import { changesOf, passRow } from "../rows.ts";

const PASS_TYPE = "pass.test.void";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

const changes = async (passId: number) =>
  (await changesOf({ passId })).slice(1).map(({ kind, actor, detail }) => ({ kind, actor, detail }));

/** @returns how many push jobs the call has sent */
async function pushes(method: string, path: string, body?: object): Promise<number> {
  const queue = spyQueue();
  const { status, text } = await callWithQueue(queue, method, path, body);
  expect(status, text).toBe(200);
  return queue.sent.length;
}

test("a pass is voided once: the time and the reason stay, however often it is voided", async () => {
  const { id } = await admin.issue(templateId);
  const voided = await admin.void(id, "refunded");
  expect(voided).toMatchObject({ status: "voided", voidReason: "refunded", redeemedAt: null });
  expect(voided.voidedAt).toBe(voided.updatedAt);
  expect(await admin.void(id, "stolen")).toEqual(voided);
  expect(await admin.void(id)).toEqual(voided);
  expect(await admin.show(id)).toEqual(voided);
  expect(await changes(id)).toEqual([{ kind: "voided", actor: "admin", detail: null }]);
});

test("of ten requests at the same time to void a pass, one voids it, and all get the same response", async () => {
  const { id } = await admin.issue(templateId);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => admin.void(id, `reason ${n}`)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await changes(id)).toHaveLength(1);
});

test("a pass that is valid again is as before, in a newer version, and stays so when that is repeated", async () => {
  const pass = await admin.issue(templateId);
  await admin.void(pass.id, "by mistake");
  const { tag } = await passRow(pass.id);
  const back = await admin.unvoid(pass.id);
  expect(back).toEqual({ ...pass, revision: pass.revision + 2, updatedAt: back.updatedAt });
  expect((await download(pass)).pass).not.toHaveProperty("voided");
  expect((await passRow(pass.id)).tag).toBeGreaterThan(tag);
  expect(await admin.unvoid(pass.id)).toEqual(back);
  expect((await changes(pass.id)).map(({ kind }) => kind)).toEqual(["voided", "unvoided"]);
});

test("a phone gets a voided pass with voided: true, and without it when the pass is valid again", async () => {
  const pass = await admin.issue(templateId);
  const phone = iphone();
  await phone.addFrom(pass.downloadUrl);
  const shown = () => phone.pass(PASS_TYPE, pass.serialNumber).pass.voided;
  expect(await pushes("POST", `/passes/${pass.id}/void`)).toBe(1);
  await phone.receivePush(PASS_TYPE);
  expect(shown()).toBe(true);
  await admin.unvoid(pass.id);
  await phone.receivePush(PASS_TYPE);
  expect(shown()).toBeUndefined();
  const statuses = phone.exchanges.slice(-2).map(({ status }) => status);
  expect([statuses, phone.complaints]).toEqual([[200, 200], []]);
});

test("a void that phones cannot see moves the tag, but pushes nothing", async () => {
  const redeemed = await admin.issue(templateId);
  await admin.redeem(redeemed.id);
  const content = await admin.issue(templateId, { pass: { voided: true } });
  for (const { id } of [redeemed, content]) {
    const { tag } = await passRow(id);
    expect(await pushes("POST", `/passes/${id}/void`)).toBe(0);
    expect((await passRow(id)).tag).toBeGreaterThan(tag);
  }
  expect(await pushes("POST", `/passes/${redeemed.id}/unvoid`)).toBe(0);
});

test("a redeemed pass may be voided, and is redeemed again when that is undone", async () => {
  const { id } = await admin.issue(templateId);
  const redeemed = await admin.redeem(id, { redemptionId: "till 3" });
  const { redeemedAt, redemptionId } = redeemed;
  expect(await admin.void(id)).toMatchObject({ status: "voided", redeemedAt, redemptionId });
  expect(await admin.unvoid(id)).toMatchObject({ status: "redeemed", redeemedAt, redemptionId });
});

test("a pass whose own content, event or template voids it stays voided, and the refusal names which", async () => {
  const template = await admin.makeTemplate(PASS_TYPE, { pass: { ...storeCard, voided: true } });
  const event = await admin.makeEvent({ pass: { voided: true } });
  const cases: [pass: Pass, named: object][] = [
    [await admin.issue(templateId, { pass: { voided: true } }), { voidedBy: "pass" }],
    [await admin.issue(templateId, { eventId: event.id }), { voidedBy: "event", eventId: event.id }],
    [await admin.issue(template.id), { voidedBy: "template", templateId: template.id }],
  ];
  for (const [{ id }, named] of cases) {
    for (const isVoidedToo of [false, true]) {
      if (isVoidedToo) await admin.void(id, "refunded");
      const refusal = { status: 409, code: "voided_by_content" };
      expect(await refused(["POST", `/passes/${id}/unvoid`], refusal)).toMatchObject(named);
    }
    await admin.change(id, { pass: { voided: false } });
    expect(await admin.unvoid(id)).toMatchObject({ status: "active", voidedAt: null, voidReason: null });
  }
});

test("a pass that its own content voids is valid again when that is removed, and one that its event voids when `without` has voided", async () => {
  const event = await admin.makeEvent({ pass: { voided: true } });
  const { id } = await admin.issue(templateId, { pass: { voided: true, logoText: "A" } });
  expect(await admin.change(id, { pass: { voided: null } })).toMatchObject({
    status: "active",
    pass: { logoText: "A" },
  });
  expect((await admin.change(id, { eventId: event.id })).status).toBe("voided");
  expect((await admin.change(id, { without: ["voided"] })).status).toBe("active");
  expect((await admin.change(id, { without: [], eventId: null })).status).toBe("active");
  expect((await admin.redeem(id)).status).toBe("redeemed");
});

test("an unknown pass and a deleted one are neither voided nor made valid, and a deleted one keeps no reason", async () => {
  const { id } = await admin.issue(templateId);
  await admin.void(id, "the holder asked for it");
  await admin.delete(id);
  for (const unknown of [id, 999_999])
    for (const verb of ["void", "unvoid"])
      await refused(["POST", `/passes/${unknown}/${verb}`], { status: 404, code: "pass_not_found" });
  expect((await passRow(id)).voidReason).toBeNull();
});

test.each<[what: string, body: unknown, pointer: string]>([
  ["an empty reason", { reason: "" }, "/reason"],
  ["a reason that is too long", { reason: "x".repeat(1001) }, "/reason"],
  ["a reason that is no text", { reason: 3 }, "/reason"],
  ["an unknown member", { because: "x" }, "/because"],
])("%s is refused", async (_what, body, pointer) => {
  const { id } = await admin.issue(templateId);
  await refused(["POST", `/passes/${id}/void`, body], { status: 400, code: "invalid_body", pointer });
});

test("the status of a voided pass is in the answers of a change, an issue and a list", async () => {
  const issued = await call<Pass>("POST", `/templates/${templateId}/passes`, { pass: { voided: true } });
  expect(issued.body).toMatchObject({ status: "voided", voidedAt: null });
  const { id } = await admin.issue(templateId);
  const { voidedAt } = await admin.void(id, "refunded");
  const expected = { id, status: "voided", voidedAt, voidReason: "refunded" };
  expect(await admin.change(id, { values: { points: "3" } })).toMatchObject(expected);
  const { body } = await call<{ items: Pass[] }>("GET", "/passes?limit=1");
  expect(body.items).toMatchObject([expected]);
});
