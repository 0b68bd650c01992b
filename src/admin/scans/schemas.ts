/**
 * Schemas of scans.
 */
import * as z from "zod";
import { scans as scansTable } from "../../db/schema.ts";
import { MAX_CHARACTERS, SCAN_LIMITS } from "../../limits.ts";
import { PASS_STATUSES } from "../../passes/status.ts";
import { exactNumber } from "../../pkpass/schema/exact-number.ts";
import { LOOK_UP_OUTCOMES } from "../../scans/look-up.ts";
import { idParameter, paging } from "../openapi/parameters.ts";
import { instant, listSchema, nullable, place } from "../schemas.ts";

const scanId = z
  .string()
  .max(MAX_CHARACTERS.scanId)
  .regex(/^[A-Za-z0-9][\w.:~-]*$/, "must be an id such as a UUID, of letters, digits and - _ . : ~")
  .meta({ description: "The scanner's own id for this scan, unique among all scanners, such as a UUID" });
const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const newScan = z
  .strictObject({
    scanId,
    code: z
      .string()
      .min(1)
      .max(MAX_CHARACTERS.scannedCode)
      .meta({ description: "The exact text that the scanner read. Edgepass stores only a hash of it" }),
    at: time.optional().meta({
      description: `When the scan was made. Default: now. A time in the future counts as now, and one more than ${SCAN_LIMITS.ageDays} days ago as ${SCAN_LIMITS.ageDays} days ago`,
    }),
    place: place.optional().meta({ description: "Where the scanner is, such as Gate 2" }),
    reward: z
      .boolean()
      .default(false)
      .meta({ description: "Whether the holder of a full card gets the reward now" }),
  })
  .meta({ id: "NewScan" });

export const newScans = z
  .strictObject({
    scans: z
      .array(newScan)
      .min(1)
      .max(SCAN_LIMITS.perRequest)
      .check(({ value, issues }) => {
        const seen = new Set<string>();
        for (const [index, scan] of value.entries()) {
          if (seen.has(scan.scanId))
            issues.push({
              code: "custom",
              path: [index, "scanId"],
              message: "is the scanId of two scans",
              input: scan.scanId,
            });
          seen.add(scan.scanId);
        }
      }),
  })
  .meta({ id: "NewScans" });

const outcomes = scansTable.outcome.enumValues;
const outcome = z.enum(outcomes);
const summand = exactNumber();

const firstRedemption = z.object({ at: instant, place: nullable.string });
const scannedPass = z
  .object({
    id: z.int(),
    serialNumber: z.string(),
    templateId: z.int(),
    templateName: z.string(),
    status: z.enum(PASS_STATUSES),
    redeemedAt: nullable.instant,
    voidedAt: nullable.instant,
    voidReason: nullable.string,
    expiresAt: nullable.instant,
    fields: z
      .array(
        z.object({
          section: z.enum(["header", "primary", "secondary", "auxiliary"]),
          key: z.string(),
          label: z.string(),
          value: z.union([z.string(), summand]),
        }),
      )
      .meta({ description: "The front of the pass, with long texts shortened" }),
  })
  .meta({ id: "ScannedPass" });

export const scanResult = z
  .object({
    scanId: z.string(),
    outcome: z.enum([...outcomes, "scan_id_reused"]),
    at: instant.meta({ description: "When the scan was made, as Edgepass used it" }),
    undoneAt: nullable.instant,
    field: z.string().optional().meta({ description: "For a scan that adds: the key of the field" }),
    value: summand.optional().meta({ description: "The number that the field shows after the scan" }),
    max: summand.optional(),
    min: summand.optional(),
    reward: z
      .object({
        resetTo: summand.meta({ description: "What a scan with reward: true sets the field to" }),
        label: z.string().optional().meta({ description: "What the holder gets, if the template says it" }),
      })
      .optional()
      .meta({ description: "With limit_reached and rewarded: the reward of a full card" }),
    nextAt: instant.optional().meta({
      description: "With too_soon: when the next scan of the pass can add, as far as is known now",
    }),
    undoUntil: instant.optional().meta({
      description:
        "Until when the key that sent the scan can undo it. Absent if there is nothing to undo, or anything has changed the pass since",
    }),
    firstRedemption: firstRedemption
      .optional()
      .meta({ description: "With already_redeemed: when and, if a scan did it, where" }),
    conflict: z.literal(true).optional().meta({
      description:
        "With already_redeemed: the scan was made before the one that redeemed the pass, but arrived after it",
    }),
    pass: scannedPass
      .nullable()
      .meta({ description: "The pass as it is now. Null if no single pass has the code" }),
  })
  .meta({ id: "ScanResult" });
export const scanResults = z.object({ results: z.array(scanResult) }).meta({ id: "ScanResults" });

export const lookUpQuery = z.strictObject({
  code: z
    .string()
    .min(1)
    .max(MAX_CHARACTERS.barcodeMessage)
    .meta({ description: "The exact text that the scanner read" }),
});
export const lookUp = z
  .object({
    outcome: z.enum(LOOK_UP_OUTCOMES).meta({
      description:
        "found: one pass has the code. shared_code: a template or an event gives it to all of its passes. several: more than one pass has it",
    }),
    pass: scannedPass.nullable().meta({ description: "Null unless the outcome is found" }),
    firstRedemption: firstRedemption
      .nullable()
      .meta({ description: "When and, if a scan did it, where it was redeemed. Null if it was not" }),
  })
  .meta({ id: "LookUp" });

export const scanPath = z.object({ scanId });

export const scanQuery = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,15}-[1-9]\d{0,14}$/, "must be the nextCursor of the previous page")
    .transform((text) => {
      const [at, id] = text.split("-").map(Number);
      return { at: at ?? 0, id: id ?? 0 };
    })
    .optional()
    .meta({ description: "`nextCursor` of the previous page" }),
  limit: paging.limit,
  place: place.optional(),
  from: time.optional().meta({ description: "Only scans that were made at this time or later" }),
  to: time.optional().meta({ description: "Only scans that were made at this time or before" }),
  outcome: outcome.optional(),
  passId: idParameter.optional(),
});

export const hourQuery = z.strictObject({
  place: scanQuery.shape.place,
  passId: scanQuery.shape.passId,
  from: scanQuery.shape.from,
  to: scanQuery.shape.to,
  utcOffset: z
    .string()
    .regex(/^-?\d{1,3}$/, "must be a number of minutes, such as 330 or -180")
    .transform(Number)
    .pipe(z.int().min(-720).max(840))
    .default(0)
    .meta({
      description:
        "Minutes by which local time is ahead of UTC, so that hours begin at full local hours: 330 for +05:30",
    }),
});

export const hourCounts = z
  .object({
    items: z
      .array(
        z
          .object({
            hour: instant.meta({ description: "When the hour begins" }),
            place: nullable.string,
            outcome,
            count: z.int().meta({ description: "How many scans, without those that were undone" }),
          })
          .meta({ id: "HourCount" }),
      )
      .meta({ description: "The newest hour first. An hour without scans is left out" }),
    undone: z.int(),
    isExact: z.boolean().meta({
      description: "false if the filter has 10,000 scans or more: only the newest 10,000 are counted",
    }),
    countedFrom: nullable.instant.meta({
      description:
        "When the oldest of the counted scans was made. If isExact is false, its hour is counted in part, and those before it are not. Null: no scan",
    }),
  })
  .meta({ id: "HourCounts" });

const listed = z
  .object({
    scanId: z.string(),
    outcome,
    passId: z.int().nullable(),
    field: nullable.string,
    value: summand.nullable(),
    conflict: z.boolean(),
    at: instant,
    receivedAt: instant,
    place: nullable.string,
    actor: z.string(),
    undoneAt: nullable.instant,
  })
  .meta({ id: "Scan" });

const counts = z
  .object({
    total: z.int().meta({ description: "Without those that were undone" }),
    undone: z.int(),
    byOutcome: z.record(z.string(), z.int()),
    byPlace: z
      .array(z.object({ place: nullable.string, count: z.int() }))
      .meta({ description: "The 100 places with the most scans" }),
    isExact: z.boolean().meta({
      description:
        "false if the filter without outcome has 10,000 scans or more: only the newest 10,000 are counted",
    }),
  })
  .meta({ id: "ScanCounts" });

export const scanList = listSchema(listed, "ScanPage")
  .extend({ counts: counts.nullable().meta({ description: "Only on the first page" }) })
  .meta({ id: "ScanList" });
