/**
 * The tools of this folder: installs them, and runs them with the Node of the repository.
 */
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const folder = import.meta.dirname;

/** Everything that is written here is ignored by git: the document, the generated clients. */
export const generated = join(folder, ".edgepass");

/** The tools ask no other host: no telemetry, no look for newer versions. */
const env = {
  ...process.env,
  REDOCLY_TELEMETRY: "off",
  REDOCLY_SUPPRESS_UPDATE_NOTICE: "true",
  NO_COLOR: "1",
};

/** The entry points of the tools, below node_modules. */
const TOOLS = {
  redocly: "@redocly/cli/bin/cli.js",
  spectral: "@stoplight/spectral-cli/dist/index.js",
  "openapi-typescript": "openapi-typescript/bin/cli.js",
  "openapi-ts": "@hey-api/openapi-ts/bin/run.js",
  tsc: "typescript/bin/tsc",
} as const;
export type Tool = keyof typeof TOOLS;

export interface Outcome {
  readonly status: number;
  readonly output: string;
}

/** Runs a tool in the folder of what is generated. It does not throw if the tool reports faults. */
export async function runTool(tool: Tool, ...args: readonly string[]): Promise<Outcome> {
  const script = join(folder, "node_modules", TOOLS[tool]);
  const options = { cwd: generated, env, maxBuffer: 64 * 2 ** 20 };
  try {
    const { stdout, stderr } = await run(process.execPath, [script, ...args], options);
    return { status: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== "number") throw error;
    return { status: code, output: stdout + stderr };
  }
}

/** Installs what package-lock.json of this folder names, unless it is installed. No tool needs its install script. */
export async function installTools(): Promise<void> {
  if (isInstalled()) return;
  const options = [
    "ci",
    "--prefix",
    folder,
    "--include=dev",
    "--ignore-scripts",
    "--loglevel=error",
    "--no-audit",
    "--no-fund",
  ];
  await run("npm", options, { cwd: folder, env });
}

/** node_modules/.package-lock.json lists what npm has installed, and is written last. */
function isInstalled(): boolean {
  const installed = join(folder, "node_modules/.package-lock.json");
  return existsSync(installed) && versionsIn(installed) === versionsIn(join(folder, "package-lock.json"));
}

function versionsIn(lockFile: string): string {
  const { packages } = JSON.parse(readFileSync(lockFile, "utf8")) as {
    packages: Record<string, { version?: string; optional?: boolean }>;
  };
  const wanted = Object.entries(packages).filter(([path, { optional }]) => path !== "" && optional !== true);
  return wanted
    .map(([path, { version }]) => `${path} ${version}`)
    .sort()
    .join("\n");
}
