/**
 * Barcodes by the admin API: the encoding that was asked for, the findings where it cannot write the message, and the text
 * below the code.
 *
 * Follows Apple's "Pass.Barcodes".
 */
import { beforeAll, expect, test } from "vitest";
import { admin, call, download, refused, send, storeCard } from "../harness.ts";
import { passRow } from "../rows.ts";

const PASS_TYPE = "pass.test.barcodes";
const pdf417 = { format: "PKBarcodeFormatPDF417" };
interface Linted {
  readonly id: number;
  readonly lint: { readonly findings: readonly { code: string; pointer: string; severity: string }[] };
}
type Body = Record<string, unknown>;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
});

const withBarcodes = (...barcodes: Body[]) => ({ ...storeCard, barcodes });
const barcodesOf = async (pass: Parameters<typeof download>[0]) =>
  (await download(pass)).pass.barcodes as Record<string, string>[];

/** The findings about encodings. */
async function findings(method: string, path: string, body: Body): Promise<string[]> {
  const { lint } = (await call<Linted>(method, path, body)).body;
  return lint.findings.flatMap(({ severity, code, pointer }) =>
    code.startsWith("message_encoding") ? [`${severity} ${code} ${pointer}`] : [],
  );
}
const MISMATCH = "warning message_encoding_mismatch";

test("a message is written in the encoding that was asked for, by template, event and pass", async () => {
  const template = await admin.makeTemplate(PASS_TYPE, {
    pass: withBarcodes({ ...pdf417, message: "10 €", messageEncoding: "windows-1252" }),
  });
  const russian = { ...pdf417, message: "Привет", messageEncoding: "windows-1251" };
  const japanese = { ...pdf417, message: "日本語", messageEncoding: "Shift_JIS" };
  const event = await admin.makeEvent({ pass: { barcodes: [russian] } });
  expect(await barcodesOf(await admin.issue(template.id))).toMatchObject([
    { messageEncoding: "windows-1252" },
  ]);
  expect(await barcodesOf(await admin.issue(template.id, { eventId: event.id }))).toEqual([russian]);
  const own = { eventId: event.id, pass: { barcodes: [japanese] } };
  expect(await barcodesOf(await admin.issue(template.id, own))).toEqual([japanese]);
});

test("an event without barcodes has no findings", async () => {
  const { projectId } = await admin.makeEvent();
  for (const pass of [{}, { logoText: "E" }, { barcodes: [] }]) {
    const { body } = await call<Linted>("POST", `/projects/${projectId}/events`, { name: "E", pass });
    expect(body.lint.findings).toEqual([]);
  }
});

test("an encoding that cannot write the message is a finding where it was asked for", async () => {
  const barcode = { ...pdf417, message: "10 €", messageEncoding: "iso-8859-1" };
  const pass = withBarcodes(barcode);
  const { id } = await admin.makeTemplate(PASS_TYPE, { pass });
  expect(await findings("PATCH", `/templates/${id}`, { pass })).toEqual([
    `${MISMATCH} /pass/barcodes/0/messageEncoding`,
  ]);
  const { projectId } = await admin.makeEvent();
  expect(await findings("POST", `/projects/${projectId}/events`, { name: "E", pass: { barcode } })).toEqual([
    `${MISMATCH} /pass/barcode/messageEncoding`,
  ]);
  // The finding of the template is not one of the pass.
  expect(await findings("POST", `/templates/${id}/passes`, {})).toEqual([]);
  for (const key of ["barcodes", "barcode"]) {
    const own = { pass: { [key]: key === "barcodes" ? [barcode] : barcode } };
    const pointer = key === "barcodes" ? "/pass/barcodes/0/messageEncoding" : "/pass/barcode/messageEncoding";
    expect(await findings("POST", `/templates/${id}/passes`, own)).toEqual([`${MISMATCH} ${pointer}`]);
  }
  expect(await findings("POST", `/templates/${id}/passes`, { barcodeMessage: "日" })).toEqual([
    `${MISMATCH} /barcodeMessage`,
  ]);
  const plain = await admin.makeTemplate(PASS_TYPE, {
    pass: withBarcodes({ ...pdf417, messageEncoding: "iso-8859-1" }),
  });
  const issued = await call<Linted>("POST", `/templates/${plain.id}/passes`, { serialNumber: "№ 1" });
  expect(issued.body.lint.findings).toMatchObject([
    { code: "message_encoding_mismatch", pointer: "/serialNumber", severity: "warning" },
  ]);
  const shown = await admin.show(issued.body.id);
  expect(await barcodesOf(shown)).toMatchObject([{ message: "№ 1", messageEncoding: "utf-8" }]);
  expect(await findings("PATCH", `/passes/${shown.id}`, { barcodeMessage: "№ 2" })).toEqual([
    `${MISMATCH} /barcodeMessage`,
  ]);
});

test('with the barcodeText "message" of a template, the text below each code is the code', async () => {
  const template = await admin.makeTemplate(PASS_TYPE, { barcodeText: "message" });
  expect(template.barcodeText).toBe("message");
  const pass = await admin.issue(template.id, { serialNumber: "text-1" });
  const shown = async () => (await barcodesOf(pass)).map(({ message, altText }) => [message, altText]);
  expect(await shown()).toEqual([["text-1", "text-1"]]);
  await admin.change(pass.id, { barcodeMessage: "text-2" });
  expect(await shown()).toEqual([["text-2", "text-2"]]);
  await admin.change(pass.id, { barcodeAltText: "mine" });
  expect(await shown()).toEqual([["text-2", "mine"]]);
  await admin.change(pass.id, { barcodeAltText: null });

  const { tag } = await passRow(pass.id);
  const path = `/templates/${template.id}`;
  expect((await admin.changeTemplate(template.id, { name: "Other" })).barcodeText).toBe("message");
  expect((await admin.changeTemplate(template.id, { barcodeText: null })).barcodeText).toBeNull();
  expect((await call<Body>("GET", path)).body.barcodeText).toBeNull();
  expect(await shown()).toEqual([["text-2", undefined]]);
  expect((await passRow(pass.id)).tag).toBe(tag);
  await refused(["PATCH", path, { barcodeText: "serialNumber" }], {
    ...{ status: 400, code: "invalid_body", pointer: "/barcodeText" },
  });
});

test("a change of barcodeText is a change of the template that phones are told", async () => {
  const template = await admin.makeTemplate(PASS_TYPE);
  expect(template.barcodeText).toBeNull();
  const pass = await admin.issue(template.id);
  const etag = async () => (await send(new Request(pass.downloadUrl))).headers.get("etag");
  const before = await etag();
  await admin.changeTemplate(template.id, { barcodeText: "message" });
  const after = await etag();
  expect(after).not.toBe(before);
  await admin.changeTemplate(template.id, { barcodeText: "message" });
  expect(await etag()).toBe(after);
});
