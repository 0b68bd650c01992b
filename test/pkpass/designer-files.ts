/**
 * A template of Apple's Pass Designer, as Pass Builder 0.1.0 writes it: sorted keys, `_id` on fields, seats and actions,
 * placeholders for the identity, images of @2x and @3x only, tooling.json, and no manifest and signature.
 */
import { drawPng } from "../apple/png.ts";

const id = (digit: number) => `0A1B2C3D-0000-4000-8000-00000000000${digit}`;
const image = (width: number, height: number) => drawPng(width, height, () => [60, 20, 90, 255]);

export const designerPass = {
  backgroundColor: "rgb(20,20,60)",
  barcodes: [{ altText: "", format: "PKBarcodeFormatQR", message: "", messageEncoding: "iso-8859-1" }],
  description: "Jazz ticket",
  eventTicket: {
    auxiliaryFields: [
      { _id: id(1), key: "seat", label: "Seat", textAlignment: "PKTextAlignmentLeft", value: "" },
    ],
    primaryFields: [
      { _id: id(2), key: "event", label: "Event", textAlignment: "PKTextAlignmentNatural", value: "Jazz" },
    ],
  },
  featuredActions: [{ _id: id(3), identifier: "shop", type: "shop", url: "https://shop.example.com" }],
  foregroundColor: "rgb(255,255,255)",
  formatVersion: 1,
  organizationName: "Example Events",
  passTypeIdentifier: "pass.",
  semantics: { eventType: "PKEventTypeGeneric", seats: [{ _id: id(4), seatRow: "A" }] },
  serialNumber: "",
  teamIdentifier: "",
};

export const designerFiles = {
  "pass.json": JSON.stringify(designerPass, null, 2),
  "icon@2x.png": image(76, 76),
  "icon@3x.png": image(114, 114),
  "fr.lproj/pass.strings": '"Seat" = "Place";',
  "tooling.json": JSON.stringify({
    automaticallyGenerateCompatiblePass: false,
    builderVersion: "0.0.1",
    designerVersion: "1.0",
  }),
};
