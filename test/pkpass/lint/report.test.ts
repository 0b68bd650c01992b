/**
 * The report of the linter: one finding for all places with the same fault, so that it stays short.
 */
import { expect, test } from "vitest";
import { error, reportFindings, warning } from "../../../src/pkpass/finding.ts";
import { lint } from "../../../src/pkpass/lint/lint.ts";
import { match } from "../samples/events.ts";
import { flight } from "../samples/flight.ts";
import { factsOf, subjectOf } from "./subjects.ts";

test("one finding has all places with the same fault: the first as its pointer, and their number in its message", () => {
  const found = lint(
    subjectOf(match, "file", {
      "/pass/sellURL": "sell",
      "/pass/transferURL": "not a url",
      "/pass/addOnURL": "add",
    }),
  ).filter(({ code }) => code === "url_invalid");
  expect(found).toEqual([
    {
      severity: "warning",
      code: "url_invalid",
      pointer: "/pass/addOnURL",
      pointers: ["/pass/addOnURL", "/pass/sellURL", "/pass/transferURL"],
      message:
        '"addOnURL" is not a URL, so Wallet draws no button for it and opens nothing. The same is true of 2 other places.',
      cure: "Write a URL with its scheme, such as https://example.com/.",
    },
  ]);
});

test("one place has no pointers, and two places have a message for two", () => {
  const one = warning("unknown_key", "/pass/a", "A.", "Remove it.");
  expect(reportFindings([one])).toEqual([one]);
  expect(reportFindings([one, { ...one, pointer: "/pass/b" }])).toEqual([
    { ...one, message: "A. The same is true of /pass/b.", pointers: ["/pass/a", "/pass/b"] },
  ]);
});

test("at most 20 of the places are listed, and all are counted", () => {
  const places = Array.from({ length: 50 }, (_, index) =>
    warning("unknown_key", `/pass/${100 + index}`, "A.", "Remove it."),
  );
  const [finding, ...others] = reportFindings(places);
  expect(others).toEqual([]);
  expect(finding?.pointers).toEqual(places.slice(0, 20).map(({ pointer }) => pointer));
  expect(finding?.message).toBe("A. The same is true of 49 other places.");
});

test("another code, severity, cure or part of the pass is another finding, and the order stays by pointer", () => {
  const of = (pointer: string, cure: string) => warning("unknown_key", pointer, "A.", cure);
  const findings = [
    of("/images/a", "Remove it."),
    of("/pass/a", "Remove it."),
    error("wrong_type", "/pass/a", "A.", "Remove it."),
    of("/pass/b", "Rename it to c."),
    of("/pass/d", "Remove it."),
  ];
  expect(reportFindings(findings).map(({ code, pointer, cure }) => `${code} ${pointer} ${cure}`)).toEqual([
    "unknown_key /images/a Remove it.",
    "wrong_type /pass/a Remove it.",
    "unknown_key /pass/a Remove it.",
    "unknown_key /pass/b Rename it to c.",
  ]);
});

test("a boarding pass with faults in more than 30 places has a report of at most twelve findings", () => {
  const silent = { changeMessage: "Your flight has changed", textAlignment: "PKTextAlignmentNatural" };
  const field = (key: string) => ({ key, label: key.toUpperCase(), value: key, ...silent });
  const keys = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, index) => field(`${prefix}${index}`));
  const { pass } = flight;
  const found = lint({
    ...subjectOf(flight, "file"),
    pass: {
      ...Object(subjectOf(flight, "file").pass),
      preferredStyleSchemes: ["semanticBoardingPass", "boardingPass"],
      barcode: pass.barcodes?.[0],
      barcodes: undefined,
      relevantDate: "2027-05-22T10:25+02:00",
      locations: Array.from({ length: 5 }, () => ({ latitude: 1, longitude: 1 })),
      sessionId: "x",
      carrierCode: "x",
      boardingPass: {
        transitType: "PKTransitTypeAir",
        headerFields: keys("h", 4),
        primaryFields: keys("p", 3),
        secondaryFields: keys("s", 6),
        auxiliaryFields: keys("a", 7),
        backFields: keys("b", 8),
      },
      semantics: { airlineCode: "NY", flightNumber: 482, seats: [], passengerServiceSSRs: [] },
    },
    images: factsOf({
      "icon.png": [29, 29],
      "logo.png": [160, 50],
      "footer.png": [286, 15],
      "fr.lproj/logo.png": [160, 50],
      "de.lproj/logo.png": [160, 50],
    }),
    strings: {},
  });
  const codes = found.map(({ code }) => code);
  expect(codes).toEqual(expect.arrayContaining(["too_many_fields", "image_density_missing"]));
  const places = found.reduce((sum, { pointers = [""] }) => sum + pointers.length, 0);
  expect(places).toBeGreaterThan(30);
  expect(codes.length, codes.join(" ")).toBeLessThanOrEqual(12);
});
