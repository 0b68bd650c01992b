/**
 * The page at a pass's landingUrl: the pass as Wallet shows it, a button that adds it to Wallet, and the fields of its
 * back, in the reader's language if the pass has it. README.md says where the drawing differs from Wallet's.
 *
 * The issuer's texts are escaped by the renderer; colours, links and images are built from numbers, parsed URLs and PNG
 * bytes. The page has no scripts and sends no requests.
 * Follows Apple's "Pass", "PassFields" and the Human Interface Guidelines for Wallet.
 */

import { isW3cDate } from "../pkpass/dates.ts";
import { formatValue } from "../pkpass/format-value.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { readStrings } from "../pkpass/strings.ts";
import { translatePass } from "../pkpass/translate.ts";
import { Actions, featuredActions, linksOf } from "./card/actions.tsx";
import { Details } from "./card/back.tsx";
import { Card } from "./card/card.tsx";
import { type Look, looksOf } from "./card/looks.ts";
import { type Code, type PageImage, Picture } from "./card/parts.tsx";
import { drawnFields } from "./card/sections.ts";
import { PASS_STYLE } from "./card/style.ts";
import { drawBarcodeOnce } from "./drawn-barcodes.ts";
import { chooseLanguage, directionOf, translatedLanguages } from "./language.ts";
import { Page } from "./page.tsx";
import { selectPictures, slotsOf } from "./pass-images.ts";

export interface PassPageProps {
  /** pass.json as a phone shows it: values merged, blanks removed, barcodes with their messages, voided if redeemed. */
  readonly pass: TemplatePass;
  /** Path in the .pkpass → PNG or pass.strings, in all densities and languages. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly downloadPath: string;
  /** The reader's languages in BCP 47, the best first. */
  readonly languages: readonly string[];
  readonly now: number;
}

/** The whole document. */
export function PassPage({ pass: written, files, downloadPath, languages, now }: PassPageProps) {
  const language = chooseLanguage(languages, translatedLanguages(files.keys()));
  const { locale, folder } = language;
  const pass = translate(written, files, folder);
  const direction = directionOf(language, textsOf(pass));
  const pictures = selectPictures(files, folder);
  const [look, older] = looksOf(pass, slotsOf(files));
  const reason = findInvalidReason(pass, now);
  const code = drawCode(pass);
  const card = { pass, pictures, code, locale, direction, isInvalid: reason !== undefined };
  const back = [
    ...drawnFields(pass, look.style, "backFields"),
    ...drawnFields(pass, look.style, "additionalInfoFields"),
  ];
  return (
    <Page
      title={`${pass.description} · ${pass.organizationName}`}
      style={PASS_STYLE}
      lang={folder ?? "en"}
      dir={direction}
    >
      <main class={older === undefined ? "pass" : "pass two"}>
        <div>
          <h1 class="unseen">{pass.description}</h1>
          {reason && (
            <p class="invalid" lang="en">
              <strong>No longer valid</strong> {reason}
            </p>
          )}
          <Card {...card} look={look} />
          <Actions links={featuredActions(pass)} />
          <a class="button" href={downloadPath} lang="en">
            Add to Apple Wallet
          </a>
          <p class="hint" lang="en" dir="ltr">
            Open this page on the iPhone that you want to add the pass to. Do not share this link: anyone who
            has it can use the pass.
          </p>
          <Guide pass={pass} look={look} map={pictures.venueMap} />
          {back.length > 0 && (
            <section>
              <h2 lang="en">Details</h2>
              <Details fields={back} locale={locale} />
            </section>
          )}
        </div>
        {older && (
          <details class="older">
            <summary lang="en">On iPhones before iOS {look.since}</summary>
            <Card {...card} look={older} />
          </details>
        )}
      </main>
    </Page>
  );
}

function translate(pass: TemplatePass, files: PassPageProps["files"], folder: string | undefined) {
  const bytes = folder === undefined ? undefined : files.get(`${folder}.lproj/pass.strings`);
  const read = bytes === undefined ? undefined : readStrings(bytes);
  return read?.outcome === "strings" ? translatePass(pass, read.strings) : pass;
}

/** The texts that decide the direction of a pass that has no translation. */
function textsOf(pass: TemplatePass): string[] {
  const fields = looksOf(pass, new Set()).flatMap(({ style }) => Object.values(pass[style] ?? {}));
  const labels = fields.flatMap((field) =>
    Array.isArray(field) ? field.map(({ label = "" }) => label) : [],
  );
  return [pass.description, pass.organizationName, pass.logoText ?? "", ...labels];
}

function drawCode({ barcodes: [barcode] = [] }: TemplatePass): Code | undefined {
  return barcode === undefined ? undefined : { barcode, drawing: drawBarcodeOnce(barcode) };
}

/** The event guide of a poster, or the services of a flight: the map of the venue, and links. */
function Guide({ pass, look, map }: { pass: TemplatePass; look: Look; map: PageImage | undefined }) {
  const links = linksOf(pass, look);
  const venueMap = look.layout === "posterEventTicket" ? map : undefined;
  if (links.length === 0 && venueMap === undefined) return null;
  return (
    <section class="guide">
      <h2 lang="en">{look.layout === "posterEventTicket" ? "Event Guide" : "Flight Services"}</h2>
      {venueMap && <Picture name="map" image={venueMap} alt="" />}
      <Actions links={links} />
    </section>
  );
}

/** Why the pass is not valid; undefined if it is valid. */
function findInvalidReason(pass: TemplatePass, now: number): string | undefined {
  if (pass.voided === true) return "This pass was used or withdrawn.";
  const { expirationDate } = pass;
  if (!isW3cDate(expirationDate) || Date.parse(expirationDate) > now) return undefined;
  const field = { key: "expirationDate", value: expirationDate, dateStyle: "PKDateStyleLong" } as const;
  return `This pass expired on ${formatValue(field, "en-GB")}.`;
}
