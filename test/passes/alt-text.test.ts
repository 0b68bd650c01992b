/**
 * The text below a pass's barcode: the pass's own over the template's.
 *
 * Follows Apple's "Pass.Barcodes" (altText).
 */
import { beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { admin, call, download, refused, storeCard } from "../harness.ts";
import { passRow } from "../rows.ts";

const PASS_TYPE = "pass.test.alt-text";
let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
});

const tagOf = async (id: number) => (await passRow(id)).tag;

test("an altText is shown with every barcode, and the template's is shown again after it was removed", async () => {
  const barcodes = [
    { format: "PKBarcodeFormatCode128", message: "one", altText: "of the template" },
    { format: "PKBarcodeFormatQR", message: "two" },
  ];
  const template = await admin.makeTemplate(PASS_TYPE, { pass: { ...storeCard, barcodes } });
  const pass = await admin.issue(template.id, { barcodeAltText: "mine" });
  expect(pass.barcodeAltText).toBe("mine");
  const texts = async () => {
    const { barcodes, barcode } = (await download(pass)).pass as Record<string, { altText?: string }[]>;
    return [...(barcodes ?? []), barcode].map((code) => (code as { altText?: string }).altText);
  };
  expect(await texts()).toEqual(["mine", "mine", "mine"]);
  const tag = (await tagOf(pass.id)) ?? 0;
  expect((await admin.change(pass.id, { barcodeAltText: "mine" })).barcodeAltText).toBe("mine");
  expect(await tagOf(pass.id)).toBe(tag);
  expect((await admin.change(pass.id, { barcodeAltText: null })).barcodeAltText).toBeNull();
  expect(await tagOf(pass.id)).toBeGreaterThan(tag);
  expect(await texts()).toEqual(["of the template", undefined, undefined]);
  await admin.change(pass.id, { barcodeAltText: "" });
  expect(await texts()).toEqual([undefined, undefined, undefined]);
});

test("an altText does not create a barcode, and passes cannot be found by it", async () => {
  const { barcodes: _, ...bare } = storeCard;
  const template = await admin.makeTemplate(PASS_TYPE, { pass: bare });
  const pass = await admin.issue(template.id, { barcodeAltText: "4711" });
  expect((await download(pass)).pass).not.toHaveProperty("barcodes");
  expect((await call<{ items: Pass[] }>("GET", "/passes?code=4711")).body.items).toEqual([]);
  const scanned = await admin.change(pass.id, { barcodeMessage: "code" });
  expect((await download(scanned)).pass.barcodes).toMatchObject([{ message: "code", altText: "4711" }]);
});

test("an altText may have at most 1000 characters", async () => {
  const { id } = await admin.issue(templateId, { barcodeAltText: "x".repeat(1000) });
  const refusal = { status: 400, code: "invalid_body", pointer: "/barcodeAltText" };
  for (const barcodeAltText of ["x".repeat(1001), 7]) {
    await refused(["POST", `/templates/${templateId}/passes`, { barcodeAltText }], refusal);
    await refused(["PATCH", `/passes/${id}`, { barcodeAltText }], refusal);
  }
});
