/**
 * The resources that the workerd process of the Worker has used. They include the local D1, R2 and Queues, which run in
 * the same process. Linux only, from /proc (proc(5): VmHWM in status; clear_refs, which resets it; utime and stime in
 * stat).
 */
import { readdir, readFile, readlink, writeFile } from "node:fs/promises";

export interface WorkerProcess {
  /** Resets the counts. */
  reset(): Promise<void>;
  /** Since the last reset: the maximum resident memory in bytes, and milliseconds of CPU time. */
  used(): Promise<{ peakBytes: number; cpuMs: number }>;
}

/** proc(5) counts in USER_HZ, which is 100 on every Linux that runs workerd. */
const TICK_MS = 10;

/**
 * wrangler runs several workerd processes; ours has the database open.
 * @param folder where the database is
 * @returns undefined if there is no /proc
 */
export async function workerProcess(folder: string): Promise<WorkerProcess | undefined> {
  const processes = await readdir("/proc").catch(() => []);
  for (const id of processes.filter((name) => /^\d+$/.test(name))) {
    const descriptors = await readdir(`/proc/${id}/fd`).catch(() => []);
    const files = await Promise.all(
      descriptors.map((descriptor) => readlink(`/proc/${id}/fd/${descriptor}`).catch(() => "")),
    );
    if (files.some((file) => file.startsWith(`${folder}/`) && file.endsWith(".sqlite"))) return watch(id);
  }
  return undefined;
}

function watch(id: string): WorkerProcess {
  let cpuBefore = 0;
  const cpu = async () => {
    const stat = await readFile(`/proc/${id}/stat`, "utf8");
    // The second field, the name, may contain spaces; utime and stime are the 14th and the 15th.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return TICK_MS * (Number(fields[11]) + Number(fields[12]));
  };
  return {
    async reset() {
      await writeFile(`/proc/${id}/clear_refs`, "5");
      cpuBefore = await cpu();
    },
    async used() {
      const status = await readFile(`/proc/${id}/status`, "utf8");
      const peakBytes = 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
      return { peakBytes, cpuMs: (await cpu()) - cpuBefore };
    },
  };
}
