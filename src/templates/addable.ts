/**
 * Numbers that can be added to. SQL computes with whole millionths, because doubles cannot add 0.1 and 0.2 (passes/additions.ts).
 */
import { type ExactNumber, toText } from "../json.ts";

export type Summand = number | ExactNumber;

export const WHOLE_DIGITS = 12;
export const PLACES = 6;

const ADDABLE = new RegExp(`^-?\\d{1,${WHOLE_DIGITS}}(\\.\\d{1,${PLACES}})?$`);

/** Whether `additions` can compute with the number. */
export function isAddable(value: Summand): boolean {
  return ADDABLE.test(toText(value));
}
export const NOT_ADDABLE = `must have at most ${WHOLE_DIGITS} digits before the decimal point and ${PLACES} after it`;
