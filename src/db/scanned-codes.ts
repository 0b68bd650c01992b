/**
 * SQL: the codes of a pass, as far as its row alone shows them. A code is a text that a scanner may read from its barcodes.
 *
 * These expressions follow pkpass/build/barcodes.ts. They do not read the template and the event, so they contain the
 * serial number of every pass without barcodes of its own, although its template may show no barcode or a message that is
 * the same in all passes. They do not read `without` either: almost no pass has a barcode and removes it. So a search
 * verifies each pass that it finds (passes/codes.ts).
 */
import { type SQL, sql } from "drizzle-orm";
import { MAX_OWN_BARCODES } from "../pkpass/schema/barcode.ts";

interface Code {
  readonly name: string;
  readonly code: SQL;
  /** Which rows the index contains: those with another code here than in `scannedCode`. */
  readonly isOther: SQL;
}

const FIRST = ownCode("$.barcodes[0]");
const SINGLE = ownCode("$.barcode");
const HAS_NONE = "pass -> '$.barcodes' IS NULL AND pass -> '$.barcode' IS NULL";

/** The code of almost every pass. Null if it shows no barcode. */
export const scannedCode = sql.raw(
  `CASE WHEN barcode_message IS NULL THEN coalesce(${FIRST}, ${SINGLE}, CASE WHEN ${HAS_NONE} THEN serial_number END) ELSE nullif(barcode_message, '') END`,
);

/** The codes of a pass with several barcodes of its own that show different texts. */
export const otherCodes: readonly Code[] = [
  toCode("passes_code_of_barcode", SINGLE),
  ...Array.from({ length: MAX_OWN_BARCODES - 1 }, (_, index) =>
    toCode(`passes_code_${index + 2}`, ownCode(`$.barcodes[${index + 1}]`)),
  ),
];

/**
 * The code that a template or an event gives to all of its passes: the message of its first barcode, and that of its
 * `barcode`. For a query of that table alone.
 */
export function sharedCodes(table: "templates" | "events") {
  return [
    { name: `${table}_code_1`, path: "$.barcodes[0].message" },
    { name: `${table}_code_of_barcode`, path: "$.barcode.message" },
  ].map(({ name, path }) => {
    const code = `pass ->> '${path}'`;
    return { name, code: sql.raw(code), isSet: sql.raw(`${code} <> ''`) };
  });
}

function toCode(name: string, code: string): Code {
  return { name, code: sql.raw(code), isOther: sql.raw(`barcode_message IS NULL AND ${code} <> ${FIRST}`) };
}

/**
 * What one of the pass's own barcodes shows, if there is no barcodeMessage. Null if there is no such barcode. It contains no
 * comma, because drizzle-kit splits the expression of an index at commas.
 */
function ownCode(path: string): string {
  const message = `pass ->> '${path}.message'`;
  return `CASE WHEN ${message} <> '' THEN ${message} WHEN pass -> '${path}' IS NOT NULL THEN serial_number END`;
}
