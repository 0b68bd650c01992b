/**
 * What a phone gets of one pass: its pass.json without the identity, and its images. Two of these are compared to know
 * whether phones see a change (changes/visible.ts).
 *
 * The strings and the sign-up form are not included: they belong to the template.
 */

import { eq, type SQLWrapper } from "drizzle-orm";
import { imageHashes, markIfInvisible } from "../changes/visible.ts";
import type { Context, RecordedChange } from "../context.ts";
import type { BatchResult } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { events, passes, templates } from "../db/schema.ts";
import { livingEvent } from "../events/living-event.ts";
import { withoutGoogleImages } from "../google/images.ts";
import { parseJson } from "../json.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { toPassJson } from "./content.ts";
import { type Layers, layerColumns, toContentRows } from "./lint.ts";
import { overlayImages } from "./own-images.ts";
import { livingPass } from "./show.ts";

export interface ShownPass {
  readonly pass: TemplatePass;
  /** Path in the pass → SHA-256. */
  readonly images: Readonly<Record<string, string>>;
}

/**
 * The layers under a pass, and the fields of its template.
 * @param eventId of another event than that of the pass; null for none
 */
export function selectLayers(db: Database, id: number, eventId: SQLWrapper | number | null = passes.eventId) {
  return db
    .select({ fields: templates.fields, ...layerColumns })
    .from(passes)
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .leftJoin(events, livingEvent(eventId))
    .where(eq(passes.id, id));
}

/** For the beginning of a batch that redeems or voids a pass: the pass, its template and its event. */
export function selectBefore(db: Database, id: number) {
  return {
    pass: db.select().from(passes).where(livingPass(id)),
    layers: selectLayers(db, id),
  };
}

/**
 * Announces the change of a pass whose content stays the same. Phones show redeemed and voided passes in the same way, so
 * the redemption of a voided pass is invisible.
 * @param row the pass after the change
 */
export function announceIfVisible(
  context: Context,
  change: RecordedChange | undefined,
  row: typeof passes.$inferSelect,
  before: BatchResult<ReturnType<typeof selectBefore>>,
): void {
  const [[old], [layers]] = [before.pass, before.layers];
  if (old === undefined || layers === undefined) throw new Error("a pass without a template");
  const shown = { before: () => shownPass(old, layers), after: () => shownPass(row, layers) };
  context.announce(markIfInvisible(change, { kind: "pass", id: row.id, pushAtBefore: old.pushAt }, shown));
}

/** @param layers the template and the event under the pass */
export function shownPass(row: typeof passes.$inferSelect, layers: Layers): ShownPass {
  const images = overlayImages(withoutGoogleImages(parseJson(layers.templateImages)), parseJson(row.images));
  return { pass: toPassJson(toContentRows(row, layers)), images: imageHashes(images) };
}
