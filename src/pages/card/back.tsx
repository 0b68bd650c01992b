/**
 * The back of a pass: its fields below each other, with links, phone numbers and addresses that can be tapped.
 *
 * Follows Apple's "PassFieldContent" (attributedValue, dataDetectorTypes).
 */
import { Breakable } from "../../breakable.tsx";
import { formatValue } from "../../pkpass/format-value.ts";
import type { Field } from "../../pkpass/schema/schema.ts";
import { type Piece, parseAttributedValue } from "../attributed-value.ts";
import { detectData } from "./detect-data.ts";

/** The list. Renders nothing without fields. */
export function Details({ fields, locale }: { fields: readonly Field[]; locale: string }) {
  if (fields.length === 0) return null;
  return (
    <dl class="details">
      {fields.map((field) => (
        <div>
          <dt dir="auto">{field.label}</dt>
          <dd dir="auto">
            <Pieces of={splitIntoPieces(field, locale)} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The links of an attributedValue stay; what is between them is searched like every other text. */
function splitIntoPieces(field: Field, locale: string): readonly Piece[] {
  const text = formatValue(field, locale);
  const pieces = field.attributedValue === undefined ? [{ text }] : parseAttributedValue(text);
  return pieces.flatMap((piece) =>
    "href" in piece ? piece : detectData(piece.text, field.dataDetectorTypes),
  );
}

/** The groups of a phone number would change places within a text that is written from right to left. */
function Pieces({ of: pieces }: { of: readonly Piece[] }) {
  return (
    <>
      {pieces.map(({ text, href }) =>
        href === undefined ? (
          text
        ) : (
          <a href={href} rel="noopener noreferrer nofollow" dir={href.startsWith("tel:") ? "ltr" : undefined}>
            <Breakable text={text} />
          </a>
        ),
      )}
    </>
  );
}
