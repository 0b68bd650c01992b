/**
 * The content of a pass: what a phone shows, from the pass's row, its template's and its event's.
 */
import type { events, passes, templates } from "../db/schema.ts";
import { parseJson } from "../json.ts";
import { mergePass, type PassContent } from "../pkpass/build/render.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";

export interface PassRows {
  readonly pass: typeof passes.$inferSelect;
  readonly template: Omit<typeof templates.$inferSelect, "strings">;
  readonly event: typeof events.$inferSelect | null;
}

/** The overrides of the pass and of its event. */
export function toPassContent({ pass, event }: PassRows): PassContent {
  return {
    values: parseJson(pass.values),
    overrides: parseJson(pass.pass),
    event: event === null ? undefined : { values: parseJson(event.values), overrides: parseJson(event.pass) },
    barcodeMessage: pass.barcodeMessage,
    barcodeAltText: pass.barcodeAltText,
    redeemed: pass.redeemedAt !== null,
  };
}

/** pass.json of this pass, without the keys that identify it. */
export function toPassJson(rows: PassRows): TemplatePass {
  return mergePass(parseJson(rows.template.pass), toPassContent(rows), rows.pass.serialNumber);
}
