/**
 * The fields of a pass on a page: label and value, in a row, as primary fields, or in the list of details.
 *
 * Follows Apple's "PassFieldContent".
 */

import { formatValue } from "../pkpass/format-value.ts";
import type { Field } from "../pkpass/schema/schema.ts";
import { type Piece, parseAttributedValue } from "./attributed-value.ts";

export interface FieldsProps {
  readonly fields: readonly Field[] | undefined;
  readonly locale: string;
}

const ALIGNMENTS: Record<NonNullable<Field["textAlignment"]>, string> = {
  PKTextAlignmentLeft: "left",
  PKTextAlignmentCenter: "center",
  PKTextAlignmentRight: "right",
  PKTextAlignmentNatural: "start",
};

/** Fields next to each other, wrapped to the width, with their textAlignment. */
export function Row({ fields, locale, name }: FieldsProps & { name: string }) {
  return <List fields={fields} locale={locale} name={`row ${name}`} aligned />;
}

/** Primary fields. Apple allows no textAlignment for them. The style makes long values smaller, by `--length`. */
export function Primary({ fields, locale }: FieldsProps) {
  return <List fields={fields} locale={locale} name="primary" />;
}

/** Fields below each other. Apple allows no textAlignment for these either. */
export function Details({ fields, locale }: FieldsProps) {
  return <List fields={fields} locale={locale} name="details" />;
}

function List({ fields = [], locale, name, aligned }: FieldsProps & { name: string; aligned?: boolean }) {
  if (fields.length === 0) return null;
  return (
    <dl class={name}>
      {fields.map((field) => {
        const pieces = splitIntoPieces(field, locale);
        const length = pieces.reduce((sum, { text }) => sum + text.length, 0);
        const { textAlignment } = field;
        const alignment = aligned && textAlignment !== undefined ? ALIGNMENTS[textAlignment] : undefined;
        return (
          <div class={alignment} style={`--length:${length}`}>
            <dt dir="auto">{field.label}</dt>
            <dd dir="auto">
              <Pieces of={pieces} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** Only an attributedValue can have links. */
function splitIntoPieces(field: Field, locale: string): readonly Piece[] {
  const text = formatValue(field, locale);
  return field.attributedValue === undefined ? [{ text }] : parseAttributedValue(text);
}

function Pieces({ of: pieces }: { of: readonly Piece[] }) {
  return (
    <>
      {pieces.map(({ text, href }) =>
        href === undefined ? (
          text
        ) : (
          <a href={href} rel="noopener noreferrer nofollow">
            {text}
          </a>
        ),
      )}
    </>
  );
}
