/**
 * The code under test as a function: src/index.ts, and the simulated iPhone of test/apple. Each is bundled once and
 * evaluated once for each isolate. The globals that would give access to the real world (time, random numbers, network,
 * cryptography, console) are parameters, so that each isolate has its own and those of the process do not change.
 *
 * Sources may be patched during bundling, but never in their files: to plant a bug, or to make a limit so small that a
 * model reaches it. A patch fails if its text does not occur exactly once.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import { repository } from "../local/repository.ts";

/** One change of a source file. */
export interface Patch {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string | RegExp;
  /** As in String.prototype.replace: `$1` is the first group of the expression. */
  readonly replacement: string;
}

/** The replacements of the globals, by name. */
export type Globals = Readonly<Record<(typeof GLOBALS)[number], unknown>>;

/**
 * Evaluates the bundle again.
 * @returns the exports of its entry
 */
export type Program = (globals: Globals) => Record<string, unknown>;

const GLOBALS = [
  "Date",
  "Math",
  "setTimeout",
  "clearTimeout",
  "setInterval",
  "clearInterval",
  "fetch",
  "crypto",
  "console",
] as const;

/**
 * A separate global object for each evaluation, because libraries store state there, and state of an ended isolate must
 * not remain.
 */
const OWN = ["globalThis", "Reflect"] as const;
/** ECMA-262 §28.1. A library may have added further functions to the process's own Reflect. */
const STANDARD_REFLECT = [
  "apply",
  "construct",
  "defineProperty",
  "deleteProperty",
  "get",
  "getOwnPropertyDescriptor",
  "getPrototypeOf",
  "has",
  "isExtensible",
  "ownKeys",
  "preventExtensions",
  "set",
  "setPrototypeOf",
] as const;

function ownGlobals(): unknown[] {
  const reflect = Object.fromEntries(STANDARD_REFLECT.map((name) => [name, Reflect[name]]));
  return [
    Object.create(globalThis, { Reflect: { value: reflect, writable: true, configurable: true } }),
    reflect,
  ];
}

/** The part of esbuild's API that is used here. esbuild is a dependency of wrangler and not of this repository. */
interface Bundler {
  build(options: Record<string, unknown>): Promise<{ outputFiles: { text: string }[] }>;
  stop(): Promise<void>;
}

/** With these limits, a model reaches a second page with dozens of phones. */
export const SMALL_PAGES: readonly Patch[] = [
  {
    file: "src/push/fan-out.ts",
    text: /export const PAGE_LISTENERS = \d+;/,
    replacement: "export const PAGE_LISTENERS = 4;",
  },
  {
    file: "src/google-wallet/stale-objects.ts",
    text: /PAGE_OBJECTS = 1000;/,
    replacement: "PAGE_OBJECTS = 2;",
  },
  { file: "src/objects/delete-unused.ts", text: /const PAGE = 1000;/, replacement: "const PAGE = 7;" },
  // A model lasts hours: with days of a minute, the log is pruned in it.
  {
    file: "src/changes/prune.ts",
    text: 'import { DAY_MS } from "../durations.ts";',
    replacement: "const DAY_MS = 60_000;",
  },
];

/** The Worker, with these changes of its sources. */
export function bundleWorker(patches: readonly Patch[]): Promise<Program> {
  return bundle("src/index.ts", patches, {
    conditions: ["workerd", "worker", "browser"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
  });
}

/** Patches for parts of the simulated iPhone that assume that two things do not happen at the same time. */
const ONE_AFTER_THE_OTHER: readonly Patch[] = [
  {
    file: "test/apple/iphone-tasks.ts",
    // A pass that is fetched at the same time as the list may be fetched earlier, and the list contains a change in
    // between.
    text: `const followUps = await Promise.all([
    daemon.run({ kind: "list", service, fetchedAnyway: pass }),
    daemon.run({ kind: "pass", pass, isListed: false }),
  ]);`,
    replacement: `const followUps = [
    await daemon.run({ kind: "list", service, fetchedAnyway: pass }),
    await daemon.run({ kind: "pass", pass, isListed: false }),
  ];`,
  },
  {
    file: "test/apple/pkpass.ts",
    text: `"./iphone-signature.ts"`,
    replacement: `"../tools/model/signature.ts"`,
  },
];

/** The iPhone and the rules of APNs (apple.ts). */
export function bundleApple(): Promise<Program> {
  return bundle("test/tools/model/apple.ts", ONE_AFTER_THE_OTHER, {});
}

async function bundle(
  entry: string,
  patches: readonly Patch[],
  options: Record<string, unknown>,
): Promise<Program> {
  provideBase64();
  const require = createRequire(import.meta.url);
  const esbuild: Bundler = createRequire(require.resolve("wrangler"))("esbuild");
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [join(repository, entry)],
      absWorkingDir: repository,
      bundle: true,
      write: false,
      format: "cjs",
      platform: "node",
      target: "es2024",
      logLevel: "error",
      // A library reads it from the global object.
      define: { "self.crypto": "crypto", "global.crypto": "crypto", "globalThis.crypto": "crypto" },
      ...options,
      plugins: [{ name: "patches", setup: (build: Build) => applyTo(build, patches) }],
    });
    const code = outputFiles[0]?.text ?? "";
    const evaluate = compileFunction(code, ["module", "exports", "require", ...OWN, ...GLOBALS], {
      filename: `model:${entry}`,
    });
    return (globals) => {
      const module = { exports: {} };
      evaluate(module, module.exports, require, ...ownGlobals(), ...GLOBALS.map((name) => globals[name]));
      return module.exports;
    };
  } finally {
    // esbuild's service would keep the process running.
    await esbuild.stop();
  }
}

/**
 * The source with these patches.
 * @throws Error if the text of a patch occurs not at all or more than once
 */
export function patched(contents: string, patches: readonly Patch[]): string {
  return patches.reduce((before, { file, text, replacement }) => {
    const places =
      typeof text === "string"
        ? before.split(text).length - 1
        : [...before.matchAll(new RegExp(text, "g"))].length;
    if (places !== 1) throw new Error(`${file} has ${places} times, and not once: ${text}`);
    return before.replace(text, replacement);
  }, contents);
}

interface Build {
  onLoad(
    which: { filter: RegExp },
    load: (file: { path: string }) => Promise<{ contents: string; loader: string }>,
  ): void;
}

function applyTo(build: Build, patches: readonly Patch[]): void {
  for (const [file, ofFile] of Map.groupBy(patches, (patch) => patch.file)) {
    const path = join(repository, file);
    const filter = new RegExp(`^${path.replaceAll(/[.\\/]/g, "\\$&")}$`);
    build.onLoad({ filter }, async () => {
      const contents = patched(await readFile(path, "utf8"), ofFile);
      return { contents, loader: file.endsWith("x") ? "tsx" : "ts" };
    });
  }
}

/** workerd has ECMAScript's "Uint8Array to/from base64 and hex", but Node 24 does not yet. */
function provideBase64(): void {
  const target = Uint8Array as Uint8ArrayConstructor & { fromBase64?: unknown };
  if (target.fromBase64 !== undefined) return;
  Object.defineProperty(Uint8Array, "fromBase64", {
    configurable: true,
    value: (text: string, { alphabet = "base64" } = {}) => {
      const letters = text.replaceAll(/\s/g, "");
      const allowed = alphabet === "base64" ? /^[A-Za-z0-9+/]*={0,2}$/ : /^[A-Za-z0-9_-]*={0,2}$/;
      if (!allowed.test(letters)) throw new SyntaxError("The text is not base64.");
      return new Uint8Array(Buffer.from(letters, "base64"));
    },
  });
  Object.defineProperty(Uint8Array.prototype, "toBase64", {
    configurable: true,
    value(this: Uint8Array, { alphabet = "base64", omitPadding = false } = {}) {
      const text = Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString("base64");
      const padded = alphabet === "base64" ? text : text.replaceAll("+", "-").replaceAll("/", "_");
      return omitPadding ? padded.replace(/=+$/, "") : padded;
    },
  });
  Object.defineProperty(Uint8Array, "fromHex", {
    configurable: true,
    value: (text: string) => {
      if (!/^([0-9a-f]{2})*$/i.test(text)) throw new SyntaxError("The text is not hex.");
      return new Uint8Array(Buffer.from(text, "hex"));
    },
  });
  Object.defineProperty(Uint8Array.prototype, "toHex", {
    configurable: true,
    value(this: Uint8Array) {
      return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString("hex");
    },
  });
}
