/**
 * Lints a pass that is not issued: the report that issuing it would return (lint.ts). It stores nothing.
 */
import type { Context } from "../context.ts";
import { writeJson } from "../json.ts";
import { describeImages } from "../templates/images.ts";
import type { LintReport } from "../templates/lint.ts";
import { findLayers, type NewPass } from "./issue.ts";
import { lintIssuedPass } from "./lint.ts";
import { checkOwnImages } from "./own-images.ts";
import { refuseLargePass } from "./size.ts";

/**
 * @throws ApiError template_not_found, event_not_found, unknown_field, value_does_not_fit, content_too_large, invalid_image or
 *   missing_icon, as issuing the pass does
 */
export async function lintNewPass(
  { db, now }: Pick<Context, "db" | "now">,
  templateId: number,
  input: NewPass,
): Promise<LintReport> {
  const layers = await findLayers(db, templateId, input);
  const content = {
    values: writeJson(input.values ?? {}),
    pass: writeJson(input.pass ?? {}),
    barcodeMessage: input.barcodeMessage ?? null,
    barcodeAltText: input.barcodeAltText ?? null,
  };
  refuseLargePass(content);
  const images = await describeImages(checkOwnImages(input.images ?? new Map()));
  const row = {
    ...content,
    without: writeJson(input.without ?? []),
    serialNumber: input.serialNumber ?? crypto.randomUUID(),
    images: writeJson(images),
    redeemedAt: null,
    voidedAt: null,
  };
  return lintIssuedPass(row, layers, now);
}
