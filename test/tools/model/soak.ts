/**
 * `npm run soak -- [--minutes N] [--seeds N] [--seed S] [--steps N] [--crowd N] [--no-google] [--trace]`: runs seed after seed until the time or
 * the seeds are used up, and prints a summary line. The first violation ends it with exit code 1, the seed to replay
 * and the last lines of the trace. With `--crowd N`, N phones share one address
 * with a stranger who guesses faster than all limits. Without `--no-google`, people save passes in Google Wallet. `--planted` tests
 * whether planted bugs are found (planted.ts), and whether changes that are no bugs are not: all of them, or with `--only TEXT` those
 * with this text in their name.
 */
import { parseArgs } from "node:util";
import { createFixture, createSurroundings } from "./fixture.ts";
import { catchPlanted, type Planted, planted, tableOf } from "./planted.ts";
import { harmlessInGoogle } from "./planted-google.ts";
import { type RunResult, run } from "./run.ts";

/** How many seeds must not complain of a change that is no bug. */
const HARMLESS_SEEDS = 20;

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    seed: { type: "string", default: "1" },
    seeds: { type: "string" },
    steps: { type: "string", default: "1000" },
    trace: { type: "boolean", default: false },
    crowd: { type: "string" },
    "no-google": { type: "boolean", default: false },
    planted: { type: "boolean", default: false },
    only: { type: "string", default: "" },
  },
});

if (values.planted) await runPlanted();
else await runSeeds();

async function runSeeds(): Promise<void> {
  const first = number("seed", values.seed);
  const steps = number("steps", values.steps);
  const until =
    values.minutes === undefined
      ? Number.POSITIVE_INFINITY
      : Date.now() + number("minutes", values.minutes) * 60_000;
  // With neither option, only the seed that was given.
  const most = number("seeds", values.seeds ?? (values.minutes === undefined ? "1" : "1e9"));
  const crowd = values.crowd === undefined ? undefined : { phones: number("crowd", values.crowd) };
  const fixture = await createFixture(await createSurroundings());
  const startedAt = performance.now();
  const total = { seeds: 0, steps: 0, events: 0, faults: 0, pushes: 0, googleCalls: 0 };
  for (let seed = first; total.seeds < most && Date.now() < until; seed++) {
    const onLine = values.trace ? (line: string) => console.log(line) : undefined;
    const result = await run(fixture, {
      seed,
      steps,
      crowd,
      google: values["no-google"] ? undefined : "also",
      onLine,
    });
    if (result.violations.length > 0) {
      console.error(reportOf(result, steps));
      process.exitCode = 1;
      return;
    }
    total.seeds++;
    for (const what of ["steps", "events", "faults", "pushes", "googleCalls"] as const)
      total[what] += result[what];
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `${total.seeds} seeds × ${steps} steps (${total.events} events, ${Math.round(total.events / seconds)} a second), ` +
      `${total.faults} faults, ${total.pushes} pushes, ${total.googleCalls} calls of Google, 0 lost`,
  );
}

async function runPlanted(): Promise<void> {
  const surroundings = await createSurroundings();
  const caught = [];
  const isMeant = ({ name }: Planted) => name.includes(values.only);
  for (const bug of planted.filter(isMeant)) {
    caught.push(await catchPlanted(surroundings, bug));
    console.log(tableOf(caught.slice(-1)));
  }
  if (caught.some(({ violation }) => violation === undefined)) process.exitCode = 1;
  for (const change of harmlessInGoogle.filter(isMeant)) {
    const { bug, violation, seeds } = await catchPlanted(surroundings, change, HARMLESS_SEEDS);
    console.log(`${bug.padEnd(64)} ${String(seeds).padStart(3)} seeds  ${violation ?? "harmless"}`);
    if (violation !== undefined) process.exitCode = 1;
  }
}

/** The violation, and how to reproduce it. */
function reportOf({ seed, weather, violations, lines }: RunResult, steps: number): string {
  return [
    `Seed ${seed} (${weather}) lost something:`,
    ...violations.map((violation) => `  ${violation}`),
    "The last of its trace:",
    ...lines.map((line) => `  ${line}`),
    `Again: node test/tools/model/soak.ts --seed ${seed} --steps ${steps}${values.crowd === undefined ? "" : ` --crowd ${values.crowd}`}${values["no-google"] ? " --no-google" : ""} --trace`,
  ].join("\n");
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} takes a number above 0, not "${text}".`);
  return value;
}
