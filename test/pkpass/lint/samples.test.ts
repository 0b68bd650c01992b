/**
 * No false alarms: valid passes of every style have no findings, as templates and as finished files.
 */
import { expect, test } from "vitest";
import { readPngHeader } from "../../../src/pkpass/images/names.ts";
import { type LintSubject, lint } from "../../../src/pkpass/lint/lint.ts";
import { withoutFindings } from "../../../src/pkpass/lint/without.ts";
import { demoTemplate } from "../../tools/local/demo-template.ts";
import { samples } from "../samples/samples.ts";
import { appleSamples } from "./apple-samples.ts";
import { quietCases } from "./quiet-cases.ts";
import { factsOf, subjectOf } from "./subjects.ts";

const told = (subject: LintSubject) => lint(subject).map(({ code, pointer }) => `${code} ${pointer}`);

test("every style and every layout has a sample", () => {
  const styles = new Set(samples.flatMap(({ pass }) => Object.keys(pass)));
  for (const style of ["boardingPass", "coupon", "eventTicket", "generic", "storeCard", "posterGeneric"]) {
    expect(styles).toContain(style);
  }
  const schemes = samples.flatMap(({ pass }) => pass.preferredStyleSchemes ?? []);
  expect(schemes).toEqual(expect.arrayContaining(["posterEventTicket", "semanticBoardingPass"]));
});

for (const kind of ["template", "file"] as const) {
  test.each(samples)(`$name as a ${kind} has no fault`, (sample) => {
    expect(lint(subjectOf(sample, kind)).map(({ code }) => code)).toEqual(sample.reminders ?? []);
  });
}

test.each(quietCases)("$of.name has no fault: $because", ({ of, kind = "file", changes }) => {
  const found = lint(subjectOf(of, kind, changes)).map(({ code }) => code);
  expect(found).toEqual(of.reminders ?? []);
});

test("a template without values, messages and encodings has no findings: its passes set them", () => {
  for (const sample of samples) {
    const { pass } = subjectOf(sample, "template");
    const bare = JSON.parse(
      JSON.stringify(pass, (key, value) =>
        /^(value|message|messageEncoding)$/.test(key) ? undefined : value,
      ),
    );
    // What is not a template's to leave open: the entries of upcoming events, and NFC.
    const { upcomingPassInformation, nfc } = sample.pass;
    const subject = subjectOf(sample, "template", { "/pass": { ...bare, upcomingPassInformation, nfc } });
    expect(told(subject), sample.name).toEqual(sample.reminders?.map((code) => `${code} /pass/nfc`) ?? []);
  }
});

test("a pass that sets only its own values, and takes documented keys away, has no findings", () => {
  const pass = {
    barcodes: [{ format: "PKBarcodeFormatQR", message: "1" }],
    maxDistance: 500,
    appLaunchURL: "https://example.com",
    groupingIdentifier: "one",
    bagPolicyURL: "https://example.com",
    semantics: { eventType: "PKEventTypeSports" },
  };
  const images = factsOf({
    "strip.png": [375, 123],
    "strip@2x.png": [750, 246],
    "strip@3x.png": [1125, 369],
  });
  expect(told({ kind: "pass", pass, images, strings: {} })).toEqual([]);
  expect(withoutFindings(["preferredStyleSchemes", "barcodes"])).toEqual([]);
});

test("the demo template has no findings, except missing image densities", () => {
  const { pass, images, strings } = demoTemplate();
  const facts = Object.entries(images).map(([path, base64]) => {
    const bytes = Uint8Array.fromBase64(String(base64));
    const { width, height } = readPngHeader(bytes) ?? { width: 0, height: 0 };
    return [path, { width, height, bytes: bytes.length }] as const;
  });
  expect(lint({ kind: "template", pass, images: new Map(facts), strings })).toMatchObject([
    { code: "image_density_missing", pointers: ["/images/logo.png", "/images/strip.png"] },
  ]);
});

test.each(appleSamples)(
  "Apple's $name has no errors, and only warnings about old keys and missing densities",
  ({ pass, images }) => {
    const found = lint({
      kind: "file",
      pass,
      images: factsOf(Object.fromEntries(images.map(([path, width, height]) => [path, [width, height]]))),
      strings: {},
    });
    expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
    const codes = new Set(found.map(({ code }) => code));
    const expected = ["deprecated_key", "image_density_missing", "relevant_text_missing"];
    expect([...codes].filter((code) => !expected.includes(code))).toEqual([]);
  },
);

test("a value that is not a pass is an error and not an exception", () => {
  const nonsense = [null, [], "pass", 7, {}, { generic: [], barcodes: {}, images: 1, semantics: [] }];
  const deep = JSON.parse(`${'{"generic":['.repeat(500)}1${"]}".repeat(500)}`);
  for (const kind of ["template", "pass", "file"] as const) {
    for (const pass of [...nonsense, deep]) {
      const images = factsOf({ "x/y/z.png": [1, 1], ".lproj/icon.png": [1, 1], "": [1, 1] });
      const found = lint({ kind, pass, images, strings: { "": { "": "" } }, personalization: 1 });
      expect(found.some(({ severity }) => severity === "error")).toBe(true);
    }
  }
});

test("findings are sorted by pointer, and each code occurs once per pointer", () => {
  const found = lint({
    kind: "file",
    pass: { generic: { primaryFields: [{}, {}] } },
    images: new Map(),
    strings: {},
  });
  const pointers = found.map(({ pointer }) => pointer);
  expect(pointers.length).toBeGreaterThan(3);
  expect(pointers).toEqual(pointers.toSorted());
  const names = found.map(({ code, pointer }) => `${code} ${pointer}`);
  expect(new Set(names).size).toBe(names.length);
});
