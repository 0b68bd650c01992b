/**
 * The classic layouts of coupon, event ticket, generic pass and store card.
 *
 * Follows Apple's "PassFields" and the Human Interface Guidelines for Wallet (which images a style has, and where).
 */
import { formatRgb, parseColour } from "../../pkpass/colours.ts";
import { Primary, Row, toFacts } from "./fields.tsx";
import { Foot, Header, type LayoutProps, Picture, type Pictures } from "./parts.tsx";
import { drawnFields, rowsOf } from "./sections.ts";

/** How wide a primary field may be on one line, in ems: over a strip, and next to a thumbnail. */
const LINE = 12;
const LINE_BESIDE = 7;

export function ClassicPass(props: LayoutProps) {
  const { pass, style, locale } = props;
  const pictures = chooseClassic(props);
  const { strip, thumbnail, background } = pictures;
  const colour = style === "generic" ? undefined : parseColour(pass.stripColor ?? "");
  const isStriped = strip !== undefined || (colour !== undefined && background === undefined);
  const primary = toFacts(drawnFields(pass, style, "primaryFields"), locale);
  const rows = rowsOf(pass, style).map(({ name, fields }) => (
    <Row name={name} facts={toFacts(fields, locale)} />
  ));
  // An event ticket has its secondary fields next to the thumbnail too.
  const beside = style === "eventTicket" && thumbnail !== undefined ? rows.slice(0, 1) : [];
  return (
    <div class="part">
      {background && <Picture name="background" image={background} />}
      <Header {...props} pictures={pictures} />
      <div
        class={isStriped ? "front striped" : "front"}
        style={strip === undefined && isStriped && colour ? `background:${formatRgb(colour)}` : undefined}
      >
        {strip && <Picture name="strip" image={strip} />}
        <div>
          <Primary facts={primary} line={thumbnail === undefined ? LINE : LINE_BESIDE} />
          {beside}
        </div>
        {thumbnail && <Picture name="thumbnail" image={thumbnail} />}
      </div>
      {rows.slice(beside.length)}
      <Foot code={props.code} />
    </div>
  );
}

/** An event ticket with a strip shows no thumbnail and no background. */
function chooseClassic({ style, pictures }: LayoutProps): Pictures {
  const { logo, strip, thumbnail, background } = pictures;
  switch (style) {
    case "coupon":
    case "storeCard":
      return { logo, strip };
    case "eventTicket":
      return strip === undefined ? { logo, thumbnail, background } : { logo, strip };
    default:
      return { logo, thumbnail };
  }
}
