/**
 * The pass of a page as preact draws it in another page: the script that draws it, what it has to know, and the comparison with what
 * the Worker has sent. draw-card.js is the script.
 */
import { join } from "node:path";
import { build } from "esbuild";
import { unzipSync } from "fflate";
import { expect } from "vitest";
import { chooseLanguage, stringsOf, translatedLanguages } from "../../src/pages/language.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import { Visitor, type VisitorOptions } from "./visitor.ts";

/** The script, bundled as src/browser/build.mjs bundles a page. */
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

/** The pass.json and the files of the download at the page of a pass, and the language that a reader gets. */
export async function download(site: string, path: string, language: string) {
  const response = await fetch(`${site}${path.replace("/p/", "/passes/")}.pkpass`);
  const files = new Map(Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer()))));
  const pass: TemplatePass = JSON.parse(new TextDecoder().decode(files.get("pass.json")));
  const chosen = chooseLanguage([language], translatedLanguages(files.keys()));
  return { files, pass, chosen, strings: stringsOf(files, chosen.folder) };
}

/**
 * Expects that `draw` makes of the facts, inside of a page with the policy of the scanner, what the Worker's page has.
 * @param card the selector of the card, whose colour is compared
 */
export async function expectSame(
  path: string,
  card: string,
  draw: "drawCard" | "drawGoogleCard",
  facts: unknown,
  options: VisitorOptions,
): Promise<void> {
  await using visitor = await Visitor.comes({ width: 1280, ...options });
  await visitor.opens(path);
  const ofWorker = await visitor.page.evaluate<unknown[]>("partsOfPass()");
  expect(ofWorker.length).toBeGreaterThan(0);
  const [onPage] = await visitor.sees(card);
  expect(onPage).toBeDefined();

  await visitor.opens("/scan");
  await visitor.page.evaluate(await bundled);
  await visitor.page.evaluate(`${draw}(${JSON.stringify(facts)})`);
  expect(await visitor.page.evaluate("partsOfPass()")).toEqual(ofWorker);
  // The colours are custom properties of a style attribute: the policy refuses those of HTML, but not those of the DOM.
  const [drawn] = await visitor.sees(card);
  expect(drawn?.colour).toBe(onPage?.colour);
}
