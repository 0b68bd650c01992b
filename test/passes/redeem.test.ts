/**
 * Redeeming a pass and undoing it: each is recorded once, the pass is void in between, and each makes a new version. Also with
 * requests at the same time.
 */
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, download, refused, storeCard } from "../harness.ts";
import { changesOf as changesOfTarget, passRow } from "../rows.ts";

const PASS_TYPE = "pass.test.redemption";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

async function changesOf(passId: number) {
  return (await changesOfTarget({ passId })).map(({ kind, actor, detail }) => ({ kind, actor, detail }));
}
const kindsOf = async (id: number) => (await changesOf(id)).map(({ kind }) => kind);
const tagOf = async (id: number) => (await passRow(id)).tag;
const VOIDED = { status: 409, code: "pass_voided" };
const EXPIRED = { status: 409, code: "pass_expired" };

/** A pass of which this layer sets these keys of pass.json. */
async function issueWith(layer: "pass" | "event" | "template", pass: Record<string, unknown>): Promise<Pass> {
  const template =
    layer === "template"
      ? await admin.makeTemplate(PASS_TYPE, { pass: { ...storeCard, ...pass } })
      : undefined;
  const event = layer === "event" ? await admin.makeEvent({ pass }) : undefined;
  return admin.issue(template?.id ?? templateId, {
    ...(layer === "pass" ? { pass } : {}),
    ...(event === undefined ? {} : { eventId: event.id }),
  });
}
const fresh = { status: "active", redeemedAt: null, redemptionId: null };

test("a redemption is recorded once, with its id, and makes the pass void", async () => {
  const { id } = await admin.issue(templateId);
  const redeemed = await admin.redeem(id, { redemptionId: "till 3" });
  expect(redeemed).toMatchObject({ status: "redeemed", redemptionId: "till 3" });
  expect((await download(redeemed)).pass.voided).toBe(true);
  const problem = await refused(["POST", `/passes/${id}/redeem`, { redemptionId: "till 4" }], {
    status: 409,
    code: "already_redeemed",
  });
  expect(problem.redeemedAt).toBe(redeemed.redeemedAt);
  await refused(["POST", `/passes/${id}/redeem`], { status: 409, code: "already_redeemed" });
  expect(await admin.redeem(id, { redemptionId: "till 3" })).toEqual(redeemed);
  expect((await changesOf(id)).at(-1)).toEqual({ kind: "redeemed", actor: "admin", detail: "till 3" });
});

test("after an undone redemption the pass is as before, also on the phone, but in a newer version", async () => {
  const pass = await admin.issue(templateId);
  await admin.redeem(pass.id, { redemptionId: "till 3" });
  const redeemedTag = await tagOf(pass.id);
  expect((await download(pass)).pass.voided).toBe(true);
  const back = await admin.unredeem(pass.id);
  expect(back).toEqual({ ...pass, revision: 3, updatedAt: back.updatedAt });
  expect((await download(pass)).pass).not.toHaveProperty("voided");
  expect(await tagOf(pass.id)).toBeGreaterThan(redeemedTag);
  expect((await changesOf(pass.id)).at(-1)).toEqual({ kind: "unredeemed", actor: "admin", detail: null });
});

test("undoing a redemption has no effect on a pass that is not redeemed, however often", async () => {
  const pass = await admin.issue(templateId);
  expect(await admin.unredeem(pass.id)).toEqual(pass);
  await admin.redeem(pass.id);
  const back = await admin.unredeem(pass.id);
  expect(await admin.unredeem(pass.id)).toEqual(back);
  expect(back).toMatchObject(fresh);
  expect(await kindsOf(pass.id)).toEqual(["issued", "redeemed", "unredeemed"]);
});

test("after an undone redemption a pass can be redeemed again, with the same id or another one, at a new time", async () => {
  const { id } = await admin.issue(templateId);
  await admin.redeem(id, { redemptionId: "till 3" });
  for (const redemptionId of ["till 3", "till 4"]) {
    await admin.unredeem(id);
    expect(await admin.redeem(id, { redemptionId })).toMatchObject({ status: "redeemed", redemptionId });
  }
  const taken = await call("POST", `/passes/${id}/redeem`, { redemptionId: "till 3" });
  expect(taken.body.code).toBe("already_redeemed");
});

test("undoing a redemptionId undoes only that redemption, so that a repeated request does not undo the next one", async () => {
  const { id } = await admin.issue(templateId);
  const takeBack = (body?: object) => call<Pass>("POST", `/passes/${id}/unredeem`, body);
  await admin.redeem(id, { redemptionId: "A" });
  expect((await takeBack({ redemptionId: "A" })).body).toMatchObject(fresh);
  expect((await takeBack({ redemptionId: "A" })).body).toMatchObject(fresh);
  const next = await admin.redeem(id, { redemptionId: "B" });
  const other = { status: 409, code: "redemption_id_mismatch" };
  await refused(["POST", `/passes/${id}/unredeem`, { redemptionId: "A" }], other);
  expect(await admin.show(id)).toEqual(next);
  expect((await takeBack()).body).toMatchObject(fresh); // any
  await admin.redeem(id);
  await refused(["POST", `/passes/${id}/unredeem`, { redemptionId: "A" }], other);
  expect(await kindsOf(id)).toEqual([
    "issued",
    ...[1, 2].flatMap(() => ["redeemed", "unredeemed"]),
    "redeemed",
  ]);
});

test("a template or a pass that sets voided itself stays void", async () => {
  const { id } = await admin.issue(templateId, { pass: { voided: true } });
  await admin.redeem(id, { force: true });
  expect((await download(await admin.unredeem(id))).pass.voided).toBe(true);
});

test("of 20 requests at the same time to undo a redemption, one undoes it, and all get the same response", async () => {
  const { id } = await admin.issue(templateId);
  await admin.redeem(id);
  const answers = await Promise.all(Array.from({ length: 20 }, () => admin.unredeem(id)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await kindsOf(id)).toEqual(["issued", "redeemed", "unredeemed"]);
});

test("redemptions and undone redemptions at the same time alternate in the log", async () => {
  const { id } = await admin.issue(templateId);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      call<Pass>("POST", `/passes/${id}/${i % 2 === 0 ? "redeem" : "unredeem"}`),
    ),
  );
  const [issued, ...rest] = await kindsOf(id);
  expect(issued).toBe("issued");
  expect(rest).toEqual(rest.map((_, i) => (i % 2 === 0 ? "redeemed" : "unredeemed")));
  const wins = answers.filter((answer, i) => i % 2 === 0 && answer.status === 200).length;
  expect(rest.filter((kind) => kind === "redeemed")).toHaveLength(wins);
  const last = rest.at(-1) === "redeemed" ? "redeemed" : "active";
  expect((await admin.show(id)).status).toBe(last);
});

test("a pass that was voided is not redeemed", async () => {
  const { id } = await admin.issue(templateId);
  const { voidedAt } = await admin.void(id, "refunded");
  const problem = await refused(["POST", `/passes/${id}/redeem`, { redemptionId: "till 3" }], VOIDED);
  expect(problem).toMatchObject({ voidedAt, voidReason: "refunded" });
});

test.each(["pass", "event", "template"] as const)(
  "a pass that its %s sets to voided is not redeemed, and has the status voided",
  async (layer) => {
    const { id } = await issueWith(layer, { voided: true });
    expect(await admin.show(id)).toMatchObject({ status: "voided", voidedAt: null });
    await refused(["POST", `/passes/${id}/redeem`], VOIDED);
  },
);

test.each(["pass", "event", "template"] as const)(
  "a pass that has expired by the date of its %s is not redeemed",
  async (layer) => {
    const { id } = await issueWith(layer, { expirationDate: "2026-01-01T01:00+01:00" });
    expect(await admin.show(id)).toMatchObject({ status: "expired", expiresAt: "2026-01-01T00:00:00.000Z" });
    const problem = await refused(["POST", `/passes/${id}/redeem`], EXPIRED);
    expect(problem.expiresAt).toBe("2026-01-01T00:00:00.000Z");
  },
);

test("a ticket that was voided stays voided when its expiry is set, and is not redeemed", async () => {
  const { id } = await admin.issue(templateId);
  await admin.void(id);
  const changed = await admin.change(id, { pass: { expirationDate: "2099-06-30T12:00Z" } });
  expect(changed).toMatchObject({ status: "voided", expiresAt: "2099-06-30T12:00:00.000Z" });
  expect((await download(changed)).pass.voided).toBe(true);
  await refused(["POST", `/passes/${id}/redeem`], VOIDED);
});

test("with force, a voided pass and an expired one are redeemed, but a redeemed one is not redeemed again", async () => {
  const voided = await issueWith("pass", { voided: true });
  const expired = await issueWith("pass", { expirationDate: "2026-01-01T00:00Z" });
  expect((await admin.redeem(voided.id, { force: true })).status).toBe("voided");
  expect((await admin.redeem(expired.id, { force: true })).status).toBe("redeemed");
  for (const { id } of [voided, expired]) {
    const again = { status: 409, code: "already_redeemed" };
    await refused(["POST", `/passes/${id}/redeem`, { force: true }], again);
  }
});

test("the same redemptionId is answered 200 again, also after the pass was voided and has expired", async () => {
  const { id } = await admin.issue(templateId);
  const { redeemedAt } = await admin.redeem(id, { redemptionId: "till 3" });
  await admin.change(id, { pass: { expirationDate: "2026-01-01T00:00Z" } });
  expect((await admin.redeem(id, { redemptionId: "till 3" })).status).toBe("redeemed");
  await admin.void(id);
  expect(await admin.redeem(id, { redemptionId: "till 3" })).toMatchObject({ status: "voided", redeemedAt });
});

test("a redeemed pass that is voided or has expired is refused as redeemed", async () => {
  const { id } = await admin.issue(templateId, { pass: { expirationDate: "2026-01-01T00:00Z" } });
  await admin.redeem(id, { force: true });
  await admin.void(id);
  await refused(["POST", `/passes/${id}/redeem`], { status: 409, code: "already_redeemed" });
});

test("of a redemption and a void at the same time, the log shows an order that the answers agree with", async () => {
  const rounds = Array.from({ length: 10 }, async () => {
    const { id } = await admin.issue(templateId);
    const [answer] = await Promise.all([call("POST", `/passes/${id}/redeem`), admin.void(id)]);
    const kinds = await kindsOf(id);
    return { redeemed: answer.status === 200, kinds };
  });
  for (const { redeemed, kinds } of await Promise.all(rounds))
    expect(kinds).toEqual(redeemed ? ["issued", "redeemed", "voided"] : ["issued", "voided"]);
});

test("a code and a status find the pass while it has that status", async () => {
  const { id } = await admin.issue(templateId, { barcodeMessage: "found-by-status" });
  const found = async (status: string) => {
    const path = `/passes?code=found-by-status&status=${status}`;
    return (await call<{ items: Pass[] }>("GET", path)).body.items.map((pass) => pass.id);
  };
  await admin.redeem(id);
  expect([await found("active"), await found("redeemed")]).toEqual([[], [id]]);
  await admin.unredeem(id);
  expect([await found("active"), await found("redeemed")]).toEqual([[id], []]);
});
