/**
 * What a dry run of a change answers (src/admin/notification-schemas.ts).
 */
import * as z from "zod/mini";
import { lenient, lintFindings, listOf, parserOf } from "../../parse-answer.ts";

const notification = z.object({
  /** text, general or silent. */
  kind: z.string(),
  text: lenient(z.string()),
  message: lenient(z.string()),
  reason: lenient(z.string()),
  field: lenient(z.string()),
});
const googleNotification = z.object({
  /** text, google_words or silent. */
  kind: z.string(),
  text: lenient(z.string()),
  reason: lenient(z.string()),
  field: lenient(z.string()),
});
const difference = z.object({
  pointer: z.string(),
  before: z.optional(z.unknown()),
  after: z.optional(z.unknown()),
});
const report = z.object({ findings: lintFindings });
/** Parses the report of the linter. */
export const parseReport = parserOf(report);

const dryRun = z.object({
  notifications: listOf(notification),
  /** Absent if Google Wallet is not set up. */
  googleNotifications: lenient(listOf(googleNotification)),
  googleReach: lenient(z.object({ passes: z.number(), calls: z.number(), seconds: z.number() })),
  differences: listOf(difference),
  hasMoreDifferences: z.catch(z.boolean(), false),
  phones: lenient(z.object({ count: z.number(), googlePasses: lenient(z.number()), isExact: z.boolean() })),
  lint: z.catch(report, { findings: [] }),
});
export type DryRun = z.infer<typeof dryRun>;
export const parseDryRun = parserOf(dryRun);
