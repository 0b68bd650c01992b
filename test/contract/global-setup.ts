/**
 * Installs the tools, starts one instance, and generates both clients from the document that it serves.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { forkInstance } from "../curl/global-setup.ts";
import type { InstanceFacts } from "../curl/run-instance.ts";
import { generated, installTools, runTool, type Tool } from "./tools.ts";

declare module "vitest" {
  interface ProvidedContext {
    instance: InstanceFacts;
  }
}

/** Redocly warns about a server at localhost, as in a document that was published by mistake. */
export const PUBLIC_ORIGIN = "https://edgepass.test";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await installTools();
  rmSync(generated, { recursive: true, force: true });
  mkdirSync(generated, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "edgepass-contract-"));
  const { instance, end } = await forkInstance([folder, PUBLIC_ORIGIN]);
  if ("failure" in instance) throw new Error(instance.failure);
  const document = await fetch(`${instance.origin}/admin/openapi.json`);
  writeFileSync(join(generated, "openapi.json"), await document.text());
  await Promise.all([
    succeed("openapi-typescript", "openapi.json", "--output", "openapi-typescript.d.ts"),
    succeed(
      ...(["openapi-ts", "--input", "openapi.json", "--output", "hey-api"] as const),
      ...["--client", "@hey-api/client-fetch", "--no-log-file"],
    ),
  ]);
  project.provide("instance", instance);
  return end;
}

async function succeed(tool: Tool, ...args: string[]): Promise<void> {
  const { status, output } = await runTool(tool, ...args);
  if (status !== 0) throw new Error(`${tool} ended with ${status}: ${output}`);
}
