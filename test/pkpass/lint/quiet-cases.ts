/** Changes that look like faults but are valid: they must not cause findings. */

import type { LintSubject } from "../../../src/pkpass/lint/lint.ts";
import { coffeeCard, coupon, rewardsCard } from "../samples/cards.ts";
import { concert, match } from "../samples/events.ts";
import { flight, semanticFlight } from "../samples/flight.ts";
import { libraryCard, museum } from "../samples/memberships.ts";
import type { Sample } from "../samples/sample.ts";
import type { Changes } from "./case.ts";
import { quietLayoutCases } from "./quiet-layout-cases.ts";

export interface QuietCase {
  readonly because: string;
  readonly of: Sample;
  readonly changes: Changes;
  readonly kind?: LintSubject["kind"];
}

const due = "/pass/generic/auxiliaryFields/0";
const branch = "/pass/generic/auxiliaryFields/1";
const qr = (message: string, messageEncoding: string) => ({
  "/pass/barcodes": [{ format: "PKBarcodeFormatQR", message, messageEncoding }],
});
const first = (format: string, message: string) => ({
  "/pass/barcodes/0/format": `PKBarcodeFormat${format}`,
  "/pass/barcodes/0/message": message,
});

export const quietCases: readonly QuietCase[] = [
  ...quietLayoutCases,
  {
    because: "a background lies over the colour",
    of: concert,
    changes: { "/pass/labelColor": "rgb(40, 12, 60)" },
  },
  {
    because: "Wallet chooses the colours",
    of: match,
    changes: { "/pass/labelColor": "rgb(0, 66, 120)", "/pass/useAutomaticColors": true },
  },
  {
    because: "a label needs no value",
    of: libraryCard,
    changes: { [branch]: { key: "branch", label: "BRANCH", value: "" } },
  },
  {
    because: "a value needs no label",
    of: libraryCard,
    changes: { [branch]: { key: "branch", value: "Odenplan" } },
  },
  {
    because: "an attributed value is one",
    of: libraryCard,
    changes: {
      [branch]: { key: "branch", value: "", attributedValue: '<A HREF="https://example.com">x</A>' },
    },
  },
  { because: "passes bring the value", of: libraryCard, kind: "template", changes: { [`${due}/value`]: "" } },
  {
    because: "less and more is no markup",
    of: libraryCard,
    changes: { [`${branch}/attributedValue`]: "1 < 2 > 0" },
  },
  {
    because: "a time without a date has a style",
    of: libraryCard,
    changes: { [`${due}/dateStyle`]: undefined },
  },
  {
    because: "back fields have data detectors",
    of: libraryCard,
    changes: { "/pass/generic/backFields/0/dataDetectorTypes": ["PKDataDetectorTypeAddress"] },
  },
  {
    because: "event guides have data detectors",
    of: match,
    changes: { "/pass/eventTicket/additionalInfoFields/0/dataDetectorTypes": [] },
  },
  {
    because: "a boarding pass has five auxiliary fields",
    of: flight,
    changes: {
      "/pass/boardingPass/auxiliaryFields/3": { key: "a", label: "A", value: "a" },
      "/pass/boardingPass/auxiliaryFields/4": { key: "b", label: "B", value: "b" },
    },
  },
  {
    because: "four fields share a row",
    of: coffeeCard,
    changes: { "/pass/storeCard/auxiliaryFields/1": { key: "a", label: "A", value: "a" } },
  },
  {
    because: "without a row it is the first",
    of: concert,
    changes: { "/pass/eventTicket/auxiliaryFields/0/row": undefined },
  },
  { because: "UTF-8 writes everything", of: concert, changes: qr("Škoda", "UTF-8") },
  { because: "ISO 8859-1 writes é", of: concert, changes: qr("café ÿ", "ISO-8859-1") },
  { because: "ISO 8859-2 writes Š", of: concert, changes: qr("Škoda", "iso-8859-2") },
  { because: "windows-1252 writes €", of: concert, changes: qr("10 €", "windows-1252") },
  { because: "1000 bytes are read", of: concert, changes: qr("x".repeat(1000), "iso-8859-1") },
  { because: "digits are packed", of: concert, changes: qr("7".repeat(2000), "iso-8859-1") },
  { because: "Codabar has a start and a stop", of: coupon, changes: first("Codabar", "A123-45$B") },
  { because: "Codabar may leave them out", of: coupon, changes: first("Codabar", "123:45/6.7+8") },
  { because: "the digits go in pairs", of: coupon, changes: first("I2of5", "0123456789") },
  { because: "Code 39 has signs", of: coupon, changes: first("Code39", "A-1 .$/+%") },
  {
    because: "a check digit may be 0",
    of: coupon,
    changes: first("EAN13", "4000000000020"),
  },
  { because: "ASCII ends with 7F", of: coffeeCard, changes: first("Code128", "a~\x7f") },
  {
    because: "a watch draws the older key",
    of: coffeeCard,
    changes: {
      "/pass/barcodes": [{ format: "PKBarcodeFormatCode128", message: "A", messageEncoding: "iso-8859-1" }],
      "/pass/barcode": { format: "PKBarcodeFormatQR", message: "A", messageEncoding: "iso-8859-1" },
    },
  },
  { because: "a watch draws the second one", of: coupon, changes: first("Code128", "KRUME") },
  {
    because: "a format that is not known here is the schema's",
    of: coupon,
    kind: "template",
    changes: { "/pass/barcodes": [] },
  },
  {
    because: "an interval may last a day",
    of: concert,
    changes: {
      "/pass/relevantDates/0/endDate": "2027-09-19T18:00+02:00",
      "/pass/expirationDate": "2027-09-20T18:00+02:00",
    },
  },
  {
    because: "an interval may be a moment",
    of: concert,
    changes: { "/pass/relevantDates/0/endDate": "2027-09-18T18:00+02:00" },
  },
  {
    because: "it may expire as the last date comes",
    of: concert,
    changes: { "/pass/expirationDate": "2027-09-18T18:00+02:00" },
  },
  {
    because: "without dates nothing is too early",
    of: concert,
    changes: { "/pass/relevantDates": undefined, "/pass/expirationDate": "2000-01-01T00:00Z" },
  },
  { because: "the phone's own distance applies", of: flight, changes: { "/pass/maxDistance": undefined } },
  {
    because: "phones without the scheme show the classic pass",
    of: semanticFlight,
    changes: { "/pass/preferredStyleSchemes": ["semanticBoardingPass"] },
  },
  {
    because: "posterGeneric is darkened too",
    of: museum,
    changes: { "/pass/suppressHeaderDarkening": true },
  },
  {
    because: "a poster has a large background",
    of: museum,
    changes: { "/images/background@2x.png": [1600, 2400], "/images/background@3x.png": [2400, 3600] },
  },
  {
    because: "the tag is in a field",
    of: match,
    changes: {
      "/pass/semantics/venueName": undefined,
      "/pass/eventTicket/secondaryFields/0/semantics": { venueName: "Harbour Ground" },
    },
  },
  {
    because: "other events have no teams",
    of: match,
    changes: {
      "/pass/semantics/eventType": "PKEventTypeMovie",
      "/pass/semantics/homeTeamAbbreviation": undefined,
    },
  },
  {
    because: "a background is artwork too",
    of: match,
    changes: {
      "/images/artwork.png": undefined,
      "/images/artwork@2x.png": undefined,
      "/images/artwork@3x.png": undefined,
      "/images/background@2x.png": [690, 1010],
      "/images/background@3x.png": [1035, 1515],
    },
  },
  { because: "a primaryLogo names the event", of: match, changes: { "/pass/eventLogoText": undefined } },
  {
    because: "a place has a placeIdentifier",
    of: museum,
    changes: { "/pass/featuredActions/0": { identifier: "way", type: "place", placeIdentifier: "I1234" } },
  },
  {
    because: "the web service may be anywhere",
    of: flight,
    changes: { "/pass/webServiceURL": "https://example.com:8443/v1/passes/" },
  },
  { because: "nobody said what the certificate says", of: flight, changes: { "/certificate": undefined } },
  {
    because: "Edgepass alone has a bound of 100 fields",
    of: libraryCard,
    changes: {
      "/pass/generic/backFields": Array.from({ length: 120 }, (_, index) => ({
        key: `${index}`,
        value: "x",
      })),
    },
  },
  {
    because: "Edgepass alone has a bound of 200 characters",
    of: libraryCard,
    changes: { [branch]: { key: "x".repeat(250), value: "Odenplan" } },
  },
  {
    because: "a beacon's UUID is of any version and case",
    of: coupon,
    changes: { "/pass/beacons/0/proximityUUID": "ffffffff-FFFF-0000-0000-0123456789ab" },
  },
  {
    because: "an address may speak of JavaScript",
    of: libraryCard,
    changes: { [`${branch}/attributedValue`]: '<a href="https://example.com/javascript:">x</a>' },
  },
  { because: "no phone has one pixel a point", of: coupon, changes: { "/images/logo.png": undefined } },
  {
    because: "Edgepass makes what lacks",
    of: coupon,
    kind: "template",
    changes: { "/images/logo.png": undefined, "/images/logo@2x.png": undefined },
  },
  { because: "half pixels are rounded", of: coupon, changes: { "/images/logo@3x.png": [271, 119] } },
  {
    because: "a thumbnail may be 3:2",
    of: libraryCard,
    changes: {
      "/images/thumbnail.png": [90, 60],
      "/images/thumbnail@2x.png": [180, 120],
      "/images/thumbnail@3x.png": [270, 180],
    },
  },
  {
    because: "an icon may have 38 points",
    of: coupon,
    changes: {
      "/images/icon.png": [38, 38],
      "/images/icon@2x.png": [76, 76],
      "/images/icon@3x.png": [114, 114],
    },
  },
  {
    because: "a pass brings this text",
    of: flight,
    changes: { "/strings/en/Silver": "Silver", "/strings/da/Silver": "Sølv" },
  },
  { because: "LOW is another word than ROW", of: concert, changes: { "/strings": { en: { LOW: "LOW" } } } },
  {
    because: "another number is another text",
    of: libraryCard,
    changes: { "/strings": { en: { "0042 1988": "x" } } },
  },
  {
    because: "the personalization has texts",
    of: rewardsCard,
    changes: { "/strings": { en: { "Collect a point for each cup.": "x" } } },
  },
  {
    because: "keys are translated into English",
    of: coupon,
    changes: { "/strings": { en: { offer_label: "Offer" } } },
  },
  { because: "2.50 is no key", of: coupon, changes: { "/strings": { de: { "2.50": "2,50" } } } },
  {
    because: "all languages have an image of their own or all share one",
    of: coffeeCard,
    changes: {
      "/strings/pt-BR": undefined,
      "/images/pt-BR.lproj~1strip.png": undefined,
      "/images/pt-BR.lproj~1strip@2x.png": undefined,
      "/images/pt-BR.lproj~1strip@3x.png": undefined,
    },
  },
  {
    because: "English is among the languages of its keys",
    of: coupon,
    changes: { "/strings": { de: { offer_label: "Angebot" }, en: { offer_label: "Offer" } } },
  },
  {
    because: "the text that is near has its own translation",
    of: coffeeCard,
    changes: {
      "/strings/en/BALANCES": "BALANCES",
      "/strings/fr/BALANCES": "SOLDES",
      "/strings/pt-BR/BALANCES": "SALDOS",
    },
  },
];
