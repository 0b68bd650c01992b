/** The notices of a change at the stand-in Google: what notifies, what Google's limit makes silent, and what a refusal stops. */
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/client.ts";
import type { GoogleNotice } from "../../src/google/notices.ts";
import { findIssuer, type IssuerRow } from "../../src/google-wallet/issuers.ts";
import { type GoogleResource, sendResource } from "../../src/google-wallet/resources.ts";
import { planNotices, sendMessages } from "../../src/google-wallet/send-notices.ts";
import type { ServiceAccountKey } from "../google/stand-in/accounts.ts";
import { call, google } from "../harness.ts";

const caller = {
  ...{ db: openDatabase(env.DB), config: readConfig(env), now: Date.now() },
  fetch: (url: string, init: RequestInit) => fetch(url, init),
};
let issuer: IssuerRow;
let key: ServiceAccountKey;

beforeAll(async () => {
  const made = await google.makeIssuer();
  key = made.key;
  await google.changeProject(key.project_id, { requestsPerSecond: 1000 });
  await call("POST", "/google-issuers", { issuerId: made.issuerId, serviceAccount: key });
  issuer = await findIssuer(caller.db, made.issuerId);
});

afterEach(() => {
  vi.restoreAllMocks();
});

const image = { sourceUri: { uri: "https://passes.example.com/g/logo.png" } };

/** A class and an object with points, which Google has. */
async function makeCard(name: string) {
  const id = (suffix: string) => `${issuer.issuerId}.${name}-${suffix}`;
  const shared: GoogleResource = {
    ...{ kind: "Class", type: "loyalty", id: id("class") },
    resource: {
      ...{ id: id("class"), issuerName: "Acme", reviewStatus: "UNDER_REVIEW" },
      ...{ programName: "Card", programLogo: image },
    },
  };
  const objectOf = (int: number): GoogleResource => ({
    ...{ kind: "Object", type: "loyalty", id: id("object") },
    resource: {
      ...{ id: id("object"), classId: id("class"), state: "ACTIVE", loyaltyPoints: { balance: { int } } },
    },
  });
  expect(await sendResource(caller, issuer, shared, undefined)).toMatchObject({ ok: true });
  expect(await sendResource(caller, issuer, objectOf(0), undefined)).toMatchObject({ ok: true });
  const find = async () => {
    const { objects } = await google.stored(issuer.issuerId);
    return objects.find((object) => object.id === id("object"));
  };
  return { shared, objectOf, find };
}

const notice = (kind: GoogleNotice["kind"], body = "Go to gate B"): GoogleNotice => ({
  ...{ field: "gate", kind },
  message: { header: "Gate", body },
});

test("three messages notify, the fourth is only on the pass, and a repeat with the same id is no second message", async () => {
  const { objectOf, find } = await makeCard("messages");
  const object = objectOf(0);
  let notifiedAt: readonly number[] = [];
  for (const generation of [1, 2, 3, 4]) {
    const planned = planNotices(
      {},
      [notice("message", `Gate ${generation}`)],
      notifiedAt,
      `pass-${generation}`,
      Date.now() + generation,
    );
    notifiedAt = planned.notifiedAt;
    for (const _repeat of [1, 2])
      expect(await sendMessages(caller, issuer, object, planned.messages)).toEqual({ ok: true });
  }
  const stored = await find();
  expect(stored?.notified).toHaveLength(3);
  expect(stored?.messages).toMatchObject(
    [1, 2, 3, 4].map((generation) => ({
      ...{ id: generation < 4 ? `pass-${generation}` : "pass-4-silent", body: `Gate ${generation}` },
      messageType: generation < 4 ? "TEXT_AND_NOTIFY" : "TEXT",
    })),
  );
});

test("if Google counts more than Edgepass, a message is sent again without a notification", async () => {
  const { shared, objectOf, find } = await makeCard("counted");
  for (const generation of [1, 2, 3]) {
    const { messages } = planNotices({}, [notice("message")], [], `template-${generation}`, Date.now());
    expect(await sendMessages(caller, issuer, shared, messages)).toEqual({ ok: true });
  }
  const { messages } = planNotices({}, [notice("message")], [], "pass-1", Date.now());
  expect(await sendMessages(caller, issuer, objectOf(0), messages)).toEqual({ ok: true });
  expect((await find())?.messages).toMatchObject([{ id: "pass-1", messageType: "TEXT" }]);
});

const TEN = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];

test.each([
  ["refuses the eleventh", true, [["10"], ["own", "10"]]],
  ["keeps the last ten", false, [TEN, TEN]],
] as const)("of eleven messages the newest is shown, if Google %s", async (what, refusesMessages, shown) => {
  await google.changeIssuer(issuer.issuerId, { refusesMessages });
  const { shared, objectOf } = await makeCard(what.replaceAll(" ", "-"));
  const { resource, ...object } = objectOf(0);
  // What the template's own google part has stays.
  const withOwn = { ...object, resource: { ...resource, messages: [{ id: "own", body: "Welcome" }] } };
  const messages = ["0", ...TEN].map((id) => ({ id, body: `New ${id}` }));
  for (const made of [shared, withOwn])
    expect(await sendMessages(caller, issuer, made, messages)).toEqual({ ok: true });
  const { classes, objects } = await google.stored(issuer.issuerId);
  const stored = [...classes, ...objects].filter(({ id }) => id === shared.id || id === object.id);
  expect(stored).toMatchObject(shown.map((ids) => ({ messages: ids.map((id) => ({ id })) })));
});

test("Google's own words come with the change of the member itself", async () => {
  const { objectOf, find } = await makeCard("words");
  const [before, after] = [objectOf(0), objectOf(5)];
  const { resource, messages } = planNotices(after.resource, [notice("member")], [], "pass-1", Date.now());
  expect(messages).toEqual([]);
  expect(await sendResource(caller, issuer, { ...after, resource }, before.resource)).toMatchObject({
    ok: true,
  });
  expect(await find()).toMatchObject({
    ...{ loyaltyPoints: { balance: { int: 5 } }, notified: [expect.any(Number)] },
  });
  expect(await find()).not.toHaveProperty("notifyPreference");
});

const FAULT = { path: "/walletobjects/v1/loyaltyObject/", times: 1 };

test("what passes is returned for a repeat; what Google refuses for good is logged and stops nothing", async () => {
  const { objectOf, find } = await makeCard("refused");
  const send = (id: string) =>
    sendMessages(caller, issuer, objectOf(0), [
      { id, body: "1" },
      { id: `${id}-2`, body: "2" },
    ]);
  const account = key.client_email;
  await google.fault({ ...FAULT, account, status: 503 });
  expect(await send("a")).toMatchObject({ ok: false, code: "unavailable" });
  await google.fault({
    ...FAULT,
    account,
    status: 429,
    reason: "rateLimitExceeded",
    headers: { "retry-after": "7" },
  });
  expect(await send("b")).toMatchObject({ ok: false, code: "quota_exceeded", retryAfterSeconds: 7 });
  await google.fault({ ...FAULT, account, status: 403, reason: "permissionDenied" });
  expect(await send("c")).toMatchObject({ ok: false, code: "not_invited" });
  expect((await find())?.messages).toBeUndefined();

  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  // Also after those that Google had are removed.
  await google.fault({
    ...FAULT,
    account,
    method: "POST",
    status: 400,
    times: 2,
    message: "Invalid value at 'message'",
  });
  expect(await send("d")).toEqual({ ok: true });
  expect((await find())?.messages).toMatchObject([{ id: "d-2" }]);
  expect(JSON.parse(String(log.mock.calls[0]?.[0]))).toEqual({
    ...{ event: "google_message_refused", kind: "loyaltyObject", code: "refused" },
    detail: "Invalid value at 'message'",
  });
});
