/** A stamp card in three languages with a strip of its own in each, a coupon, a rewards card read over NFC, and a gift card. */
import { READER_KEY } from "./events.ts";
import { drawn, type Sample } from "./sample.ts";

const NEWS = "No news today. The coffee is as good as yesterday.";

export const coffeeCard: Sample = {
  name: "Coffee card",
  pass: {
    description: "Stamp card of Corner Roasters",
    organizationName: "Corner Roasters",
    logoText: "Corner Roasters",
    backgroundColor: "#2b1a12",
    foregroundColor: "#fff4e0",
    labelColor: "#deb281",
    locations: [{ latitude: 48.856, longitude: 2.305, relevantText: "Your coffee is waiting in Rue Cler" }],
    storeCard: {
      headerFields: [
        {
          key: "balance",
          label: "BALANCE",
          value: 12.5,
          currencyCode: "EUR",
          changeMessage: "Your balance is now %@",
        },
      ],
      primaryFields: [
        {
          key: "stamps",
          label: "STAMPS",
          value: 7,
          numberStyle: "PKNumberStyleDecimal",
          changeMessage: "You now have %@ stamps",
        },
      ],
      secondaryFields: [
        { key: "name", label: "NAME", value: "Léa Martin" },
        { key: "level", label: "LEVEL", value: "Regular", textAlignment: "PKTextAlignmentRight" },
      ],
      auxiliaryFields: [
        {
          key: "since",
          label: "SINCE",
          value: "2026-02-01T00:00Z",
          dateStyle: "PKDateStyleMedium",
          ignoresTimeZone: true,
        },
      ],
      backFields: [{ key: "news", label: "NEWS", value: NEWS, changeMessage: "%@" }],
    },
    semantics: { balance: { amount: "12.50", currencyCode: "EUR" } },
    barcodes: [
      { format: "PKBarcodeFormatCode128", message: "CR-0004711", messageEncoding: "iso-8859-1" },
      { format: "PKBarcodeFormatQR", message: "CR-0004711", messageEncoding: "iso-8859-1" },
    ],
  },
  images: [
    ...drawn("icon", 29, 29),
    ...drawn("logo", 50, 50),
    ...["en", "fr", "pt-BR"].flatMap((language) => drawn("strip", 375, 144, `${language}.lproj/`)),
  ],
  strings: {
    en: {
      BALANCE: "BALANCE",
      STAMPS: "STAMPS",
      NAME: "NAME",
      LEVEL: "LEVEL",
      SINCE: "SINCE",
      "Your balance is now %@": "Your balance is now %@",
      "You now have %@ stamps": "You now have %@ stamps",
    },
    fr: {
      BALANCE: "SOLDE",
      STAMPS: "TAMPONS",
      NAME: "NOM",
      LEVEL: "NIVEAU",
      SINCE: "DEPUIS",
      "Your balance is now %@": "Votre solde est maintenant de %@",
      "You now have %@ stamps": "Vous avez maintenant %@ tampons",
    },
    "pt-BR": {
      BALANCE: "SALDO",
      STAMPS: "SELOS",
      NAME: "NOME",
      LEVEL: "NÍVEL",
      SINCE: "DESDE",
      "Your balance is now %@": "Seu saldo agora é %@",
      "You now have %@ stamps": "Agora você tem %@ selos",
    },
  },
};

export const coupon: Sample = {
  name: "Bakery coupon",
  pass: {
    description: "A fifth off any cake at Krume",
    organizationName: "Krume",
    logoText: "Krume",
    backgroundColor: "rgb(214, 90, 49)",
    foregroundColor: "rgb(255, 255, 255)",
    labelColor: "rgb(60, 20, 5)",
    expirationDate: "2027-12-31T23:59+01:00",
    beacons: [
      {
        proximityUUID: "F8F589E9-C07E-58B0-AEAB-A36BE4D48FAC",
        major: 12,
        relevantText: "A fifth off any cake, right here",
      },
    ],
    coupon: {
      headerFields: [{ key: "code", label: "CODE", value: "KUCHEN" }],
      primaryFields: [
        { key: "offer", label: "off any cake", value: 0.2, numberStyle: "PKNumberStylePercent" },
      ],
      auxiliaryFields: [
        {
          key: "expires",
          label: "VALID UNTIL",
          value: "2027-12-31T23:59+01:00",
          dateStyle: "PKDateStyleMedium",
          isRelative: true,
          changeMessage: "The coupon is now valid until %@",
        },
      ],
      backFields: [{ key: "terms", label: "Terms", value: "One cake per coupon. Not with other offers." }],
    },
    // EAN-13 for the till, PDF417 for iOS 26 and earlier.
    barcodes: [
      { format: "PKBarcodeFormatEAN13", message: "4006381333931", messageEncoding: "iso-8859-1" },
      { format: "PKBarcodeFormatPDF417", message: "4006381333931", messageEncoding: "iso-8859-1" },
    ],
  },
  images: [...drawn("icon", 29, 29), ...drawn("logo", 90, 40), ...drawn("strip", 375, 144)],
  strings: {},
};

export const rewardsCard: Sample = {
  name: "Rewards card with sign-up",
  pass: {
    description: "Rewards card of Teahouse",
    organizationName: "Teahouse",
    logoText: "Teahouse",
    storeCard: {
      primaryFields: [
        { key: "points", label: "POINTS", value: 320, changeMessage: "You now have %@ points" },
      ],
      secondaryFields: [{ key: "member", label: "MEMBER", value: "Welcome" }],
    },
    appLaunchURL: "https://teahouse.example.com/app",
    associatedStoreIdentifiers: [1234567890],
    nfc: { message: "TH-88213", encryptionPublicKey: READER_KEY },
  },
  images: [
    ...drawn("icon", 29, 29),
    ...drawn("logo", 50, 50),
    ...drawn("strip", 375, 123),
    ...drawn("personalizationLogo", 150, 40),
  ],
  strings: {},
  personalization: {
    description: "Collect a point for each cup.",
    requiredPersonalizationFields: [
      "PKPassPersonalizationFieldName",
      "PKPassPersonalizationFieldEmailAddress",
    ],
    termsAndConditions: '<a href="https://teahouse.example.com/terms">Terms</a>',
  },
  reminders: ["nfc_needs_entitlement"],
};

/** A storeCard is a loyalty card in Google Wallet, unless its template says that it is a gift card. */
export const giftCard: Sample = {
  name: "Gift card",
  pass: {
    description: "Gift card of Harbour Books",
    organizationName: "Harbour Books",
    logoText: "Harbour Books",
    backgroundColor: "rgb(22, 78, 88)",
    foregroundColor: "rgb(255, 255, 255)",
    labelColor: "rgb(160, 220, 222)",
    storeCard: {
      primaryFields: [
        {
          key: "balance",
          label: "BALANCE",
          value: 25,
          currencyCode: "EUR",
          changeMessage: "There is %@ left on your gift card",
        },
      ],
      secondaryFields: [
        { key: "number", label: "CARD NUMBER", value: "6035 7100 4421" },
        { key: "pin", label: "PIN", value: "0417", textAlignment: "PKTextAlignmentRight" },
      ],
      backFields: [{ key: "terms", label: "Terms", value: "For books, paper and coffee, in all our shops." }],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatCode128",
        message: "603571004421",
        messageEncoding: "iso-8859-1",
        altText: "6035 7100 4421",
      },
      { format: "PKBarcodeFormatQR", message: "603571004421", messageEncoding: "iso-8859-1" },
    ],
  },
  images: [...drawn("icon", 29, 29), ...drawn("logo", 50, 50), ...drawn("strip", 375, 144)],
  strings: {},
  google: {
    part: { type: "giftCard", hints: { balance: "balance", cardNumber: "number", pin: "pin" } },
    images: [
      ["google/logo.png", 660, 660],
      ["google/hero.png", 1032, 336],
    ],
  },
};
