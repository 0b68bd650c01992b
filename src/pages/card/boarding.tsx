/**
 * The classic layout of a boarding pass: origin and destination with the symbol of the transit type between them.
 *
 * Follows Apple's "PassFields" (the auxiliary fields are above the secondary ones).
 */
import { Primary, Row, toFacts } from "./fields.tsx";
import { Foot, Header, type LayoutProps } from "./parts.tsx";
import { drawnFields, rowsOf } from "./sections.ts";
import { TransitSymbol } from "./transit.tsx";

/** The widest code that is on one line on every phone, in ems. */
export const CODE_LINE = 5.5;

export function ClassicBoardingPass(props: LayoutProps) {
  const { pass, style, pictures, locale, code } = props;
  const ends = toFacts(drawnFields(pass, style, "primaryFields"), locale);
  return (
    <>
      <div class="part">
        <Header {...props} />
        {ends.length > 0 && (
          <div class="journey">
            <Primary facts={ends.slice(0, 1)} among={ends} line={CODE_LINE} />
            <TransitSymbol type={pass.boardingPass?.transitType ?? "PKTransitTypeGeneric"} />
            <Primary facts={ends.slice(1)} among={ends} line={CODE_LINE} />
          </div>
        )}
      </div>
      <div class="part">
        {rowsOf(pass, style).map(({ name, fields }) => (
          <Row name={name} facts={toFacts(fields, locale)} />
        ))}
        <Foot code={code} footer={pictures.footer} />
      </div>
    </>
  );
}
