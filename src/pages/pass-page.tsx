/**
 * The page at a pass's landingUrl: the pass as Wallet shows it, how this device can add it to Wallet (offer.tsx) or why it
 * cannot be added (obstacle.tsx), and the fields of its back, in the reader's language if the pass has it. README.md says
 * where the drawing differs from Wallet's.
 *
 * The issuer's texts are escaped by the renderer; colours, links and images are built from numbers, parsed URLs and PNG
 * bytes. The page has no scripts, and requests nothing but the images of this pass.
 * Follows Apple's "Pass", "PassFields" and the Human Interface Guidelines for Wallet.
 */

import type { PassStatus } from "../passes/status.ts";
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { translatePass } from "../pkpass/translate.ts";
import { hrefOfContact } from "../templates/contact.ts";
import { Actions, featuredLinks, linksOf } from "./card/actions.tsx";
import { Details } from "./card/back.tsx";
import { Card } from "./card/card.tsx";
import { type Look, looksOf } from "./card/looks.ts";
import { type Code, type PageImage, Picture } from "./card/parts.tsx";
import { drawnFields } from "./card/sections.ts";
import { PASS_STYLE } from "./card/style.ts";
import type { Device } from "./device.ts";
import { drawBarcodeOnce } from "./drawn-barcodes.ts";
import type { GoogleSource } from "./google-card/map-pass.ts";
import { GOOGLE_STYLE } from "./google-card/style.ts";
import { GoogleParts } from "./google-parts.tsx";
import { chooseLanguage, directionOf, stringsOf, translatedLanguages } from "./language.ts";
import { findObstacle, ObstacleNote } from "./obstacle.tsx";
import { Offer, offersCode } from "./offer.tsx";
import { Page } from "./page.tsx";
import { pictureToShare, selectPictures, slotsOf } from "./pass-images.ts";
import { type MarkedWords, type PassPageWords, passPageWordsOf } from "./pass-page-words.ts";

export interface PassPageProps {
  /** pass.json as a phone shows it: values merged, blanks removed, barcodes with their messages, voided if redeemed. */
  readonly pass: TemplatePass;
  /** Path in the .pkpass → PNG or pass.strings, in all densities and languages. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The path of the image with this path in the .pkpass. */
  readonly imagePath: (path: string) => string;
  /** Undefined if the pass is not offered in Apple Wallet, or cannot be signed for it now. */
  readonly downloadPath: string | undefined;
  /** The whole address of this page. */
  readonly pageUrl: string;
  /** The path of Apple's artwork for the button; undefined if the operator has stored none. */
  readonly badgePath: string | undefined;
  /** The same of Google's. */
  readonly googleBadgePath: string | undefined;
  /** The path that leads to Google Wallet; undefined if the pass is not offered there. */
  readonly googlePath: string | undefined;
  /** The contact of the template: an https address, an e-mail address or a phone number. */
  readonly contact: string | null;
  readonly status: PassStatus;
  /** Whether the pass can be added now: signed for Apple Wallet, or in Google Wallet where that is offered. */
  readonly isAvailable: boolean;
  readonly device: Device;
  /** If given, the card of Google Wallet is drawn in place of Apple's. */
  readonly google?: GoogleSource | undefined;
  /** The reader's languages in BCP 47, the best first. */
  readonly languages: readonly string[];
}

/** The whole document. */
export function PassPage(props: PassPageProps) {
  const { pass: written, files, device, languages } = props;
  const language = chooseLanguage(languages, translatedLanguages(files.keys()));
  const { locale, folder } = language;
  const own = passPageWordsOf(locale);
  const { words, marks } = own;
  const strings = stringsOf(files, folder);
  const pass = translatePass(written, strings);
  const direction = directionOf(language, textsOf(pass));
  const pictures = selectPictures(files, folder, props.imagePath);
  const [look, olderLook] = looksOf(pass, slotsOf(files));
  const older = props.google === undefined ? olderLook : undefined;
  const obstacle = findObstacle(props, own, locale);
  const asks = obstacle === undefined && offersCode(device);
  const veil = asks ? words.reveal : undefined;
  const code = drawCode(pass, veil);
  const card = { pass, pictures, code, locale, direction, isInvalid: obstacle?.isInvalid === true };
  const back = [
    ...drawnFields(pass, look.style, "backFields"),
    ...drawnFields(pass, look.style, "additionalInfoFields"),
  ];
  const image = pictureToShare(pictures);
  const sharing = {
    site: pass.organizationName,
    title: pass.description,
    description: obstacle?.title ?? sharedTitle(props, words),
    url: props.pageUrl,
    image: image && new URL(image.url, props.pageUrl).href,
  };
  return (
    <Page
      title={`${pass.description} · ${pass.organizationName}`}
      style={props.google === undefined ? PASS_STYLE : PASS_STYLE + GOOGLE_STYLE}
      lang={folder ?? "en"}
      dir={direction}
      icon={pictures.icon?.url}
      sharing={sharing}
    >
      <main class={asks ? "pass two asks" : older ? "pass two" : "pass"}>
        <h1 class="unseen">{pass.description}</h1>
        {obstacle ? (
          <ObstacleNote obstacle={obstacle} language={own} />
        ) : (
          <Offer {...props} language={own} hasCode={code !== undefined} />
        )}
        <div class="front-and-back">
          {props.google ? (
            <GoogleParts
              {...{ pass: written, source: props.google, strings, reader: language, language: own }}
              {...{ direction, isInvalid: card.isInvalid, veil }}
            />
          ) : (
            <>
              <Card {...card} look={look} />
              <Actions links={featuredLinks(pass, locale)} marks={marks} />
              <Guide pass={pass} look={look} map={pictures.venueMap} language={own} locale={locale} />
              {back.length > 0 && (
                <section>
                  <h2 {...marks}>{words.details}</h2>
                  <Details fields={back} locale={locale} />
                </section>
              )}
            </>
          )}
          <Contact contact={props.contact ?? contactOf(pass)} name={pass.organizationName} language={own} />
          {obstacle?.isInvalid !== true && (
            <p class="hint" {...marks}>
              {words.secret}
            </p>
          )}
        </div>
        {older && (
          <details class="older">
            <summary {...marks}>{words.older.replace("{version}", String(look.since))}</summary>
            <Card {...card} look={older} />
          </details>
        )}
      </main>
    </Page>
  );
}

/** The title of the page in the preview of a messenger. */
function sharedTitle({ downloadPath, googlePath }: PassPageProps, words: PassPageWords): string {
  if (downloadPath === undefined) return words.addToGoogle;
  return googlePath === undefined ? words.add : words.phoneTitle;
}

/** The texts that decide the direction of a pass that has no translation. */
function textsOf(pass: TemplatePass): string[] {
  const fields = looksOf(pass, new Set()).flatMap(({ style }) => Object.values(pass[style] ?? {}));
  const labels = fields.flatMap((field) =>
    Array.isArray(field) ? field.map(({ label = "" }) => label) : [],
  );
  return [pass.description, pass.organizationName, pass.logoText ?? "", ...labels];
}

/** @param veil the text that covers it, so that nobody scans it instead of the code of this page */
function drawCode({ barcodes: [barcode] = [] }: TemplatePass, veil: string | undefined): Code | undefined {
  return barcode?.message ? { barcode, drawing: drawBarcodeOnce(barcode), veil } : undefined;
}

interface GuideProps {
  readonly pass: TemplatePass;
  readonly look: Look;
  readonly map: PageImage | undefined;
  readonly language: MarkedWords;
  readonly locale: string;
}

/** The event guide of a poster, or the services of a flight: the map of the venue, and links. */
function Guide({ pass, look, map, language: { words, marks }, locale }: GuideProps) {
  const links = linksOf(pass, look, locale);
  const venueMap = look.layout === "posterEventTicket" ? map : undefined;
  if (links.length === 0 && venueMap === undefined) return null;
  return (
    <section class="guide">
      <h2 {...marks}>{look.layout === "posterEventTicket" ? words.guide : words.services}</h2>
      {venueMap && <Picture name="map" image={venueMap} alt="" />}
      <Actions links={links} marks={marks} />
    </section>
  );
}

interface ContactProps {
  readonly contact: string | undefined;
  readonly name: string;
  readonly language: MarkedWords;
}

/** The contact for questions. Renders nothing if the pass has none. */
function Contact({ contact = "", name, language: { words, marks } }: ContactProps) {
  const href = hrefOfContact(contact);
  if (href === undefined) return null;
  return (
    <p class="contact" {...marks}>
      {words.contact.replace("{name}", () => name)}
      <a href={href} rel="noopener noreferrer nofollow" dir="ltr">
        {contact}
      </a>
    </p>
  );
}

/** The contact of an event ticket, which Wallet shows in its event guide only. */
function contactOf(pass: TemplatePass): string | undefined {
  return pass.contactVenueEmail ?? pass.contactVenuePhoneNumber ?? pass.contactVenueWebsite;
}
