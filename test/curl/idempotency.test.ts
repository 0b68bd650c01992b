/**
 * Lost answers over real HTTP: a till that gets no answer sends the same request again, with the same Idempotency-Key.
 */
import { expect, test } from "vitest";
import { curl } from "./curl.ts";
import { adminToken, issue, makePassType, makeTemplate, origin } from "./instance.ts";

const card = {
  description: "Card",
  organizationName: "Edgepass",
  storeCard: { primaryFields: [{ key: "stamps", label: "STAMPS", value: 0 }] },
};

function ask(method: string, path: string, body: string, key: string) {
  const headers = [
    `Authorization: Bearer ${adminToken}`,
    "Content-Type: application/json",
    `Idempotency-Key: ${key}`,
  ];
  const given = headers.flatMap((header) => ["-H", header]);
  return curl(["-i", "-X", method, ...given, "-d", body, `${origin}/admin/v1${path}`]);
}

test("an addition whose answer was lost counts once, however often and at the same time it is repeated, and a second one counts too", async () => {
  const { id } = await issue(await makeTemplate(await makePassType(), card));
  const path = `/passes/${id}`;
  const add = (key: string, n = 1) =>
    ask("PATCH", path, `{"values": {"stamps": {"add": ${n}, "max": 10}}}`, key);
  const stamps = async () => {
    const shown = await curl([
      "-i",
      "-H",
      `Authorization: Bearer ${adminToken}`,
      `${origin}/admin/v1${path}`,
    ]);
    return shown.json<{ values: { stamps?: { value: number } } }>().values.stamps?.value;
  };
  const together = await Promise.all(Array.from({ length: 4 }, () => add("till-1/1")));
  expect(together.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(together.filter(({ headers }) => headers.get("idempotency-replayed") === "true")).toHaveLength(3);
  expect(await stamps()).toBe(1);
  const second = await add("till-1/2");
  expect([second.status, second.headers.get("idempotency-replayed"), await stamps()]).toEqual([200, null, 2]);
  const late = await add("till-1/1");
  expect([late.status, late.headers.get("idempotency-replayed"), await stamps()]).toEqual([200, "true", 2]);
  const other = await add("till-1/1", 2);
  expect([other.status, other.json()]).toMatchObject([422, { code: "idempotency_key_reused" }]);
  expect(await stamps()).toBe(2);
});

test("a redemption without a redemptionId and the issue of a pass may be repeated with their key", async () => {
  const templateId = await makeTemplate(await makePassType(), card);
  const issued = await Promise.all(
    [1, 2].map(() => ask("POST", `/templates/${templateId}/passes`, "{}", "issue-1")),
  );
  const [first, again] = issued.map(({ status, json }) => [status, json<{ id: number }>().id]);
  expect([first?.[0], again]).toEqual([201, first]);
  const redeem = (key: string) => ask("POST", `/passes/${first?.[1]}/redeem`, "{}", key);
  const statuses = [await redeem("gate-1"), await redeem("gate-1"), await redeem("gate-2")];
  expect(statuses.map(({ status }) => status)).toEqual([200, 200, 409]);
});
