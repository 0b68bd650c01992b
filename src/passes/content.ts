/**
 * Combines a pass with its template and event to the content that a phone shows. Used to build passes, and by pages and
 * dialects that show the content.
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

/** What the pass and its event say over the template. */
export function contentOf({ pass, event }: PassRows): PassContent {
  return {
    values: parseJson(pass.values),
    overrides: parseJson(pass.pass),
    event: event === null ? undefined : { values: parseJson(event.values), overrides: parseJson(event.pass) },
    barcodeMessage: pass.barcodeMessage,
    barcodeAltText: pass.barcodeAltText,
    redeemed: pass.redeemedAt !== null,
  };
}

/** pass.json of this pass, without its identity. */
export function shownOf(rows: PassRows): TemplatePass {
  return mergePass(parseJson(rows.template.pass), contentOf(rows), rows.pass.serialNumber);
}
