/**
 * Many requests at the same time: nothing is lost, written twice or half written, and the request that loses a race gets an error.
 */
import { env } from "cloudflare:workers";
import { beforeAll, expect, test } from "vitest";
import { passTags, signingKeys, templates } from "../../src/db/schema.ts";
import type { PassType } from "../../src/identities/pass-types.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { Template } from "../../src/templates/show.ts";
import { drawPng } from "../apple/png.ts";
import { type Answer, admin, call, download, icon, storeCard } from "../harness.ts";
import { changesOf, countRows, passRow, rowsOf } from "../rows.ts";

const PASS_TYPE = "pass.test.at-once";
const MANY = 20;
const numbers = Array.from({ length: MANY }, (_, i) => i);
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  const backFields = numbers.map((i) => ({ key: `f${i}`, value: "" }));
  const pass = { ...storeCard, storeCard: { backFields } };
  templateId = (await admin.makeTemplate(PASS_TYPE, { pass })).id;
});

function answered<Body>(status: number, answers: Answer<Body>[]): Body[] {
  return answers.filter((answer) => answer.status === status).map((answer) => answer.body);
}

test("changes of different fields and keys of a pass are all written, each as a separate version", async () => {
  const { id } = await admin.issue(templateId);
  const answers = await Promise.all(
    numbers.map((i) =>
      call<Pass>("PATCH", `/passes/${id}`, {
        values: { [`f${i}`]: String(i) },
        pass: { [`key${i}`]: i, userInfo: { [`key${i}`]: i } },
      }),
    ),
  );
  expect(answered(200, answers)).toHaveLength(MANY);
  const { values, pass } = await admin.show(id);
  expect(values).toEqual(Object.fromEntries(numbers.map((i) => [`f${i}`, { value: String(i) }])));
  const keys = Object.fromEntries(numbers.map((i) => [`key${i}`, i]));
  expect(pass).toEqual({ ...keys, userInfo: keys });

  const changes = await changesOf({ passId: id });
  expect(changes.map(({ kind }) => kind)).toEqual(["issued", ...numbers.map(() => "changed")]);
  const { tag, modifiedAt } = await passRow(id);
  const last = changes.at(-1);
  expect([tag, modifiedAt]).toEqual([last?.id, last?.at]);
  // Whole seconds, each later than the one before: phones go by Last-Modified.
  for (const [i, { at }] of changes.entries()) {
    expect(at % 1000).toBe(0);
    expect(at).toBeGreaterThan(changes[i - 1]?.at ?? 0);
  }
});

test("of 20 redemptions one succeeds, and the others get its time", async () => {
  const { id } = await admin.issue(templateId);
  const answers = await Promise.all(
    numbers.map((i) => call<Pass>("POST", `/passes/${id}/redeem`, { redemptionId: `gate-${i}` })),
  );
  const won = answered(200, answers);
  const lost = answered(409, answers);
  expect([won.length, lost.length]).toEqual([1, MANY - 1]);
  const [winner] = won;
  expect(winner).toMatchObject({ status: "redeemed", redeemedAt: expect.stringMatching(/Z$/) });
  for (const body of lost) {
    expect(body).toMatchObject({ status: 409, code: "already_redeemed", redeemedAt: winner?.redeemedAt });
  }
  const again = await admin.redeem(id, { redemptionId: winner?.redemptionId });
  expect(again).toEqual(winner);
  expect((await changesOf({ passId: id })).map(({ kind }) => kind)).toEqual(["issued", "redeemed"]);
});

test("20 requests with the same redemptionId are one redemption, and all succeed", async () => {
  const { id } = await admin.issue(templateId);
  const body = { redemptionId: "the-same" };
  const answers = await Promise.all(numbers.map(() => call<Pass>("POST", `/passes/${id}/redeem`, body)));
  expect(answered(200, answers)).toHaveLength(MANY);
  expect(new Set(answers.map((answer) => answer.body.redeemedAt)).size).toBe(1);
  expect(await changesOf({ passId: id })).toHaveLength(2);
});

test("of 20 redemptions without an id, one succeeds too", async () => {
  const { id } = await admin.issue(templateId);
  const answers = await Promise.all(numbers.map(() => call("POST", `/passes/${id}/redeem`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(MANY - 1).fill(409)]);
});

test("a serial number is used once, and only the pass of the successful request exists", async () => {
  const answers = await Promise.all(
    numbers.map((i) =>
      call<Pass>("POST", `/templates/${templateId}/passes`, {
        serialNumber: "wanted",
        tags: [`t${i}`],
        values: { f0: String(i) },
      }),
    ),
  );
  const issued = answered(201, answers);
  const refused = answered(409, answers);
  expect([issued.length, refused.length]).toEqual([1, MANY - 1]);
  for (const body of refused) {
    expect(body).toMatchObject({ code: "serial_number_taken", pointer: "/serialNumber" });
  }
  const [winner] = issued;
  expect(await admin.show(winner?.id ?? 0)).toEqual({ ...winner, lint: undefined });
  expect(winner?.tags).toEqual([`t${winner?.values.f0?.value}`]);
});

test("only one pass gets an externalId", async () => {
  const body = { externalId: "wanted" };
  const answers = await Promise.all(numbers.map(() => call("POST", `/templates/${templateId}/passes`, body)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(MANY - 1).fill(409)]);
});

test("a pass is deleted once, and not changed afterwards", async () => {
  const { id } = await admin.issue(templateId, { tags: ["a"] });
  const answers = await Promise.all(
    numbers.map((i) =>
      i % 2 === 0 ? call("DELETE", `/passes/${id}`) : call("PATCH", `/passes/${id}`, { tags: [`t${i}`] }),
    ),
  );
  expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  expect(answers.every(({ status }) => [200, 204, 404].includes(status))).toBe(true);
  expect(await rowsOf(passTags, { passId: id })).toEqual([]);
  expect((await changesOf({ passId: id })).at(-1)?.kind).toBe("deleted");
});

test("a template is not deleted while a pass of it is issued", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const answers = await Promise.all(
    numbers.map((i) =>
      i === MANY / 2 ? call("DELETE", `/templates/${id}`) : call("POST", `/templates/${id}/passes`),
    ),
  );
  const outcome = [answered(204, answers).length, answered(201, answers).length];
  expect([
    [1, 0],
    [0, MANY - 1],
  ]).toContainEqual(outcome);
});

test("each change of a template with images is written completely, or refused", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(id);
  const image = (i: number) => drawPng(i + 1, 29, () => [i, i, i, 255]).toBase64();
  const answers = await Promise.all(
    numbers.map((i) =>
      i % 2 === 0
        ? call<Template>("PATCH", `/templates/${id}`, { images: { ...icon, "logo.png": image(i) } })
        : call<Template>("PATCH", `/templates/${id}`, { strings: { fr: { POINTS: `points ${i}` } } }),
    ),
  );
  for (const [i, { status, body }] of answers.entries()) {
    if (status === 200) continue;
    expect([i, status, body]).toMatchObject([i, 409, { code: "changed_meanwhile" }]);
  }
  const done = answered(200, answers);
  expect(done.length).toBeGreaterThan(1);
  // Each answer has what its request has sent: no request was overwritten with what another one had read earlier.
  for (const [i, { status, body }] of answers.entries()) {
    if (status !== 200) continue;
    if (i % 2 === 0) expect(body.images["logo.png"]?.width).toBe(i + 1);
    else expect(body.strings.fr?.POINTS).toBe(`points ${i}`);
  }
  const changes = await changesOf({ templateId: id });
  expect(changes).toHaveLength(1 + done.length);
  const shown = (await call<Template>("GET", `/templates/${id}`)).body;
  const { files, strings } = await download(pass);
  expect(strings).toEqual(shown.strings);
  expect(files["logo.png"]).toEqual(Uint8Array.fromBase64(image((shown.images["logo.png"]?.width ?? 0) - 1)));
  const packs = (await env.BUCKET.list({ prefix: "packs/" })).objects.length;
  const templateCount = await countRows(templates);
  // A replaced pack stays for the hourly job; one that lost its race does not.
  expect(packs).toBe(templateCount + done.length);
});

test("a pass type is created once, however many requests create it", async () => {
  const passTypeIdentifier = `${PASS_TYPE}.new`;
  const answers = await Promise.all(
    numbers.slice(0, 5).map(() => call<PassType>("POST", "/pass-types", { passTypeIdentifier })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  const keys = await rowsOf(signingKeys, { passTypeIdentifier });
  expect(keys.map(({ csr }) => csr)).toEqual([answers.find(({ status }) => status === 201)?.body.csr]);
});
