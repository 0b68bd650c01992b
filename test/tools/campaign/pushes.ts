/**
 * One campaign in virtual time: a change of a template for a number of phones, with the Worker's own code from the
 * request of the operator to the last phone's fetch. Nothing fails. D1, R2, the queue and the network take as long as in
 * the model (model/isolate.ts); APNs takes a fixed time.
 *
 * What it does not show: D1 answers any number of requests at the same time here, the Worker uses no CPU time, and the
 * queue runs `concurrency` consumers from the first moment, which Cloudflare reaches step by step.
 */
import { templatePass } from "../model/books.ts";
import { openD1 } from "../model/d1.ts";
import { BEGINS_AT, drive, type Fixture } from "../model/fixture.ts";
import { createApns } from "./apns.ts";
import { beginCampaign, operatorOf, startCron } from "./calm-world.ts";
import type { Second } from "./figures.ts";
import { askForUpdate, PHONE, seedFleet } from "./phones.ts";

export interface Campaign {
  readonly phones: number;
  /** max_concurrency of the push queue. */
  readonly concurrency: number;
  /** Milliseconds until APNs answers. */
  readonly latency: number;
  /** The operator's limit; null for none. */
  readonly pushesPerSecond: number | null;
}

export interface Outcome {
  readonly campaign: Campaign;
  /** What happened in each second after the change. */
  readonly seconds: readonly Second[];
  readonly reached: number;
  readonly pushedTwice: number;
  readonly mostPushesAtOnce: number;
  /** D1 requests of all phones, and of all consumers of the push queue. */
  readonly d1: { readonly phones: number; readonly pushes: number };
  /** Events of the model. */
  readonly events: number;
}

const MINUTE_MS = 60_000;
/** If a phone has not asked this long after the change, it never will. */
const LONGEST_MS = 48 * 60 * MINUTE_MS;

/** @throws Error if a phone is not pushed, gets a wrong answer, or the Worker fails */
export async function runCampaign(fixture: Fixture, campaign: Campaign): Promise<Outcome> {
  const { random, schedule, database, template, createWorld } = beginCampaign(fixture, "campaign");
  const [push, ...others] = fixture.surroundings.consumers;
  if (push === undefined) throw new Error("wrangler.toml has no push queue");
  const seconds: { pushes: number; phoneD1: number; pushD1: number }[] = [];
  const d1 = { phones: 0, pushes: 0 };
  let changedAt = schedule.now;
  const second = () => {
    const at = Math.floor((schedule.now - changedAt) / 1000);
    while (seconds.length <= at) seconds.push({ pushes: 0, phoneD1: 0, pushD1: 0 });
    return seconds[at] ?? { pushes: 0, phoneD1: 0, pushD1: 0 };
  };
  const done = Promise.withResolvers<void>();
  let asked = 0;
  const apns = createApns(schedule, campaign.latency, (pushToken) => {
    const phone = fleet.byToken.get(pushToken);
    if (phone === undefined) return false;
    second().pushes++;
    askForUpdate(world, fleet, phone).then(() => {
      if (++asked === campaign.phones) done.resolve();
    }, done.reject);
    return true;
  });
  const world = createWorld({
    consumers: [{ ...push, maxConcurrency: campaign.concurrency }, ...others],
    outbound: apns.fetch,
    onCall: (call, caller) => {
      if (call !== "d1") return;
      if (caller === PHONE) {
        d1.phones++;
        second().phoneD1++;
      } else if (caller === push.queue) {
        d1.pushes++;
        second().pushD1++;
      }
    },
  });
  const fleet = await seedFleet(openD1(database, world.stop), template, campaign.phones, {
    random,
    masterSecret: fixture.settings.MASTER_SECRET ?? "",
    at: BEGINS_AT - MINUTE_MS,
  });

  const send = operatorOf(world);
  await send("PUT", "/push", { pushesPerSecond: campaign.pushesPerSecond });
  changedAt = schedule.now;
  startCron(world);
  schedule.at(changedAt + LONGEST_MS, "time is over", () => {
    done.reject(new Error(`only ${asked} of ${campaign.phones} phones asked`));
    return undefined;
  });
  done.promise.catch(() => {}); // it may be rejected before it is awaited
  await send("PATCH", `/templates/${template.id}`, { pass: templatePass("changed") });
  await drive(world, done.promise);
  // The last job finds no more phones and ends the change. A second push of a phone would come now.
  while (!world.idle) await schedule.next();
  if (world.violations.length > 0) throw new Error(world.violations.join("\n"));
  database.close();
  const { reached, duplicates, mostAtOnce } = apns;
  const pushes = { reached: reached.size, pushedTwice: duplicates, mostPushesAtOnce: mostAtOnce };
  return { campaign, seconds, ...pushes, d1, events: schedule.events };
}
