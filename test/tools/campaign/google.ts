/**
 * A change of a template for passes that people have saved in Google Wallet, in virtual time: from the request of the operator to the
 * last answer of Google, with the Worker's own code. Nothing fails. D1, the queue and the network take as long as in the model
 * (model/isolate.ts); Google takes a fixed time, and refuses more than 20 calls in a second.
 */
import type { DatabaseSync } from "node:sqlite";
import { templatePass } from "../model/books.ts";
import { ORIGIN } from "../model/client.ts";
import { drive, type Fixture } from "../model/fixture.ts";
import type { World } from "../model/world.ts";
import { beginCampaign, operatorOf, startCron } from "./calm-world.ts";
import { createCampaignGoogle } from "./google-answers.ts";
import { copySaved } from "./saved.ts";

export interface GoogleCampaign {
  /** How many passes are saved. */
  readonly saved: number;
  /** The objects show the organization's name; a text on the back of all passes is in the class only. */
  readonly changes: "the objects" | "the class only";
  /** Milliseconds until Google answers. */
  readonly latency: number;
}

export interface GoogleOutcome {
  readonly campaign: GoogleCampaign;
  /** Calls of Google after the change, without the token's. */
  readonly calls: { readonly Class: number; readonly Object: number };
  /** Objects that have the change. */
  readonly reached: number;
  /** Seconds from the change to the last answer. */
  readonly seconds: number;
  /** The most calls that came in any second. */
  readonly mostInSecond: number;
  readonly refused: number;
  /** What the consumer did in D1: requests, rows written (without indexes), and the most rows that one answer had. */
  readonly d1: { readonly requests: number; readonly rowsWritten: number; readonly mostRows: number };
  readonly messages: number;
}

/** What the change says. */
const TEXT = "changed";
const MINUTE_MS = 60_000;
const SYNC = "edgepass-google";
const LONGEST_MS = 24 * 60 * MINUTE_MS;
/** Further calls would come within this time. */
const WATCHED_MS = 5 * MINUTE_MS;

/** @throws Error if an object is not reached, or the Worker fails */
export async function runGoogleCampaign(fixture: Fixture, campaign: GoogleCampaign): Promise<GoogleOutcome> {
  const { schedule, database, template, createWorld } = beginCampaign(fixture, "google campaign");
  const google = createCampaignGoogle(schedule, campaign.latency, TEXT);
  let d1 = { requests: 0, rowsWritten: 0, mostRows: 0 };
  let messages = 0;
  const world = createWorld({
    consumers: fixture.surroundings.consumers,
    outbound: (url, init) => google.fetch(url, init),
    onResult: (call, caller, result) => {
      if (caller !== SYNC) return;
      if (call === "queue") messages++;
      if (call !== "d1") return;
      const { rows, changes } = countRows(result);
      d1 = {
        requests: d1.requests + 1,
        rowsWritten: d1.rowsWritten + changes,
        mostRows: Math.max(d1.mostRows, rows),
      };
    },
  });
  const send = operatorOf(world);
  const { issuerId, serviceAccount } = fixture.surroundings.google;
  await send("POST", "/google-issuers", { issuerId, serviceAccount });
  const issued = await send("POST", `/templates/${template.id}/passes`, {
    serialNumber: "campaign-0",
    values: { p: "campaign-0" },
  });
  await click(world, String(issued.landingUrl));
  copySaved(database, Number(issued.id), "campaign-0", campaign.saved);
  google.forget();
  d1 = { requests: 0, rowsWritten: 0, mostRows: 0 };
  messages = 0;

  const changedAt = schedule.now;
  startCron(world);
  const pass =
    campaign.changes === "the objects"
      ? { ...templatePass("template"), organizationName: TEXT }
      : templatePass(TEXT);
  await send("PATCH", `/templates/${template.id}`, { pass });
  await untilDone(world, database, () =>
    campaign.changes === "the objects" ? google.reached.size >= campaign.saved : google.calls.Class > 0,
  );
  if (world.violations.length > 0) throw new Error(world.violations.join("\n"));
  database.close();
  return {
    campaign,
    calls: { ...google.calls },
    reached: google.reached.size,
    seconds: (google.lastAt - changedAt) / 1000,
    mostInSecond: google.mostInSecond,
    refused: google.refused,
    d1,
    messages,
  };
}

/** Somebody opens the link of a pass on an Android phone, so that Google gets its class and its object. */
async function click(world: World, landingUrl: string): Promise<void> {
  const request = new Request(`${landingUrl.replace(/^https:\/\/[^/]+/, ORIGIN)}/google`, {
    redirect: "manual",
  });
  const { status } = await drive(world, world.request(request, "holder"));
  if (status !== 302) throw new Error(`the link to Google was answered ${status}`);
}

/** Runs until it is done, and for some minutes more, in which no further call should come. */
async function untilDone(world: World, database: DatabaseSync, isDone: () => boolean): Promise<void> {
  const { schedule } = world;
  const latest = schedule.now + LONGEST_MS;
  while (!isDone()) {
    if (schedule.now > latest) throw new Error("the campaign does not end");
    for (let event = 0; event < 1000 && !isDone(); event++) await schedule.next();
  }
  for (const until = schedule.now + WATCHED_MS; schedule.now < until; ) await schedule.next();
  const due = database
    .prepare("SELECT count(*) AS count FROM google_objects WHERE send_at IS NOT NULL")
    .get();
  if (Number(due?.count) > 0) throw new Error(`${due?.count} objects still wait`);
}

/** Rows that an answer of the model's D1 has, and rows that its statements changed. */
function countRows(result: unknown): { rows: number; changes: number } {
  const answers = (Array.isArray(result) ? result : [result]) as {
    rows?: unknown[];
    results?: unknown[];
    meta?: { changes: number };
  }[];
  const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0);
  return {
    rows: sum(answers.map(({ rows, results }) => (rows ?? results ?? []).length)),
    changes: sum(answers.map(({ meta }) => meta?.changes ?? 0)),
  };
}
