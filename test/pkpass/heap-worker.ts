/**
 * The thread of heap.test.ts: it lints and imports one file after another, with the heap that heap.test.ts allows. If that is
 * too small, Node ends the thread.
 */
import { parentPort } from "node:worker_threads";
import { ApiError } from "../../src/errors.ts";
import { reportFindings } from "../../src/pkpass/finding.ts";
import { inspectPkpass } from "../../src/pkpass/read/inspect.ts";
import { readPkpass } from "../../src/pkpass/read/read.ts";
import { templateFromPkpass } from "../../src/templates/import.ts";

const NOW = Date.UTC(2026, 5, 1);

/** The length of the answers of lint and import, or the code of each refusal. */
async function answer(file: Uint8Array): Promise<{ lint: number | string; import: number | string }> {
  const read = readPkpass(file);
  if (read.outcome === "refused") return { lint: read.code, import: read.code };
  const found = await inspectPkpass(read, NOW);
  const lint = JSON.stringify(reportFindings(found)).length;
  try {
    return { lint, import: JSON.stringify(templateFromPkpass(read, found, NOW).findings).length };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { lint, import: error.code };
  }
}

parentPort?.on("message", async (file: Uint8Array) => parentPort?.postMessage(await answer(file)));
