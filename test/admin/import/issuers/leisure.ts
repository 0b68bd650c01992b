/** Tickets for museums and sports, in the shapes of the issuers that make them. */
import { field, type IssuerFile, identity } from "./issuer.ts";
import { byFinder, deflated, stored } from "./packing.ts";
import { trailingCommas } from "./writing.ts";

const museum: IssuerFile = {
  shape: "museum: right-to-left text and emoji, a code in windows-1256, images for each language",
  pass: {
    ...identity("alnahr", "متحف-2027-88"),
    organizationName: "متحف النهر",
    description: "تذكرة دخول 🏺",
    logoText: "متحف النهر",
    labelColor: "rgba(10,20,30,.5)",
    beacons: [
      {
        proximityUUID: "e2c56db5-dffb-48d2-b060-d0f5a71096e0",
        major: 65535,
        minor: 0,
        relevantText: "أهلاً 👋🏽",
      },
    ],
    eventTicket: {
      primaryFields: [
        field("visitor", "الزائر", "‏ليلى حداد (2)", { textAlignment: "PKTextAlignmentNatural" }),
      ],
      secondaryFields: [field("hall", "القاعة", "٣ – الفخار 🏺👩‍👩‍👧")],
      auxiliaryFields: [field("guests", "الضيوف", 2, { numberStyle: "PKNumberStyleSpellOut" })],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatQR",
        message: "متحف النهر 88",
        messageEncoding: "windows-1256",
        altText: "٨٨",
      },
    ],
  },
  images: {
    "icon.png": [29, 29],
    "icon@2x.png": [58, 58],
    "ar.lproj/logo.png": [100, 50],
    "en.lproj/logo.png": [120, 50],
    "zh-Hans.lproj/logo@2x.png": [200, 100],
    "thumbnail.png": [60, 90],
  },
  strings: {
    ar: { الزائر: "الزائر" },
    en: { الزائر: "VISITOR", القاعة: 'HALL "3"', "متحف النهر": "River\nMuseum" },
    zh_Hans: { الزائر: "访客" },
  },
  encoding: "utf-16le",
  pack: stored,
  next: {
    body: { serialNumber: "متحف-2027-89", values: { guests: 3 } },
    changes: { "/pass/serialNumber": "متحف-2027-89", "/pass/eventTicket/auxiliaryFields/0/value": 3 },
  },
};

const TERMS = Array.from({ length: 400 }, (_, n) => `§ ${n + 1} The ticket is personal; see "rules".`).join(
  "\n",
);

const seasonTicket: IssuerFile = {
  shape: "sports club: terms of 17,000 characters, links on the back, packed again with Finder",
  pass: {
    ...identity("harrowvale", "ST-27-00412"),
    organizationName: "Harrowvale RFC",
    description: "Season ticket 2027",
    suppressStripShine: true,
    relevantDates: [{ relevantDate: "2027-04-10T15:00:00+01:00" }],
    expirationDate: "2027-06-30T23:59:59+01:00",
    eventTicket: {
      primaryFields: [field("holder", "HOLDER", "Morgan Ellis")],
      auxiliaryFields: [
        field("stand", "STAND", "North", { row: 0 }),
        field("seat", "SEAT", "R 114", { row: 1 }),
      ],
      backFields: [
        field("terms", "Terms", TERMS),
        field("shop", "Shop", "harrowvale.example.com", {
          attributedValue: '<a href="https://harrowvale.example.com/?a=1&b=%20#kit">Kit & more</a>',
          dataDetectorTypes: ["PKDataDetectorTypeLink", "PKDataDetectorTypePhoneNumber"],
        }),
      ],
    },
    barcodes: [{ format: "PKBarcodeFormatAztec", message: "ST-27-00412", messageEncoding: "iso-8859-1" }],
  },
  images: { "icon.png": [29, 29], "icon@2x.png": [58, 58], "strip.png": [375, 98] },
  pack: byFinder("season ticket"),
  faults: [
    "wrapped_in_folder /files/season ticket",
    "unlisted_file /manifest/__MACOSX~1season ticket~1._pass.json",
  ],
  says: { "/files/__MACOSX~1season ticket~1._pass.json": /operating system/ },
  next: {
    body: { serialNumber: "ST-27-00413", values: { terms: `${TERMS}\n§ 401 Last.`, seat: "R 115" } },
    changes: {
      "/pass/serialNumber": "ST-27-00413",
      "/pass/eventTicket/auxiliaryFields/1/value": "R 115",
      "/pass/eventTicket/backFields/0/value": `${TERMS}\n§ 401 Last.`,
      "/pass/barcodes/0/message": "ST-27-00413",
      "/pass/barcode/message": "ST-27-00413",
    },
  },
};

const liftPass: IssuerFile = {
  shape: "ski resort: trailing commas from a text template, @2x images only, a code in Shift_JIS",
  pass: {
    ...identity("yukimine", "LP-0007"),
    organizationName: "ゆきみね高原",
    description: "リフト1日券",
    generic: {
      primaryFields: [field("type", "券種", "1日券（大人）")],
      secondaryFields: [field("date", "利用日", "7/22,")],
      auxiliaryFields: [field("note", "備考", "[A,],{B,}")],
      backFields: [],
    },
    barcodes: [{ format: "PKBarcodeFormatQR", message: "リフト券 0007", messageEncoding: "Shift_JIS" }],
  },
  write: trailingCommas,
  images: { "icon@2x.png": [58, 58], "logo@2x.png": [200, 100], "thumbnail@2x.png": [180, 180] },
  pack: deflated,
  says: { "/pass": /comma/ },
  next: {
    body: { serialNumber: "LP-0008", barcodeMessage: "リフト券 0008" },
    changes: {
      "/pass/serialNumber": "LP-0008",
      "/pass/barcodes/0/message": "リフト券 0008",
      "/pass/barcode/message": "リフト券 0008",
    },
  },
};

export const leisure: readonly IssuerFile[] = [museum, seasonTicket, liftPass];
