/**
 * The templates that Passdock's API reference assumes: the boarding pass of its samples, and one template of each kind
 * that determines whether there is a thumbnail (Passdock's kinds: 1 boarding pass, 2 event ticket with background and
 * thumbnail, 3 coupon, 4 store card, 5 generic, 6 event ticket with strip).
 */
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { drawPng } from "../apple/png.ts";
import { makeTemplate } from "./instance.ts";

const look = {
  description: "Boarding pass",
  organizationName: "Passdock Airways",
  logoText: "Passdock Airways",
  backgroundColor: "rgb(237,184,61)",
  foregroundColor: "rgb(255,255,255)",
  barcodes: [{ format: "PKBarcodeFormatQR", messageEncoding: "iso-8859-1" }],
} satisfies Partial<TemplatePass>;

/** All values come from the passes. */
const fields = {
  headerFields: [{ key: "gate", label: "GATE", value: "", changeMessage: "Gate changed to %@" }],
  primaryFields: [
    { key: "from", label: "FROM", value: "", changeMessage: "Departure changed in %@" },
    { key: "to", label: "TO", value: "", changeMessage: "Destination changed to %@" },
  ],
  secondaryFields: [{ key: "name", label: "NAME", value: "", changeMessage: "Passenger name changed to %@" }],
  auxiliaryFields: [
    {
      key: "departure",
      label: "DEPARTURE",
      // As in the samples, although Apple's timeStyle uses the same list of names.
      dateStyle: "PKDateStyleMedium",
      timeStyle: "PKDateStyleMedium",
      changeMessage: "Departure time changed to %@",
    },
  ],
  backFields: [{ key: "passport", label: "PASSPORT", value: "" }],
} satisfies TemplatePass["generic"];

const image = Buffer.from(drawPng(90, 90, (x, y) => [x * 2, y * 2, 90, 255])).toString("base64");

/** Each function creates a template and returns its id. */
export const templates = {
  boardingPass: (passType: string) =>
    makeTemplate(passType, { ...look, boardingPass: { ...fields, transitType: "PKTransitTypeAir" } }),
  eventTicketWithBackground: (passType: string) =>
    makeTemplate(passType, { ...look, eventTicket: fields }, { "background.png": image }),
  eventTicketWithThumbnail: (passType: string) =>
    makeTemplate(passType, { ...look, eventTicket: fields }, { "thumbnail.png": image }),
  coupon: (passType: string) => makeTemplate(passType, { ...look, coupon: fields }),
  storeCard: (passType: string) => makeTemplate(passType, { ...look, storeCard: fields }),
  generic: (passType: string) => makeTemplate(passType, { ...look, generic: fields }),
  eventTicketWithStrip: (passType: string) =>
    makeTemplate(passType, { ...look, eventTicket: fields }, { "strip.png": image }),
} satisfies Record<string, (passType: string) => Promise<number>>;
