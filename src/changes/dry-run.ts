/**
 * A dry run of a change: what the change would do, without a write. It is computed from the same rows and by the same
 * comparison as the push of the change (visible.ts), and refused as the change is.
 */
import { writeJson } from "../json.ts";
import { type Finding, limitText } from "../pkpass/finding.ts";
import type { Notification } from "../pkpass/notifications.ts";
import type { Phones } from "./phones.ts";
import { type Difference, findDifferences } from "./visible.ts";

export interface DryRun {
  readonly dryRun: true;
  /** The places at which what phones get would differ. */
  readonly differences: readonly Difference[];
  /** Whether there are more differences than are listed. */
  readonly hasMoreDifferences: boolean;
  readonly notifications: readonly Notification[];
  readonly phones: Phones;
  readonly lint: { readonly findings: readonly Finding[] };
}

const MAX_DIFFERENCES = 100;
/** The longest value of a difference, as JSON. A longer one becomes a text that is cut off. */
const MAX_CHARACTERS = 1000;

/** The first differences, each with short values. */
export function listDifferences(
  before: unknown,
  after: unknown,
): Pick<DryRun, "differences" | "hasMoreDifferences"> {
  const differences: Difference[] = [];
  for (const { pointer, ...values } of findDifferences(before, after)) {
    if (differences.length === MAX_DIFFERENCES) return { differences, hasMoreDifferences: true };
    differences.push({
      pointer: limitText(pointer),
      before: shorten(values.before),
      after: shorten(values.after),
    });
  }
  return { differences, hasMoreDifferences: false };
}

function shorten(value: unknown): unknown {
  if (value === undefined) return undefined;
  const json = writeJson(value);
  if (json.length <= MAX_CHARACTERS) return value;
  return limitText(typeof value === "string" ? value : json);
}
