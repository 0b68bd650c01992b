/**
 * A pass as Passdock's API shows it: in full, in one line of a list, and as what was just done to it.
 *
 * What is shown is what a phone shows, so the fields come out of the renderer. Follows the sample answers of Passdock's
 * API reference; where its samples of `download` carry the template's id, ours carry the pass's.
 */
import type { passes } from "../../db/schema.ts";
import { type PassRows, toPassJson } from "../../passes/content.ts";
import { downloadPath, landingPath } from "../../passes/show.ts";
import { type Field, STYLES, type TemplatePass } from "../../pkpass/schema/schema.ts";

type PassRow = typeof passes.$inferSelect;

/** What Create, Update and Redeem answer. */
export function summaryOf(pass: Pick<PassRow, "id" | "templateId" | "webToken">, publicOrigin: string) {
  return {
    family_id: pass.templateId,
    id: pass.id,
    web_token: pass.webToken,
    download: publicOrigin + downloadPath(pass),
  };
}

/** An item of the compact list. */
export function compactOf(pass: PassRow, publicOrigin: string) {
  const redeemed_at = pass.redeemedAt === null ? null : seconds(pass.redeemedAt);
  return { ...summaryOf(pass, publicOrigin), redeemed_at };
}

/** The whole object, as lists, searches and debug=true answer it. */
export function fullOf(rows: PassRows, publicOrigin: string) {
  const { pass } = rows;
  const shown = toPassJson(rows);
  const style = STYLES.find((style) => shown[style] !== undefined) ?? "generic";
  const fields = shown[style] ?? {};
  return {
    ...summaryOf(pass, publicOrigin),
    serial_number: pass.serialNumber,
    header: (fields.headerFields ?? []).map(fieldOf),
    primary: (fields.primaryFields ?? []).map(fieldOf),
    secondary: (fields.secondaryFields ?? []).map(fieldOf),
    auxiliary: (fields.auxiliaryFields ?? []).map(fieldOf),
    back: (fields.backFields ?? []).map(fieldOf),
    bar: barOf(shown),
    custom: shown.boardingPass === undefined ? [] : [{ transitType: shown.boardingPass.transitType }],
    relevance: relevanceOf(shown),
    visual: {
      backgroundColor: shown.backgroundColor ?? "",
      foregroundColor: shown.foregroundColor ?? "",
      labelColor: shown.labelColor ?? "",
      logoText: shown.logoText ?? "",
    },
    created_at: seconds(pass.createdAt),
    updated_at: seconds(pass.updatedAt),
  };
}

/** What Show Pass answers: it alone says where the pass can be looked at. */
export function shownPassOf(rows: PassRows, publicOrigin: string) {
  return { ...fullOf(rows, publicOrigin), render_html_url: publicOrigin + landingPath(rows.pass) };
}

/** Four members always, and Apple's others of this field as they stand. */
function fieldOf(field: Field) {
  const { changeMessage = "", label = "", value = "" } = field;
  return { ...field, changeMessage, label, value };
}

function barOf({ barcodes: [barcode] = [] }: TemplatePass) {
  if (barcode === undefined) return {};
  const { format, message, messageEncoding, altText } = barcode;
  return { format, message, messageEncoding, ...(altText === undefined ? {} : { altText }) };
}

function relevanceOf({ locations, relevantDate }: TemplatePass) {
  return {
    ...(locations === undefined ? {} : { locations }),
    ...(relevantDate === undefined ? {} : { relevantDate }),
  };
}

/** ISO 8601 in UTC, whole seconds. */
function seconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}
