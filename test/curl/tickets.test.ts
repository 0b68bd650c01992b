/**
 * Tickets at a gate, and two editors of one pass, over real HTTP by curl.
 */
import { expect, test } from "vitest";
import { type CurlAnswer, curl } from "./curl.ts";
import { adminToken, bundle, issue, makePassType, makeTemplate, origin } from "./instance.ts";

const ticket = {
  description: "Ticket",
  organizationName: "Edgepass",
  eventTicket: { primaryFields: [{ key: "seat", label: "SEAT", value: "1" }] },
};

/** A call of the admin API, with a body as printed and more arguments of curl. */
function ask(method: string, path: string, body?: string, ...more: string[]): Promise<CurlAnswer> {
  const json = body === undefined ? [] : ["-H", "Content-Type: application/json", "-d", body];
  const key = ["-H", `Authorization: Bearer ${adminToken}`];
  return curl(["-i", "-X", method, ...key, ...json, ...more, `${origin}/admin/v1${path}`]);
}

test("a gate refuses voided and expired tickets and lets each other one in once; force and making it valid again let them in", async () => {
  const templateId = await makeTemplate(await makePassType(), ticket);
  const redeem = async (id: number, body = "{}") => {
    const { status, json } = await ask("POST", `/passes/${id}/redeem`, body);
    const { code } = json<{ code?: string }>();
    return [status, code];
  };
  const patch = async (id: number, pass: object) => {
    const { status, json } = await ask("PATCH", `/passes/${id}`, JSON.stringify({ pass }));
    return [status, json<{ status: string }>().status];
  };
  const [late, later] = ["2020-01-01T00:00Z", "2099-01-01T00:00Z"];

  const refunded = await issue(templateId);
  expect((await ask("POST", `/passes/${refunded.id}/void`, '{"reason": "refunded"}')).status).toBe(200);
  expect(await redeem(refunded.id)).toEqual([409, "pass_voided"]);
  expect(await patch(refunded.id, { expirationDate: later })).toEqual([200, "voided"]);
  expect((await bundle(refunded.downloadUrl)).pass).toMatchObject({ voided: true, expirationDate: later });
  expect(await redeem(refunded.id)).toEqual([409, "pass_voided"]);
  expect((await ask("POST", `/passes/${refunded.id}/unvoid`)).status).toBe(200);
  expect(await redeem(refunded.id)).toEqual([200, undefined]);

  const cancelled = await issue(templateId, { pass: { voided: true } });
  expect(await redeem(cancelled.id)).toEqual([409, "pass_voided"]);
  expect(await patch(cancelled.id, { voided: false })).toEqual([200, "active"]);
  const scanners = await Promise.all(Array.from({ length: 6 }, () => redeem(cancelled.id)));
  expect(scanners.sort()).toEqual([[200, undefined], ...Array(5).fill([409, "already_redeemed"])]);

  const expired = await issue(templateId, { pass: { expirationDate: late } });
  expect(await redeem(expired.id, '{"redemptionId": "gate 1"}')).toEqual([409, "pass_expired"]);
  expect(await redeem(expired.id, '{"redemptionId": "gate 1", "force": true}')).toEqual([200, undefined]);
  // The answer was lost, and the ticket voided meanwhile: the repeat is still the same redemption.
  await ask("POST", `/passes/${expired.id}/void`);
  expect(await redeem(expired.id, '{"redemptionId": "gate 1"}')).toEqual([200, undefined]);
  expect(await redeem(expired.id, '{"force": true}')).toEqual([409, "already_redeemed"]);
});

test("of two editors who read the same pass, the second to save is refused, reads it again, and loses nothing", async () => {
  const pass = await issue(await makeTemplate(await makePassType(), ticket));
  const path = `/passes/${pass.id}`;
  const read = async () => (await ask("GET", path, undefined, "--compressed")).headers.get("etag") ?? "";
  const save = (etag: string, body: object) =>
    ask("PATCH", path, JSON.stringify(body), "-H", `If-Match: ${etag}`);
  const [first, second] = await Promise.all([read(), read()]);
  expect(first).toBe('"1"');
  const [saved, refused] = [await save(first, { tags: ["vip"] }), await save(second, { externalId: "7" })];
  expect([saved.status, refused.status]).toEqual([200, 412]);
  expect(refused.json()).toMatchObject({ code: "precondition_failed", revision: 2 });
  const again = await save(refused.headers.get("etag") ?? "", { externalId: "7" });
  expect([again.status, again.json()]).toMatchObject([200, { tags: ["vip"], externalId: "7", revision: 3 }]);
  expect((await ask("DELETE", path, undefined, "-H", `If-Match: ${first}`)).status).toBe(412);
  const unchanged = await ask("GET", path, undefined, "-H", 'If-None-Match: "3"');
  expect([unchanged.status, unchanged.body]).toEqual([304, ""]);
});
