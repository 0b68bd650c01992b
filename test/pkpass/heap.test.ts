/**
 * A small file never takes much memory: lint and import answer each hostile file with a heap that is a fraction of a Worker's.
 * Node ends a thread whose heap is too small, so nothing is measured here.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, expect, test } from "vitest";
import { HOSTILE_FILES, hostileFile } from "./hostile-files.ts";

/** The heap of the thread in MB. The modules alone need 16. */
const HEAP = 40;

const resourceLimits = { maxOldGenerationSizeMb: HEAP, maxYoungGenerationSizeMb: 4 };

let thread: Worker | undefined;

/** The answer of the thread. If it ended before, there is a new one. @throws Error if the heap was too small */
function answer(file: Uint8Array): Promise<unknown> {
  const own = thread ?? new Worker(join(import.meta.dirname, "heap-worker.ts"), { resourceLimits });
  thread = own;
  return new Promise((resolve, reject) => {
    own.removeAllListeners().once("message", resolve);
    own.once("error", (error) => {
      if (thread === own) thread = undefined;
      reject(error);
    });
    own.postMessage(file);
  });
}

afterAll(async () => {
  await thread?.terminate();
});

test.each(Object.entries(HOSTILE_FILES))("%s take little memory", async (_what, members) => {
  const file = hostileFile(members());
  expect(file.length).toBeLessThan(600_000);
  const { lint, import: imported } = Object(await answer(file));
  for (const one of [lint, imported]) expect(typeof one === "string" || one < 1_000_000).toBe(true);
});
