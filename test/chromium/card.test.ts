/**
 * The components that draw a pass run in browsers too: preact draws each of the demo's passes inside of a page with the strict
 * Content-Security-Policy of the scanner, and what it draws is what the Worker's page of the same pass has.
 */
import { createHash } from "node:crypto";
import { describe, test } from "vitest";
import { drawBarcodeOnce } from "../../src/pages/drawn-barcodes.ts";
import { directionOf } from "../../src/pages/language.ts";
import { selectPictures, slotsOf } from "../../src/pages/pass-images.ts";
import { passPageWordsOf } from "../../src/pages/pass-page-words.ts";
import { translatePass } from "../../src/pkpass/translate.ts";
import { CONTEXT } from "./chromium.ts";
import { download, expectSame } from "./drawn-parts.ts";
import { arabic, origin, passes } from "./visitor.ts";

/** What a page has to know to draw a pass: the pass.json and images of the download, as the Worker selects them. */
async function factsOf(path: string, language: string) {
  const { files, pass: written, chosen, strings } = await download(origin, path, language);
  const pass = translatePass(written, strings);
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

const expectSameCard = async (path: string, locale: string) =>
  expectSame(path, ".card", "drawCard", await factsOf(path, locale), { locale });

describe("in a page with the policy of the scanner, preact draws what the Worker's page has", () => {
  test.each(passes)("$name", async ({ path }) => {
    await expectSameCard(path, CONTEXT.locale);
  });

  test("a flight from right to left", async () => {
    await expectSameCard(arabic, "ar-EG");
  });
});
