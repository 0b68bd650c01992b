/**
 * What the answer to a template change reports: the findings in the template, those about values that the change leaves
 * without a field, and what phones show.
 */
import { notificationsOf } from "../changes/notifications.ts";
import type { Database } from "../db/client.ts";
import type { Notification } from "../pkpass/notifications.ts";
import type { ChangedTemplate } from "./change.ts";
import { googleOfRow, lintForOffer } from "./google-rule.ts";
import { lintLeftValues } from "./left-values.ts";
import type { LintReport } from "./lint.ts";
import type { Offer } from "./offered-wallets.ts";
import { contentOfRow } from "./show.ts";
import { shownTemplate } from "./visible.ts";

export interface TemplateChangeReport {
  readonly lint: LintReport;
  /** What the phones show of each pass that does not replace the changed values. */
  readonly notifications: readonly Notification[];
}

/** Lints the template after the change, and compares what phones get. @param offer of the template after the change */
export async function reportTemplateChange(
  db: Database,
  { before, after }: Pick<ChangedTemplate, "before" | "after">,
  offer: Offer,
): Promise<TemplateChangeReport> {
  const left = await lintLeftValues(db, before, after);
  const { findings } = lintForOffer(offer, { ...contentOfRow(after), google: googleOfRow(after) });
  return {
    lint: { findings: [...left, ...findings] },
    notifications: notificationsOf(shownTemplate(before), shownTemplate(after)),
  };
}
