/**
 * What the panels of the editor know without a page: slots of images and where a picture goes, texts that are translated, the form of
 * a join page.
 */
import { expect, test } from "vitest";
import type { TemplateDraft } from "../../../src/browser/dashboard/editor/draft/draft.ts";
import { isChanged, rebase } from "../../../src/browser/dashboard/editor/draft/draft-change.ts";
import {
  fitImage,
  fitWords,
  sharpnessWords,
} from "../../../src/browser/dashboard/editor/images/image-fit.ts";
import {
  draftLayout,
  findingsOfStem,
  languagesOfSlot,
  readImageName,
  slotsOfDraft,
  wantedSizeWords,
  withImages,
  withoutImage,
} from "../../../src/browser/dashboard/editor/images/image-slots.ts";
import * as join from "../../../src/browser/dashboard/editor/join/join-draft.ts";
import { projectOptions } from "../../../src/browser/dashboard/editor/panels/project-options.ts";
import * as samples from "../../../src/browser/dashboard/editor/start/sample-texts.ts";
import { draftOfStart, STARTS } from "../../../src/browser/dashboard/editor/start/starts.ts";
import { languageName, readLanguage } from "../../../src/browser/dashboard/editor/translations/languages.ts";
import * as texts from "../../../src/browser/dashboard/editor/translations/translated-texts.ts";
import * as words from "../../../src/browser/dashboard/template-words.ts";
import { imageAreaFor } from "../../../src/pkpass/images/slots.ts";

function draftWith(more: Partial<TemplateDraft>): TemplateDraft {
  return {
    name: "Card",
    passTypeIdentifier: "pass.com.example",
    projectId: null,
    externalId: null,
    webService: "/",
    barcodeText: null,
    contact: null,
    wallets: null,
    pass: { storeCard: {} },
    strings: {},
    personalization: null,
    scan: null,
    join: null,
    google: null,
    images: {},
    ...more,
  };
}
const STORED = { kind: "stored", sha256: "a", width: 10, height: 10 } as const;
const areaIn = (pass: TemplateDraft["pass"], slot: string) =>
  imageAreaFor(draftLayout(draftWith({ pass })), slot);

test("the slots are those of the style, and those with an image that the style does not show", () => {
  const slots = (more: Partial<TemplateDraft>) =>
    slotsOfDraft(draftWith(more)).map(({ slot, isShown }) => (isShown ? slot : `${slot}!`));
  expect(slots({})).toEqual(["icon", "logo", "strip"]);
  expect(slots({ pass: { boardingPass: {} } })).toEqual(["icon", "logo", "footer"]);
  expect(slots({ pass: { eventTicket: {}, preferredStyleSchemes: ["posterEventTicket"] } })).toEqual([
    ...["icon", "logo", "strip", "background", "thumbnail"],
    ...["artwork", "primaryLogo", "secondaryLogo", "venueMap"],
  ]);
  expect(slots({ images: { "fr.lproj/thumbnail@2x.png": STORED }, personalization: {} })).toEqual([
    ...["icon", "logo", "strip", "personalizationLogo", "thumbnail!"],
  ]);
  expect(slots({ pass: { preferredStyleSchemes: "wrong" } })).toEqual(["icon", "logo"]);
});

test.each([
  // slot, size, density and size of what is kept
  ["icon", [87, 87], 3, [87, 87]],
  ["icon", [1024, 1024], 3, [114, 114]],
  ["icon", [58, 58], 2, [58, 58]],
  ["icon", [16, 16], 1, [16, 16]],
  ["logo", [480, 150], 3, [480, 150]],
  ["logo", [300, 90], 2, [300, 90]],
  ["logo", [4000, 1000], 3, [480, 120]],
  ["strip", [1125, 432], 3, [1125, 432]],
  ["strip", [2250, 1500], 3, [1125, 432]],
  ["strip", [750, 246], 2, [750, 246]],
  ["artwork", [3000, 3000], 3, [1074, 1344]],
  ["artwork", [800, 800], 2, [800, 800]],
  ["venueMap", [4000, 4000], 3, [1264, 1264]],
] as const)("a picture for %s of %o pixels is @%ix and %o pixels", (slot, [width, height], density, kept) => {
  const pass =
    slot === "icon" || slot === "logo" || slot === "strip" ? { storeCard: {} } : { posterGeneric: {} };
  const fit = fitImage({ width, height }, areaIn(pass, slot));
  expect([fit.density, [fit.kept.width, fit.kept.height]]).toEqual([density, kept]);
});

test("the name of a file says its slot and density, which decides how it fits", () => {
  expect(readImageName("icon@2x.png")).toEqual({ slot: "icon", density: 2 });
  expect(readImageName("PrimaryLogo.JPG")).toEqual({ slot: "primaryLogo", density: undefined });
  expect(readImageName("photo.png")).toBeUndefined();
  expect(fitImage({ width: 87, height: 87 }, areaIn({ storeCard: {} }, "icon"), 2).kept.width).toBe(76);
});

test("sentences say what was done, which size is wanted, and that a picture is too small", () => {
  const size = { width: 2250, height: 1500 };
  const area = areaIn({ storeCard: {} }, "strip");
  expect(fitWords(size, fitImage(size, area), false)).toBe(
    "It was converted to a PNG. It was made smaller, from 2250 × 1500 pixels to 1125 × 750 pixels. The edges were cut off, to 1125 × 432 pixels.",
  );
  expect(wantedSizeWords(area)).toBe("1125 × 432 pixels");
  expect(wantedSizeWords(areaIn({ storeCard: {} }, "logo"))).toBe("At most 480 × 150 pixels");
  expect(wantedSizeWords(areaIn({ posterGeneric: {} }, "artwork"))).toBe("1074 × 1344 pixels or more");
  const small = { width: 16, height: 16 };
  expect(sharpnessWords(small, 1, area, "1125 × 432 pixels")).toBe(
    "At 16 × 16 pixels it is too small, and looks blurred on every phone. Use a larger picture: 1125 × 432 pixels.",
  );
  expect(sharpnessWords(size, 3, area, "")).toBeNull();
});

test("a new image replaces all densities of its slot in its folder, and no other", () => {
  const images = {
    "logo.png": STORED,
    "logo@2x.png": STORED,
    "fr.lproj/logo.png": STORED,
    "icon.png": STORED,
  };
  const bytes = new Uint8Array();
  const added = { "logo@3x.png": { kind: "new", bytes, width: 480, height: 150 } } as const;
  expect(Object.keys(withImages(images, added))).toEqual(["fr.lproj/logo.png", "icon.png", "logo@3x.png"]);
  expect(Object.keys(withoutImage(images, "fr.lproj/logo"))).toEqual(["logo.png", "logo@2x.png", "icon.png"]);
  expect(languagesOfSlot(images, "logo")).toEqual(["fr"]);
  const finding = (pointer: string) => ({ severity: "warning", code: "x", pointer, message: "", cure: "" });
  const findings = [finding("/images/fr.lproj~1logo@2x.png"), finding("/images"), finding("/pass/logoText")];
  expect(findingsOfStem(findings, "fr.lproj/logo")).toEqual([findings[0]]);
  expect(findingsOfStem(findings, "icon")).toEqual([findings[1]]);
});

test("an image that was saved is no longer a change", () => {
  const bytes = new Uint8Array();
  const sent = draftWith({ images: { "icon@3x.png": { kind: "new", bytes, width: 87, height: 87 } } });
  const stored = draftWith({ images: { "icon@3x.png": STORED, "icon.png": STORED } });
  const after = rebase(sent, sent, stored);
  expect(after.images).toEqual(stored.images);
  expect(isChanged(stored, after)).toBe(false);
  expect(isChanged(stored, sent)).toBe(true);
});

const PASS = {
  logoText: "Roasters",
  storeCard: {
    headerFields: [{ key: "balance", label: "BALANCE", value: 0, currencyCode: "EUR" }],
    primaryFields: [
      { key: "stamps", label: "STAMPS", value: "10", changeMessage: "You now have %@ stamps" },
      { key: "news", label: "NEWS", value: "Open today", changeMessage: "%@" },
      { key: "web", value: "https://example.com/menu" },
      { key: "until", label: "UNTIL", value: "2026-12-24T00:00Z", dateStyle: "PKDateStyleShort" },
    ],
  },
  barcodes: [{ altText: "Show me" }],
  semantics: { venueName: "Hall", eventType: "PKEventTypeSports" },
};

test("the texts that phones translate are found once, with where they are", () => {
  const strings = { de: { "%@": "%@", PKEventTypeSports: "Sport", Gone: "Weg" } };
  const draft = draftWith({ pass: PASS, strings });
  const found = texts.translatedTexts(draft).map(({ text }) => text);
  expect(found).toEqual([
    ...["Roasters", "BALANCE", "STAMPS", "You now have %@ stamps", "NEWS", "Open today", "UNTIL"],
    ...["Show me", "Hall", "%@", "PKEventTypeSports"],
  ]);
  expect(texts.translatedTexts(draft)[3]?.places).toEqual(["Text on the lock screen of STAMPS"]);
  expect(texts.unusedTexts(draft)).toEqual(["Gone"]);
  expect(texts.translatedTexts(draftWith({ pass: { storeCard: { primaryFields: "wrong" } } }))).toEqual([]);
});

test("a translation is added, changed in its place, and taken away when it is empty", () => {
  const one = texts.withTranslation({ de: { A: "a", B: "b" } }, "de", "A", "ä");
  expect(Object.entries(one.de ?? {})).toEqual([
    ["A", "ä"],
    ["B", "b"],
  ]);
  expect(texts.withTranslation(one, "de", "A", "")).toEqual({ de: { B: "b" } });
  expect(texts.missingCount(one, "de", [{ text: "C", places: [] }])).toBe(1);
  expect(texts.translationOf(one, "de", "constructor")).toBe("");
  expect(texts.withoutText({ de: { A: "a" }, fr: { A: "a", B: "b" } }, "A")).toEqual({
    de: {},
    fr: { B: "b" },
  });
});

test("languages are read as people type them", () => {
  expect(readLanguage("pt_br")).toBe("pt-BR");
  expect(readLanguage("ZH-hans")).toBe("zh-Hans");
  expect(readLanguage("French")).toBeUndefined();
  expect(languageName("fr")).toBe("French");
  expect(languageName("not a language")).toBe("not a language");
});

test("the address of a join page is made of the name", () => {
  expect(join.slugOf("Café Zoë, Berlin 2027!")).toBe("cafe-zoe-berlin-2027");
  expect(join.slugOf("Straße")).toBe("strasse");
  expect(join.slugOf(`${"a".repeat(63)} bc`)).toBe("a".repeat(63));
  expect(join.newJoin("東京")).toEqual({ slug: "card", fields: [] });
});

test("a question fits the field that shows its answer, and loses what another type has", () => {
  const fields = join.askableFields({
    storeCard: {
      primaryFields: [
        { key: "name", label: "NAME", value: "" },
        { key: "points", label: "POINTS", value: 0, numberStyle: "PKNumberStyleDecimal" },
        { key: "born", value: "2000-01-01T00:00Z", dateStyle: "PKDateStyleShort" },
        { key: "name", label: "SAME", value: "" },
      ],
    },
  });
  expect(fields.map(({ key, kind }) => [key, kind])).toEqual([
    ["name", "text"],
    ["born", "date"],
  ]);
  const [name, born] = fields.map(join.questionFor);
  expect(name).toEqual({ key: "name", label: "Name", type: "text", required: true, autocomplete: "name" });
  expect(born).toMatchObject({ type: "date" });
  const typed = { key: "name", type: "text", maxLength: 5, pattern: "a" };
  expect(join.withJoinType(typed, "select")).toEqual({ key: "name", type: "select", options: [] });
  expect(join.movedItem(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect(join.movedItem(["a"], 0, -1)).toEqual(["a"]);
  expect(join.optionsOf("One\n \n Two ")).toEqual(["One", "Two"]);
  expect(join.withOptional({ cap: 1 }, "cap", "")).toEqual({});
});

test("a copy has the next number, and the style is in words", () => {
  expect(words.copyName("Card")).toBe("Card 2");
  expect(words.copyName("Card 9")).toBe("Card 10");
  expect(words.styleWords({ eventTicket: {} })).toBe("Event ticket");
  expect(words.importRefusal({ name: "a.pkpass", size: 20_000_000 })).toContain("larger than 16 MB");
});

test("a template can be put into each project or none, and its own project is a choice before the names have arrived", () => {
  const tour = { id: 3, name: "Tour" };
  expect(projectOptions([tour], null, true)).toEqual([
    ["", "None"],
    ["3", "Tour"],
  ]);
  expect(projectOptions([], 7, true)).toEqual([
    ["", "None"],
    ["7", "Project 7"],
  ]);
  // A key that reaches only some projects cannot take a template out of them.
  expect(projectOptions([tour], 3, false)).toEqual([["3", "Tour"]]);
});

test("the text next to the logo follows the organization while both are the same", () => {
  const start = { organizationName: "Corner Café", logoText: "Corner Café" };
  const cleared = samples.withOrganization(start, "");
  expect(samples.withOrganization(cleared, "Ana's")).toEqual({
    organizationName: "Ana's",
    logoText: "Ana's",
  });
  const own = { organizationName: "Corner Café", logoText: "Bar" };
  expect(samples.withOrganization(own, "Ana's").logoText).toBe("Bar");
  expect(samples.withOrganization({ organizationName: "A" }, "B")).toEqual({ organizationName: "B" });
});

test("what is left of the sample texts is named before it is saved, each once", () => {
  const places = (pass: TemplateDraft["pass"]) => samples.sampleTexts(pass).map(({ pointer }) => pointer);
  const pass = (style: string) => draftWith(STARTS.find((start) => start.style === style) ?? {}).pass;
  expect(places(pass("storeCard"))).toEqual([
    "/pass/organizationName",
    "/pass/storeCard/secondaryFields/0/value",
  ]);
  // The style for older phones has the same field.
  expect(places(pass("posterGeneric"))).toHaveLength(2);
  expect(places({ organizationName: "Ana's", logoText: "Corner Café" })).toEqual(["/pass/logoText"]);
  expect(
    places({ organizationName: "Ana's", logoText: "Ana's", storeCard: { headerFields: "wrong" } }),
  ).toEqual([]);
  for (const start of STARTS)
    expect(places(draftOfStart(start, "pass.a").pass)).toContain("/pass/organizationName");
});

test("the words for findings count errors, warnings and sample texts", () => {
  const warning = { severity: "warning", code: "c", pointer: "", message: "", cure: "" };
  const left = samples.sampleTexts(STARTS[0]?.pass ?? {});
  expect(samples.checkWords([])).toBe("Nothing found: Wallet accepts it.");
  expect(samples.checkWords(left)).toBe("Wallet accepts it, with 2 sample texts.");
  expect(samples.checkWords([{ ...warning, severity: "error" }, warning, ...left])).toBe(
    "1 error, 1 warning, 2 sample texts",
  );
});
