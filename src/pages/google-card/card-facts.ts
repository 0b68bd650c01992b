/**
 * What Google Wallet shows of a pass, read from its class and its object. Pure. README.md says what of it is a guess.
 *
 * Follows https://developers.google.com/wallet/generic/resources/template and the pages of the other types.
 */
import type { GoogleType } from "../../google/types.ts";
import { isObject, type JsonObject } from "../../json.ts";
import type { Barcode } from "../../pkpass/schema/schema.ts";
import { eitherText, localizedText } from "./localized-text.ts";
import { type GoogleFact, type GoogleResources, itemFact, itemsIn, rowItems, valueAt } from "./places.ts";

export interface GooglePicture {
  readonly url: string;
  /** The text for people who do not see the picture. */
  readonly alt: string;
}

export interface GoogleCardFacts {
  /** `#rrggbb`; empty if the pass has none. */
  readonly colour: string;
  readonly logo: GooglePicture | undefined;
  /** It replaces the round logo and the name next to it. */
  readonly wideLogo: GooglePicture | undefined;
  readonly hero: GooglePicture | undefined;
  /** Next to the logo. */
  readonly issuer: string;
  readonly subheader: string;
  readonly header: string;
  /** Origin and destination in place of the header: a journey has both. */
  readonly journey: readonly GoogleFact[];
  /** At most three rows, each with at most three facts. */
  readonly rows: readonly (readonly GoogleFact[])[];
  readonly barcode: Barcode | undefined;
  readonly details: readonly GoogleFact[];
  readonly button: GoogleFact | undefined;
}

const FORMATS: Readonly<Record<string, Barcode["format"]>> = {
  QR_CODE: "PKBarcodeFormatQR",
  PDF_417: "PKBarcodeFormatPDF417",
  AZTEC: "PKBarcodeFormatAztec",
  CODE_128: "PKBarcodeFormatCode128",
  CODE_39: "PKBarcodeFormatCode39",
  CODABAR: "PKBarcodeFormatCodabar",
  EAN_13: "PKBarcodeFormatEAN13",
  ITF_14: "PKBarcodeFormatI2of5",
};

/** @param locale BCP 47: of the reader */
export function googleCardFacts(
  type: GoogleType,
  resources: GoogleResources,
  locale: string,
): GoogleCardFacts {
  const text = (...paths: readonly string[]) =>
    paths.map((path) => textAt(resources, path, locale)).find((each) => each !== "") ?? "";
  const picture = (...paths: readonly string[]) =>
    paths.flatMap((path) => pictureAt(resources, path, locale) ?? [])[0];
  const layout = valueAt(resources, "class.classTemplateInfo");
  const { cardTemplateOverride: card, detailsTemplateOverride: details } = isObject(layout) ? layout : {};
  const factsOf = (items: readonly unknown[]) =>
    items.flatMap((item) => itemFact(resources, item, locale) ?? []);
  const front = itemsIn(isObject(card) ? card.cardRowTemplateInfos : undefined).map(rowItems);
  const rows = front.map(factsOf);
  const items = itemsIn(isObject(details) ? details.detailsItemInfos : undefined);
  // Google's details may repeat the front. Here both are on one page.
  const onFront = new Set(front.flat().map((item) => JSON.stringify(item)));
  const below = items
    .map((item) => (isObject(item) ? item.item : undefined))
    .filter((item) => !onFront.has(JSON.stringify(item)));
  return {
    ...titleOf(type, text),
    journey: journeyOf(type, text),
    colour: text("object.hexBackgroundColor", "class.hexBackgroundColor"),
    logo: picture(
      "object.logo",
      "class.logo",
      "class.programLogo",
      "class.titleImage",
      "class.flightHeader.carrier.airlineLogo",
    ),
    wideLogo: picture(
      "object.wideLogo",
      "class.wideLogo",
      "class.wideProgramLogo",
      "class.wideTitleImage",
      "class.flightHeader.carrier.wideAirlineLogo",
    ),
    hero: picture("object.heroImage", "class.heroImage"),
    rows: rows.filter((row) => row.length > 0),
    barcode: barcodeIn(resources.object),
    details: factsOf(below),
    button: buttonIn(resources, locale),
  };
}

type TextAt = (...paths: readonly string[]) => string;

/** The line with the logo, and the large title with the small line above it. */
function titleOf(type: GoogleType, text: TextAt) {
  const issuer = text("class.issuerName");
  switch (type) {
    case "generic":
      return {
        issuer: text("object.cardTitle"),
        subheader: text("object.subheader"),
        header: text("object.header"),
      };
    case "eventTicket":
      return { issuer, subheader: text("class.venue.name"), header: text("class.eventName") };
    case "flight": {
      const { carrierIataCode, carrierIcaoCode } = {
        carrierIataCode: text("class.flightHeader.carrier.carrierIataCode"),
        carrierIcaoCode: text("class.flightHeader.carrier.carrierIcaoCode"),
      };
      const number = `${carrierIataCode || carrierIcaoCode} ${text("class.flightHeader.flightNumber")}`;
      const airline = text("class.flightHeader.carrier.airlineName");
      return { issuer, subheader: airline === issuer ? number : `${airline} · ${number}`, header: "" };
    }
    case "loyalty":
      return { issuer, subheader: "", header: text("class.programName") };
    case "giftCard":
      return { issuer, subheader: "", header: text("class.merchantName") };
    case "offer":
      return { issuer: issuer || text("class.provider"), subheader: "", header: text("class.title") };
    case "transit": {
      const operator = text("class.transitOperatorName");
      return { issuer, subheader: operator === issuer ? "" : operator, header: "" };
    }
  }
}

function journeyOf(type: GoogleType, text: TextAt): GoogleFact[] {
  if (type === "flight") {
    return ["origin", "destination"].map((end) => ({
      label: text(`class.${end}.airportNameOverride`),
      value: text(`class.${end}.airportIataCode`),
    }));
  }
  if (type !== "transit") return [];
  const ends = ["origin", "destination"].map((end) =>
    text(`object.ticketLeg.${end}Name`, `object.ticketLeg.${end}StationCode`),
  );
  return ends.flatMap((value) => (value === "" ? [] : { label: "", value }));
}

/** The text at a path, whose last member may also exist with translations. */
function textAt(resources: GoogleResources, path: string, locale: string): string {
  const end = path.lastIndexOf(".");
  const parent = valueAt(resources, path.slice(0, end));
  return isObject(parent) ? eitherText(parent, path.slice(end + 1), locale) : "";
}

function pictureAt(resources: GoogleResources, path: string, locale: string): GooglePicture | undefined {
  const image = valueAt(resources, path);
  if (!isObject(image) || !isObject(image.sourceUri)) return undefined;
  const url = localizedText(image.sourceUri.uri, locale);
  return url === "" ? undefined : { url, alt: localizedText(image.contentDescription, locale) };
}

function barcodeIn({ barcode }: JsonObject): Barcode | undefined {
  if (!isObject(barcode)) return undefined;
  const format = FORMATS[localizedText(barcode.type, "")];
  if (format === undefined) return undefined;
  const altText = localizedText(barcode.alternateText, "");
  return {
    format,
    message: localizedText(barcode.value, ""),
    messageEncoding: barcode.renderEncoding === "UTF_8" ? "utf-8" : "iso-8859-1",
    ...(altText === "" ? {} : { altText }),
  };
}

function buttonIn(resources: GoogleResources, locale: string): GoogleFact | undefined {
  const link = valueAt(resources, "object.appLinkData") ?? valueAt(resources, "class.appLinkData");
  if (!isObject(link)) return undefined;
  const value = localizedText(link.displayText, locale);
  const uri = valueAt({ class: link, object: link }, "class.webAppLinkInfo.appTarget.targetUri.uri");
  const url = typeof uri === "string" ? URL.parse(uri) : null;
  return value === "" || url?.protocol !== "https:" ? undefined : { label: "", value, href: url.href };
}
