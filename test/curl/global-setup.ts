/**
 * Starts one whole instance for all tests of this folder, and another one for the test that restores a backup, each in
 * its own process (run-instance.ts). The Node that vitest runs on may be older than the one that the instance needs,
 * and wrangler's changes to its process must not affect vitest.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { repository } from "../tools/local/repository.ts";
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
  const child = fork(join(import.meta.dirname, "run-instance.ts"), args, {
    execPath: join(repository, "node_modules/.bin/node"),
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const told = once(child, "message").then(([facts]) => facts as InstanceFacts);
  const failure = exited.then(
    ([code]) => ({ failure: `The instance ended before it was ready, with status ${code}: see above.` }),
    (error: unknown) => ({ failure: `The instance could not be started: ${error}` }),
  );
  const instance = await Promise.race([told, failure]);
  const end = async () => {
    if (child.connected) child.disconnect();
    await failure;
  };
  return { instance, end };
}
