/**
 * What the editor says and chooses: panels of pointers, styles, colours, starts, the answer of a check.
 */
import { describe, expect, test } from "vitest";
import { checkedOf, sortedFindings } from "../../../src/browser/dashboard/editor/check/draft-check.ts";
import { toLocalTime, withMember } from "../../../src/browser/dashboard/editor/draft/pass-members.ts";
import { countByPanel, findingsFor, panelOf } from "../../../src/browser/dashboard/editor/panel-names.ts";
import {
  contrastOf,
  hexOf,
  readableColours,
  rgbOf,
  shownColours,
} from "../../../src/browser/dashboard/editor/panels/contrast.ts";
import { shownStyle, withStyle } from "../../../src/browser/dashboard/editor/panels/style-change.ts";
import { saveWords } from "../../../src/browser/dashboard/editor/save/save-words.ts";
import { draftOfStart, STARTS } from "../../../src/browser/dashboard/editor/start/starts.ts";
import { isObject } from "../../../src/json.ts";
import { findFaults } from "../../../src/pkpass/lint/lint.ts";
import { STYLES } from "../../../src/pkpass/styles.ts";

test.each([
  ["", "general"],
  ["/name", "general"],
  ["/pass", "general"],
  ["/pass/organizationName", "general"],
  ["/pass/boardingPass/transitType", "general"],
  ["/passTypeIdentifier", "general"],
  ["/pass/labelColor", "colours"],
  ["/pass/footerBackgroundColor", "colours"],
  ["/pass/stripColor", "json"],
  ["/images/fr.lproj~1logo.png", "images"],
  ["/pass/storeCard/primaryFields/0/label", "fields"],
  ["/pass/barcodes/0/message", "barcode"],
  ["/scan/field", "scan"],
  ["/strings/fr/Card", "strings"],
  ["/join/slug", "join"],
  ["/pass/nfc", "json"],
  ["/projectId", "general"],
  ["/webService", "json"],
  ["/google/hints/seat", "google"],
  ["/google", "google"],
  ["/images/google~1logo.png", "google"],
] as const)("%s belongs to the panel %s", (pointer, panel) => {
  expect(panelOf(pointer)).toBe(panel);
});

test("each panel has the number of its findings, and errors come first", () => {
  const finding = (severity: string, pointer: string) => ({
    severity,
    pointer,
    code: "c",
    message: "",
    cure: "",
  });
  const findings = [
    finding("warning", "/pass/nfc"),
    finding("error", "/pass/labelColor"),
    finding("error", "/name"),
  ];
  const aboutGoogle = { ...finding("warning", "/pass/barcodes"), code: "google_barcode_unsupported" };
  expect(countByPanel([...findings, aboutGoogle])).toEqual({ json: 1, colours: 1, general: 1, google: 1 });
  expect(findingsFor("barcode", [...findings, aboutGoogle])).toEqual(findings);
  expect(findingsFor("google", [...findings, aboutGoogle])).toContain(aboutGoogle);
  expect(sortedFindings(findings).map(({ severity }) => severity)).toEqual(["error", "error", "warning"]);
});

describe("another style", () => {
  const pass = {
    description: "Ticket",
    eventTicket: {
      primaryFields: [{ key: "event" }],
      secondaryFields: [{ key: "date" }],
      additionalInfoFields: [{ key: "info" }],
      backFields: [{ key: "terms" }],
    },
  };

  test("takes the fields with it, and those without a section go to the back", () => {
    expect(withStyle(pass, "coupon")).toEqual({
      description: "Ticket",
      coupon: {
        primaryFields: [{ key: "event" }],
        secondaryFields: [{ key: "date" }],
        backFields: [{ key: "terms" }, { key: "info" }],
      },
    });
    expect(withStyle(pass, "eventTicket")).toBe(pass);
  });

  test("of a boarding pass has a means of transport, and others have none", () => {
    const boarding = withStyle(pass, "boardingPass");
    expect(boarding).toHaveProperty("boardingPass.transitType", "PKTransitTypeGeneric");
    expect(withStyle(boarding, "generic")).not.toHaveProperty("generic.transitType");
  });

  test("that is a poster keeps a style for older phones", () => {
    const poster = withStyle(pass, "posterGeneric");
    expect(shownStyle(poster)).toBe("posterGeneric");
    expect(poster).toHaveProperty("posterGeneric.backFields", [{ key: "terms" }, { key: "date" }]);
    expect(poster).toHaveProperty("eventTicket", pass.eventTicket);
    expect(withStyle(withStyle(pass, "boardingPass"), "posterGeneric")).toHaveProperty(
      "generic.primaryFields",
    );
  });

  test("after a poster is the one that older phones have shown, with the poster's own fields on the back", () => {
    const classic = { primaryFields: [{ key: "name" }], secondaryFields: [{ key: "since" }] };
    const fields = { primaryFields: [{ key: "name" }], footerFields: [{ key: "more" }] };
    const poster = { posterGeneric: fields, generic: classic };
    expect(withStyle(poster, "generic")).toEqual({ generic: { ...classic, backFields: [{ key: "more" }] } });
  });
});

test.each(STARTS.map((start) => [start.title, start] as const))(
  "the start %s is accepted, has a text for the lock screen, and can be read",
  (_title, start) => {
    const { pass, name } = draftOfStart(start, "pass.com.example.card");
    expect(name).toBe(start.title);
    const faults = [...findFaults({ kind: "template", pass, strings: {}, images: new Map() })];
    expect(faults.filter(({ code }) => code !== "missing_icon")).toEqual([]);
    expect(JSON.stringify(pass)).toContain("%@");
    const { foreground, label, background } = shownColours(pass);
    for (const text of [foreground, label]) expect(contrastOf(text, background).tone).toBe("good");
    expect(STYLES.filter((style) => isObject(pass[style]))).toContain(start.style);
  },
);

describe("colours", () => {
  test("have a contrast in numbers and words", () => {
    expect(contrastOf("rgb(255, 255, 255)", "rgb(0, 0, 0)")).toMatchObject({
      ratio: 21,
      words: "Easy to read",
    });
    expect(contrastOf("rgb(200, 200, 200)", "rgb(255, 255, 255)")).toMatchObject({ words: "Hard to read" });
  });

  test.each(["rgb(255, 235, 59)", "rgb(43, 26, 18)", "rgb(120, 120, 120)", "nonsense"])(
    "on %s, text and labels that are chosen can be read",
    (backgroundColor) => {
      const pass = {
        backgroundColor,
        ...readableColours({ backgroundColor, foregroundColor: backgroundColor }),
      };
      const { background, foreground, label } = shownColours(pass);
      for (const text of [foreground, label]) expect(contrastOf(text, background).ratio).toBeGreaterThan(4);
    },
  );

  test("are written as Apple documents them", () => {
    expect(rgbOf("#3c1e0a")).toBe("rgb(60, 30, 10)");
    expect(hexOf("rgb(60, 30, 10)")).toBe("#3c1e0a");
    expect(shownColours({ backgroundColor: 5 }).background).toBe("rgb(255, 255, 255)");
  });
});

describe("the answer of a check", () => {
  const { pass } = STARTS[0] ?? { pass: {} };
  const draft = draftOfStart({ style: "storeCard", title: "Card", words: "", pass }, "pass.com.example.card");
  const refused = {
    kind: "refused",
    status: 422,
    code: "invalid_pass",
    detail: "Wrong.",
    serverTime: null,
  } as const;

  test("of a refusal has its findings, or the refusal as a finding at its place", () => {
    const findings = [{ severity: "error", code: "a", pointer: "/pass", message: "A", cure: "B" }];
    expect(checkedOf(draft, { ...refused, findings }).findings).toEqual(findings);
    expect(
      checkedOf(draft, { ...refused, code: "slug_taken", pointer: "/join/slug" }).findings,
    ).toMatchObject([{ severity: "error", pointer: "/join/slug", message: "Wrong." }]);
    const detail = '"join.slug" must be lower-case letters';
    expect(checkedOf(draft, { ...refused, detail, pointer: "/join/slug" }).findings).toMatchObject([
      { message: "“Address” must be lower-case letters" },
    ]);
  });

  test("says that somebody else was faster, and that there was no answer", () => {
    expect(checkedOf(draft, { ...refused, status: 412, code: "precondition_failed" }).isConflict).toBe(true);
    const none = checkedOf(draft, { kind: "unreachable", reason: "network", retryAfterMs: null });
    expect(none).toMatchObject({ findings: [], problem: { code: null } });
    expect(checkedOf(draft, { ...refused, status: 404, code: "template_not_found" }).problem?.code).toBe(
      "template_not_found",
    );
  });
});

test("the button that saves says how many phones are notified, if there are any", () => {
  const differences = [{ pointer: "/pass/logoText" }];
  expect(saveWords({ differences, phones: { count: 1, isExact: true } })).toBe("Save and notify 1 phone");
  expect(saveWords({ differences, phones: { count: 10_000, isExact: false } })).toBe(
    "Save and notify more than 10,000 phones",
  );
  expect(saveWords({ differences, phones: { count: 0, googlePasses: 2, isExact: true } })).toBe(
    "Save and update Google Wallet",
  );
  expect(saveWords({ differences: [], phones: { count: 5, isExact: true } })).toBe("Save");
  expect(saveWords({ differences, phones: { count: 0, isExact: true } })).toBe("Save");
});

test("a changed member keeps its place, and a text that is not a time is an empty time", () => {
  expect(Object.keys(withMember({ a: 1, b: 2 }, "a", 3))).toEqual(["a", "b"]);
  expect(withMember({ a: 1, b: 2 }, "a", undefined)).toEqual({ b: 2 });
  expect(toLocalTime("tomorrow")).toBe("");
  expect(new Date(toLocalTime("2026-06-12T20:00:00Z")).toISOString()).toBe("2026-06-12T20:00:00.000Z");
});
