/**
 * A campaign: requests are generated from a seed, sent one after the other and judged, until a response is wrong or the
 * time is over. The first fault ends it, with the seed and the smallest request that reproduces it.
 *
 * Follows fast-check's "Reproduce a failing run": the seed gives the same requests, although a world that other
 * requests have changed may give different responses.
 */
import fc from "fast-check";
import { faultsOf } from "./judge.ts";
import { anyRequest } from "./requests.ts";
import { type Api, findApi, type Send, type Sent, shown } from "./wire.ts";
import type { World } from "./world.ts";

export interface Campaign {
  readonly world: World;
  readonly send: Send;
  readonly seed: number;
  readonly requests: number;
  readonly forMs: number;
  /** Additional checks after each response, such as of the log. They return faults. */
  readonly watch: () => readonly string[];
}

/** The maximum time for a request. If it takes longer, it hangs. */
const MOST_MS = 20_000;
/** Deleted things are created again after this many requests. */
const RENEWED_EVERY = 60;

/**
 * @returns how many requests each API received.
 * @throws Error with the seed and the request with the wrong response
 */
export async function attack(campaign: Campaign): Promise<Map<Api, number>> {
  const { world, send, seed, requests, forMs, watch } = campaign;
  const asked = new Map<Api, number>();
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(anyRequest, async (request) => {
      if (sent++ % RENEWED_EVERY === 0) await world.renew();
      const resolved = world.resolve(request);
      const faults = await faultsAfter(resolved, send, world);
      const api = findApi(resolved.target);
      asked.set(api, (asked.get(api) ?? 0) + 1);
      const all = [...faults, ...watch()];
      if (all.length > 0) throw new Error(`${all.join("; ")}\n  ${shown(request)}`);
    }),
    { seed, numRuns: requests, interruptAfterTimeLimit: forMs, endOnFailure: false, reporter },
  );
  return asked;
}

async function faultsAfter(resolved: Sent, send: Send, world: World): Promise<string[]> {
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), MOST_MS);
  try {
    const answered = await Promise.race([send(resolved), late.promise]);
    if (answered === "late") return [`no answer within ${MOST_MS / 1000} seconds`];
    return answered === undefined ? [] : faultsOf(resolved, answered, world.secrets());
  } catch (error) {
    return [`no answer: ${error}`];
  } finally {
    clearTimeout(timer);
  }
}

/** fast-check's own report would print the request with all intermediate attempts. */
async function reporter(details: fc.RunDetails<[Sent]>): Promise<void> {
  if (!details.failed) return;
  const { seed, numShrinks, counterexamplePath, errorInstance } = details;
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(`seed ${seed}, path ${counterexamplePath}, shrunk ${numShrinks} times: ${why}`);
}
