/**
 * Changes through Passdock's API: each is made once, pushed once, and follows the rules of the core.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import type { Env } from "../../src/config.ts";
import { forwarding } from "../counting.ts";
import { admin, download, iphone } from "../harness.ts";
import { spyQueue } from "../push/consume.ts";
import { kindsOf } from "../rows.ts";
import {
  boardingPass,
  call,
  callWith,
  created,
  genericPass,
  make,
  pathOf,
  portrait,
  read,
  refusal,
  type Summary,
  show,
  update,
} from "./passdock-client.ts";

const PASS_TYPE = "pass.test.passdock-changes";
let boarding: number;
let generic: number;
beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makeApnsKey();
  boarding = await make(PASS_TYPE, boardingPass);
  generic = await make(PASS_TYPE, genericPass);
});

const redeem = (at: Summary, redeemed: boolean) => call("PUT", `${pathOf(at)}/redeem`, { redeemed });

/** One call, and the jobs that it sent to the queue. */
async function jobsOf(...asked: Parameters<typeof call>) {
  const queue = spyQueue();
  const bindings: Partial<Env> = { PUSH_QUEUE: forwarding(env.PUSH_QUEUE, queue) };
  await read(callWith(bindings, ...asked));
  return queue.sent.map(({ message }) => message);
}

test("two redemptions at the same time are both answered 200, and only the first is a change", async () => {
  const at = await created(boarding);
  const answers = await Promise.all([redeem(at, true), redeem(at, true)]);
  for (const answer of answers) expect(await read<Summary>(answer)).toEqual(at);
  expect(await kindsOf({ passId: at.id })).toEqual(["issued", "redeemed"]);
  const { redeemedAt } = await admin.show(at.id);
  await read(redeem(at, true));
  expect((await admin.show(at.id)).redeemedAt).toBe(redeemedAt);
});

test("a redemption is undone once", async () => {
  const at = await created(boarding, { redeemed: true });
  expect(await kindsOf({ passId: at.id })).toEqual(["issued"]);
  for (const _ of [1, 2]) await read(redeem(at, false));
  expect(await kindsOf({ passId: at.id })).toEqual(["issued", "unredeemed"]);
  expect((await admin.show(at.id)).status).toBe("active");
});

test("redeemed can be in the body, also as text", async () => {
  const at = await created(boarding, { redeemed: "false" });
  await read(call("PUT", `${pathOf(at)}/redeem`, {}, "redeemed=true"));
  expect((await admin.show(at.id)).status).toBe("redeemed");
});

test("each change is sent to the push queue; a request that changes nothing is not", async () => {
  const at = await created(boarding);
  const change = [{ kind: "change", changeId: expect.any(Number) }];
  expect(await jobsOf("PUT", `${pathOf(at)}/redeem`, { redeemed: true })).toMatchObject(change);
  expect(await jobsOf("PUT", `${pathOf(at)}/redeem`, { redeemed: true })).toEqual([]);
  const departs = { pass: { departure: "2026-12-24T18:30Z", bar: { message: "A" } } };
  expect(await jobsOf("PUT", pathOf(at), {}, departs)).toMatchObject(change);
  expect(await jobsOf("PUT", pathOf(at), {}, departs)).toEqual([]);
});

test("values and redeemed in one update are both sent to phones", async () => {
  const at = await created(boarding);
  expect(await jobsOf("PUT", pathOf(at), {}, { pass: { gate: "9", redeemed: true } })).toHaveLength(2);
  expect(await kindsOf({ passId: at.id })).toEqual(["issued", "changed", "redeemed"]);
});

test.each<[string, object]>([
  ["nothing", {}],
  ["only its serial number", { serial_number: "" }],
  ["a date blank that was so", { departure: "" }],
  ["a key without anything", { gate: {} }],
  ["an empty bar and relevance", { bar: {}, relevance: {} }],
  ["no relevantDate that was none", { relevance: { relevantDate: null } }],
])("an update that says %s changes nothing", async (_, pass) => {
  const at = await created(boarding);
  await read(update(at, { pass }));
  expect(await kindsOf({ passId: at.id })).toEqual(["issued"]);
});

test("a phone with the pass shows it voided after it was redeemed", async () => {
  const at = await created(boarding, { gate: "1" });
  const phone = iphone();
  const { serialNumber } = await admin.show(at.id);
  await phone.addFrom(at.download);
  await read(update(at, { pass: { gate: "2", redeemed: true } }));
  await phone.receivePush(PASS_TYPE);
  expect(phone.pass(PASS_TYPE, serialNumber).pass).toMatchObject({
    voided: true,
    boardingPass: { headerFields: [{ value: "2" }] },
  });
});

test("an update that is refused for one value changes neither the pass nor its redemption", async () => {
  const at = await created(boarding, { gate: "1" });
  const answer = update(at, { pass: { gate: "2", redeemed: true, departure: "tomorrow" } });
  expect((await refusal(answer)).code).toBe(422);
  expect(await kindsOf({ passId: at.id })).toEqual(["issued"]);
});

test("a thumbnail replaces the pass's own thumbnail in all densities and keeps its other images", async () => {
  const at = await created(generic);
  const images = { "logo.png": portrait(1), "thumbnail.png": portrait(2), "thumbnail@2x.png": portrait(3) };
  await admin.change(at.id, { images });
  const thumbnail = { filename: "me.png", data: `data:image/png;base64,${portrait(4)}` };
  await read(update(at, { pass: {}, thumbnail: JSON.stringify(thumbnail) }));
  expect(Object.keys((await admin.show(at.id)).images)).toEqual(["logo.png", "thumbnail.png"]);
  const { files } = await download({ downloadUrl: at.download });
  expect(files["thumbnail.png"]?.toBase64()).toBe(portrait(4));
  expect(files["thumbnail@2x.png"]).toBeUndefined();
});

test("sending the same thumbnail again is not a change", async () => {
  const at = await created(generic);
  const body = { pass: {}, thumbnail: { filename: "me.png", data: portrait(5) } };
  for (const _ of [1, 2]) await read(update(at, body));
  expect(await kindsOf({ passId: at.id })).toEqual(["issued", "changed"]);
});

test("an event ticket accepts a thumbnail unless its template has a strip in any density", async () => {
  const { generic: fields, ...look } = genericPass;
  const ticket = { ...look, eventTicket: fields };
  const body = { thumbnail: { filename: "me.png", data: portrait(6) }, pass: {} };
  await read(update(await created(await make(PASS_TYPE, ticket)), body));
  const strip = await make(PASS_TYPE, ticket, { "fr.lproj/strip@3x.png": portrait(7) });
  expect((await refusal(update(await created(strip), body))).code).toBe(422);
});

test("a deleted pass is no longer served to phones, and its serial number is never reused", async () => {
  const at = await created(boarding);
  const { serial_number } = await show(at);
  const answer = await call("DELETE", `${pathOf(at)}.json`);
  expect([answer.status, await answer.text()]).toEqual([200, ""]);
  expect(await kindsOf({ passId: at.id })).toEqual(["issued", "deleted"]);
  const again = call("POST", `/templates/${boarding}/passes`, {}, { pass: { serial_number } });
  expect((await refusal(again)).code).toBe(400);
});

test("of two concurrent creations with the same serial number, one is answered 201 and the other 400", async () => {
  const body = { pass: { serial_number: "once" } };
  const both = [1, 2].map(() => call("POST", `/templates/${boarding}/passes`, {}, body));
  expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([201, 400]);
});
