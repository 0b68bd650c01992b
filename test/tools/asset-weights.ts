/**
 * Builds what browsers load (src/browser), prints what each page weighs, and fails if one is too heavy. A page's scripts and
 * styles are those that it names, those that these name, and so on, whether they are loaded at once or later. The decoder
 * of barcodes is WebAssembly, is kept by the service worker, and does not count.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { repository } from "./local/repository.ts";

/** The most that the scripts and styles of a page may weigh together, each compressed with gzip, in bytes. */
const MAX_BYTES = { "scan.html": 150_000, "admin/index.html": 250_000 };

const assets = join(repository, ".assets");

/** The files that a page loads, which are all in the folder `static`. */
function loadedBy(page: string): Set<string> {
  const names = readdirSync(join(assets, "static"));
  const found = new Set([`../${page}`]);
  for (const file of found) {
    if (![".html", ".js", ".css"].includes(extname(file))) continue;
    const text = readFileSync(join(assets, "static", file), "utf8");
    for (const name of names) if (text.includes(name)) found.add(name);
  }
  return found;
}

function weigh(page: string, maxBytes: number): void {
  let bytes = 0;
  let decoder = 0;
  for (const file of loadedBy(page)) {
    const size = () => gzipSync(readFileSync(join(assets, "static", file))).length;
    if ([".js", ".css"].includes(extname(file))) bytes += size();
    if (extname(file) === ".wasm") decoder += size();
  }
  const kilobytes = (size: number) => (size / 1000).toFixed(1);
  const more = decoder === 0 ? "" : `, and a decoder of ${kilobytes(decoder)} KB`;
  const facts = `${kilobytes(bytes)} of ${maxBytes / 1000} KB compressed${more}`;
  if (bytes === 0) throw new Error(`${page} loads no script and no style.`);
  if (bytes > maxBytes) throw new Error(`${page} is too heavy: ${facts}.`);
  console.log(`${page}: ${facts}.`);
}

execFileSync(process.execPath, [join(repository, "src/browser/build.mjs")], { stdio: "inherit" });
for (const [page, maxBytes] of Object.entries(MAX_BYTES)) weigh(page, maxBytes);
