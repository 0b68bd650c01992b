/**
 * What Cloudflare charges for a flow: what it used, times the list prices.
 *
 * Follows the price pages of Workers, D1, Queues and R2 (November 2026). What a plan includes each month is not deducted.
 */
import type { Tally } from "./counting.ts";

/** What a flow used. */
export interface Usage {
  /** Requests to the Worker, and invocations of a queue consumer. */
  readonly requests: number;
  readonly cpuMs: number;
  readonly rowsWritten: number;
  readonly rowsRead: number;
  /** A message of up to 64 KB is three: written, read, deleted. */
  readonly queueOperations: number;
  /** R2 class A: put, list. Deletions are free. */
  readonly writesOfR2: number;
  /** R2 class B: get, head. */
  readonly readsOfR2: number;
}

/** Dollars per million. */
export const PRICES: Readonly<Record<keyof Usage, number>> = {
  requests: 0.3,
  cpuMs: 0.02,
  rowsWritten: 1,
  rowsRead: 0.001,
  queueOperations: 0.4,
  writesOfR2: 4.5,
  readsOfR2: 0.36,
};

/**
 * CPU time in milliseconds. workerd shows no CPU time to a test, so these are the figures of `npm run load`, rounded up. They
 * are too high, because the local D1, R2 and Queues run in the same process.
 */
export const CPU_MS = { request: 2.6, push: 0.5 } as const;

const PART_OF_MESSAGE_BYTES = 64 * 1024;

export const UNUSED: Usage = {
  requests: 0,
  cpuMs: 0,
  rowsWritten: 0,
  rowsRead: 0,
  queueOperations: 0,
  writesOfR2: 0,
  readsOfR2: 0,
};

const KINDS = Object.keys(UNUSED) as (keyof Usage)[];

/** @param tallies what requests read and wrote, one for each */
export function usageOfRequests(...tallies: readonly Tally[]): Usage {
  const uses = tallies.map(({ rowsWritten, rowsRead, puts, gets }) => ({
    ...UNUSED,
    requests: 1,
    cpuMs: CPU_MS.request,
    rowsWritten,
    rowsRead,
    writesOfR2: puts,
    readsOfR2: gets,
  }));
  return sum(...uses);
}

/** @param bodies the messages that went through a queue */
export function usageOfMessages(bodies: readonly unknown[]): Usage {
  const parts = bodies.map((body) => Math.ceil(JSON.stringify(body).length / PART_OF_MESSAGE_BYTES));
  return { ...UNUSED, queueOperations: 3 * parts.reduce((all, count) => all + count, 0) };
}

export function sum(...uses: readonly Usage[]): Usage {
  return combine((kind) => uses.reduce((total, use) => total + use[kind], 0));
}

export function times(factor: number, use: Usage): Usage {
  return combine((kind) => factor * use[kind]);
}

/** Dollars for a million of such flows, by what is charged. */
export function dollarsPerMillion(use: Usage): Usage {
  return combine((kind) => use[kind] * PRICES[kind]);
}

export function total(dollars: Usage): number {
  return KINDS.reduce((all, kind) => all + dollars[kind], 0);
}

/** One line for the flow, and one for each price that it pays. */
export function describeCost(flow: string, use: Usage): string {
  const dollars = dollarsPerMillion(use);
  const parts = KINDS.filter((kind) => use[kind] > 0).toSorted((a, b) => dollars[b] - dollars[a]);
  return [
    `${flow.padEnd(64)} $${total(dollars).toFixed(2)}`,
    ...parts.map(
      (kind) =>
        `  ${NAMES[kind].padEnd(30)} ${use[kind].toFixed(3).padStart(9)} x $${PRICES[kind]} = $${dollars[kind].toFixed(3)}`,
    ),
  ].join("\n");
}

const NAMES: Readonly<Record<keyof Usage, string>> = {
  requests: "requests and invocations",
  cpuMs: "CPU milliseconds (estimate)",
  rowsWritten: "rows written in D1",
  rowsRead: "rows read in D1",
  queueOperations: "operations of queues",
  writesOfR2: "writes in R2",
  readsOfR2: "reads in R2",
};

function combine(value: (kind: keyof Usage) => number): Usage {
  return Object.fromEntries(KINDS.map((kind) => [kind, value(kind)])) as unknown as Usage;
}
