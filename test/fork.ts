/**
 * Starts a program of the tests in a process of its own. The Node that vitest runs on may be older than the one that the program needs,
 * and what the program changes in its process must not affect vitest. Also, the main process of vitest is large: from there it takes ten
 * times as long to start openssl or another tool as from a small process, because Linux copies the page tables.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { repository } from "./tools/local/repository.ts";

export interface Forked<Facts> {
  /** What the program sent when it was ready, or why it ended before that. */
  readonly facts: Facts | { readonly failure: string };
  /** Ends the process and waits until it has ended. */
  end(): Promise<void>;
}

/** @param file a program that sends one message when it is ready, and ends when the channel closes */
export async function forkProgram<Facts>(file: string, args: readonly string[] = []): Promise<Forked<Facts>> {
  const child = fork(file, args, {
    execPath: join(repository, "node_modules/.bin/node"),
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const sent = once(child, "message").then(([facts]) => facts as Facts);
  const failure = exited.then(
    ([code]) => ({ failure: `The process ended before it was ready, with status ${code}: see above.` }),
    (error: unknown) => ({ failure: `The process could not be started: ${error}` }),
  );
  return {
    facts: await Promise.race([sent, failure]),
    async end() {
      if (child.connected) child.disconnect();
      await failure;
    },
  };
}
