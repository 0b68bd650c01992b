/**
 * `npm run fuzz`: runs the campaign of fuzz.test.ts for a given time, over real HTTP, against a whole instance as `npm
 * start` runs it. It ends with status 0 and a line that counts the requests or, at the first fault, with status 1, the
 * seed and the request.
 *
 * Options: --minutes N (10), --seed S (default: a random one).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startInstance } from "../local/instance.ts";
import { PASS_TYPE_IDENTIFIER } from "../local/provision.ts";
import { onFirstSignal } from "../local/signals.ts";
import { openState } from "../local/state.ts";
import { faultsOfRest } from "./aftermath.ts";
import { attack } from "./campaign.ts";
import { faultsOfLog } from "./judge.ts";
import { socketTo } from "./socket.ts";
import { APIS } from "./wire.ts";
import { makeWorld } from "./world.ts";

/** How many passes are checked afterwards: the newest ones. */
const LOOKED_AT = 500;
const SLOW_END_MS = 5000;

const { minutes, seed } = optionsGiven();
const folder = mkdtempSync(join(tmpdir(), "edgepass-fuzz-"));
const interrupted = Promise.withResolvers<never>();
onFirstSignal(() => interrupted.reject(new Error("it was interrupted")));
interrupted.promise.catch(() => {});
const print = process.stdout.write.bind(process.stdout);
const said = listen();
try {
  print(`seed ${seed}, ${minutes} minutes\n`);
  const { masterSecret } = await secretsOf(folder);
  const instance = await startInstance({ port: 0, folder, settings: { WALLET_BADGES: "en" } });
  try {
    await Promise.race([run(), interrupted.promise]);
  } finally {
    await instance.close();
  }

  async function run(): Promise<void> {
    const { origin, adminToken } = instance;
    const send = socketTo(origin);
    const secrets = [masterSecret];
    const world = await makeWorld({ send, adminToken, passTypeIdentifier: PASS_TYPE_IDENTIFIER, secrets });
    const watch = () => faultsOfLog(said.splice(0), world.secrets());
    const forMs = minutes * 60_000;
    const asked = await attack({ world, send, seed, requests: 2 ** 31 - 1, forMs, watch });
    await world.renew();
    const faults = [...(await faultsOfRest(world, send, LOOKED_AT)), ...watch()];
    if (faults.length > 0) throw new Error(`seed ${seed}, afterwards: ${faults.join("\n")}`);
    print(`${APIS.map((api) => `${api} ${asked.get(api) ?? 0}`).join(", ")}: 0 faults\n`);
  }
} catch (error) {
  print(`${said.slice(-5).join("")}${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
  // The process ends when its children have ended; this is for a child that does not end.
  setTimeout(() => process.exit(), SLOW_END_MS).unref();
}

/** The secrets that the instance will find in its state. */
async function secretsOf(place: string) {
  const state = await openState(place);
  await state.release();
  return state.secrets;
}

/** The output of this process from now on, which is not printed. It contains the Worker's log. */
function listen(): string[] {
  const lines: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array): boolean => {
      lines.push(typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk));
      return true;
    };
  }
  return lines;
}

function optionsGiven() {
  const { values } = parseArgs({
    options: { minutes: { type: "string", default: "10" }, seed: { type: "string" } },
  });
  const [minutes, seed] = [Number(values.minutes), Number(values.seed ?? Date.now() % 2 ** 31)];
  if (!(minutes > 0) || !Number.isInteger(seed))
    throw new Error("--minutes is above 0, and --seed a whole number");
  return { minutes, seed };
}
