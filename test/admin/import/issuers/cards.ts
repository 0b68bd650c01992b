/** Store cards and coupons, in the shapes of the issuers that make them. */
import { READER_KEY } from "../../../pkpass/samples/events.ts";
import { field, GONE, type IssuerFile, identity } from "./issuer.ts";
import { deflated, stored, streamed, withFolders } from "./packing.ts";
import { asciiOnly, indented } from "./writing.ts";

const loyaltyCard: IssuerFile = {
  shape: "grocer: loyalty card with Code 128, and the card number under it",
  pass: {
    ...identity("greenbasket", "6300012004711"),
    organizationName: "Green Basket",
    description: "Green Basket loyalty card",
    logoText: "Green Basket",
    backgroundColor: "#2E7D32",
    foregroundColor: "#fff7e0",
    storeCard: {
      headerFields: [field("points", "POINTS", 1280, { changeMessage: "You now have %@ points." })],
      secondaryFields: [field("member", "MEMBER", "R. Achterberg")],
      auxiliaryFields: [field("level", "", "Silver")],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatCode128",
        message: "6300012004711",
        messageEncoding: "iso-8859-1",
        altText: "6300012004711",
      },
    ],
    locations: [
      { latitude: 52.370216, longitude: 4.895168 },
      { latitude: -33.86882, longitude: 151.20929, relevantText: "Green Basket, harbour" },
    ],
  },
  images: { "icon.png": [29, 29], "icon@2x.png": [58, 58], "logo.png": [50, 50], "strip.png": [375, 123] },
  pack: stored,
  next: {
    body: { serialNumber: "6300012004712", values: { points: 0, member: "T. Bos" } },
    changes: {
      "/pass/serialNumber": "6300012004712",
      "/pass/storeCard/headerFields/0/value": 0,
      "/pass/storeCard/secondaryFields/0/value": "T. Bos",
      "/pass/barcodes/0/message": "6300012004712",
      "/pass/barcodes/0/altText": "6300012004712",
    },
  },
};

const giftCard: IssuerFile = {
  shape:
    "bookshop: gift card with a balance, EAN-13 of iOS 27 before a QR code, the certificate of another pass type",
  pass: {
    ...identity("foxglove", "GC-5012345678900"),
    organizationName: "Foxglove Books",
    description: "Gift card",
    appLaunchURL: "https://foxglove.example.com/app?card=5012345678900",
    associatedStoreIdentifiers: [987654321, 123456789],
    storeCard: {
      headerFields: [
        field("balance", "BALANCE", 25, { currencyCode: "GBP", changeMessage: "Your balance is %@" }),
      ],
      primaryFields: [field("share", "GIFT", 0.125, { numberStyle: "PKNumberStylePercent" })],
      backFields: [
        field("last", "Last used", "2026-12-24T16:05Z", {
          dateStyle: "PKDateStyleFull",
          timeStyle: "PKDateStyleNone",
        }),
        field("rate", "Rate", 1.5e-7, { numberStyle: "PKNumberStyleScientific" }),
      ],
    },
    barcodes: [
      { format: "PKBarcodeFormatEAN13", message: "5012345678900", messageEncoding: "iso-8859-1" },
      {
        format: "PKBarcodeFormatQR",
        message: "5012345678900",
        messageEncoding: "iso-8859-1",
        altText: "5012345678900",
      },
    ],
    semantics: { balance: { amount: "25.00", currencyCode: "GBP" } },
  },
  images: { "icon.png": [29, 29], "strip@2x.png": [750, 288] },
  signing: "another pass type",
  says: { "/pass/passTypeIdentifier": /certificate/ },
  pack: withFolders,
  next: {
    body: { serialNumber: "GC-5012345678917", barcodeMessage: "5012345678917", values: { balance: 100.5 } },
    changes: {
      "/pass/serialNumber": "GC-5012345678917",
      "/pass/storeCard/headerFields/0/value": 100.5,
      "/pass/barcodes/0/message": "5012345678917",
      "/pass/barcodes/1/message": "5012345678917",
      "/pass/barcodes/1/altText": "5012345678917",
      "/pass/barcode/message": "5012345678917",
      "/pass/barcode/altText": "5012345678917",
    },
  },
};

const rewards: IssuerFile = {
  shape: "tea house: rewards card with NFC and a sign-up form, a logo for each language",
  pass: {
    ...identity("teahouse", "TH-88213"),
    organizationName: "Tea House",
    description: "Rewards card",
    nfc: { message: "TH-88213-é", encryptionPublicKey: READER_KEY },
    locations: Array.from({ length: 10 }, (_, n) => ({ latitude: 48 + n / 8, longitude: 2.25 + n })),
    storeCard: {
      primaryFields: [field("cups", "CUPS", "7 / 10 🍵")],
      auxiliaryFields: [field("name", "NAME", "")],
      backFields: [field("how", "How it works", "Ten cups, one free.")],
    },
  },
  images: {
    "icon.png": [29, 29],
    "icon@2x.png": [58, 58],
    "personalizationLogo@2x.png": [300, 80],
    "fr.lproj/personalizationLogo@2x.png": [280, 80],
  },
  strings: { fr: { CUPS: "TASSES", "How it works": "Fonctionnement" }, en_GB: { CUPS: "CUPS" } },
  personalization: {
    description: "Collect a point for <b>each</b> cup.",
    requiredPersonalizationFields: [
      "PKPassPersonalizationFieldName",
      "PKPassPersonalizationFieldEmailAddress",
    ],
    termsAndConditions: '<a href="https://teahouse.example.com/terms">Terms</a> & privacy',
  },
  pack: streamed,
  next: {
    body: {
      serialNumber: "TH-88214",
      values: { cups: "0 / 10 🍵", name: "Noor" },
      pass: { nfc: { message: "TH-88214", encryptionPublicKey: READER_KEY } },
    },
    changes: {
      "/pass/serialNumber": "TH-88214",
      "/pass/nfc/message": "TH-88214",
      "/pass/storeCard/primaryFields/0/value": "0 / 10 🍵",
      "/pass/storeCard/auxiliaryFields/0/value": "Noor",
    },
  },
};

const voidedCard: IssuerFile = {
  shape: "gym: voided and expired membership card, dates with milliseconds, edited after it was signed",
  pass: {
    ...identity("ironyard", "member:3051"),
    organizationName: "Iron Yard",
    description: "Membership",
    voided: true,
    expirationDate: "2026-02-28T22:59:59.999Z",
    sharingProhibited: true,
    storeCard: {
      headerFields: [field("since", "SINCE", "2024-03-01T08:00:00.000Z", { dateStyle: "PKDateStyleShort" })],
      secondaryFields: [field("member", "MEMBER", "Kofi Mensah")],
      backFields: [field("printed", "Printed", "2026-01-02T03:04:05.678Z")],
    },
    barcodes: [
      { format: "PKBarcodeFormatQR", message: "member:3051", messageEncoding: "utf-8", altText: "3051" },
    ],
  },
  write: indented,
  images: { "icon.png": [29, 29], "icon@2x.png": [58, 58], "logo.png": [160, 50] },
  more: { "LICENSE.txt": "Not part of a pass" },
  signing: "edited",
  pack: deflated,
  faults: ["signature_mismatch /signature"],
  says: { "/pass/voided": /voided/i, "/files/LICENSE.txt": /LICENSE/ },
  again: { pass: { voided: true } },
  changes: {
    "/pass/expirationDate": "2026-02-28T22:59:59Z",
    "/pass/storeCard/headerFields/0/value": "2024-03-01T08:00:00Z",
  },
  next: {
    body: { serialNumber: "member:3052", pass: { expirationDate: "2028-02-28T22:59:59Z" } },
    changes: {
      "/pass/serialNumber": "member:3052",
      "/pass/voided": GONE,
      "/pass/expirationDate": "2028-02-28T22:59:59Z",
      "/pass/barcodes/0/message": "member:3052",
      "/pass/barcode/message": "member:3052",
    },
  },
};

const GS1 = "]C10103453120000011171125\u001d10ABC123";

const coupon: IssuerFile = {
  shape: "supermarket: coupon with a GS1 code that has control characters, empty colours and alert texts",
  pass: {
    ...identity("marktplatz", "C-2027-10-%25"),
    organizationName: "Marktplatz",
    description: "10 % auf Käse",
    backgroundColor: "rgb(255,204,0)",
    foregroundColor: "",
    expirationDate: "2027-12-31T23:59+01:00",
    groupingIdentifier: "",
    coupon: {
      primaryFields: [field("offer", "", "10 %", { changeMessage: "" })],
      auxiliaryFields: [
        field("until", "GÜLTIG BIS", "2027-12-31T23:59+01:00", {
          dateStyle: "PKDateStyleMedium",
          isRelative: false,
        }),
      ],
    },
    barcodes: [{ format: "PKBarcodeFormatPDF417", message: GS1, messageEncoding: "us-ascii", altText: " " }],
    barcode: { format: "PKBarcodeFormatPDF417", message: GS1, messageEncoding: "us-ascii", altText: " " },
  },
  write: asciiOnly,
  images: { "icon.png": [29, 29], "strip.png": [375, 144] },
  pack: deflated,
  next: {
    body: { serialNumber: "C-2027-11-%25", values: { offer: "20 %" } },
    changes: { "/pass/serialNumber": "C-2027-11-%25", "/pass/coupon/primaryFields/0/value": "20 %" },
  },
};

export const cards: readonly IssuerFile[] = [loyaltyCard, giftCard, rewards, voidedCard, coupon];
