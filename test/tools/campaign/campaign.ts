/**
 * `npm run campaign`: how long a change of a template takes to reach a million phones, and how many D1 requests it and
 * the returning phones make, for each max_concurrency and each latency of APNs. The Worker's own code runs in virtual
 * time (run.ts). A sample of phones is measured, and before it one of half the size: if both have the same rate, the
 * rate is constant, and the million is extrapolated from it. Finally, the busiest of these is run once more with the
 * greatest pushesPerSecond whose D1 requests stay below D1_PER_SECOND.
 *
 * Options: --phones N (20000) of a sample, --concurrency N,… (1,2,5), --latency MS,… (50,150) until APNs answers.
 */
import { parseArgs } from "node:util";
import { whole } from "../load/figures.ts";
import { createFixture, createSurroundings, REAL_LIMITS } from "../model/fixture.ts";
import { constantRates, D1_PER_SECOND, pushesWithin } from "./figures.ts";
import { type Campaign, type Outcome, runCampaign } from "./run.ts";
import { headerFor, rowOf } from "./table.ts";

const { phones, concurrencies, latencies } = optionsGiven();
const half = Math.ceil(phones / 2);
const fixture = await createFixture(await createSurroundings(), [], REAL_LIMITS);

console.log(`Measured: ${whole(phones)} phones a row, and ${whole(half)} before to compare the rate.`);
console.log("Extrapolated from the rate: 1,000,000 phones.\n");
console.log(headerFor(phones));
const outcomes: Outcome[] = [];
for (const concurrency of concurrencies)
  for (const latency of latencies)
    outcomes.push(await measure({ phones, concurrency, latency, pushesPerSecond: null }));
const [busiest] = outcomes.toSorted((a, b) => pushRate(b) - pushRate(a));
if (busiest !== undefined) await limit(busiest);

/** Runs both samples, and prints the row. */
async function measure(campaign: Campaign): Promise<Outcome> {
  const smaller = await runCampaign(fixture, { ...campaign, phones: half });
  const outcome = await runCampaign(fixture, campaign);
  console.log(rowOf(smaller, outcome));
  const twice = smaller.pushedTwice + outcome.pushedTwice;
  if (twice > 0) {
    console.error(`FAILED: ${twice} pushes were second ones`);
    process.exitCode = 1;
  }
  return outcome;
}

/** Runs this campaign with the greatest rate that D1 can follow. */
async function limit(outcome: Outcome): Promise<void> {
  const visits = outcome.d1.phones / phones;
  const pushes = outcome.d1.pushes / phones;
  const pushesPerSecond = pushesWithin(D1_PER_SECOND, visits + pushes);
  if (pushesPerSecond < pushRate(outcome)) await measure({ ...outcome.campaign, pushesPerSecond });
  console.log(
    `\nD1 requests for each phone: ${visits.toFixed(2)} of its list and fetch, ${pushes.toFixed(3)} of its push.`,
  );
  console.log(`So pushesPerSecond ${pushesPerSecond} makes at most ${D1_PER_SECOND} D1 requests a second.`);
}

function pushRate({ seconds }: Outcome): number {
  return constantRates(seconds).pushes;
}

function optionsGiven() {
  const { values } = parseArgs({
    options: {
      phones: { type: "string", default: "20000" },
      concurrency: { type: "string", default: "1,2,5" },
      latency: { type: "string", default: "50,150" },
    },
  });
  const [[phones = 0], concurrencies, latencies] = [values.phones, values.concurrency, values.latency].map(
    (text) => text.split(",").map(Number),
  ) as [number[], number[], number[]];
  if (![phones, ...concurrencies, ...latencies].every((number) => Number.isInteger(number) && number > 0))
    throw new Error("--phones, --concurrency and --latency take whole numbers above 0");
  return { phones, concurrencies, latencies };
}
