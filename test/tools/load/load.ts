/**
 * `npm run load`: measures the cost of one change when many phones have passes of its template, and of the requests
 * when all of them ask for updates. The ratio to the maximum of six connections, the round trips and the rows are
 * figures of the program; requests per second depend on the machine. It ends with status 0 only if every phone was
 * pushed once, every response was right, and the budgets were not exceeded.
 *
 * Options: --devices N (100000), --phones N (10000) of them that ask, --latency MS (30) until APNs responds.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { onFirstSignal } from "../local/signals.ts";
import { fanOut } from "./fan-out.ts";
import { herd } from "./herd.ts";
import { startLoadInstance } from "./instance.ts";
import { seedPhones } from "./phones.ts";
import { workerProcess } from "./process.ts";

const { devices, phones, latency } = optionsGiven();
const folder = mkdtempSync(join(tmpdir(), "edgepass-load-"));
const interrupted = Promise.withResolvers<never>();
onFirstSignal(() => interrupted.reject(new Error("it was interrupted")));
interrupted.promise.catch(() => {});
try {
  const instance = await startLoadInstance(folder, latency);
  try {
    await Promise.race([load(), interrupted.promise]);
  } finally {
    await instance.close();
  }

  async function load(): Promise<void> {
    const workerd = await workerProcess(folder);
    const seeded = await seedPhones(instance, devices);
    const faults = [
      ...(await fanOut(instance, seeded, latency, workerd)),
      ...(await herd(instance, { ...seeded, all: seeded.all.slice(0, phones) }, workerd)),
    ];
    for (const fault of faults) console.log(`FAILED: ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function optionsGiven() {
  const { values } = parseArgs({
    options: {
      devices: { type: "string", default: "100000" },
      phones: { type: "string", default: "10000" },
      latency: { type: "string", default: "30" },
    },
  });
  const [devices = 0, phones = 0, latency = 0] = [values.devices, values.phones, values.latency].map(Number);
  if (![devices, phones, latency].every((number) => Number.isInteger(number) && number > 0)) {
    throw new Error("--devices, --phones and --latency are whole numbers above 0");
  }
  return { devices, phones: Math.min(phones, devices), latency };
}
