/**
 * Schemas of what the server answers to a scanner (src/admin/scans/schemas.ts). They demand only what the page cannot do without
 * (parse-answer.ts). An outcome that is not known is kept as it is.
 */
import * as z from "zod/mini";
import { lenient, listOf, orNull, parserOf, storableNumber } from "../parse-answer.ts";

const firstRedemption = z.object({ at: z.string(), place: orNull(z.string()) });

const pass = z.object({
  id: z.number(),
  serialNumber: z.catch(z.string(), ""),
  templateName: z.catch(z.string(), ""),
  /** active, redeemed, voided or expired. */
  status: z.catch(z.string(), ""),
  redeemedAt: orNull(z.string()),
  voidedAt: orNull(z.string()),
  voidReason: orNull(z.string()),
  expiresAt: orNull(z.string()),
  fields: listOf(
    z.object({
      section: z.string(),
      key: z.string(),
      label: z.catch(z.string(), ""),
      value: z.union([z.string(), storableNumber]),
    }),
  ),
});

const scanResult = z.object({
  scanId: z.string(),
  /** One of OUTCOMES, or one that this page does not know. */
  outcome: z.string(),
  at: lenient(z.string()),
  undoneAt: orNull(z.string()),
  /** Until when the scan can be undone. */
  undoUntil: lenient(z.string()),
  field: lenient(z.string()),
  value: lenient(storableNumber),
  max: lenient(storableNumber),
  min: lenient(storableNumber),
  reward: lenient(z.object({ resetTo: storableNumber, label: lenient(z.string()) })),
  /** With too_soon: when the next scan adds. */
  nextAt: lenient(z.string()),
  firstRedemption: lenient(firstRedemption),
  conflict: z.catch(z.optional(z.boolean()), undefined),
  pass: orNull(pass),
});
export type ScanResult = z.infer<typeof scanResult>;
export type ScannedPass = z.infer<typeof pass>;

const lookUp = z.object({
  /** found, unknown, shared_code or several. */
  outcome: z.string(),
  pass: orNull(pass),
  firstRedemption: orNull(firstRedemption),
});
export type LookUp = z.infer<typeof lookUp>;

export const parseResult = parserOf(scanResult);
export const parseLookUp = parserOf(lookUp);
const parseList = parserOf(z.object({ results: z.array(z.unknown()) }));
/** A result that is not understood is left out: its scan stays waiting, and the others do not wait for it. */
export function parseResults(body: unknown): ScanResult[] | undefined {
  return parseList(body)?.results.flatMap((result) => parseResult(result) ?? []);
}
