/**
 * Passes: issue, show, find, change, delete; what each request writes, and what it leaves alone.
 *
 * Follows Apple's "PassFieldContent" (which values fit a style) and RFC 7396 (how values merge).
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, download, refused, storeCard } from "../harness.ts";
import { changesOf as changesOfTarget, passRow } from "../rows.ts";

const PASS_TYPE = "pass.test.passes";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
let templateId: number;
let elsewhere: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  await admin.makePassType(`${PASS_TYPE}.elsewhere`);
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  elsewhere = (await admin.makeTemplate(`${PASS_TYPE}.elsewhere`)).id;
});

interface Page {
  items: Pass[];
  nextCursor: string | null;
}
async function found(query: string): Promise<number[]> {
  return (await call<Page>("GET", `/passes${query}`)).body.items.map(({ id }) => id);
}
async function changesOf(passId: number) {
  return (await changesOfTarget({ passId })).map(({ kind, actor, detail }) => ({ kind, actor, detail }));
}
const tagOf = async (id: number) => (await passRow(id)).tag;
const front = async (pass: Pass) => (await download(pass)).pass.storeCard as Record<string, object[]>;

describe("issuing", () => {
  test("an empty body is enough, because serial number, links and barcode have defaults", async () => {
    const { status, body } = await call<Pass>("POST", `/templates/${templateId}/passes`);
    expect(status).toBe(201);
    const { id, serialNumber, webToken, createdAt } = body;
    expect(serialNumber).toMatch(UUID);
    expect(webToken).toMatch(/^[0-9a-f]{40}$/);
    expect(body).toEqual({
      lint: { findings: [] },
      id,
      templateId,
      eventId: null,
      passTypeIdentifier: PASS_TYPE,
      serialNumber,
      externalId: null,
      values: {},
      pass: {},
      without: [],
      barcodeMessage: null,
      barcodeAltText: null,
      images: {},
      tags: [],
      status: "active",
      redeemedAt: null,
      redemptionId: null,
      voidedAt: null,
      voidReason: null,
      expiresAt: null,
      personalizedAt: null,
      registrations: 0,
      installStatus: "not_been_installed",
      installedAt: null,
      uninstalledAt: null,
      installs: {
        apple: { status: "not_been_installed", installedAt: null, uninstalledAt: null, registrations: 0 },
        google: { status: "not_been_installed", installedAt: null, uninstalledAt: null },
      },
      lifecycleState: null,
      revision: 1,
      webToken,
      downloadUrl: `https://passes.example.com/passes/${id}/${webToken}.pkpass`,
      landingUrl: `https://passes.example.com/p/${id}/${webToken}`,
      createdAt,
      updatedAt: createdAt,
    });
    expect(await admin.show(id)).toEqual({ ...body, lint: undefined });
  });

  test("all values of the request are stored and are in the built pass", async () => {
    const pass = await admin.issue(templateId, {
      serialNumber: "Größe 1 😀",
      externalId: "customer-1",
      values: { points: { value: "7", label: "PUNKTE", changeMessage: "Jetzt %@" }, balance: 3 },
      pass: { logoText: "Only mine", backgroundColor: "rgb(1, 2, 3)", description: "Mine" },
      barcodeMessage: "code-1",
      tags: ["vip", "berlin", "vip"],
    });
    expect(pass).toMatchObject({
      externalId: "customer-1",
      tags: ["berlin", "vip"],
      barcodeMessage: "code-1",
    });
    const { pass: json } = await download(pass);
    expect(json).toMatchObject({
      serialNumber: "Größe 1 😀",
      logoText: "Only mine",
      backgroundColor: "rgb(1, 2, 3)",
      description: "Mine",
      organizationName: storeCard.organizationName,
      webServiceURL: "https://passes.example.com",
      barcodes: [{ format: "PKBarcodeFormatQR", message: "code-1" }],
    });
    expect((json.storeCard as Record<string, object>).primaryFields).toEqual([
      { key: "points", label: "PUNKTE", value: "7", changeMessage: "Jetzt %@" },
    ]);
  });

  test("a serial number is unique within its pass type, also after the pass was deleted", async () => {
    const { id } = await admin.issue(templateId, { serialNumber: "taken" });
    const body = { serialNumber: "taken" };
    const taken = { status: 409, code: "serial_number_taken", pointer: "/serialNumber" };
    const alive = await refused(["POST", `/templates/${templateId}/passes`, body], taken);
    expect(alive.detail).toBe(
      `Pass ${id} has the serialNumber "taken". Change that pass, or choose another serialNumber.`,
    );
    const sibling = await admin.makeTemplate(PASS_TYPE);
    await refused(["POST", `/templates/${sibling.id}/passes`, body], taken);
    expect((await admin.issue(elsewhere, body)).serialNumber).toBe("taken");
    await admin.delete(id);
    const deleted = await refused(["POST", `/templates/${templateId}/passes`, body], taken);
    expect(deleted.detail).toBe(
      '"taken" belonged to a deleted pass. Serial numbers are never reused. Choose another serialNumber.',
    );
  });

  test("an externalId is unique within its pass type, and free again after the pass was deleted", async () => {
    const { id } = await admin.issue(templateId, { externalId: "mine" });
    const other = await admin.issue(templateId);
    const taken = { status: 409, code: "external_id_taken", pointer: "/externalId" };
    await refused(["POST", `/templates/${templateId}/passes`, { externalId: "mine" }], taken);
    await refused(["PATCH", `/passes/${other.id}`, { externalId: "mine" }], taken);
    await admin.issue(elsewhere, { externalId: "mine" });
    await admin.delete(id);
    await admin.change(other.id, { externalId: "mine" });
    await admin.change(other.id, { externalId: null });
    await admin.issue(templateId, { externalId: "mine" });
  });
});

test.each<[what: string, key: string, values: unknown[]]>([
  ["date", "until", ["tomorrow", "2027-01-01", "2027-01-01T00:00", "2027-13-01T00:00Z", "", 5]],
  ["number", "balance", ["12.5", "", "12 EUR"]],
])("a %s field accepts only values that its style can show", async (_what, key, values) => {
  const pass = await admin.issue(templateId);
  const refusal = { status: 422, code: "value_does_not_fit", pointer: `/values/${key}` };
  for (const value of values) {
    for (const override of [value, { value }]) {
      await refused(["POST", `/templates/${templateId}/passes`, { values: { [key]: override } }], refusal);
      await refused(["PATCH", `/passes/${pass.id}`, { values: { points: "1", [key]: override } }], refusal);
    }
  }
  const good = key === "until" ? "2027-06-01T10:00:30+02:00" : -0.5;
  expect((await admin.change(pass.id, { values: { [key]: good } })).values).toEqual({
    [key]: { value: good },
  });
  await download(pass);
});

test("a value for an unknown field is refused, and the refusal lists the template's fields", async () => {
  const pass = await admin.issue(templateId);
  const refusal = { status: 422, code: "unknown_field", pointer: "/values/a~1b" };
  for (const [method, path] of [
    ["POST", `/templates/${templateId}/passes`],
    ["PATCH", `/passes/${pass.id}`],
  ] as const) {
    const problem = await refused([method, path, { values: { points: "1", "a/b": "2" } }], refusal);
    expect(problem.detail).toBe(
      'The template has no field "a/b". Its fields are: balance, points, until, terms.',
    );
  }
  expect((await admin.change(pass.id, { values: { gone: null } })).values).toEqual({});
});

test("values are merged by field key: absent keys stay, null removes a value, and a label stays when the value changes", async () => {
  const { id } = await admin.issue(templateId, {
    values: { points: { value: "1", label: "L" }, terms: "T" },
  });
  const changed = await admin.change(id, { values: { points: "2", balance: 4 } });
  expect(changed.values).toEqual({
    points: { value: "2", label: "L" },
    terms: { value: "T" },
    balance: { value: 4 },
  });
  const removed = await admin.change(id, { values: { points: null, terms: { changeMessage: "%@" } } });
  expect(removed.values).toEqual({ terms: { value: "T", changeMessage: "%@" }, balance: { value: 4 } });
  expect((await front(removed)).primaryFields).toEqual(storeCard.storeCard.primaryFields);
  expect((await front(removed)).backFields).toEqual([
    { key: "terms", label: "Terms", value: "T", changeMessage: "%@" },
  ]);
});

test("pass is merged by key, also inside objects; without, tags and barcodeMessage replace the stored ones completely", async () => {
  const userInfo = { a: { x: 1, y: 1 }, list: [{ a: null }], n: 1 };
  const { id } = await admin.issue(templateId, {
    pass: { logoText: "A", maxDistance: 5, userInfo },
    without: ["nfc", "locations"],
    tags: ["a", "b"],
    barcodeMessage: "one",
  });
  const changed = await admin.change(id, {
    pass: { logoText: null, userInfo: { a: { x: null, z: 1 }, n: 2, none: null } },
    values: { points: { label: "L" } },
    without: ["locations"],
    tags: ["c", "b"],
    barcodeMessage: null,
  });
  expect(changed).toMatchObject({ tags: ["b", "c"], barcodeMessage: null, without: ["locations"] });
  const merged = { a: { y: 1, z: 1 }, list: [{ a: null }], n: 2 };
  expect(changed.pass).toEqual({ maxDistance: 5, userInfo: merged });
  expect((await download(changed)).pass).not.toHaveProperty("logoText");
  const bare = { tags: [], without: [], pass: { userInfo: null }, values: { points: { label: null } } };
  const last = await admin.change(id, bare);
  expect(last).toMatchObject({ tags: [], without: [], pass: { maxDistance: 5 }, values: { points: {} } });
});

test.each<[what: string, body: Record<string, unknown>]>([
  ["nothing", {}],
  ["the same values", { values: { points: "1" } }],
  ["the same values as objects", { values: { points: { value: "1" }, terms: null } }],
  ["the same overrides, code and tags", { pass: { logoText: "A" }, barcodeMessage: "one", tags: ["a"] }],
  ["another externalId and other tags", { externalId: "meta", tags: ["b"] }],
])("a change of %s does not notify phones", async (_what, body) => {
  const issued = { values: { points: "1" }, pass: { logoText: "A" }, barcodeMessage: "one", tags: ["a"] };
  const { id } = await admin.issue(templateId, issued);
  const tag = await tagOf(id);
  const changed = await admin.change(id, body);
  expect(await changesOf(id)).toEqual([{ kind: "issued", actor: "admin", detail: null }]);
  expect(await tagOf(id)).toBe(tag);
  if (body.tags !== undefined) expect(changed.tags).toEqual(body.tags);
  await admin.change(id, { externalId: null });
});

test("a change writes one row of the log, whose id is the pass's new tag", async () => {
  const { id } = await admin.issue(templateId);
  await admin.change(id, {
    values: { points: "1" },
    pass: { logoText: "A" },
    tags: ["a"],
    externalId: "row",
  });
  expect((await changesOf(id)).map(({ kind }) => kind)).toEqual(["issued", "changed"]);
  const last = (await changesOfTarget({ passId: id })).at(-1)?.id;
  expect(await tagOf(id)).toBe(last);
});

test("a deleted pass is gone from every route, and its content is gone from the table", async () => {
  const { id } = await admin.issue(templateId, {
    values: { points: "secret" },
    tags: ["gone"],
    externalId: "gone",
  });
  expect((await call("DELETE", `/passes/${id}`)).status).toBe(204);
  const gone = { status: 404, code: "pass_not_found" };
  await refused(["GET", `/passes/${id}`], gone);
  await refused(["PATCH", `/passes/${id}`, { values: { points: "1" } }], gone);
  await refused(["POST", `/passes/${id}/redeem`], gone);
  await refused(["POST", `/passes/${id}/unredeem`], gone);
  await refused(["GET", `/passes/${id}/download`], gone);
  await refused(["DELETE", `/passes/${id}`], gone);
  expect(await found("?tag=gone")).toEqual([]);
  const erased = { values: "{}", pass: "{}", barcodeMessage: null, externalId: null };
  expect(await passRow(id)).toMatchObject(erased);
});

test("passes are found by template, code, tag and status, newest first, page by page", async () => {
  const own = (await admin.makeTemplate(PASS_TYPE)).id;
  const ids: number[] = [];
  for (let i = 0; i < 5; i++) {
    const body = { barcodeMessage: `find-${i % 2}`, tags: i < 2 ? ["find", `t${i}`] : [] };
    ids.unshift((await admin.issue(own, body)).id);
  }
  const [e, d, c, b, a] = ids;
  await admin.redeem(a ?? 0);
  await admin.delete(c ?? 0);
  expect(await found(`?templateId=${own}`)).toEqual([e, d, b, a]);
  expect(await found("?code=find-0")).toEqual([e, a]);
  expect(await found("?code=find")).toEqual([]);
  expect(await found("?tag=find")).toEqual([b, a]);
  expect(await found("?tag=t1")).toEqual([b]);
  expect(await found(`?templateId=${own}&status=redeemed`)).toEqual([a]);
  expect(await found(`?templateId=${own}&status=active`)).toEqual([e, d, b]);
  expect(await found("?tag=find&code=find-0&status=redeemed")).toEqual([a]);

  const first = (await call<Page>("GET", `/passes?templateId=${own}&limit=3`)).body;
  expect([first.items.map(({ id }) => id), first.nextCursor]).toEqual([[e, d, b], String(b)]);
  const second = (await call<Page>("GET", `/passes?templateId=${own}&limit=3&cursor=${first.nextCursor}`))
    .body;
  expect([second.items.map(({ id }) => id), second.nextCursor]).toEqual([[a], null]);
});

test("a code is found exactly as it is scanned, whatever characters it has", async () => {
  const code = "a b&c=d%2B+\"'😀";
  const { id } = await admin.issue(templateId, { barcodeMessage: code });
  expect(await found(`?code=${encodeURIComponent(code)}`)).toEqual([id]);
  // Without a message of its own a pass shows its serial number, and is found by it.
  const plain = await admin.issue(templateId, { serialNumber: "scanned-9" });
  expect((await download(plain)).pass.barcode).toMatchObject({ message: "scanned-9" });
  expect(await found("?code=scanned-9")).toEqual([plain.id]);
});
