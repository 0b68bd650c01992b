/**
 * The posterGeneric style of iOS 27: artwork or background fills the card, with up to four primary fields over its lower
 * part. The first of them is the title if it has no label.
 *
 * Follows Apple's "Creating a poster generic pass". The sizes, and where the barcode is, are a guess.
 */
import { Row, toFacts } from "./fields.tsx";
import { Foot, type LayoutProps, Picture, PosterBrand } from "./parts.tsx";
import { drawnFields } from "./sections.ts";

export function PosterGenericPass({ pass, style, pictures, locale, code }: LayoutProps) {
  const draw = (section: "headerFields" | "primaryFields" | "footerFields") =>
    toFacts(drawnFields(pass, style, section), locale);
  const primary = draw("primaryFields");
  const [first] = primary;
  const hasTitle = first !== undefined && first.label === "";
  const art = pictures.artwork ?? pictures.background;
  const footer = draw("footerFields");
  return (
    <div class="part poster">
      {art && <Picture name="artwork" image={art} />}
      <header class={pass.suppressHeaderDarkening === true ? undefined : "dark"}>
        <PosterBrand
          pass={pass}
          logo={pictures.primaryLogo ?? pictures.logo}
          text={pass.logoText || pass.organizationName}
        />
        <Row name="heading" facts={draw("headerFields")} />
      </header>
      <div class="title">
        {hasTitle && (
          <p class="name" dir="auto">
            {first.value}
          </p>
        )}
        <Row name="secondary" facts={hasTitle ? primary.slice(1) : primary} />
      </div>
      <Foot code={code} />
      {footer.length > 0 && (
        <div class="bar">
          <Row name="auxiliary" facts={footer} />
        </div>
      )}
    </div>
  );
}
