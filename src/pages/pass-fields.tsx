/**
 * Fields of a pass on a page: label and value, in a row, on their own, or in the list of details.
 *
 * Follows Apple's "PassFieldContent".
 */
import type { Field } from "../pkpass/schema/schema.ts";
import { linkedPieces, type Piece } from "./attributed.ts";
import { formattedValue } from "./formatted.ts";

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

/** Fields side by side, as many as fit; each as its textAlignment says. */
export function Row({ fields, locale, name }: FieldsProps & { name: string }) {
  return <List fields={fields} locale={locale} name={`row ${name}`} aligned />;
}

/** Primary fields. Apple allows them no textAlignment. A long value is set smaller, which the style does by its length. */
export function Primary({ fields, locale }: FieldsProps) {
  return <List fields={fields} locale={locale} name="primary" />;
}

/** A list under each other. Apple allows these fields no textAlignment either. */
export function Details({ fields, locale }: FieldsProps) {
  return <List fields={fields} locale={locale} name="details" />;
}

function List({ fields = [], locale, name, aligned }: FieldsProps & { name: string; aligned?: boolean }) {
  if (fields.length === 0) return null;
  return (
    <dl class={name}>
      {fields.map((field) => {
        const pieces = piecesOf(field, locale);
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

/** Only an attributedValue has links. */
function piecesOf(field: Field, locale: string): readonly Piece[] {
  const text = formattedValue(field, locale);
  return field.attributedValue === undefined ? [{ text }] : linkedPieces(text);
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
