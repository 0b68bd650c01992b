/**
 * The content of a pass: what a phone shows, from the pass's row, its template's and its event's.
 */
import { getTableColumns } from "drizzle-orm";
import { type events, type passes, templates } from "../db/schema.ts";
import { parseJson } from "../json.ts";
import { mergeBarcodes, type ShownBarcodes } from "../pkpass/build/barcodes.ts";
import { barcodeLayers, type Layer, mergePass, type PassContent } from "../pkpass/build/render.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";

type TemplateRow = typeof templates.$inferSelect;
type EventRow = typeof events.$inferSelect;

type PassRow = typeof passes.$inferSelect;

/** What the content is made from. */
export interface ContentRows {
  readonly pass: Pick<
    PassRow,
    | "serialNumber"
    | "values"
    | "pass"
    | "without"
    | "barcodeMessage"
    | "barcodeAltText"
    | "redeemedAt"
    | "voidedAt"
  >;
  readonly template: Pick<TemplateRow, "pass" | "barcodeText">;
  readonly event: Pick<EventRow, "values" | "pass" | "without"> | null;
}

/** The rows of a pass, as it is loaded to be served or shown. */
export interface PassRows extends ContentRows {
  readonly pass: PassRow;
  readonly template: Omit<TemplateRow, "strings">;
  readonly event: EventRow | null;
}

const { strings: _, ...withoutStrings } = getTableColumns(templates);
/** The columns of a template in `PassRows`: no translations, which are large and already in the pack. */
export const templateColumns = withoutStrings;

/** The overrides of the pass and of its event. */
export function toPassContent({ pass, template, event }: ContentRows): PassContent {
  return {
    ...toLayer(pass),
    event: event === null ? undefined : toLayer(event),
    barcodeMessage: pass.barcodeMessage,
    barcodeAltText: pass.barcodeAltText,
    barcodeText: template.barcodeText,
    voided: pass.redeemedAt !== null || pass.voidedAt !== null,
  };
}

function toLayer({ values, pass, without }: Pick<EventRow, "values" | "pass" | "without">): Layer {
  return { values: parseJson(values), overrides: parseJson(pass), without: parseJson(without) };
}

/** pass.json of this pass, without the keys that identify it. */
export function toPassJson(rows: ContentRows): TemplatePass {
  return mergePass(parseJson(rows.template.pass), toPassContent(rows), rows.pass.serialNumber);
}

/** The barcodes of this pass, in the encodings that were asked for. */
export function toBarcodes(rows: ContentRows): ShownBarcodes {
  const content = { ...toPassContent(rows), serialNumber: rows.pass.serialNumber };
  return mergeBarcodes(barcodeLayers(parseJson(rows.template.pass), content), content);
}
