/**
 * The packages that src imports, made small for the tests in workerd: bundled, without source maps, and without the
 * symbologies that nothing draws. Each workerd fetches every module from vitest when it starts, which costs more than
 * most of its tests.
 */
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import type { Plugin } from "vitest/config";

/**
 * Packages of many modules, each of which becomes one module. Hono is missing here: its JSX runtime is never bundled, so
 * the runtime and `hono/jsx` would have two classes for the same thing.
 */
export const BUNDLED: readonly string[] = [
  "@modelcontextprotocol/client",
  "@modelcontextprotocol/server",
  "@peculiar/asn1-cms",
  "@peculiar/asn1-csr",
  "@peculiar/asn1-ecc",
  "@peculiar/asn1-pfx",
  "@peculiar/asn1-pkcs8",
  "@peculiar/asn1-rsa",
  "@peculiar/asn1-schema",
  "@peculiar/asn1-x509",
  "@peculiar/x509",
  "drizzle-orm",
  "drizzle-orm/d1",
  "drizzle-orm/sqlite-core",
  "fast-check",
  "fast-png",
  "fflate",
  "jose",
  "reflect-metadata",
  "zod",
];

const DRAWS = join(import.meta.dirname, "../src/barcodes/draw.ts");
const SYMBOLOGIES = /\/node_modules\/bwip-js\/dist\/bwip-js-gen\.mjs$/;
/** What a Rollup plugin answers for "do not make a source map". */
const NO_MAP = { mappings: "" } as const;

export function smallPackages(): Plugin {
  return {
    name: "small-packages",
    enforce: "post",
    async load(id) {
      const [path = id] = id.split("?");
      return SYMBOLOGIES.test(path) ? { code: await drawnFrom(path), map: NO_MAP } : undefined;
    },
    transform(code, id) {
      return id.includes("/node_modules/") ? { code, map: NO_MAP } : undefined;
    },
  };
}

/** What draw.ts imports from bwip-js, as in the Worker that wrangler builds. All of it has two megabytes. */
async function drawnFrom(path: string): Promise<string> {
  const imported = /import \{([^}]*)\} from "bwip-js\/generic";/.exec(await readFile(DRAWS, "utf8"))?.[1];
  const names = (imported ?? "").split(",").filter((name) => !/^\s*(type\b|$)/.test(name));
  const contents = `export { ${names.join(", ")} } from ${JSON.stringify(path)};`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: dirname(path) },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}
