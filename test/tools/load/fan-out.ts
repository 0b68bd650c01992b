/**
 * Measures one change of a template with many passes on phones: the time until the last phone is pushed, and the cost.
 */
import { setTimeout as pause } from "node:timers/promises";
import { demoPass } from "../local/demo-template.ts";
import { figure, heading, processFigures, whole } from "./figures.ts";
import type { LoadInstance } from "./instance.ts";
import type { Phones } from "./phones.ts";
import type { WorkerProcess } from "./process.ts";
import type { Spent } from "./worker.ts";

/** The connections of a Worker, and so of one queue consumer. */
const CONNECTIONS = 6;
const LEAST_RATIO = 0.9;
/** D1 round trips or rows for each phone that is pushed. */
const MOST_ROWS_READ = 12;
const MOST_ROWS_WRITTEN = 1.1;
const MOST_TRIPS = 0.02;
/** D1 costs that do not depend on the number of phones. */
const FIXED = 50;

/** If there is no push for this long, the missing ones will not come. */
const SILENCE_MS = 60_000;
/** The time to wait after the last push for pushes that would come twice. */
const AFTERWARDS_MS = 3000;

/**
 * Prints the figures.
 * @returns the faults
 */
export async function fanOut(
  { admin, apns, templateId, ask }: LoadInstance,
  { all }: Phones,
  latency: number,
  workerd: WorkerProcess | undefined,
): Promise<string[]> {
  const least = whole((all.length * latency) / CONNECTIONS / 1000);
  heading(
    `One change of a template, ${whole(all.length)} phones; APNs answers in ${latency} ms: ${least} s at least`,
  );
  await workerd?.reset();
  await ask<Spent>("/load/spent");
  const changedAt = performance.now();
  const backFields = demoPass.storeCard?.backFields?.map((field) =>
    field.key === "news" ? { ...field, value: "Double stamps this week" } : field,
  );
  const pass = { ...demoPass, storeCard: { ...demoPass.storeCard, backFields } };
  await admin.send("PATCH", `/templates/${templateId}`, { pass });

  const { seen } = apns;
  let last = { answered: 0, at: performance.now() };
  while (seen.reached < all.length && performance.now() - last.at < SILENCE_MS) {
    if (seen.answered > last.answered) last = { answered: seen.answered, at: performance.now() };
    await pause(100);
  }
  await pause(AFTERWARDS_MS);
  const spent = await ask<Spent>("/load/spent");
  const { items: deadLetters } = await admin.get<{ items: unknown[] }>("/dead-letters");
  const { findings } = await admin.get<{ findings: { message: string }[] }>("/health");

  const { change } = spent;
  const held = seen.heldMs / seen.answered;
  // As the Worker measures it, because delays of a busy machine on the way are not the program's.
  const took = spent.pushMs / spent.pushes;
  const perSecond = (1000 * seen.answered) / (seen.lastAt - seen.firstAt);
  const possible = (1000 * CONNECTIONS) / took;
  const ratio = perSecond / possible;
  figure("phones pushed", `${whole(seen.reached)} of ${whole(all.length)}`);
  figure("pushed twice", seen.duplicates);
  figure("from the change to the first push", `${((seen.firstAt - changedAt) / 1000).toFixed(1)} s`);
  figure("from the first push to the last", `${((seen.lastAt - seen.firstAt) / 1000).toFixed(1)} s`);
  figure("a push took", `${took.toFixed(1)} ms; of these APNs held it ${held.toFixed(1)} ms`);
  figure("pushes per second", perSecond);
  figure(`what ${CONNECTIONS} connections allow: ${CONNECTIONS} / ${took.toFixed(1)} ms`, possible);
  figure("ratio", ratio.toFixed(3));
  figure("most pushes under way at once", seen.mostAtOnce);
  figure("queue messages: jobs, messages of tokens", `${whole(spent.jobs)}, ${whole(spent.pushMessages)}`);
  figure("D1 round trips", change.trips);
  figure("D1 rows read", `${whole(change.rowsRead)} (${(change.rowsRead / all.length).toFixed(2)} a phone)`);
  figure("D1 rows written", change.rowsWritten);
  figure(
    "D1 round trips and rows read of the sweeps",
    `${spent.sweeps.trips}, ${whole(spent.sweeps.rowsRead)}`,
  );
  await processFigures(workerd, "push", seen.answered);

  const most = (each: number) => FIXED + each * all.length;
  const failed = [
    [seen.reached < all.length, `${all.length - seen.reached} phones were not pushed`],
    [seen.duplicates > 0, `${seen.duplicates} pushes were second ones`],
    [ratio < LEAST_RATIO, `the ratio is below ${LEAST_RATIO}`],
    [seen.mostAtOnce > CONNECTIONS, `more than ${CONNECTIONS} pushes were under way at once`],
    [spent.redelivered > 0, `the queue delivered ${spent.redelivered} messages again`],
    [deadLetters.length > 0, "there are dead letters"],
    [change.trips > most(MOST_TRIPS), `more than ${MOST_TRIPS} D1 round trips a phone`],
    [change.rowsRead > most(MOST_ROWS_READ), `more than ${MOST_ROWS_READ} rows read a phone`],
    [change.rowsWritten > most(MOST_ROWS_WRITTEN), `more than ${MOST_ROWS_WRITTEN} rows written a phone`],
  ] as const;
  return [
    ...failed.flatMap(([is, fault]) => (is ? [fault] : [])),
    ...Array.from(seen.faults, ([fault, times]) => `APNs objected to ${times} pushes: ${fault}`),
    ...findings.map(({ message }) => message),
  ];
}
