/**
 * Renders samples for Google: their class and object, checked by the strict reader.
 */
import { expect } from "vitest";
import type { GooglePart } from "../../src/google/google-part.ts";
import { type PassSource, renderClass, renderObject, type SharedSource } from "../../src/google/render.ts";
import type { Layer } from "../../src/pkpass/build/render.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
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

/** The paths of all images of a sample, those for Google among them. */
export function pathsOf({ images, google }: Sample): string[] {
  return [...images, ...(google?.images ?? [])].map(([path]) => path);
}

export function renderSample(sample: Sample, asked: Asked = {}) {
  const { pass, strings, google } = sample;
  return render(pass, { strings, images: pathsOf(sample), ...(google && { google: google.part }), ...asked });
}

/** A template for each of Google's types, and more: name, template and what is asked for. */
export const demoSet: readonly (readonly [string, Sample, Asked])[] = [
  ...samples.map((sample) => [sample.name, sample, {}] as const),
  ["Demo", { name: "Demo", pass: demoPass, images: [["icon@3x.png", 87, 87]], strings: {} }, {}],
];
