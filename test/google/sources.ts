/**
 * Renders samples for Google: their class and object, checked by the strict reader.
 */
import { expect } from "vitest";
import type { GooglePart } from "../../src/google/google-part.ts";
import { type PassSource, renderClass, renderObject, type SharedSource } from "../../src/google/render.ts";
import type { Layer } from "../../src/pkpass/build/render.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { flight } from "../pkpass/samples/flight.ts";
import type { Sample } from "../pkpass/samples/sample.ts";
import { samples } from "../pkpass/samples/samples.ts";
import { demoPass } from "../tools/local/demo-template.ts";
import { faultsOf } from "./stand-in/resources.ts";
import { classRefusals, objectRefusals } from "./strict-fields.ts";

export const ISSUER = "3388000000012345678";

export interface Asked {
  readonly google?: GooglePart;
  readonly event?: Partial<Layer>;
  readonly pass?: Partial<PassSource["content"]>;
  readonly status?: PassSource["status"];
  readonly strings?: SharedSource["strings"];
  readonly images?: readonly string[];
  readonly own?: readonly string[];
}

const LAYER: Layer = { values: {}, overrides: {}, without: [] };
const urlOf = (sha256: string) => `https://edgepass.example/g/${sha256}.png`;
const stored = (paths: readonly string[]) =>
  Object.fromEntries(paths.map((path) => [path, { sha256: path.replaceAll(/\W/g, "-") }]));

/** A template: its pass.json, with the images that every template has. */
export function sourceOf(
  template: TemplatePass,
  { google, event, strings, images }: Asked = {},
): SharedSource {
  return {
    ...{ issuerId: ISSUER, classKey: "t1e2", template, strings: strings ?? {}, urlOf },
    event: event === undefined ? undefined : { ...LAYER, ...event },
    google: google ?? null,
    images: stored(images ?? ["icon.png", "icon@2x.png", "icon@3x.png"]),
  };
}

/** Class and object of a pass, which Google would both accept. */
export function render(template: TemplatePass, asked: Asked = {}) {
  const source = sourceOf(template, asked);
  const shared = renderClass(source);
  const object = renderObject(source, {
    objectKey: "p7-Zk3",
    serialNumber: "SN-1",
    content: { ...LAYER, barcodeMessage: null, barcodeAltText: null, barcodeText: null, ...asked.pass },
    status: asked.status ?? "active",
    ...(asked.own === undefined ? {} : { own: { images: stored(asked.own), urlOf } }),
  });
  expect(classRefusals(shared.type, shared.resource)).toEqual([]);
  expect(objectRefusals(object.type, object.resource)).toEqual([]);
  expect(faultsOf(shared.type, "Class", shared.resource)).toEqual([]);
  expect(faultsOf(object.type, "Object", object.resource)).toEqual([]);
  return { type: shared.type, missing: shared.missing, class: shared.resource, object: object.resource };
}

export function renderSample({ pass, strings, images }: Sample, asked: Asked = {}) {
  return render(pass, { strings, images: images.map(([path]) => path), ...asked });
}

/** A ticket of a train, of which there is no sample: the boarding pass without its flight. */
export const trainTicket: TemplatePass = {
  ...flight.pass,
  description: "Ticket from Copenhagen to Malmö",
  boardingPass: { ...flight.pass.boardingPass, transitType: "PKTransitTypeTrain" },
  semantics: {
    departureStationName: "København H",
    destinationStationName: "Malmö C",
    departurePlatform: "26",
    originalDepartureDate: "2027-05-22T11:05+02:00",
    originalArrivalDate: "2027-05-22T11:45+02:00",
    transitProvider: "Øresundståg",
    carNumber: "3",
    seats: [{ seatNumber: "18" }],
    passengerName: { givenName: "Freja", familyName: "Andersen" },
  },
};

/** A template for each of Google's types, and more: name, template and what is asked for. */
export const demoSet: readonly (readonly [string, Sample, Asked])[] = [
  ...samples.map((sample) => [sample.name, sample, {}] as const),
  ["Train ticket", { ...flight, pass: trainTicket }, {}],
  ["Coffee card as a gift card", samples[4] ?? flight, { google: { type: "giftCard" } }],
  ["Demo", { name: "Demo", pass: demoPass, images: [["icon@3x.png", 87, 87]], strings: {} }, {}],
];
