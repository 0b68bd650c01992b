/**
 * The components that draw a pass run in browsers too: preact draws each of the demo's passes inside of a page with the strict
 * Content-Security-Policy of the scanner, and what it draws is what the Worker's page of the same pass has.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { build } from "esbuild";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { drawBarcodeOnce } from "../../src/pages/drawn-barcodes.ts";
import { chooseLanguage, directionOf, translatedLanguages } from "../../src/pages/language.ts";
import { selectPictures, slotsOf } from "../../src/pages/pass-images.ts";
import { passPageWordsOf } from "../../src/pages/pass-page-words.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { readStrings } from "../../src/pkpass/strings.ts";
import { translatePass } from "../../src/pkpass/translate.ts";
import { CONTEXT } from "./chromium.ts";
import { arabic, origin, passes, Visitor } from "./visitor.ts";

/** As src/browser/build.mjs bundles a page. */
const bundled = build({
  entryPoints: [join(import.meta.dirname, "draw-card.js")],
  bundle: true,
  minify: true,
  format: "iife",
  jsx: "automatic",
  jsxImportSource: "preact",
  tsconfigRaw: "{}",
  write: false,
}).then(({ outputFiles: [script] }) => script?.text ?? "");

/** What a page has to know to draw a pass: the pass.json and images of the download, as the Worker selects them. */
async function factsOf(path: string, language: string) {
  const response = await fetch(`${origin}${path.replace("/p/", "/passes/")}.pkpass`);
  const files = new Map(Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer()))));
  const written: TemplatePass = JSON.parse(new TextDecoder().decode(files.get("pass.json")));
  const chosen = chooseLanguage([language], translatedLanguages(files.keys()));
  const read = readStrings(files.get(`${chosen.folder}.lproj/pass.strings`) ?? new Uint8Array());
  const pass = read.outcome === "strings" ? translatePass(written, read.strings) : written;
  const urlOf = (image: string) => {
    const sha1 = createHash("sha1")
      .update(files.get(image) ?? "")
      .digest("hex");
    return `${path}/images/${sha1}.png`;
  };
  const [barcode] = pass.barcodes ?? [];
  const { words, marks } = passPageWordsOf(chosen.locale);
  return {
    pass,
    slots: [...slotsOf(files)],
    pictures: selectPictures(files, chosen.folder, urlOf),
    code: barcode && {
      barcode,
      drawing: drawBarcodeOnce(barcode),
      veil: words.reveal,
    },
    locale: chosen.locale,
    marks,
    direction: directionOf(chosen, []),
    isInvalid: false,
  };
}

async function expectSame(path: string, language: string): Promise<void> {
  await using visitor = await Visitor.comes({ width: 1280, locale: language });
  await visitor.opens(path);
  const ofWorker = await visitor.page.evaluate<unknown[]>("partsOfPass()");
  expect(ofWorker.length).toBeGreaterThan(0);
  const [onPage] = await visitor.sees(".card");

  await visitor.opens("/scan");
  await visitor.page.evaluate(await bundled);
  await visitor.page.evaluate(`drawCard(${JSON.stringify(await factsOf(path, language))})`);
  expect(await visitor.page.evaluate("partsOfPass()")).toEqual(ofWorker);
  // The colours are custom properties of a style attribute: the policy refuses those of HTML, but not those of the DOM.
  const [card] = await visitor.sees(".card");
  expect(card?.colour).toBe(onPage?.colour);
}

describe("in a page with the policy of the scanner, preact draws what the Worker's page has", () => {
  test.each(passes)("$name", async ({ path }) => {
    await expectSame(path, CONTEXT.locale);
  });

  test("a flight from right to left", async () => {
    await expectSame(arabic, "ar-EG");
  });
});
