/**
 * Numbers that can be added to. SQL computes with whole millionths, because doubles cannot add 0.1 and 0.2 (passes/additions.ts).
 */
import type { Summand } from "../db/scan-tables.ts";
import { toText } from "../json.ts";
import { exactNumber } from "../pkpass/schema/exact-number.ts";

export type { Summand };

export const WHOLE_DIGITS = 12;
export const PLACES = 6;

const ADDABLE = new RegExp(`^-?\\d{1,${WHOLE_DIGITS}}(\\.\\d{1,${PLACES}})?$`);

/** A number in a request that `additions` can compute with. */
export const summand = exactNumber().refine(
  (value) => ADDABLE.test(toText(value)),
  `must have at most ${WHOLE_DIGITS} digits before the decimal point and ${PLACES} after it`,
);
