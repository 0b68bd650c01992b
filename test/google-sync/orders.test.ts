/**
 * Orders in which clicks, runs, changes and crashes can come: whatever Google has got keeps its row, and a notice is not replaced by
 * the next one.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { googleClasses, googleObjects } from "../../src/db/schema.ts";
import { findIssuer } from "../../src/google-wallet/issuers.ts";
import { newClaim, UNSENT } from "../../src/google-wallet/sync-rows.ts";
import type { GoogleFetch } from "../../src/google-wallet/transport.ts";
import { claimObjects } from "../../src/passes/google-claims.ts";
import { googleLinkOf } from "../../src/passes/google-link.ts";
import { dropUnsent } from "../../src/passes/google-link-rows.ts";
import { loadById } from "../../src/passes/load.ts";
import type { Pass } from "../../src/passes/show.ts";
import { googleError } from "../google-wallet/accounts.ts";
import { admin } from "../harness.ts";
import { deleteRows, rowOf, setRows } from "../rows.ts";
import { api, db, makeGoogleWorld, savedPass, setPoints, type World } from "./world.ts";

const PASS_TYPE = "pass.test.google-orders";

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
});

const objects = async (world: World) => (await world.stored()).objects;

/** The call has its effect, and its answer is lost. */
const lost: GoogleFetch = async (url, init) => {
  await fetch(url, init);
  throw new TypeError("Network connection lost.");
};

async function clickWith(pass: Pass, fetch: GoogleFetch) {
  const loaded = await loadById(db, pass.id, Date.now());
  return googleLinkOf({ db, config: readConfig(env), now: Date.now(), clock: Date.now, fetch }, loaded);
}

test("a refused click removes no row that another request sends at that moment", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  const { resourceId, classId, type } = await rowOf(googleObjects, { passId: pass.id });
  const issuer = await findIssuer(db, world.issuerId);
  const key = { templateId: world.template.id, eventId: 0, type };
  await deleteRows(googleObjects, { passId: pass.id });
  const now = world.clock.now();
  await claimObjects(db, issuer, { passId: pass.id, type, resourceId, classId }, newClaim(now, 0));
  await setRows(googleClasses, { templateId: world.template.id }, { sentAt: 0, claimedUntil: now + 60_000 });
  const drop = () => dropUnsent({ db }, issuer, key, { passId: pass.id, type });
  await drop();
  // Also if that request has crashed: its call may have had its effect.
  expect([await world.classes(), await world.objects()]).toMatchObject([[{ type }], [{ type }]]);
  for (const table of [googleClasses, googleObjects]) await setRows(table, {}, { claimedUntil: null });
  await drop();
  expect([await world.classes(), await world.objects()]).toEqual([[], []]);
});

/** Deletes the issuer while this call is on its way. @returns the answer to the deletion, or "deleted" */
function deletingAt(world: World, path: string, answer?: Response) {
  const deletions: string[] = [];
  const fetching: GoogleFetch = async (url, init) => {
    if (!url.includes(path)) return fetch(url, init);
    const deletion = api("DELETE", `/google-issuers/${world.issuerId}`);
    deletions.push(await deletion.then(() => "deleted", String));
    return answer?.clone() ?? fetch(url, init);
  };
  return { deletions, fetching };
}

test("an issuer is not deleted while a first click makes an object, nor after a click that crashed", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue();
  const { deletions, fetching } = deletingAt(world, "/loyaltyObject");
  expect(await clickWith(pass, fetching)).toContain("/gp/v/save/");
  expect(deletions).toEqual([expect.stringContaining("google_issuer_in_use")]);
  expect([(await objects(world)).length, (await world.objects()).length]).toEqual([1, 1]);
  await setRows(googleObjects, { passId: pass.id }, { sentAt: 0, claimedUntil: 1 });
  await expect(api("DELETE", `/google-issuers/${world.issuerId}`)).rejects.toThrow("google_issuer_in_use");
});

test.each([
  ["its class is made", undefined],
  ["Google takes no calls", new Response("", { status: 503 })],
])(
  "if an issuer is deleted while %s, the click makes no object, no row and no link",
  async (_when, answer) => {
    const world = await makeGoogleWorld(PASS_TYPE);
    const pass = await world.issue();
    const { deletions, fetching } = deletingAt(world, "/loyaltyClass", answer);
    await expect(clickWith(pass, fetching)).rejects.toMatchObject({ code: "google_unavailable" });
    expect(deletions).toEqual(["deleted"]);
    expect([await objects(world), await world.objects(), await world.classes()]).toEqual([[], [], []]);
  },
);

test("an object that waits for its class keeps what is known of it", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  const event = await admin.makeEvent({ name: "Autumn" });
  await world.fault({ path: "/walletobjects/v1/loyaltyClass", status: 503, times: 1 });
  await api("PATCH", `/passes/${pass.id}`, { eventId: event.id });
  await world.run();
  world.clock.pass(60_000);
  await world.run();
  const { sent } = await rowOf(googleClasses, { eventId: event.id });
  expect(sent).not.toBe("{}");
  expect(await world.calls()).toMatchObject({ "object.patch": 1 });
});

test("an object that a crashed click has made ends with its pass", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue();
  await world.click(pass);
  // The crash: Google has it, and the row does not say so.
  const crashed = { ...UNSENT, claimedUntil: world.clock.now() + 60_000 };
  await setRows(googleObjects, { passId: pass.id }, crashed);
  await api("DELETE", `/passes/${pass.id}`);
  world.clock.pass(62_000);
  await world.run();
  expect(await objects(world)).toMatchObject([{ state: "INACTIVE" }]);
});

test("an object whose first answer was lost ends with its pass", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue();
  await world.click(pass);
  await setRows(googleObjects, { passId: pass.id }, { ...UNSENT, sendAt: world.clock.now() });
  await world.run({
    fetch: (url, init) => (url.includes("/loyaltyObject") ? lost(url, init) : fetch(url, init)),
  });
  expect(await rowOf(googleObjects, { passId: pass.id })).toMatchObject({ attempts: 1, sent: UNSENT.sent });
  await api("DELETE", `/passes/${pass.id}`);
  world.clock.pass(20 * 60_000);
  await world.run();
  expect(await objects(world)).toMatchObject([{ state: "INACTIVE" }]);
});

test("a click that sends a change before the log is read has a message of its own", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await savedPass(world);
  await setPoints(pass.id, "21");
  await world.run();
  await setPoints(pass.id, "22");
  await world.click(pass);
  const [object] = await objects(world);
  expect(object?.messages).toMatchObject([
    { messageType: "TEXT_AND_NOTIFY" },
    { messageType: "TEXT_AND_NOTIFY" },
  ]);
});

test("a link with all of an object that Google refused before is followed by a call", async () => {
  const world = await makeGoogleWorld(PASS_TYPE);
  const pass = await world.issue();
  await world.fault({ path: "/walletobjects/v1/loyaltyObject", status: 400, times: 1 });
  expect(await world.click(pass)).toBe("503");
  expect(await rowOf(googleObjects, { passId: pass.id })).toMatchObject({ sendAt: null });
  // Nobody knows any more what Google has of the class.
  await setRows(googleClasses, { templateId: world.template.id }, { sent: UNSENT.sent });
  await clickWith(pass, async () => googleError(503, "Backend error.", "backendError"));
  world.clock.pass(60_000);
  await world.run();
  expect(await rowOf(googleObjects, { passId: pass.id })).toMatchObject({ gaveUpAt: null, sendAt: null });
});
