/**
 * Builds what browsers load into .assets/, which wrangler serves and deploys. wrangler.toml's [build] runs it, with
 * whatever Node runs wrangler (20 or newer), so it is plain JavaScript. Follows esbuild's "Metafile" and Cloudflare's
 * "Static assets".
 *
 * Names under /static/ contain a hash of the content; pages, manifests and the service worker have fixed names.
 */
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { drawIcons } from "./build/icons.mjs";
import { documentOf, headersFile, manifestOf, SHELLS } from "./build/shells.mjs";
import { writeFiles } from "./build/write-files.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const out = join(root, ".assets");
/** wrangler's own folder, which Git ignores. */
const temporary = join(root, ".wrangler");

/** tsconfigRaw: otherwise esbuild takes the jsxImportSource of the tsconfig.json at the root. */
const options = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  target: ["es2022", "safari16.4"],
  legalComments: "none",
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  tsconfigRaw: "{}",
  outdir: out,
  write: false,
  logLevel: "warning",
};
const utf8 = new TextEncoder();
/** Contents by path within .assets. */
const files = new Map();

const { outputFiles, metafile } = await build({
  ...options,
  entryPoints: Object.fromEntries(SHELLS.map(({ entry, source }) => [entry, join(here, source)])),
  format: "esm",
  splitting: true,
  entryNames: "static/[name]-[hash]",
  chunkNames: "static/[name]-[hash]",
  assetNames: "static/[name]-[hash]",
  publicPath: "/",
  loader: { ".wasm": "file" },
  metafile: true,
});
for (const { path, contents } of outputFiles) files.set(relative(out, path), contents);

const icons = Object.fromEntries(
  Object.entries(drawIcons()).map(([name, png]) => [name, addHashed(`scan-icon-${name}`, "png", png)]),
);
const headers = headersFile();
files.set("_headers", utf8.encode(headers));
for (const shell of SHELLS) {
  const { script, styles, chunks, all } = assetsOf(shell);
  const document = documentOf(shell, { script, styles, chunks, icons });
  files.set(shell.file, utf8.encode(document));
  // A shell with a manifest can be installed, and then also opens without a network.
  if (shell.manifest === undefined) continue;
  const manifest = manifestOf(shell, icons);
  files.set(shell.manifest.file, utf8.encode(manifest));
  const kept = [shell.route, `/${shell.manifest.file}`, ...Object.values(icons), ...all];
  // A cached page keeps the headers that it came with, so other headers need another version.
  const version = hashOf(utf8.encode([document, headers, manifest, ...kept].join("\n")));
  files.set(shell.worker.file, await serviceWorker(shell.worker.source, kept, version));
}
mkdirSync(temporary, { recursive: true });
writeFiles(out, files, temporary);

/** @returns the address of the file */
function addHashed(name, extension, contents) {
  const path = `static/${name}-${hashOf(contents)}.${extension}`;
  files.set(path, contents);
  return `/${path}`;
}

function hashOf(contents) {
  return createHash("sha256").update(contents).digest("hex").slice(0, 12);
}

/** The addresses of what a shell loads at its start. `all` also has what its script loads later. */
function assetsOf({ source }) {
  const entryPoint = relative(root, join(here, source));
  const [path, output] = Object.entries(metafile.outputs).find(([, each]) => each.entryPoint === entryPoint);
  const addressOf = (name) => `/${relative(out, join(root, name))}`;
  const reachable = (kinds) => {
    const found = new Set([path]);
    for (const name of found) {
      for (const each of metafile.outputs[name]?.imports ?? []) {
        if (!each.external && kinds.includes(each.kind)) found.add(each.path);
      }
    }
    return [...found].map(addressOf);
  };
  const styles = output.cssBundle === undefined ? [] : [addressOf(output.cssBundle)];
  const [script, ...chunks] = reachable(["import-statement"]);
  const all = [...styles, ...reachable(["import-statement", "dynamic-import", "file-loader"])];
  return { script, styles, chunks, all };
}

/** The service worker: one classic script that caches these addresses. Its content changes with the version. */
async function serviceWorker(source, kept, version) {
  const built = await build({
    ...options,
    entryPoints: [join(here, source)],
    format: "iife",
    define: { FILES: JSON.stringify(kept), VERSION: JSON.stringify(version) },
  });
  return built.outputFiles[0].contents;
}
