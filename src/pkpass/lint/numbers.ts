/**
 * Finds numbers that no double equals. Edgepass writes them with all of their digits, but what a phone makes of them is
 * not documented.
 *
 * Follows RFC 8259 §6, which expects no more of a parser than the precision and range of doubles.
 */
import { findValues, isBeyondDoubles, isExactNumber, pointerTo } from "../../json.ts";
import { error, type Finding, MAX_FOUND, warning } from "../finding.ts";
import type { View } from "./view.ts";

export function* numberFindings({ subject: { pass, personalization } }: View): Iterable<Finding> {
  for (const { path, value } of findValues({ pass, personalization }, isExactNumber, MAX_FOUND)) {
    yield isBeyondDoubles(value)
      ? error(
          "number_not_exact",
          pointerTo(path),
          "The number is larger than every double (1.8e308), so parsers refuse the file or make the number infinite.",
          "Write it as a string.",
        )
      : warning(
          "number_not_exact",
          pointerTo(path),
          "The number has more digits than a double holds (15 to 17), so Wallet and apps may read other digits.",
          "Write it as a string. If the key demands a number, write at most 15 digits.",
        );
  }
}
