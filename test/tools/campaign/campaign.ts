/**
 * `npm run campaign`: how long a change of a template takes to reach a million phones, and how many D1 requests it and
 * the returning phones make, for each max_concurrency and each latency of APNs. The Worker's own code runs in virtual
 * time (run.ts). A sample of phones is measured, and before it one of half the size: if both have the same rate, the
 * rate is constant, and the million is extrapolated from it. Finally, the busiest of these is run once more with the
 * greatest pushesPerSecond whose D1 requests stay below D1_PER_SECOND.
 *
 * Then the same for passes that people have saved in Google Wallet, which takes at most 15 calls a second (google.ts): a change that
 * their objects show, and one that only their class shows.
 *
 * Options: --phones N (20000) of a sample, --concurrency N,… (1,2,5), --latency MS,… (50,150) until APNs answers; --saved N (100000)
 * passes in Google Wallet, which answers after 150 ms; --only phones or --only google.
 */
import { parseArgs } from "node:util";
import { whole } from "../load/figures.ts";
import { createFixture, createSurroundings, REAL_LIMITS } from "../model/fixture.ts";
import { constantRates, D1_PER_SECOND, pushesWithin } from "./figures.ts";
import { runGoogleCampaign } from "./google.ts";
import { type Campaign, type Outcome, runCampaign } from "./pushes.ts";
import { googleHeader, googleRow, headerFor, rowOf } from "./table.ts";

const GOOGLE_LATENCY_MS = 150;

const { phones, concurrencies, latencies, saved, only } = optionsGiven();
const half = Math.ceil(phones / 2);
const fixture = await createFixture(await createSurroundings(), [], REAL_LIMITS);
if (only !== "google") await measurePhones();
if (only !== "phones") await measureGoogle();

async function measurePhones(): Promise<void> {
  console.log(`Measured: ${whole(phones)} phones a row, and ${whole(half)} before to compare the rate.`);
  console.log("Extrapolated from the rate: 1,000,000 phones.\n");
  console.log(headerFor(phones));
  const outcomes: Outcome[] = [];
  for (const concurrency of concurrencies)
    for (const latency of latencies)
      outcomes.push(await measure({ phones, concurrency, latency, pushesPerSecond: null }));
  const [busiest] = outcomes.toSorted((a, b) => pushRate(b) - pushRate(a));
  if (busiest !== undefined) await limit(busiest);
}

async function measureGoogle(): Promise<void> {
  console.log(`\nGoogle Wallet, which answers after ${GOOGLE_LATENCY_MS} ms:\n`);
  console.log(googleHeader);
  for (const changes of ["the objects", "the class only"] as const) {
    const outcome = await runGoogleCampaign(fixture, { saved, changes, latency: GOOGLE_LATENCY_MS });
    console.log(googleRow(outcome));
    const expected = changes === "the objects" ? saved : 0;
    if (outcome.calls.Object === expected && outcome.calls.Class <= 1 && outcome.refused === 0) continue;
    console.error(`FAILED: ${JSON.stringify(outcome)}`);
    process.exitCode = 1;
  }
}

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
      saved: { type: "string", default: "100000" },
      only: { type: "string" },
    },
  });
  const [[phones = 0], concurrencies, latencies, [saved = 0]] = [
    values.phones,
    values.concurrency,
    values.latency,
    values.saved,
  ].map((text) => text.split(",").map(Number)) as [number[], number[], number[], number[]];
  const numbers = [phones, ...concurrencies, ...latencies, saved];
  if (!numbers.every((number) => Number.isInteger(number) && number > 0))
    throw new Error("--phones, --concurrency, --latency and --saved take whole numbers above 0");
  return { phones, concurrencies, latencies, saved, only: values.only };
}
