/**
 * `npm run bench`: measures how many passes per second the engine makes in one thread of workerd, and how many plain
 * RSA-2048 signatures that thread makes. The result is their ratio: the signature is unavoidable, and the ratio differs
 * less between machines than the speeds do. It measures no HTTP, no database and no bucket.
 *
 * Other work on the machine has to affect both equally. So they alternate every 10 ms or so, and the ratio is computed
 * within a round of many alternations; the last line is the median of these ratios. The Worker's own clock is used. It
 * has whole milliseconds, an error that affects both sides equally and that averages out. On Cloudflare's edge that
 * clock stops during computation; here it runs, and every round is roughly checked against Node's clock.
 */
import "../local/offline.ts";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { unstable_startWorker } from "wrangler";
import { checkPass } from "../../apple/pkpass.ts";
import { createSetup } from "./setup.ts";
import type { OperationName, Round } from "./worker.ts";

const MAIN_MS = 30_000;
/** At 2000 signatures a second, a round takes 0.4 s. */
const ROUND: Round = {
  turns: [
    { operation: "signature", count: 20 },
    { operation: "pass", count: 20 },
  ],
  times: 20,
};
const WARM_UP_MS = 2000;
const SIDE_MS = 8000;
const SIDE_ROUND: Round = {
  turns: [
    { operation: "pass", count: 20 },
    { operation: "cms", count: 20 },
    { operation: "render", count: 500 },
    { operation: "sha1", count: 500 },
    { operation: "signatureP256", count: 400 },
    { operation: "passP256", count: 200 },
  ],
  times: 10,
};
const ANSWERS_WITHIN_MS = 30_000;

/** Microseconds per operation, one figure for each round. */
type Times = Record<OperationName, number[]>;

const worker = await unstable_startWorker({
  config: join(import.meta.dirname, "wrangler.toml"),
  dev: {
    server: { hostname: "127.0.0.1", port: 0 },
    persist: false,
    inspector: false,
    logLevel: "warn",
    remote: false,
    watch: false,
  },
});
try {
  await bench(await worker.url);
} finally {
  await worker.dispose();
}

async function bench(url: URL): Promise<void> {
  const { setup, rootPem } = await createSetup();
  await answers(url);
  await ask(url, "/setup", setup);
  const images = Object.values(setup.images).map((base64) => Buffer.byteLength(base64, "base64"));
  console.log(`${images.length} images, ${images.reduce((a, b) => a + b)} bytes in all`);
  for (const algorithm of ["RSA", "P-256"]) {
    const bytes = new Uint8Array(await (await ask(url, `/${algorithm}`)).arrayBuffer());
    await checkPass(bytes, { rootPem });
    console.log(`a pass signed with ${algorithm}: ${bytes.length} bytes, checked as Wallet does`);
  }

  await runRounds(url, SIDE_ROUND, WARM_UP_MS);
  const side = await runRounds(url, SIDE_ROUND, SIDE_MS);
  const main = await runRounds(url, ROUND, MAIN_MS);

  console.log(`\nper second, medians of ${side.pass.length} rounds:`);
  printSpeed("ECDSA P-256 signatures", side.signatureP256);
  printSpeed("passes, P-256", side.passP256);
  console.log("\na pass with RSA-2048, its steps measured alone:");
  printSteps(side);
  console.log(`\nper second, medians of ${main.pass.length} rounds:`);
  printSpeed("RSA-2048 signatures", main.signature);
  printSpeed("passes, RSA-2048", main.pass);

  const ratios = main.signature.map((time, round) => time / (main.pass[round] ?? 0));
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share).toFixed(2));
  const whole = (mean(main.signature) / mean(main.pass)).toFixed(2);
  console.log(
    `\nratio of a round: median ${middle}, half of them ${low} to ${high}; of all rounds' time ${whole}`,
  );
  console.log(`engine/rsa ratio: ${middle}`);
}

function printSpeed(name: string, times: readonly number[]): void {
  console.log(`  ${name.padEnd(24)} ${(1e6 / quantile(times, 0.5)).toFixed(0).padStart(6)}`);
}

function printSteps({ pass, cms, render, sha1 }: Times): void {
  const total = mean(pass);
  const rest = total - mean(cms) - mean(render) - mean(sha1);
  const steps = {
    "CMS signature": mean(cms),
    "pass.json": mean(render),
    "its SHA-1": mean(sha1),
    "manifest, CRC-32, ZIP": rest, // the rest, which contains the error of all others too
  };
  for (const [name, time] of Object.entries(steps)) {
    const share = `${((100 * time) / total).toFixed(1)} %`;
    console.log(`  ${name.padEnd(24)} ${time.toFixed(0).padStart(6)} µs ${share.padStart(7)}`);
  }
}

/**
 * Repeats the round for `duration` milliseconds, and at least once.
 * @throws Error if the Worker's clock stopped
 */
async function runRounds(url: URL, round: Round, duration: number): Promise<Times> {
  const times: Times = {
    signature: [],
    signatureP256: [],
    pass: [],
    passP256: [],
    render: [],
    sha1: [],
    cms: [],
  };
  const endAt = performance.now() + duration;
  do {
    const startedAt = performance.now();
    const sums: number[] = await (await ask(url, "/round", round)).json();
    const took = performance.now() - startedAt;
    const told = sums.reduce((a, b) => a + b);
    // The rest is the request itself, which a busy machine may delay.
    if (told < took / 2)
      throw new Error(`The Worker's clock says ${told} ms of a round that took ${took.toFixed(0)} ms`);
    for (const [turn, { operation, count }] of round.turns.entries())
      times[operation].push((1000 * (sums[turn] ?? 0)) / (count * round.times));
  } while (performance.now() < endAt);
  return times;
}

/** Posts the body as JSON, or makes a GET request without one. */
async function ask(url: URL, path: string, body?: unknown): Promise<Response> {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(new URL(path, url), init);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response;
}

/** wrangler reports a Worker as ready shortly before its port answers. */
async function answers(url: URL): Promise<void> {
  for (const deadline = Date.now() + ANSWERS_WITHIN_MS; Date.now() < deadline; await pause(50)) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.status === 409) return; // it runs, and waits for its setup
  }
  throw new Error(`The Worker did not answer within ${ANSWERS_WITHIN_MS / 1000} seconds`);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
