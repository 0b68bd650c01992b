/**
 * Finding passes: the filters of the list and of the count, and the pass with an externalId.
 */
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { passes, passTags } from "../../src/db/schema.ts";
import { countPasses } from "../../src/passes/count.ts";
import type { PassFilter as ScopedFilter } from "../../src/passes/filter.ts";
import { hasInstallStatus, INSTALL_STATUSES, WALLETS } from "../../src/passes/install-status.ts";
import type { Pass } from "../../src/passes/show.ts";
import { PASS_STATUSES } from "../../src/passes/status.ts";
import { admin, call } from "../harness.ts";
import { copyPass, db, insertRows, setRows } from "../rows.ts";

const [FIRST, SECOND] = ["pass.test.find-1", "pass.test.find-2"] as const;
let templates: number[];
let eventId: number;

beforeAll(async () => {
  await Promise.all([FIRST, SECOND].map((passType) => admin.makePassType(passType)));
  templates = [];
  for (const passType of [FIRST, FIRST, SECOND])
    templates.push((await admin.makeTemplate(passType, { externalId: `${templates.length}` })).id);
  eventId = (await admin.makeEvent()).id;
});

/** The filters of a request. */
type PassFilter = Omit<ScopedFilter, "scope">;

interface List {
  readonly items: readonly Pass[];
  readonly nextCursor: string | null;
}

const queryOf = (filter: PassFilter) =>
  new URLSearchParams(Object.entries(filter).map(([name, value]) => [name, String(value)])).toString();

/** All pages. */
async function found(filter: PassFilter, limit = 50): Promise<number[]> {
  const ids: number[] = [];
  for (let cursor = ""; ; ) {
    const { body } = await call<List>("GET", `/passes?${queryOf(filter)}&limit=${limit}${cursor}`);
    ids.push(...body.items.map(({ id }) => id));
    if (body.nextCursor === null) return ids;
    cursor = `&cursor=${body.nextCursor}`;
  }
}

const countOf = async (filter: PassFilter) =>
  (await call<{ count: number; isExact: boolean }>("GET", `/passes/count?${queryOf(filter)}`)).body;

test("filters in any combination find exactly the passes that match all of them, and the count is their number", async () => {
  const all: (Pass & { code: string })[] = [];
  for (let at = 0; at < 12; at++) {
    // The third template is of the second pass type, so each type has its own numbers.
    const number = at % 3 === 2 ? Math.floor(at / 3) : at - Math.floor((at + 1) / 3);
    const { id } = await admin.issue(templates[at % 3] ?? 0, {
      serialNumber: `s/${number}`,
      ...(at % 4 > 0 ? { externalId: `e/${number}` } : {}),
      ...(at % 4 < 2 ? { eventId } : {}),
      tags: at % 3 === 0 ? ["a", "b"] : ["b"],
      barcodeMessage: `c${at % 2}`,
    });
    if (at % 5 === 1) await admin.void(id);
    if (at % 5 === 2) await admin.redeem(id);
    await setRows(
      passes,
      { id },
      {
        installedAt: at % 4 > 0 ? 1 : null,
        uninstalledAt: at % 4 > 1 ? 2 : null,
        googleInstalledAt: at % 3 > 0 ? 1 : null,
        googleUninstalledAt: at % 3 > 1 ? 2 : null,
      },
    );
    all.push({ ...(await admin.show(id)), code: `c${at % 2}` });
  }
  const newestFirst = all.toReversed();
  const some = <Value>(...values: Value[]) => fc.constantFrom(...values);
  const filters = fc.record(
    {
      serialNumber: some("s/0", "s/1", "s/2"),
      externalId: some("e/0", "e/1", "e/2"),
      passTypeIdentifier: some(FIRST, SECOND, "pass.test.of-nobody"),
      templateId: some(...templates),
      eventId: some(eventId, eventId + 1000),
      code: some("c0", "c1", "c2"),
      tag: some("a", "b", "c"),
      status: some(...PASS_STATUSES),
      installStatus: some(...INSTALL_STATUSES),
      wallet: some(...WALLETS),
    },
    { requiredKeys: [] },
  );
  const property = fc.asyncProperty(filters, async (filter) => {
    const { tag, wallet, installStatus, ...equal } = filter;
    const sought = installStatus ?? (wallet && "installed");
    const matches = newestFirst.filter(
      (pass) =>
        (tag === undefined || pass.tags.includes(tag)) &&
        (sought === undefined ||
          (wallet === undefined ? pass.installStatus : pass.installs[wallet].status) === sought) &&
        Object.entries(equal).every(([name, value]) => pass[name as keyof typeof equal] === value),
    );
    const ids = matches.map(({ id }) => id);
    expect(await found(filter)).toEqual(ids);
    expect(await found(filter, 2)).toEqual(ids);
    expect(await countOf(filter)).toEqual({ count: ids.length, isExact: true });
  });
  await fc.assert(property, {
    numRuns: 40,
    examples: [[{}], [{ externalId: "e/1" }], [{ serialNumber: "s/0" }]],
  });
  const [deleted] = newestFirst;
  await admin.delete(deleted?.id ?? 0);
  expect(await found({})).toEqual(newestFirst.slice(1).map(({ id }) => id));
});

test("a text finds the passes that have it in one of their own values, and not in a label, a key or another layer", async () => {
  const fields = ["name", "seat", "row"].map((key) => ({ key, label: key, value: "Nobody" }));
  const pass = { description: "Ticket", organizationName: "Hall", generic: { primaryFields: fields } };
  const { id: templateId } = await admin.makeTemplate(FIRST, { pass });
  const issue = async (values: Record<string, unknown>) => (await admin.issue(templateId, { values })).id;
  const ada = await issue({ name: "Ada Lovelace", seat: '12 "left" 100%' });
  const zoe = await issue({ name: "Zoë", row: 1234, seat: { label: "Lovelace" } });
  await issue({});
  const texts: [text: string, ids: number[]][] = [
    ["lovelace", [ada]],
    ["ADA L", [ada]],
    ['"left" 100%', [ada]],
    ["zoë", [zoe]],
    ["ZOË", []],
    ["23", [zoe]],
    ["%", [ada]],
    ["_", []],
    ["seat", []],
    ["nobody", []],
  ];
  for (const [text, ids] of texts) {
    expect([text, await found({ templateId, text })]).toEqual([text, ids]);
    expect([text, await countOf({ templateId, text })]).toEqual([text, { count: ids.length, isExact: true }]);
  }
});

test("one call examines 2,000 passes: pages may be empty, their cursors lead to every match, and a count says that it is not exact", async () => {
  const { id: templateId } = await admin.makeTemplate(FIRST);
  const voided = await admin.issue(templateId, { barcodeMessage: "many", tags: ["rare"] });
  await admin.void(voided.id);
  const { id } = await admin.issue(templateId, { barcodeMessage: "many" });
  const copies = await copyPass(id, 2100, "many-");
  const last = await admin.issue(templateId, { barcodeMessage: "many", tags: ["rare"] });
  await admin.void(last.id);
  for (const more of [{}, { templateId }, { code: "many" }]) {
    const filter = { ...more, status: "voided", passTypeIdentifier: FIRST } as const;
    const first = (await call<List>("GET", `/passes?${queryOf(filter)}`)).body;
    expect(first.items.map((pass) => pass.id)).toEqual([last.id]);
    expect(first.nextCursor).not.toBeNull();
    expect((await found(filter)).slice(0, 2)).toEqual([last.id, voided.id]);
    expect(await countPasses(db, { ...filter, scope: undefined }, Date.now(), 100)).toMatchObject({
      isExact: "code" in more,
    });
  }
  expect(await found({ tag: "rare" })).toEqual([last.id, voided.id]);
  expect(await countOf({ templateId })).toEqual({ count: 2103, isExact: true });
  for (const filter of [{ templateId }, { templateId, code: "many" }])
    expect(await countPasses(db, { ...filter, scope: undefined }, Date.now(), 1000)).toEqual({
      count: 1000,
      isExact: false,
    });
  await setRows(passes, { templateId, voidedAt: null }, { deletedAt: 1 });
  expect(await found({ templateId })).toEqual([last.id, voided.id]);
  await insertRows(
    passTags,
    copies.map((passId) => ({ passId, tag: "rare" })),
  );
  expect(await found({ tag: "rare" })).toEqual([last.id, voided.id]);
});

test("the install status in SQL is the one that answers show", async () => {
  const times = [null, 1].flatMap((installedAt) =>
    [null, 2].flatMap((uninstalledAt) =>
      [null, 1].flatMap((googleInstalledAt) =>
        [null, 2].map((googleUninstalledAt) => ({
          ...{ installedAt, uninstalledAt },
          ...{ googleInstalledAt, googleUninstalledAt },
        })),
      ),
    ),
  );
  const { id } = await admin.issue(templates[0] ?? 0);
  for (const row of times) {
    await setRows(passes, { id }, row);
    const { installStatus, installs } = await admin.show(id);
    const shown = [
      [undefined, installStatus],
      ...WALLETS.map((wallet) => [wallet, installs[wallet].status] as const),
    ] as const;
    for (const [wallet, shownStatus] of shown)
      for (const status of INSTALL_STATUSES) {
        const matching = await db.$count(passes, sql`id = ${id} AND ${hasInstallStatus(status, wallet)}`);
        expect([row, wallet, status, matching]).toEqual([
          ...[row, wallet, status],
          Number(status === shownStatus),
        ]);
      }
  }
});

test("a pass is found by its externalId, with its ETag; with several pass types the refusal names them", async () => {
  const [first = 0, , other = 0] = templates;
  const path = (externalId: string) => `/passes/by-external-id?externalId=${encodeURIComponent(externalId)}`;
  for (const externalId of ["customers/1041", "50% off?&#+", "a%2Fb", "ä 😀", "..", "1"]) {
    const pass = await admin.issue(first, { externalId });
    const { status, headers, body } = await call<Pass>("GET", path(externalId));
    const shown = await call<Pass>("GET", `/passes/${pass.id}`);
    expect([status, body, headers.get("etag")]).toEqual([200, shown.body, shown.headers.get("etag")]);
    const etag = { "If-None-Match": headers.get("etag") ?? "" };
    expect((await call("GET", path(externalId), undefined, etag)).status).toBe(304);
    if (externalId === "..") continue; // no client sends it in a path
    const inPath = `/passes/by-external-id/${encodeURIComponent(externalId)}?passTypeIdentifier=${FIRST}`;
    expect((await call("GET", inPath)).body).toEqual(body);
  }

  const twin = await admin.issue(other, { externalId: "customers/1041" });
  const ambiguous = await call("GET", path("customers/1041"));
  expect(ambiguous.body).toMatchObject({
    ...{ status: 409, code: "external_id_ambiguous", pointer: "/passTypeIdentifier" },
    passTypeIdentifiers: [FIRST, SECOND],
  });
  expect(ambiguous.body.detail).toContain(`${FIRST}, ${SECOND}`);
  const ofSecond = `${path("customers/1041")}&passTypeIdentifier=${SECOND}`;
  expect((await call<Pass>("GET", ofSecond)).body.id).toBe(twin.id);
  await admin.delete(twin.id);
  expect((await call("GET", ofSecond)).body).toMatchObject({ status: 404, code: "pass_not_found" });
  expect((await call("GET", path("customers/1041"))).status).toBe(200);
  expect((await call("GET", path("of-nobody"))).body).toMatchObject({ status: 404, code: "pass_not_found" });
});

test("an unknown filter is refused with the names of those that there are", async () => {
  const filters =
    "serialNumber, externalId, passTypeIdentifier, templateId, eventId, code, tag, text, status, installStatus, wallet";
  for (const [path, known] of [
    ["/passes?serial=1", `This route takes cursor, limit, ${filters}.`],
    ["/passes/count?serial=1", `This route takes ${filters}.`],
    ["/templates?serial=1", "This route takes cursor, limit, externalId, passTypeIdentifier, projectId."],
  ] as const) {
    const { body } = await call("GET", path);
    expect(body).toMatchObject({ status: 400, code: "invalid_parameter", pointer: "/serial" });
    expect(body.detail).toBe(`"serial" is not a known parameter. ${known}`);
  }
  expect((await call("POST", "/scans?serial=1", {})).body.detail).toContain(
    "This route takes no parameters.",
  );
  for (const wrong of [
    "installStatus=gone",
    "wallet=samsung",
    "status=void",
    "externalId=",
    "serialNumber=",
    "passTypeIdentifier=x",
  ])
    expect((await call("GET", `/passes/count?${wrong}`)).body).toMatchObject({
      ...{ status: 400, code: "invalid_parameter", pointer: `/${wrong.split("=")[0]}` },
    });
});

test("templates are found by externalId, pass type and project, and events by externalId", async () => {
  const list = async (path: string) => (await call<List>("GET", path)).body.items.map(({ id }) => id);
  const [zero, one, two] = templates;
  expect(await list("/templates?externalId=1")).toEqual([one]);
  expect(await list(`/templates?externalId=1&passTypeIdentifier=${SECOND}`)).toEqual([]);
  expect(await list(`/templates?passTypeIdentifier=${SECOND}`)).toEqual([two]);
  const { id: projectId } = await admin.makeProject();
  await admin.changeTemplate(zero ?? 0, { projectId });
  expect(await list(`/templates?projectId=${projectId}&passTypeIdentifier=${FIRST}`)).toEqual([zero]);
  const events = [];
  for (const externalId of ["night/1", "night/2"])
    events.push(await admin.makeEvent({ externalId }, projectId));
  const path = `/projects/${projectId}/events?externalId=night%2F1`;
  expect(await list(path)).toEqual([events[0]?.id]);
  expect(await list(`${path}x`)).toEqual([]);
});
