/**
 * Each member that a class or an object can have, at any depth, as the only raw member: either the stand-in Google accepts the result, or
 * the linter names the place.
 */
import { expect, test } from "vitest";
import { CLASS_MEMBERS } from "../../src/google/class-members.ts";
import { findGoogleFaults } from "../../src/google/faults.ts";
import type { GooglePart } from "../../src/google/google-part.ts";
import { OBJECT_MEMBERS } from "../../src/google/object-members.ts";
import { renderClass, renderObject, type SharedSource } from "../../src/google/render.ts";
import { parseJson } from "../../src/json.ts";
import { demoSet, pathsOf, sourceOf } from "./sources.ts";
import { CLASS_SHAPES } from "./stand-in/class-shapes.ts";
import { OBJECT_SHAPES } from "./stand-in/object-shapes.ts";
import { faultsOf } from "./stand-in/resources.ts";
import { readShapes } from "./stand-in/shapes.ts";
import { SHARED_SHAPES } from "./stand-in/shared-shapes.ts";

const SHAPES = readShapes({ ...SHARED_SHAPES, ...CLASS_SHAPES, ...OBJECT_SHAPES });
const VALUES: Readonly<Record<string, unknown>> = {
  ...{ string: "x", text: "x", boolean: true, number: 1.5, int: 1, int64: "1", colour: "#123456", id: "1.a" },
  ...{ moduleId: "m", language: "de", country: "AT", currency: "EUR", digits: "12", airport: "VIE" },
  ...{ https: "https://a.example/", address: "https://a.example/", iata: "OS", icao: "AUA" },
  ...{ date: "2027-01-01T00:00:00", offsetDate: "2027-01-01T00:00:00Z", localDate: "2027-01-01T00:00:00" },
  fieldPath: "class.programName",
};

/** The least value of a type. */
function leastOf(type: string): unknown {
  if (Object.hasOwn(VALUES, type)) return VALUES[type];
  const shape = SHAPES.get(type);
  if (shape === undefined) return type.split("|")[0];
  const required = [...shape.values()].filter(({ isRequired }) => isRequired);
  return Object.fromEntries(required.map(({ name, ...member }) => [name, listed(member)]));
}

function listed({ type, isList }: { readonly type: string; readonly isList: boolean }): unknown {
  return isList ? [leastOf(type)] : leastOf(type);
}

const MAX_DEPTH = 4;

/**
 * Objects with one member each: each member of the type with its least value, with each of its own members alone, and each text that
 * Google requires as a blank one.
 */
function* singlesOf(type: string, depth = 1): Iterable<Record<string, unknown>> {
  for (const { name, ...member } of SHAPES.get(type)?.values() ?? []) {
    yield { [name]: listed(member) };
    if (member.isRequired && typeof listed(member) === "string") yield { [name]: "" };
    if (member.isList || depth === MAX_DEPTH) continue;
    for (const inner of singlesOf(member.type, depth + 1)) yield { [name]: inner };
  }
}

const LAYER = { values: {}, overrides: {}, without: [] };
const expires = { ...LAYER, overrides: { expirationDate: "2027-12-01T00:00Z" } };
const barcode = { barcodeMessage: null, barcodeAltText: null, barcodeText: null };

function renderPart(part: "class" | "object", source: SharedSource) {
  if (part === "class") return renderClass(source).resource;
  const pass = { objectKey: "p1", serialNumber: "1", status: "active" } as const;
  return renderObject(source, { ...pass, content: { ...LAYER, ...barcode } }).resource;
}

test.each(demoSet)(
  "of %s, each raw member is accepted or has a finding",
  (_name, { pass, strings, ...sample }) => {
    const base = sourceOf(pass, { strings, images: pathsOf({ pass, strings, ...sample }), event: expires });
    const { type } = renderClass(base);
    const size = { width: 1032, height: 344 };
    const images = Object.fromEntries(Object.keys(base.images).map((path) => [path, size]));
    const unreported: string[] = [];
    let refused = 0;
    for (const part of ["class", "object"] as const) {
      const kind = part === "class" ? "Class" : "Object";
      for (const raw of singlesOf(`${type}${kind}`)) {
        const google: GooglePart = { [part]: raw };
        const [fault] = faultsOf(type, kind, renderPart(part, { ...base, google }));
        if (fault === undefined) continue;
        refused += 1;
        const found = findGoogleFaults({ template: pass, event: expires, strings, google, images });
        if (!found.some(({ pointer }) => pointer.startsWith(`/google/${part}/`)))
          unreported.push(`${JSON.stringify(google)}: ${fault.message}`);
      }
    }
    expect(unreported).toEqual([]);
    expect(refused).toBeGreaterThan(10);
  },
);

const NO_TEXT = { toString: 1, valueOf: 1 };
const [LONG, BEYOND] = [parseJson("12345678901234567890"), parseJson("1e400")];
const NAMES = [
  "constructor",
  ...Object.values(CLASS_MEMBERS).flat(),
  ...Object.values(OBJECT_MEMBERS).flat(),
];

// An earlier version may have stored them, and a name that Google does not know may have any value.
test.each([
  ["an object that has no text", NO_TEXT],
  ["a number that no double equals", LONG],
  ["a list of anything", [null, NO_TEXT, [[]], LONG, BEYOND, "", 1]],
  ["a list of parts whose ids are no texts", [{ id: NO_TEXT }, { id: LONG }]],
  ["a part with members of other types", { uris: [null, { id: NO_TEXT }], start: [], end: { date: 1 } }],
])("every raw member may be %s", (_name, value) => {
  const raw = Object.fromEntries(NAMES.map((name) => [name, value]));
  const google: GooglePart = { class: raw, object: raw };
  for (const [, { pass, strings, ...sample }] of demoSet) {
    const source = { ...sourceOf(pass, { strings, images: pathsOf({ pass, strings, ...sample }) }), google };
    expect(findGoogleFaults({ template: pass, strings, google, images: {} })).not.toEqual([]);
    renderClass(source);
    renderObject(source, {
      ...{ objectKey: "p1", serialNumber: "1", status: "active" },
      content: { ...LAYER, ...barcode },
    });
  }
});
