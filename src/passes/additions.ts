/**
 * Adds to the number in a field of a pass, in the statement that writes it, so that two additions at the same time both count.
 *
 * An addition starts from the number that the pass shows: its own value, or else its event's, or else its template's. The
 * sum becomes the pass's own value. templates/addable.ts says which numbers can be added.
 */
import { type SQL, sql } from "drizzle-orm";
import { ApiError } from "../errors.ts";
import { type Json, parseJson, pointerTo, toText, writeJson } from "../json.ts";
import { CLASSIC_STYLES, SECTIONS } from "../pkpass/schema/schema.ts";
import { PLACES, type Summand, WHOLE_DIGITS } from "../templates/addable.ts";

/** What is added to the number in a field, and the range in which the sum must be. */
export interface Addition {
  readonly add: Summand;
  readonly max?: Summand | undefined;
  readonly min?: Summand | undefined;
}

/** By field key. */
export type Additions = Readonly<Record<string, Addition>>;

const MILLION = 10 ** PLACES;
/** The bound of every sum, so that it can be added to again. */
const LARGEST = 10 ** WHOLE_DIGITS - 1;

/** One addition before it is written. */
export interface Sum {
  readonly key: string;
  /** The number that the pass shows; null if the field shows no number that can be added to. */
  readonly number: Summand | null;
  readonly sum: Summand | null;
  /** The bound that the sum is beyond. */
  readonly beyond: "max" | "min" | null;
}

/** SQL of additions, for queries on passes. */
export interface AdditionsInSql {
  /** A merge patch for `values`, in JSON. It is only valid if the additions are allowed. */
  readonly patch: SQL;
  readonly areAllowed: SQL;
  /** Their sums, to explain a refusal. */
  readonly sums: SQL<Json<readonly Sum[]>>;
}

/** @returns undefined if there are none */
export function additionsInSql(additions: Additions): AdditionsInSql | undefined {
  const given = Object.entries(additions).map(([key, { add, max = LARGEST, min = -LARGEST }]) => ({
    key,
    add: toMillionths(add),
    max: toMillionths(max),
    min: toMillionths(min),
  }));
  if (given.length === 0) return undefined;
  // Materialized, because SQLite would otherwise copy each expression into every use of its column.
  const sums = sql`(
    WITH asked AS MATERIALIZED (
      SELECT addition.value->>'key' AS key, addition.value AS asked, ${shownValue(sql`addition.value->>'key'`)} AS shown
      FROM json_each(${writeJson(given)}) AS addition
    ), numbers AS MATERIALIZED (
      SELECT key, asked, CASE WHEN ${isAddableInSql(sql`shown`)} THEN shown END AS number FROM asked
    ), sums AS MATERIALIZED (
      SELECT key, asked, number, ${millionthsInSql(sql`number`)} + CAST(asked->>'add' AS INTEGER) AS sum FROM numbers
    )
    SELECT key, number, sum, CASE WHEN sum > CAST(asked->>'max' AS INTEGER) THEN 'max'
      WHEN sum < CAST(asked->>'min' AS INTEGER) THEN 'min' END AS beyond
    FROM sums)`;
  return {
    patch: sql`(SELECT json_group_object(key, json_object('value', json(${textOfMillionths(sql`sum`)}))) FROM ${sums})`,
    areAllowed: sql`NOT EXISTS (SELECT 1 FROM ${sums} WHERE number IS NULL OR beyond IS NOT NULL)`,
    sums: sql<Json<readonly Sum[]>>`(SELECT
      json_group_array(json_object('key', key, 'number', json(number),
        'sum', CASE WHEN sum IS NOT NULL THEN json(${textOfMillionths(sql`sum`)}) END, 'beyond', beyond)) FROM ${sums})`,
  };
}

/** Throws for the first addition that is not allowed. @throws ApiError value_not_a_number or value_out_of_range */
export function refuseAdditions(sums: Json<readonly Sum[]>, additions: Additions): void {
  for (const { key, number, beyond } of parseJson(sums)) {
    const pointer = pointerTo(["values", key, "add"]);
    if (number === null) {
      throw new ApiError(
        "value_not_a_number",
        `"${key}" shows no number to add to. It needs a JSON number that has at most ${WHOLE_DIGITS} digits before the decimal point and ${PLACES} after it, in the pass, its event or its template.`,
        { pointer },
      );
    }
    if (beyond === null) continue;
    const bound = additions[key]?.[beyond] ?? (beyond === "max" ? LARGEST : -LARGEST);
    throw new ApiError(
      "value_out_of_range",
      `"${key}" is ${toText(number)}. The sum would be ${beyond === "max" ? "more" : "less"} than ${toText(bound)}. Nothing was changed.`,
      { pointer, extra: { value: number, [beyond]: bound } },
    );
  }
}

/** As decimal digits, because no double equals the largest ones. */
function toMillionths(value: Summand): string {
  const [whole = "", fraction = ""] = toText(value).split(".");
  return whole + fraction.padEnd(PLACES, "0");
}

/** SQL: the JSON of the value that a field of the pass shows; null if it has none. @param key SQL: the key of the field */
function shownValue(key: SQL): SQL {
  const ofLayer = (layer: "passes" | "events") =>
    sql`SELECT field.value->'$.value' FROM json_each(${sql.raw(layer)}.field_values) AS field WHERE field.key = ${key}`;
  return sql`coalesce((${ofLayer("passes")}),
    (SELECT (${ofLayer("events")}) FROM events WHERE events.id = passes.event_id AND events.deleted_at IS NULL),
    (SELECT coalesce((${ofTemplate(key, CLASSIC_STYLES)}), (${ofTemplate(key, ["posterGeneric"])}))
      FROM templates WHERE templates.id = passes.template_id))`;
}

/** SQL: the same for a template whose fields with this key are in one of the styles. */
function ofTemplate(key: SQL, styles: readonly string[]): SQL {
  const named = (names: readonly string[]) => sql.raw(names.map((name) => `'${name}'`).join(", "));
  const members = (of: SQL) =>
    sql`json_each(CASE WHEN ${of}.type IN ('object', 'array') THEN ${of}.value ELSE '[]' END)`;
  return sql`SELECT field.value->'$.value'
    FROM json_each(templates.pass) AS style, ${members(sql`style`)} AS section, ${members(sql`section`)} AS field
    WHERE style.key IN (${named(styles)}) AND section.key IN (${named(SECTIONS)})
      AND field.type = 'object' AND field.value->>'$.key' = ${key} AND field.value->'$.value' IS NOT NULL
    LIMIT 1`;
}

/** SQL: whether the JSON of a value is a number that can be added to. The same rule as that of the schema `summand`. */
function isAddableInSql(json: SQL): SQL {
  return sql`(${json} GLOB '[-0-9]*' AND ${json} NOT GLOB '*[eE]*'
    AND length(${wholePart(json)}) <= ${sql.raw(String(WHOLE_DIGITS))} AND length(${fractionPart(json)}) <= ${sql.raw(String(PLACES))})`;
}

/** SQL: the digits before the decimal point of a JSON number without an exponent. */
function wholePart(number: SQL): SQL {
  return sql`ltrim(CASE instr(${number}, '.') WHEN 0 THEN ${number} ELSE substr(${number}, 1, instr(${number}, '.') - 1) END, '-')`;
}

/** SQL: the digits after the decimal point of a JSON number without an exponent. */
function fractionPart(number: SQL): SQL {
  return sql`CASE instr(${number}, '.') WHEN 0 THEN '' ELSE substr(${number}, instr(${number}, '.') + 1) END`;
}

/** SQL: an addable JSON number as whole millionths. The sign is in the text, so -0.5 keeps it. */
function millionthsInSql(number: SQL): SQL {
  const zeros = sql.raw(`'${"0".repeat(PLACES)}'`);
  return sql`CAST(CASE WHEN ${number} GLOB '-*' THEN '-' ELSE '' END || ${wholePart(number)}
    || substr(${fractionPart(number)} || ${zeros}, 1, ${sql.raw(String(PLACES))}) AS INTEGER)`;
}

/** SQL: whole millionths as a JSON number, without zeros at the end: 10 and 0.3, never 10.0 or 0.300000. */
function textOfMillionths(millionths: SQL): SQL {
  const million = sql.raw(String(MILLION));
  return sql`rtrim(rtrim(CASE WHEN ${millionths} < 0 THEN '-' ELSE '' END
    || printf('%d.%0${sql.raw(String(PLACES))}d', abs(${millionths}) / ${million}, abs(${millionths}) % ${million}), '0'), '.')`;
}
