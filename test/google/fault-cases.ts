/**
 * The cases of the linter for Google Wallet: a sample that is complete for it, what is changed in it, and the code that is found.
 */
import type { GoogleSubject } from "../../src/google/faults.ts";
import type { GooglePart } from "../../src/google/google-part.ts";
import type { GoogleCode } from "../../src/pkpass/codes.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { coffeeCard, coupon, rewardsCard } from "../pkpass/samples/cards.ts";
import { concert } from "../pkpass/samples/events.ts";
import { flight, semanticFlight } from "../pkpass/samples/flight.ts";
import { trainTicket } from "../pkpass/samples/journeys.ts";
import type { Sample } from "../pkpass/samples/sample.ts";

export interface GoogleCase {
  readonly code: GoogleCode;
  readonly pointer: string;
  readonly of: Sample;
  /** Other findings that the change causes. */
  readonly beside?: readonly GoogleCode[];
  /** Members of pass.json that replace those of the sample. */
  readonly pass?: Partial<TemplatePass>;
  readonly google?: GooglePart;
  /** Width and height; null removes the image. */
  readonly images?: Readonly<Record<string, readonly [number, number] | null>>;
  /** Google Wallet only, without an issuer. */
  readonly isUnreachable?: boolean;
}

const IMAGES = {
  "icon@3x.png": [87, 87],
  "google/logo.png": [660, 660],
  "google/hero.png": [1032, 336],
} as const;

/** The sample with images for Google and the address of its venue, so that nothing is found in it. */
export function googleSubject({
  of,
  pass,
  google,
  images,
  isUnreachable = false,
}: Omit<GoogleCase, "code" | "pointer">): GoogleSubject {
  const sizes = Object.entries({ ...IMAGES, ...images }).flatMap(([path, size]) => {
    return size === null ? [] : [[path, { width: size[0], height: size[1] }] as const];
  });
  return {
    template: { ...of.pass, ...pass },
    strings: of.strings,
    google: of === concert ? { venueAddress: "Ring 1, Vienna", ...google } : (google ?? null),
    images: Object.fromEntries(sizes),
    isUnreachable,
  };
}

const many = Array.from({ length: 12 }, (_, index) => ({ key: `field-${index}`, label: "A", value: "B" }));
const links = many.map((field) => ({ ...field, value: "https://acme.example/" }));
const barcode = { format: "PKBarcodeFormatI2of5", message: "12345678", messageEncoding: "utf-8" } as const;
const row = { oneItem: { item: { firstValue: { fields: [{ fieldPath: "class.programName" }] } } } };
const label = { defaultValue: { language: "en", value: "Foyer" } };
const image = { sourceUri: { uri: "http://acme.example/logo.png" } };

export const googleCases: readonly GoogleCase[] = [
  {
    code: "google_barcode_unsupported",
    pointer: "/pass/barcodes",
    of: coupon,
    pass: { barcodes: [barcode] },
  },
  {
    code: "google_class_not_reviewed",
    pointer: "/google/class/reviewStatus",
    of: coffeeCard,
    google: { class: { reviewStatus: "DRAFT" } },
  },
  { code: "google_data_missing", pointer: "/pass/semantics/airlineCode", of: flight },
  {
    code: "google_data_missing",
    pointer: "/images",
    of: coffeeCard,
    images: { "google/logo.png": null, "icon@3x.png": null },
    beside: ["google_image_missing"],
  },
  {
    code: "google_date_with_offset",
    pointer: "/google/class/localGateClosingDateTime",
    of: semanticFlight,
    google: { class: { localGateClosingDateTime: "2027-05-22T10:50:00+02:00" } },
  },
  {
    code: "google_hint_unknown",
    pointer: "/google/hints/points",
    of: coffeeCard,
    google: { hints: { points: "stamp" } },
  },
  {
    code: "google_id_invalid",
    pointer: "/google/object/textModulesData/0/id",
    of: coffeeCard,
    google: { object: { textModulesData: [{ id: "a.b", body: "text" }] } },
  },
  {
    code: "google_image_insecure",
    pointer: "/google/class/wideProgramLogo/sourceUri",
    of: coffeeCard,
    google: { class: { wideProgramLogo: image } },
  },
  {
    code: "google_image_missing",
    pointer: "/images/google~1logo.png",
    of: coffeeCard,
    images: { "google/logo.png": null },
  },
  {
    code: "google_image_missing",
    pointer: "/images/google~1hero.png",
    of: coffeeCard,
    images: { "google/hero.png": null, "strip.png": [375, 144] },
  },
  {
    code: "google_image_size",
    pointer: "/images/google~1logo.png",
    of: coffeeCard,
    images: { "google/logo.png": [660, 200] },
  },
  {
    code: "google_image_size",
    pointer: "/images/google~1hero.png",
    of: coffeeCard,
    images: { "google/hero.png": [1032, 500] },
  },
  {
    code: "google_interval_offsets",
    pointer: "/google/object/validTimeInterval",
    of: coffeeCard,
    google: {
      object: {
        validTimeInterval: { start: { date: "2027-01-01T00:00:00Z" }, end: { date: "2027-02-01T00:00:00" } },
      },
    },
  },
  {
    code: "google_interval_offsets",
    pointer: "/google/object/validTimeInterval",
    of: coffeeCard,
    google: { object: { validTimeInterval: { start: { date: "2027-01-01T00:00:00" } } } },
  },
  {
    code: "google_interval_offsets",
    pointer: "/google/class/messages/0/displayInterval",
    of: coffeeCard,
    google: {
      class: {
        messages: [
          {
            displayInterval: { start: { date: "2027-01-01T00:00" }, end: { date: "2027-02-01T00:00:00Z" } },
          },
        ],
      },
    },
  },
  {
    code: "google_member_ignored",
    pointer: "/google/object/state",
    of: coffeeCard,
    google: { object: { state: "ACTIVE" } },
  },
  {
    code: "google_member_ignored",
    pointer: "/google/class/locations",
    of: coffeeCard,
    google: { class: { locations: [] } },
  },
  {
    code: "google_member_ignored",
    pointer: "/google/class/programName",
    of: coffeeCard,
    google: { class: { programName: null } },
  },
  {
    code: "google_member_missing",
    pointer: "/google/object/rotatingBarcode/totpDetails/parameters/0",
    of: coffeeCard,
    google: {
      object: {
        rotatingBarcode: {
          ...{ type: "QR_CODE", valuePattern: "{totp_value_0}" },
          totpDetails: { algorithm: "TOTP_SHA1", periodMillis: "3000", parameters: [{ valueLength: 8 }] },
        },
      },
    },
  },
  {
    code: "google_member_missing",
    pointer: "/google/class/flightHeader",
    of: semanticFlight,
    google: { class: { flightHeader: { flightNumber: null } } },
  },
  {
    code: "google_member_missing",
    pointer: "/google/object/ticketLeg",
    of: trainTicket,
    google: { object: { ticketLeg: { destinationStationCode: "LIS" } } },
  },
  {
    code: "google_member_unknown",
    pointer: "/google/object/hexBackgroundColor",
    of: coffeeCard,
    google: { object: { hexBackgroundColor: "#000000" } },
  },
  {
    code: "google_members_conflict",
    pointer: "/google/object/loyaltyPoints/balance/string",
    of: coffeeCard,
    google: { object: { loyaltyPoints: { balance: { int: 1, string: "one" } } } },
  },
  {
    code: "google_members_conflict",
    pointer: "/google/object/ticketLeg",
    of: trainTicket,
    google: { object: { ticketLeg: {}, ticketLegs: [] } },
  },
  {
    code: "google_members_conflict",
    pointer: "/google/class/dateTime/doorsOpenLabel",
    of: concert,
    google: {
      class: { dateTime: { doorsOpenLabel: "GATES_OPEN", customDoorsOpenLabel: label } },
    },
  },
  {
    code: "google_too_many_fields",
    pointer: "/pass/coupon",
    of: coupon,
    pass: { coupon: { backFields: many } },
  },
  {
    code: "google_too_many_links",
    pointer: "/pass/coupon",
    of: coupon,
    pass: { coupon: { backFields: links.slice(0, 11) } },
  },
  {
    code: "google_too_many_locations",
    pointer: "/google/class/merchantLocations",
    of: coffeeCard,
    google: { class: { merchantLocations: many.map(() => ({ latitude: 1, longitude: 2 })) } },
  },
  {
    code: "google_too_many_rows",
    pointer: "/pass/coupon",
    of: coupon,
    pass: { coupon: { headerFields: many.slice(0, 6), auxiliaryFields: many.slice(6, 10) } },
  },
  {
    code: "google_too_many_fields",
    pointer: "/google/object/textModulesData",
    of: coffeeCard,
    google: { object: { textModulesData: many.map(({ key }) => ({ id: key, body: "text" })) } },
  },
  {
    code: "google_too_many_links",
    pointer: "/google/class/linksModuleData/uris",
    of: coffeeCard,
    google: { class: { linksModuleData: { uris: many.map(() => ({ uri: "https://acme.example/" })) } } },
  },
  {
    code: "google_too_many_rows",
    pointer: "/google/class/classTemplateInfo/cardTemplateOverride/cardRowTemplateInfos",
    of: coffeeCard,
    google: {
      class: { classTemplateInfo: { cardTemplateOverride: { cardRowTemplateInfos: [row, row, row, row] } } },
    },
  },
  {
    code: "google_id_invalid",
    pointer: "/google/class/linksModuleData/uris/0/id",
    of: coffeeCard,
    google: { class: { linksModuleData: { uris: [{ id: "a.b", uri: "https://acme.example/" }] } } },
  },
  {
    code: "google_value_unknown",
    pointer: "/google/class/transitType",
    of: trainTicket,
    google: { class: { transitType: "TRAIN" } },
  },
  {
    code: "google_value_malformed",
    pointer: "/google/class/homepageUri",
    of: coffeeCard,
    google: { class: { homepageUri: "https://acme.example" } },
  },
  {
    code: "google_value_malformed",
    pointer: "/google/object/balanceUpdateTime/date",
    of: coffeeCard,
    google: { type: "giftCard", object: { balanceUpdateTime: { date: "2027-01-01T00:00:00" } } },
  },
  {
    code: "google_value_malformed",
    pointer: "/google/class/hexBackgroundColor",
    of: coffeeCard,
    google: { class: { hexBackgroundColor: "rgb(60, 30, 10)" } },
  },
  {
    code: "google_value_unknown",
    pointer:
      "/google/class/classTemplateInfo/cardTemplateOverride/cardRowTemplateInfos/0/oneItem/item/predefinedItem",
    of: coffeeCard,
    google: {
      class: {
        classTemplateInfo: {
          cardTemplateOverride: {
            cardRowTemplateInfos: [{ oneItem: { item: { predefinedItem: "POINTS" } } }],
          },
        },
      },
    },
  },
  {
    code: "google_member_unknown",
    pointer: "/google/object/loyaltyPoints/balance/text",
    of: coffeeCard,
    google: { object: { loyaltyPoints: { balance: { text: "12" } } } },
  },
  { code: "google_issuer_missing", pointer: "/wallets", of: coffeeCard, isUnreachable: true },
  {
    code: "google_venue_without_address",
    pointer: "/google/venueAddress",
    of: concert,
    google: { venueAddress: "" },
  },
  { code: "google_without_barcode", pointer: "/pass/nfc", of: rewardsCard },
];
