/**
 * Sends everything that waits, at most 50 scans a request, oldest first. One flush runs at a time, also between tabs; one that is
 * asked for meanwhile follows it.
 */
import { SCAN_LIMITS } from "../../../limits.ts";
import type { Api } from "../api.ts";
import type { KeptScan } from "../scan.ts";
import { type DeliveryContext, settle, type Trouble } from "./deliver.ts";
import type { ScanLog } from "./scan-log.ts";

export interface FlushParts {
  readonly log: ScanLog;
  /** Undefined without a key. The key may be replaced while a flush runs. */
  readonly api: () => Api | undefined;
  readonly contextOf: (api: Api) => DeliveryContext;
  /** What this tab is sending for a person. */
  readonly inFlight: ReadonlySet<string>;
  /** Runs `work` in one tab at a time. */
  readonly inOneTab: (work: () => Promise<void>) => Promise<void>;
  /** Whether an attempt is allowed now. */
  readonly mayTry: () => boolean;
  /** A request was answered, and more may wait. */
  readonly onProgress: () => Promise<void>;
  /** @param trouble why something is left. Null: nothing is */
  readonly onEnd: (trouble: Trouble | null) => Promise<void>;
}

/** @returns the function that flushes. It never throws, and resolves when nothing more can be sent now */
export function createFlush(parts: FlushParts): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isWantedAgain = false;
  const run = async () => {
    do {
      isWantedAgain = false;
      await parts.onEnd(await attempt(parts));
    } while (isWantedAgain && parts.mayTry());
    running = undefined;
  };
  return () => {
    isWantedAgain = true;
    if (parts.mayTry()) running ??= run();
    return running ?? Promise.resolve();
  };
}

async function attempt(parts: FlushParts): Promise<Trouble | null> {
  let trouble: Trouble | null = null;
  try {
    await parts.inOneTab(async () => {
      trouble = await settleAll(parts);
    });
    return trouble;
  } catch (error) {
    return { kind: "storage", detail: String(error) };
  }
}

async function settleAll({ log, api, contextOf, inFlight, onProgress }: FlushParts): Promise<Trouble | null> {
  for (let previous = ""; ; ) {
    const unsettled = await log.unsettled(SCAN_LIMITS.perRequest + inFlight.size);
    const due = unsettled.filter(({ scanId }) => !inFlight.has(scanId)).slice(0, SCAN_LIMITS.perRequest);
    if (due.length === 0) return null;
    const used = api();
    if (used === undefined) return { kind: "no_key" };
    const described = due.map(describe).join();
    if (described === previous) throw new Error("a request that settled nothing");
    const trouble = await settle(contextOf(used), due);
    // With another key, the same scans are tried again.
    const isReplaced = api() !== used;
    if (trouble !== null && !isReplaced) return trouble;
    previous = trouble === null ? described : "";
    await onProgress();
  }
}

/** A text that changes when the scan is settled. */
function describe({ scanId, state }: KeptScan): string {
  return `${scanId} ${state.kind}`;
}
