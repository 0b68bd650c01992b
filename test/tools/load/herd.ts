/**
 * Measures the requests after the pushes: phones that list and fetch, all at the same time, and the cost of each.
 */
import { figure, heading, processFigures, whole } from "./figures.ts";
import type { LoadInstance } from "./instance.ts";
import { type Phones, runHerd } from "./phones.ts";
import type { WorkerProcess } from "./process.ts";
import type { Spent } from "./worker.ts";

/**
 * Prints the figures.
 * @returns the faults
 */
export async function herd(
  instance: LoadInstance,
  phones: Phones,
  workerd: WorkerProcess | undefined,
): Promise<string[]> {
  const count = phones.all.length;
  heading(`${whole(count)} of the phones list, fetch, and fetch again`);
  await workerd?.reset();
  await instance.ask<Spent>("/load/spent");
  const happened = await runHerd(instance, phones);
  const spent = await instance.ask<Spent>("/load/spent");

  figure("lists and fetches per second", happened.perSecond);
  figure("fetches per second that are answered 304", happened.againPerSecond);
  figure("slowest answer", `${(happened.slowest / 1000).toFixed(1)} s`);
  figure("a pass", `${whole(happened.bundleBytes)} bytes; ${happened.checked} checked as Wallet does`);
  figure("RSA signatures", spent.signatures);
  for (const [request, trips] of Object.entries(spent.requests)) {
    const each = Object.entries(trips).map(
      ([times, requests]) => `${times} in each of ${whole(Number(requests))}`,
    );
    figure(`D1 round trips, ${request}`, each.join(", "));
  }
  figure("D1 round trips after the answers", spent.tripsAfterAnswers);
  await processFigures(workerd, "phone", count);

  const expected = { "list 200": { 1: count }, "fetch 200": { 1: count }, "fetch 304": { 1: count } };
  const asExpected = Object.entries(expected).every(
    ([request, trips]) => JSON.stringify(spent.requests[request]) === JSON.stringify(trips),
  );
  return [
    ...(asExpected ? [] : ["not every list and every fetch was one D1 round trip"]),
    ...(spent.signatures > count ? ["a version was signed more than once"] : []),
    ...Array.from(happened.faults, ([fault, times]) => `${times} phones: ${fault}`),
  ];
}
