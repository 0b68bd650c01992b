/** Memberships, permits and certificates, in the shapes of the issuers that make them. */
import { field, GONE, type IssuerFile, identity } from "./issuer.ts";
import { byFinder, deflated, stored } from "./packing.ts";
import { compact, indented } from "./writing.ts";

const LANGUAGES = ["bg", "cs", "de", "el", "es", "fi", "fr", "hu", "it", "lv", "pl", "pt-PT", "sv"];
const HEALTH_CODE = `HC1:${"6BF+70790T9WJWG.FKY*4GO0.O1CV2 O5 N2FBBRW1*70HS8WY04AC*WIFN0AHCD8KD97TK0F90KECTHGWJC0FDC:5AIA%G7X+AQB9".repeat(12)}`;
const EDITOR = { textAlignment: "PKTextAlignmentNatural" };

const designed: IssuerFile = {
  shape: "insurer: Pass Designer's template, with its editor's ids and tooling.json, without @1x images",
  pass: {
    formatVersion: 1,
    passTypeIdentifier: "pass.com.example.bluecedar",
    teamIdentifier: "ELSEWHERE1",
    organizationName: "Blue Cedar Mutual",
    description: "Insurance card",
    logoSymbolName: "cross.case.fill",
    backgroundColor: "rgb(20,60,110)",
    generic: {
      primaryFields: [
        field("member", "Member", "Member name", { ...EDITOR, _id: "3F2504E0-4F89-41D3-9A0C-0305E82C3301" }),
      ],
      secondaryFields: [
        field("plan", "Plan", "Plan", { ...EDITOR, _id: "3F2504E0-4F89-41D3-9A0C-0305E82C3302" }),
      ],
      auxiliaryFields: [],
    },
    semantics: { seats: [{ seatNumber: "1", _id: "3F2504E0-4F89-41D3-9A0C-0305E82C3303" }] },
    barcodes: [{ format: "PKBarcodeFormatQR", message: "placeholder", messageEncoding: "iso-8859-1" }],
  },
  write: indented,
  images: { "icon@2x.png": [76, 76], "icon@3x.png": [114, 114], "thumbnail@2x.png": [180, 180] },
  more: {
    "tooling.json":
      '{"designerVersion":"1.0","builderVersion":"0.1.0","automaticallyGenerateCompatiblePass":true}',
  },
  strings: { en: { Member: "Member" }, fr: { Member: "Membre" } },
  signing: "none",
  pack: byFinder("Insurance.pkpasstemplate"),
  says: { "/files/tooling.json": /tooling/ },
  again: { serialNumber: "BC-1" },
  changes: {
    "/pass/serialNumber": "BC-1",
    "/pass/generic/primaryFields/0/_id": GONE,
    "/pass/generic/secondaryFields/0/_id": GONE,
    "/pass/semantics/seats/0/_id": GONE,
  },
  next: {
    body: { serialNumber: "BC-2", barcodeMessage: "BC-2", values: { member: "Ines Prado", plan: "Family" } },
    changes: {
      "/pass/serialNumber": "BC-2",
      "/pass/generic/primaryFields/0/value": "Ines Prado",
      "/pass/generic/secondaryFields/0/value": "Family",
      "/pass/barcodes/0/message": "BC-2",
      "/pass/barcode/message": "BC-2",
    },
  },
};

const library: IssuerFile = {
  shape: "library: posterGeneric of iOS 27 beside generic, Codabar, buttons, keys that no page documents",
  pass: {
    ...identity("stadtbibliothek", "A00421987B"),
    organizationName: "Stadtbibliothek",
    description: "Leseausweis",
    stripColor: "rgb(1,2,3)",
    "x-issuer": { version: 3, tags: ["a/b", "c~d"], empty: {}, none: [] },
    featuredActions: [
      { identifier: "desk", type: "call", url: "tel:+49301234567" },
      { identifier: "branch", type: "place", placeIdentifier: "I63802885C8189B2B" },
    ],
    posterGeneric: {
      headerFields: [field("loans", "ENTLIEHEN", 3)],
      primaryFields: [{ key: "title", value: "Stadtbibliothek" }, field("reader", "LESERIN", "Ingrid Lund")],
      footerFields: [field("due", "FÄLLIG", "2027-02-14T20:00+01:00", { dateStyle: "PKDateStyleShort" })],
    },
    generic: {
      headerFields: [field("loans", "ENTLIEHEN", 3)],
      primaryFields: [field("reader", "LESERIN", "Ingrid Lund")],
      secondaryFields: [field("due", "FÄLLIG", "2027-02-14T20:00+01:00", { dateStyle: "PKDateStyleShort" })],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatCodabar",
        message: "A00421987B",
        messageEncoding: "iso-8859-1",
        altText: "00421987",
      },
      { format: "PKBarcodeFormatQR", message: "A00421987B", messageEncoding: "iso-8859-1" },
    ],
  },
  images: {
    "icon.png": [38, 38],
    "icon@2x.png": [76, 76],
    "artwork.png": [179, 224],
    "primaryLogo.png": [126, 30],
  },
  pack: deflated,
  next: {
    body: { serialNumber: "A00421988B", values: { loans: 0, reader: "Per Lund" } },
    changes: {
      "/pass/serialNumber": "A00421988B",
      "/pass/posterGeneric/headerFields/0/value": 0,
      "/pass/posterGeneric/primaryFields/1/value": "Per Lund",
      "/pass/generic/headerFields/0/value": 0,
      "/pass/generic/primaryFields/0/value": "Per Lund",
      "/pass/barcodes/0/message": "A00421988B",
      "/pass/barcodes/1/message": "A00421988B",
      "/pass/barcode/message": "A00421988B",
    },
  },
};

const permit: IssuerFile = {
  shape:
    "town hall: parking permit whose serial number, code and text under the code are one number with slashes",
  pass: {
    ...identity("rathaus", "P/2027/000123"),
    organizationName: "Stadt Lindenau",
    description: "Bewohnerparkausweis",
    userInfo: [
      {
        "P/2027": "1.0",
        nested: [
          [1, 2.5],
          [true, null],
        ],
      },
    ],
    generic: {
      primaryFields: [field("plate", "KENNZEICHEN", "LI-ND 27")],
      secondaryFields: [field("zone", "ZONE", "P/7"), field("number", "NUMMER", "P/2027/000123")],
      backFields: [field("text", "Text", 'Zeile 1\r\nZeile 2\t"Tab" \\ Ende')],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatCode39",
        message: "P/2027/000123",
        messageEncoding: "iso-8859-1",
        altText: "P/2027/000123",
      },
      {
        format: "PKBarcodeFormatAztec",
        message: "P/2027/000123",
        messageEncoding: "iso-8859-1",
        altText: "P/2027/000123",
      },
    ],
  },
  write: (pass) => compact(pass, 4),
  images: { "icon.png": [29, 29], "icon@2x.png": [58, 58], "thumbnail.png": [90, 90] },
  strings: { en: { KENNZEICHEN: "PLATE", 'Zeile 1\r\nZeile 2\t"Tab" \\ Ende': "Line 1\nLine 2" } },
  pack: stored,
  next: {
    body: { serialNumber: "P/2027/000124", values: { plate: "LI-ND 28", number: "P/2027/000124" } },
    changes: {
      "/pass/serialNumber": "P/2027/000124",
      "/pass/generic/primaryFields/0/value": "LI-ND 28",
      "/pass/generic/secondaryFields/1/value": "P/2027/000124",
      "/pass/barcodes/0/message": "P/2027/000124",
      "/pass/barcodes/0/altText": "P/2027/000124",
      "/pass/barcodes/1/message": "P/2027/000124",
      "/pass/barcodes/1/altText": "P/2027/000124",
      "/pass/barcode/message": "P/2027/000124",
      "/pass/barcode/altText": "P/2027/000124",
    },
  },
};

const certificate: IssuerFile = {
  shape: "health office: a code of 1,200 characters, and thirteen languages",
  pass: {
    ...identity("healthoffice", "URN:UVCI:01:XX:1"),
    organizationName: "Health Office",
    description: "Certificate",
    logoText: "Certificate",
    generic: {
      primaryFields: [field("holder", "HOLDER", "Müller, Zoë")],
      secondaryFields: [field("dose", "DOSE", "2/2"), field("born", "BORN", "1964-08-12")],
      backFields: [
        field("issued", "Issued", "2027-01-02T03:04:05+00:00", {
          dateStyle: "PKDateStyleLong",
          ignoresTimeZone: true,
        }),
        field("mail", "Mail", "help@health.example.com", { dataDetectorTypes: ["PKDataDetectorTypeLink"] }),
      ],
    },
    barcodes: [
      {
        format: "PKBarcodeFormatQR",
        message: HEALTH_CODE,
        messageEncoding: "iso-8859-1",
        altText: "Zoë 2/2",
      },
    ],
  },
  images: {
    "icon.png": [29, 29],
    "icon@2x.png": [58, 58],
    "icon@3x.png": [87, 87],
    "logo@3x.png": [150, 150],
  },
  strings: Object.fromEntries(
    LANGUAGES.map((code) => [code, { HOLDER: `HOLDER ${code}`, DOSE: `№ ${code} — 💉` }]),
  ),
  pack: deflated,
  next: {
    body: { serialNumber: "URN:UVCI:01:XX:2", barcodeMessage: `${HEALTH_CODE}2`, values: { dose: "3/3" } },
    changes: {
      "/pass/serialNumber": "URN:UVCI:01:XX:2",
      "/pass/generic/secondaryFields/0/value": "3/3",
      "/pass/barcodes/0/message": `${HEALTH_CODE}2`,
      "/pass/barcode/message": `${HEALTH_CODE}2`,
    },
  },
};

export const documents: readonly IssuerFile[] = [designed, library, permit, certificate];
