/**
 * A search by code finds exactly the passes that show the code in a barcode of their pass.json, and a message that a template
 * or an event sets for all of its passes finds none of them.
 *
 * The passes of templates × events × barcodes of their own are made from a seed. VITE_CODES_SEED=… npm test uses another
 * one. Follows Apple's "Pass.Barcodes".
 */
import { strFromU8, unzipSync } from "fflate";
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { adminCost, counters, explain } from "../cost.ts";
import { type Full, call as passdock, read } from "../dialects/passdock-client.ts";
import { admin, call, refused, send, storeCard } from "../harness.ts";
import { copyPass } from "../rows.ts";
import { Random } from "../tools/model/random.ts";

const PASS_TYPE = "pass.test.codes";
const OTHER_PASS_TYPE = "pass.test.codes.other";
const random = new Random(String(import.meta.env.VITE_CODES_SEED ?? "codes"));
type Body = Record<string, unknown>;
interface Barcodes {
  readonly barcodes?: readonly { message?: string }[];
  readonly barcode?: { message?: string };
}

const { barcodes: _, ...bare } = storeCard;
const qr = { format: "PKBarcodeFormatQR" };
const code128 = { format: "PKBarcodeFormatCode128" };
/** The serial numbers are among the texts, so that one pass shows what identifies another. */
const SERIAL_NUMBERS = Array.from({ length: 16 }, (_, index) => `S${index}`);
const TEXTS = ["A", "B", "ä b&c", ...SERIAL_NUMBERS.slice(0, 5)];

function someBarcode(): Body {
  const message = random.pick([
    {},
    { message: "" },
    ...[1, 2, 3].map(() => ({ message: random.pick(TEXTS) })),
  ]);
  return { ...random.pick([qr, code128]), ...message };
}

/** Either key, both or none, and sometimes an empty list. */
function someBarcodes(): Body {
  const barcodes = Array.from({ length: random.pick([0, 1, 1, 2, 3, 8]) }, someBarcode);
  return random.pick<() => Body>([
    () => ({}),
    () => ({ barcodes }),
    () => ({ barcodes: barcodes.slice(0, 1) }),
    () => ({ barcode: someBarcode() }),
    () => ({ barcodes, barcode: someBarcode() }),
  ])();
}

/** Mostly nothing; sometimes the barcodes are taken away, by either of their names. */
const someWithout = () => random.pick([[], [], [], ["voided"], ["barcode"], ["nfc", "barcodes"]]);

function somePass(serialNumber: string, events: readonly { id: number }[]): Body {
  return {
    serialNumber,
    pass: random.pick([{}, someBarcodes(), someBarcodes()]),
    without: someWithout(),
    ...random.pick([{}, {}, {}, { barcodeMessage: "" }, { barcodeMessage: random.pick(TEXTS) }]),
    ...random.pick([{}, ...events.map(({ id }) => ({ eventId: id }))]),
  };
}

async function passJson({ downloadUrl }: Pick<Pass, "downloadUrl">): Promise<Barcodes> {
  const files = unzipSync(new Uint8Array(await (await send(new Request(downloadUrl))).arrayBuffer()));
  return JSON.parse(strFromU8(files["pass.json"] ?? new Uint8Array())) as Barcodes;
}

/** What the pass shows, except for a message that its template or event sets for all of its passes. */
async function codesOf(pass: Pass): Promise<Set<string | undefined>> {
  const { barcodes = [], barcode } = await passJson(pass);
  const shown = [...barcodes, ...(barcode === undefined ? [] : [barcode])].map(({ message }) => message);
  const { pass: own } = pass;
  const isOwn = pass.barcodeMessage !== null || own.barcodes !== undefined || own.barcode !== undefined;
  return new Set(shown.filter((message) => isOwn || message === pass.serialNumber));
}

/** All pages of a search. */
async function found(query: string, cursor = ""): Promise<number[]> {
  const { body } = await call<{ items: Pass[]; nextCursor: string | null }>(
    "GET",
    `/passes?${query}${cursor}`,
  );
  const ids = body.items.map(({ id }) => id);
  return body.nextCursor === null ? ids : [...ids, ...(await found(query, `&cursor=${body.nextCursor}`))];
}

async function expectFound(ids: readonly number[]): Promise<void> {
  const passes = await Promise.all(ids.map((id) => admin.show(id)));
  const shown = new Map<Pass, Set<string | undefined>>();
  for (const pass of passes) shown.set(pass, await codesOf(pass));
  const newest = [...shown].sort(([a], [b]) => b.id - a.id);
  for (const code of new Set([...TEXTS, ...SERIAL_NUMBERS, "nobody's", ""])) {
    const showing = newest.flatMap(([pass, codes]) => (codes.has(code) ? [pass] : []));
    const expected = showing.map(({ id }) => id);
    const query = `code=${encodeURIComponent(code)}`;
    expect(await found(query), code).toEqual(expected);
    if (!TEXTS.includes(code)) continue;
    expect(await found(`${query}&limit=2`), `${code}, page by page`).toEqual(expected);
    const many = { code, many: true };
    expect(
      (await read<Full[]>(passdock("GET", "/passes/search", many))).map(({ id }) => id),
      code,
    ).toEqual(expected);
    const [first] = showing;
    if (first === undefined) continue;
    const ofTemplate = showing
      .filter(({ templateId }) => templateId === first.templateId)
      .map(({ id }) => id);
    const path = `/templates/${first.templateId}/passes/search`;
    expect(
      (await read<Full[]>(passdock("GET", path, many))).map(({ id }) => id),
      code,
    ).toEqual(ofTemplate);
    expect((await read<Full>(passdock("GET", path, { code }))).id, code).toBe(ofTemplate[0]);
    expect((await read<Full>(passdock("GET", "/passes/search", { code }))).id, code).toBe(expected[0]);
  }
}

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  await admin.makePassType(OTHER_PASS_TYPE, undefined, "P-256");
});

test("a code finds exactly the passes that show it, also after passes, events and templates changed", async () => {
  const project = (await admin.makeProject()).id;
  const passTypes = [PASS_TYPE, PASS_TYPE, PASS_TYPE, OTHER_PASS_TYPE, OTHER_PASS_TYPE];
  const templates = await Promise.all(
    passTypes.map((passType) => admin.makeTemplate(passType, { pass: { ...bare, ...someBarcodes() } })),
  );
  const events = await Promise.all(
    [1, 2, 3].map(() => admin.makeEvent({ pass: someBarcodes(), without: someWithout() }, project)),
  );
  const ids: number[] = [];
  for (const serialNumber of SERIAL_NUMBERS) {
    // In both pass types, so that two passes have the same serial number.
    for (const template of [random.pick(templates.slice(0, 3)), random.pick(templates.slice(3))])
      ids.push((await admin.issue(template.id, somePass(serialNumber, events))).id);
  }
  await expectFound(ids);

  for (const id of ids.filter(() => random.chance(0.4))) {
    const { serialNumber: _, ...change } = somePass("", events);
    await admin.change(id, { barcodeMessage: null, ...change });
  }
  for (const { id } of templates) await admin.changeTemplate(id, { pass: { ...bare, ...someBarcodes() } });
  const [gone, ...others] = events;
  for (const event of others)
    await admin.changeEvent(event, { pass: someBarcodes(), without: someWithout() });
  if (gone !== undefined) await admin.deleteEvent(gone);
  await admin.delete(ids.pop() ?? 0);
  await expectFound(ids);
});

test("the message of a template or of an event finds none of the passes that share it", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE, {
    pass: { ...bare, barcodes: [{ ...qr, message: "SHARED" }] },
  });
  await admin.issue(id, { serialNumber: "sharing" });
  const event = await admin.makeEvent({ pass: { barcodes: [{ ...qr, message: "EVENT" }] } });
  await admin.issue(id, { serialNumber: "sharing-too", eventId: event.id });
  const own = await admin.issue(id, { barcodeMessage: "SHARED" });
  expect(await found("code=SHARED")).toEqual([own.id]);
  expect(await found("code=EVENT")).toEqual([]);
  expect(await found("code=sharing")).toEqual([]);
});

test("`without` takes barcodes and barcode for the same, and a change of one of them alone removes the other", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(id, { serialNumber: "one-thing" });
  for (const key of ["barcodes", "barcode"]) {
    expect((await admin.change(pass.id, { without: [key] })).without).toEqual(["barcodes"]);
    expect(await passJson(pass)).not.toHaveProperty("barcodes");
    expect(await found("code=one-thing")).toEqual([]);
    await admin.change(pass.id, { without: [] });
    expect(await found("code=one-thing")).toEqual([pass.id]);
  }
  const [first, second] = [
    { ...qr, message: "first" },
    { ...qr, message: "second" },
  ];
  const own = async (change: Body) => (await admin.change(pass.id, { pass: change })).pass;
  expect(await own({ barcodes: [first], barcode: first })).toEqual({ barcodes: [first], barcode: first });
  expect(await own({ barcode: second })).toEqual({ barcode: second });
  expect(await own({ barcode: { altText: "second" } })).toEqual({
    barcode: { ...second, altText: "second" },
  });
  expect(await found("code=first")).toEqual([]);
  expect(await own({ barcodes: [first] })).toEqual({ barcodes: [first] });
  expect(await found("code=second")).toEqual([]);
  expect(await own({ barcode: null })).toEqual({});
  const event = await admin.makeEvent({ pass: { barcodes: [first], barcode: first } });
  expect((await admin.changeEvent(event, { pass: { barcode: second } })).pass).toEqual({ barcode: second });
});

test("a pass may have eight barcodes of its own, and is found by each of their texts", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const texts = [..."ijklmnop"].map((letter) => `of ${letter}`);
  const barcodes = texts.map((message) => ({ ...qr, message }));
  const pass = await admin.issue(id, { pass: { barcodes, barcode: { ...qr, message: "of i only" } } });
  for (const text of [...texts, "of i only"]) expect(await found(`code=${text}`)).toEqual([pass.id]);
  const more = { pass: { barcodes: [...barcodes, qr] } };
  const refusal = { status: 422, code: "invalid_pass", pointer: "/pass/barcodes" };
  await refused(["POST", `/templates/${id}/passes`, more], refusal);
});

test("a pass with one text costs one row of an index, each other text of its own one more", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const written = async (body: Body) =>
    (await adminCost("POST", `/templates/${id}/passes`, body)).answer.rowsWritten;
  const one = await written({});
  const barcodes = [
    { ...qr, message: "one" },
    { ...code128, message: "one" },
  ];
  expect(await written({ barcodeMessage: "two" })).toBe(one);
  expect(await written({ pass: { barcodes } })).toBe(one);
  expect(await written({ pass: { barcodes: [...barcodes, { ...qr, message: "other" }] } })).toBe(one + 1);
});

test("a search is one query that reads only rows with the code, however many passes there are", async () => {
  const { id } = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(id, { barcodeMessage: "needle" });
  const search = () => adminCost("GET", "/passes?code=needle");
  const asked = counters.asked.length;
  const { answer } = await search();
  const steps = (await explain(counters.asked.slice(asked))).map(({ step }) => step);
  expect(steps.filter((step) => /^SCAN passes/.test(step))).toEqual([]);
  expect(answer.trips).toBe(1);
  await copyPass((await admin.issue(id)).id, 300, "hay-");
  expect((await search()).answer).toEqual(answer);
  expect(await found("code=needle")).toEqual([pass.id]);
});
