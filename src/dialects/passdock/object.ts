/**
 * Converts a pass to the JSON objects of Passdock's API: in full, as an item of the compact list, and as a summary.
 *
 * The fields are the ones that a phone shows, so they come from the renderer. Follows the sample responses of
 * Passdock's API reference; `download` contains the id of the pass; in some samples it contains the id of the template.
 */
import type { passes } from "../../db/schema.ts";
import { type PassRows, toPassJson } from "../../passes/content.ts";
import { downloadPath, landingPath } from "../../passes/show.ts";
import { type Field, STYLES, type TemplatePass } from "../../pkpass/schema/schema.ts";

type PassRow = typeof passes.$inferSelect;

/** The response of Create, Update and Redeem. */
export function toSummary(pass: Pick<PassRow, "id" | "templateId" | "webToken">, publicOrigin: string) {
  return {
    family_id: pass.templateId,
    id: pass.id,
    web_token: pass.webToken,
    download: publicOrigin + downloadPath(pass),
  };
}

/** An item of the compact list. */
export function toCompactItem(pass: PassRow, publicOrigin: string) {
  const redeemed_at = pass.redeemedAt === null ? null : toIsoSeconds(pass.redeemedAt);
  return { ...toSummary(pass, publicOrigin), redeemed_at };
}

/** The full object, in lists, in searches and with debug=true. */
export function toFullPass(rows: PassRows, publicOrigin: string) {
  const { pass } = rows;
  const shown = toPassJson(rows);
  const style = STYLES.find((style) => shown[style] !== undefined) ?? "generic";
  const fields = shown[style] ?? {};
  return {
    ...toSummary(pass, publicOrigin),
    serial_number: pass.serialNumber,
    header: (fields.headerFields ?? []).map(toField),
    primary: (fields.primaryFields ?? []).map(toField),
    secondary: (fields.secondaryFields ?? []).map(toField),
    auxiliary: (fields.auxiliaryFields ?? []).map(toField),
    back: (fields.backFields ?? []).map(toField),
    bar: toBar(shown),
    custom: shown.boardingPass === undefined ? [] : [{ transitType: shown.boardingPass.transitType }],
    relevance: toRelevance(shown),
    visual: {
      backgroundColor: shown.backgroundColor ?? "",
      foregroundColor: shown.foregroundColor ?? "",
      labelColor: shown.labelColor ?? "",
      logoText: shown.logoText ?? "",
    },
    created_at: toIsoSeconds(pass.createdAt),
    updated_at: toIsoSeconds(pass.updatedAt),
  };
}

/** The response of Show Pass: the full object and the link to its page. */
export function toShownPass(rows: PassRows, publicOrigin: string) {
  return { ...toFullPass(rows, publicOrigin), render_html_url: publicOrigin + landingPath(rows.pass) };
}

/** A field always has these three members. Its other members are Apple's, unchanged. */
function toField(field: Field) {
  const { changeMessage = "", label = "", value = "" } = field;
  return { ...field, changeMessage, label, value };
}

function toBar({ barcodes: [barcode] = [] }: TemplatePass) {
  if (barcode === undefined) return {};
  const { format, message, messageEncoding, altText } = barcode;
  return { format, message, messageEncoding, ...(altText === undefined ? {} : { altText }) };
}

function toRelevance({ locations, relevantDate }: TemplatePass) {
  return {
    ...(locations === undefined ? {} : { locations }),
    ...(relevantDate === undefined ? {} : { relevantDate }),
  };
}

/** ISO 8601 in UTC, in whole seconds. */
function toIsoSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}
