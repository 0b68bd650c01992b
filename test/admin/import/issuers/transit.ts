/** Tickets of local transport and coaches, in the shapes of the issuers that make them. */
import { field, GONE, type IssuerFile, identity } from "./issuer.ts";
import { streamed, withFolders } from "./packing.ts";
import { escapedSlashes } from "./writing.ts";

const coach: IssuerFile = {
  shape: "coach operator: PHP, an old barcode that differs from the new ones, no intermediate certificate",
  pass: {
    ...identity("karavel", "KRV00093121"),
    organizationName: "Karavel Coaches",
    description: "Coach ticket Brno – Kraków",
    groupingIdentifier: "trip/93121",
    backgroundColor: "rgb( 115 , 210 , 22 )",
    sharingProhibited: true,
    relevantDates: [{ startDate: "2027-02-01T05:45:00+01:00", endDate: "2027-02-01T12:30:00+01:00" }],
    boardingPass: {
      transitType: "PKTransitTypeBus",
      primaryFields: [field("from", "Brno ÚAN Zvonařka", "06:15"), field("to", "Kraków MDA", "11:40")],
      secondaryFields: [field("name", "Cestující", "Žofie Dvořáková")],
      backFields: [
        field("stop", "Stop", "Zvonařka 1, Brno", { dataDetectorTypes: ["PKDataDetectorTypeAddress"] }),
        field("help", "Help", "+420 555 010 203", { dataDetectorTypes: [] }),
      ],
    },
    barcode: { format: "PKBarcodeFormatPDF417", message: "KRV|93121|BRQ-KRK", messageEncoding: "iso-8859-1" },
    barcodes: [
      {
        format: "PKBarcodeFormatCode128",
        message: "93121",
        messageEncoding: "iso-8859-1",
        altText: "No. 93121",
      },
      { format: "PKBarcodeFormatQR", message: "KRV|93121|BRQ-KRK", messageEncoding: "iso-8859-1" },
    ],
  },
  write: escapedSlashes,
  images: { "icon.png": [29, 29], "logo.png": [160, 50] },
  signing: "no intermediate",
  pack: withFolders,
  faults: ["intermediate_missing /signature"],
  next: {
    body: { serialNumber: "KRV00093122", values: { name: "Łukasz Nowak" } },
    changes: {
      "/pass/serialNumber": "KRV00093122",
      "/pass/boardingPass/secondaryFields/0/value": "Łukasz Nowak",
    },
  },
};

const cityTransit: IssuerFile = {
  shape: "city transit: Java, numbers of 64 bits and more, written to a stream",
  pass: {
    ...identity("metroverde", "MV-1"),
    organizationName: "Metro Verde",
    description: "Tessera mensile",
    userInfo: {
      cardId: 9007199254740993n,
      journeys: [12345678901234567890n, -9223372036854775808n],
      zone: 2,
    },
    associatedStoreIdentifiers: [6448311069],
    boardingPass: {
      transitType: "PKTransitTypeGeneric",
      primaryFields: [field("zones", "ZONE", "A – C")],
      auxiliaryFields: [field("price", "PREZZO", 39.9, { currencyCode: "EUR" })],
      backFields: [field("card", "Numero tessera", 18446744073709551615n)],
    },
    barcodes: [{ format: "PKBarcodeFormatQR", message: "9007199254740993", messageEncoding: "iso-8859-1" }],
    semantics: { totalPrice: { amount: "39.90", currencyCode: "EUR" }, transitProvider: "Metro Verde" },
  },
  images: { "icon.png": [29, 29], "icon@3x.png": [87, 87] },
  pack: streamed,
  says: { "/pass/boardingPass/backFields/0/value": /digits|exact/ },
  next: {
    body: {
      serialNumber: "MV-2",
      values: { card: 98765432109876543210n },
      pass: { userInfo: { cardId: 9007199254740995n, journeys: [12345678901234567890n], zone: 2 } },
    },
    changes: {
      "/pass/serialNumber": "MV-2",
      "/pass/boardingPass/backFields/0/value": 98765432109876543210n,
      "/pass/userInfo/cardId": 9007199254740995n,
      "/pass/userInfo/journeys/1": GONE,
    },
  },
};

export const transit: readonly IssuerFile[] = [coach, cityTransit];
