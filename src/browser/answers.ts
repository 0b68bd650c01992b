/**
 * Schemas of what the server answers to a scanner (src/admin/scans/schemas.ts, src/admin/keys/schemas.ts). A page in a cache may
 * meet a newer server. So a schema demands only what the page cannot do without: other members may be added, and one that is not
 * understood is left out. An outcome that is not known is kept as it is.
 */
import * as z from "zod/mini";
import { type ExactNumber, isNumber, toText } from "../json.ts";

// zod would try whether it may compile code, and the Content-Security-Policy of the page would report that.
z.config({ jitless: true });

/** Left out if it is absent or not understood. */
const lenient = <T extends z.ZodMiniType>(schema: T) => z.catch(z.optional(schema), undefined);
/** Null if it is absent or not understood. */
const orNull = <T extends z.ZodMiniType>(schema: T) => z.catch(z.nullable(schema), null);
/** An item that is not understood is left out. */
const listOf = <T>(schema: z.ZodMiniType<T>) =>
  z.catch(
    z.pipe(
      z.array(z.unknown()),
      z.transform((items: unknown[]): T[] =>
        items.flatMap((item) => {
          const parsed = schema.safeParse(item);
          return parsed.success ? [parsed.data] : [];
        }),
      ),
    ),
    [],
  );

/** IndexedDB cannot store an exact number (src/json.ts), so it becomes text with all of its digits. */
const number = z.pipe(
  z.custom<number | ExactNumber>(isNumber),
  z.transform((value) => (typeof value === "number" ? value : toText(value))),
);

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
      value: z.union([z.string(), number]),
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
  value: lenient(number),
  max: lenient(number),
  min: lenient(number),
  reward: lenient(z.object({ resetTo: number, label: lenient(z.string()) })),
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

const named = { id: z.number(), name: z.catch(z.string(), "") };
const me = z.object({
  /** Such as "key:3 Gate 2". */
  actor: z.string(),
  role: z.string(),
  /** The name of the key. */
  name: orNull(z.string()),
  expiresAt: orNull(z.string()),
  /** The ids that the key reaches. Null: everything. */
  scope: z.nullable(z.object({})),
  /** The same with names. Null: everything, or a server that does not say it. */
  resources: orNull(
    z.object({
      projects: listOf(z.object(named)),
      events: listOf(z.object({ ...named, date: orNull(z.string()) })),
      templates: listOf(z.object({ ...named, organizationName: lenient(z.string()) })),
    }),
  ),
});
export type Me = z.infer<typeof me>;

/** The outcomes that this page knows. */
export const OUTCOMES = [
  "redeemed",
  "shown",
  "added",
  "rewarded",
  "limit_reached",
  "no_reward",
  "too_soon",
  "already_redeemed",
  "voided",
  "expired",
  "unknown",
  "shared_code",
  "several",
  "value_not_a_number",
  "scan_id_reused",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The outcome, for an exhaustive switch: `not_understood` is one of a newer server. */
export function knownOutcome({ outcome }: Pick<ScanResult, "outcome">): Outcome | "not_understood" {
  return OUTCOMES.find((known) => known === outcome) ?? "not_understood";
}

/** The functions below return undefined if the body is not the answer of Edgepass. */
const parserOf =
  <T>(schema: z.ZodMiniType<T>) =>
  (body: unknown): T | undefined => {
    const parsed = schema.safeParse(body);
    return parsed.success ? parsed.data : undefined;
  };

export const parseMe = parserOf(me);
export const parseResult = parserOf(scanResult);
export const parseLookUp = parserOf(lookUp);
const parseList = parserOf(z.object({ results: z.array(z.unknown()) }));
/** A result that is not understood is left out: its scan stays waiting, and the others do not wait for it. */
export function parseResults(body: unknown): ScanResult[] | undefined {
  return parseList(body)?.results.flatMap((result) => parseResult(result) ?? []);
}
/** RFC 9457, as src/errors.ts writes it. */
export const parseProblem = parserOf(z.object({ code: z.string(), detail: z.catch(z.string(), "") }));
