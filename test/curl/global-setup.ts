/**
 * Starts one whole instance for all tests of this folder, and another one for the test that restores a backup, each in
 * its own process (run-instance.ts), and the process that runs curl (run-curl.ts). The setup does not wait until the instance is ready:
 * tests of other projects run meanwhile.
 */
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { forkProgram } from "../fork.ts";
import type { InstanceFacts } from "./run-instance.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The path of a file with a {@link StartedInstance}, which is written when the instance runs or could not be started. */
    instanceFile: string;
    /** The address of the process that runs curl. */
    curlRunner: string;
  }
}

/** The instance, or the reason why there is none: tests of other folders run without it. */
export type StartedInstance = InstanceFacts | { readonly failure: string };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "edgepass-started-"));
  const file = join(folder, "instance.json");
  const starting = forkInstance().then(async ({ instance, end }) => {
    await writeFile(`${file}.new`, JSON.stringify(instance));
    await rename(`${file}.new`, file);
    return end;
  });
  project.provide("instanceFile", file);
  const runner = await forkCurlRunner();
  project.provide("curlRunner", runner.address);
  return async () => {
    const end = await starting;
    await Promise.all([end(), runner.end()]);
    await rm(folder, { recursive: true });
  };
}

/**
 * Starts an instance in its own process. `end` ends the process and waits until it has ended.
 * @param args the arguments of run-instance.ts
 */
export async function forkInstance(args: string[] = []) {
  const { facts, end } = await forkProgram<InstanceFacts>(join(import.meta.dirname, "run-instance.ts"), args);
  return { instance: facts, end };
}

/** Starts the process that runs curl. */
export async function forkCurlRunner() {
  const { facts, end } = await forkProgram<string>(join(import.meta.dirname, "run-curl.ts"));
  if (typeof facts !== "string") throw new Error(facts.failure);
  return { address: facts, end };
}
