/**
 * The page behind a pass's landingUrl: the pass as Wallet shows it, the button that adds it, and what stands on its
 * back.
 *
 * All text is the issuer's and is escaped by the renderer; colours, links and images come from numbers, a URL parser
 * and PNG bytes. No script and no request to anybody. It is a likeness: Wallet's own measures are not copied to the
 * point.
 * Follows Apple's "Pass", "PassFields" and the Human Interface Guidelines for Wallet.
 */
import { isW3cDate, STYLES, type TemplatePass } from "../pkpass/schema/schema.ts";
import { formattedValue } from "./formatted.ts";
import { Page } from "./page.tsx";
import { Card } from "./pass-card.tsx";
import { Details } from "./pass-fields.tsx";
import { PASS_STYLE } from "./pass-style.ts";

export interface PassPageProps {
  /** What the phone shows: values merged, blanks dropped, barcodes with their messages; voided when redeemed. */
  readonly pass: TemplatePass;
  /** Bundle path → PNG, all densities and languages. */
  readonly images: ReadonlyMap<string, Uint8Array>;
  readonly downloadPath: string;
  /** BCP 47, for numbers and dates. */
  readonly locale: string;
  readonly now: number;
}

/** The whole document. */
export function PassPage({ pass, images, downloadPath, locale, now }: PassPageProps) {
  const style = STYLES.find((candidate) => pass[candidate] !== undefined) ?? "generic";
  const { backFields = [], additionalInfoFields = [] } = pass[style] ?? {};
  const details = [...backFields, ...additionalInfoFields];
  const reason = whyInvalid(pass, locale, now);
  return (
    <Page title={`${pass.description} · ${pass.organizationName}`} style={PASS_STYLE}>
      <main class="pass">
        <h1 class="unseen">{pass.description}</h1>
        {reason && (
          <p class="invalid">
            <strong>No longer valid</strong> {reason}
          </p>
        )}
        <Card pass={pass} style={style} images={images} locale={locale} isInvalid={reason !== undefined} />
        <a class="button" href={downloadPath}>
          Add to Apple Wallet
        </a>
        <p class="hint">
          Open this page on the iPhone that the pass is for. Keep the address to yourself: it is the pass.
        </p>
        {details.length > 0 && (
          <section>
            <h2>Details</h2>
            <Details fields={details} locale={locale} />
          </section>
        )}
      </main>
    </Page>
  );
}

/** Why the pass is worth nothing any more. Undefined while it is. */
function whyInvalid(pass: TemplatePass, locale: string, now: number): string | undefined {
  if (pass.voided === true) return "This pass was used or withdrawn.";
  const { expirationDate } = pass;
  if (!isW3cDate(expirationDate) || Date.parse(expirationDate ?? "") > now) return undefined;
  const field = { key: "expirationDate", value: expirationDate, dateStyle: "PKDateStyleLong" } as const;
  return `This pass expired on ${formattedValue(field, locale)}.`;
}
