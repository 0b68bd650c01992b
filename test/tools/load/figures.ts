/** How the figures of a run are printed on the terminal, and then in a README. */
import type { WorkerProcess } from "./process.ts";

const WIDTH = 46;

export function heading(text: string): void {
  console.log(`\n${text}`);
}

/** @param value a number is printed without its fraction, with separated thousands */
export function figure(name: string, value: number | string): void {
  console.log(`  ${name.padEnd(WIDTH)} ${typeof value === "number" ? whole(value) : value}`);
}

export function whole(number: number): string {
  return number.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * @param of the unit that the CPU time is divided by
 * @param count how many of them there were
 */
export async function processFigures(
  workerd: WorkerProcess | undefined,
  of: string,
  count: number,
): Promise<void> {
  const used = await workerd?.used();
  if (used === undefined) return; // no Linux
  heading("  workerd, in which local D1, R2 and Queues run too:");
  figure(`CPU time for each ${of}`, `${(used.cpuMs / count).toFixed(1)} ms`);
  figure("peak memory", `${whole(used.peakBytes / 1e6)} MB`);
}
