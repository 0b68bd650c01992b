/**
 * The page at a pass's landingUrl: the pass as Wallet shows it, a button that adds it to Wallet, and the fields of its
 * back.
 *
 * The issuer's texts are escaped by the renderer; colours, links and images are built from numbers, parsed URLs and PNG
 * bytes. The page has no scripts and sends no requests. It resembles Wallet, but does not copy its exact dimensions.
 * Follows Apple's "Pass", "PassFields" and the Human Interface Guidelines for Wallet.
 */

import { formatValue } from "../pkpass/format-value.ts";
import { isW3cDate, STYLES, type TemplatePass } from "../pkpass/schema/schema.ts";
import { Page } from "./page.tsx";
import { Card } from "./pass-card.tsx";
import { Details } from "./pass-fields.tsx";
import { PASS_STYLE } from "./pass-style.ts";

export interface PassPageProps {
  /** pass.json as a phone shows it: values merged, blanks removed, barcodes with their messages, voided if redeemed. */
  readonly pass: TemplatePass;
  /** Path in the .pkpass → PNG, in all densities and languages. */
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
  const reason = findInvalidReason(pass, locale, now);
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
          Open this page on the iPhone that you want to add the pass to. Do not share this link: anyone who
          has it can use the pass.
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

/** Why the pass is not valid; undefined if it is valid. */
function findInvalidReason(pass: TemplatePass, locale: string, now: number): string | undefined {
  if (pass.voided === true) return "This pass was used or withdrawn.";
  const { expirationDate } = pass;
  if (!isW3cDate(expirationDate) || Date.parse(expirationDate ?? "") > now) return undefined;
  const field = { key: "expirationDate", value: expirationDate, dateStyle: "PKDateStyleLong" } as const;
  return `This pass expired on ${formatValue(field, locale)}.`;
}
