/**
 * The scanner's pictures: bundles the gallery (test/browser/scanner/gallery.tsx) with the scanner's own views and styles, and
 * photographs each of its states.
 */
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { repository } from "../tools/local/repository.ts";
import { CONTEXT } from "./chromium.ts";

const ORIGIN = "http://gallery.test";

interface Device {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  /** Options in the address of the page. */
  readonly options?: string;
  /** The names of the screens. Default: all. */
  readonly only?: RegExp;
  /** The colours are those of the person. */
  readonly forcedColors?: "active";
}
const SOME =
  /^(answer-(redeemed|full-card|already-redeemed|unchecked|value-not-a-number|long|long-reason)|scan|scan-offline|scan-long-place|scan-camera-denied|recent|settings|start|sign-in|conflicts)$/;
export const SCANNER_DEVICES: readonly Device[] = [
  { name: "phone", viewport: { width: 390, height: 844 } },
  { name: "small", viewport: { width: 320, height: 568 }, only: SOME },
  {
    name: "large-text-left",
    viewport: { width: 390, height: 844 },
    options: "&hand=left&text=largest",
    only: SOME,
  },
  { name: "landscape", viewport: { width: 844, height: 390 }, only: SOME },
  { name: "tablet", viewport: { width: 1180, height: 820 }, only: SOME },
  { name: "forced-colours", viewport: { width: 390, height: 844 }, only: SOME, forcedColors: "active" },
];

/** @param take called with each screen, light and dark */
export async function photographScanner(
  browser: Browser,
  take: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  for (const { name: device, viewport, options = "", only = /./, forcedColors } of SCANNER_DEVICES) {
    const context = await browser.newContext({ ...CONTEXT, viewport, deviceScaleFactor: 1 });
    const page = await context.newPage();
    const open = await openGallery(page);
    const screens = await page.locator("li").allTextContents();
    for (const screen of screens.filter((each) => only.test(each))) {
      await open(screen, options);
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, forcedColors: forcedColors ?? null });
        await take(page, `scanner-${screen}.${device}.${colorScheme}`);
      }
    }
    await context.close();
  }
}

/** @returns what shows one of its screens */
export async function openGallery(page: Page): Promise<(screen: string, options?: string) => Promise<void>> {
  const files = await gallery();
  await page.route(`${ORIGIN}/**`, (route) => {
    const [contentType = "text/html", body = DOCUMENT] =
      files.get(new URL(route.request().url()).pathname) ?? [];
    return route.fulfill({ contentType, body });
  });
  await page.goto(ORIGIN);
  return (screen, options = "") => page.evaluate(`showScreen("screen=${screen}${options}")`);
}

const DOCUMENT = `<!doctype html><html lang="en"><head><title>Scanner</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/gallery.css"></head><body><div id="app"></div>
<script type="module" src="/gallery.js"></script></body></html>`;

let bundled: ReturnType<typeof bundleGallery> | undefined;
function gallery(): ReturnType<typeof bundleGallery> {
  bundled ??= bundleGallery();
  return bundled;
}

/** @returns type and content by path */
async function bundleGallery(): Promise<Map<string, readonly [string, string]>> {
  const { outputFiles } = await build({
    absWorkingDir: repository,
    entryPoints: ["test/browser/scanner/gallery.tsx"],
    bundle: true,
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfigRaw: "{}",
    loader: { ".wasm": "dataurl" },
    outdir: "/",
    entryNames: "gallery",
    write: false,
  });
  return new Map(
    outputFiles.map(({ path, text }) => {
      const isStyle = path.endsWith(".css");
      return [isStyle ? "/gallery.css" : "/gallery.js", [isStyle ? "text/css" : "text/javascript", text]];
    }),
  );
}
