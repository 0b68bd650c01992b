/**
 * The fields on the front of a pass: label and value, in a row or as primary fields.
 *
 * The style makes a text smaller until it fits, by its width in ems (`--em`). Wallet never breaks a row of fields; here a
 * text that would be too small to read goes on in a second line, since nothing may be lost for its holder.
 * Follows Apple's "PassFieldContent".
 */
import { formatValue } from "../../pkpass/format-value.ts";
import type { Field } from "../../pkpass/schema/schema.ts";
import { parseAttributedValue } from "../attributed-value.ts";
import { estimateWidth } from "./text-width.ts";

/** A field as it is drawn. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly alignment?: Field["textAlignment"];
}

const ALIGNMENTS: Record<NonNullable<Field["textAlignment"]>, string | undefined> = {
  PKTextAlignmentLeft: "left",
  PKTextAlignmentCenter: "center",
  PKTextAlignmentRight: "right",
  PKTextAlignmentNatural: undefined,
};

/** Links work on the back only: here an attributedValue is its text. */
export function toFacts(fields: readonly Field[], locale: string): Fact[] {
  return fields.map((field) => {
    const text = formatValue(field, locale);
    const value =
      field.attributedValue === undefined
        ? text
        : parseAttributedValue(text)
            .map((piece) => piece.text)
            .join("");
    return { label: field.label ?? "", value, alignment: field.textAlignment };
  });
}

/** The width of labels, which are smaller than values and bold. A small row shrinks its labels less than its values. */
const LABEL_SIZE = 0.72;
const SMALLEST_LABEL = 0.86;
const GAP = 1;
/** In ems: a row up to LINE is on one line even on the smallest phone, and a field up to SHORT is never broken. */
const LINE = 23;
const SHORT = 6;

/** Fields next to each other. If not even their longest words fit beside each other, the row has a second line. */
export function Row({ facts, name }: { facts: readonly Fact[]; name: string }) {
  if (facts.length === 0) return null;
  const gaps = GAP * (facts.length - 1);
  const sumOf = (widths: readonly number[]) => widths.reduce((sum, width) => sum + width, gaps);
  const widths = facts.map((fact) => widthOf(fact, estimateWidth, LABEL_SIZE));
  const smallest = facts.map((fact) => widthOf(fact, estimateWidth, SMALLEST_LABEL));
  const words = facts.map((fact) => widthOf(fact, longestWord, SMALLEST_LABEL));
  const shape = sumOf(smallest) <= LINE ? " line" : sumOf(words) <= LINE ? "" : " tight";
  return (
    <dl class={`row ${name}${shape}`} style={`--em:${toEms(sumOf(widths))}`}>
      {facts.map((fact, index) => (
        <div class={classOf(fact, widths[index] ?? 0)}>
          <Pair fact={fact} />
        </div>
      ))}
    </dl>
  );
}

function widthOf({ label, value }: Fact, measure: (text: string) => number, labelSize: number): number {
  return Math.max(measure(value), measure(label) * labelSize);
}

function classOf({ alignment }: Fact, width: number): string | undefined {
  const names = [width <= SHORT && "short", alignment && ALIGNMENTS[alignment]].filter(Boolean);
  return names.length === 0 ? undefined : names.join(" ");
}

interface PrimaryProps {
  readonly facts: readonly Fact[];
  readonly line: number;
  readonly among?: readonly Fact[];
}

/**
 * Primary fields, each on a line of its own and as large as possible. Apple allows no textAlignment for them.
 * @param line the ems of one line. A longer text is broken into lines that its longest word fits into
 * @param among the fields that have the same size, such as origin and destination
 */
export function Primary({ facts, line, among = facts }: PrimaryProps) {
  if (facts.length === 0) return null;
  const width = Math.max(...among.map(({ value }) => estimateWidth(value)));
  const word = Math.max(...among.map(({ value }) => longestWord(value)));
  const isLine = width <= line;
  return (
    <dl class={isLine ? "primary line" : "primary"} style={`--em:${toEms(isLine ? width : word)}`}>
      {facts.map((fact) => (
        <div>
          <Pair fact={fact} />
        </div>
      ))}
    </dl>
  );
}

const longestWord = (text: string) => Math.max(0, ...text.split(/\s+/, MAX_WORDS).map(estimateWidth));
/** A longer value is not measured to its end: it has to be broken anyway. */
const MAX_WORDS = 50;

/** Never 0, which CSS cannot divide by. */
const toEms = (width: number) => Math.max(1, Math.round(width * 10) / 10);

function Pair({ fact: { label, value } }: { fact: Fact }) {
  return (
    <>
      <dt dir="auto">{label}</dt>
      <dd dir="auto">{value}</dd>
    </>
  );
}
