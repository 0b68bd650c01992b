/**
 * Starts one whole instance for all tests of this folder, and another one for the test that restores a backup, each in
 * its own process (run-instance.ts).
 */
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { forkProgram } from "../fork.ts";
import type { InstanceFacts } from "./run-instance.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The instance, or the reason why there is none: tests of other folders run without it. */
    instance: InstanceFacts | { readonly failure: string };
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { instance, end } = await forkInstance();
  project.provide("instance", instance);
  return end;
}

/**
 * Starts an instance in its own process. `end` ends the process and waits until it has ended.
 * @param args the arguments of run-instance.ts
 */
export async function forkInstance(args: string[] = []) {
  const { facts, end } = await forkProgram<InstanceFacts>(join(import.meta.dirname, "run-instance.ts"), args);
  return { instance: facts, end };
}
