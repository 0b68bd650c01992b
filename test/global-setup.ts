/**
 * Starts the stand-ins for Apple and Google once, in a process of their own, for all test files.
 */
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { forkProgram } from "./fork.ts";
import type { StandIns } from "./run-stand-ins.ts";

declare module "vitest" {
  interface ProvidedContext extends StandIns {}
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { facts, end } = await forkProgram<StandIns>(join(import.meta.dirname, "run-stand-ins.ts"));
  if ("failure" in facts) throw new Error(facts.failure);
  project.provide("apple", facts.apple);
  project.provide("google", facts.google);
  return end;
}
