/**
 * The log of a browser that cannot store anything, such as a private window of some: nothing is kept. The sender then sends each
 * scan at once, and what is not answered is not recorded.
 */
import { countsOf, TALLIES } from "./rows.ts";
import type { ScanLog } from "./scan-log.ts";

/** @param detail why nothing can be stored */
export function unavailableLog(detail: string): ScanLog {
  const refuse = () => Promise.reject(new Error(detail));
  return {
    record: refuse,
    markSent: async () => [],
    answer: async () => [],
    refuse: async () => undefined,
    withdraw: refuse,
    endUndo: async () => {},
    get: async () => undefined,
    latest: async () => [],
    unsettled: async () => [],
    countUnsettled: async () => 0,
    seenBefore: async () => undefined,
    conflicts: async () => [],
    markLooked: async () => {},
    countsSince: async () => countsOf(new Map(TALLIES.map((tally) => [tally, 0]))),
    forgetOlder: async () => {},
    close: () => {},
  };
}
