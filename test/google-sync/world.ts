/**
 * A world of its own for each test: an issuer at the stand-in Google, a template with passes, clicks on their links, and runs of the
 * consumer with a clock of the test. Messages of the Worker go to a list, so nothing runs by itself.
 */
import {
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { readConfig } from "../../src/config.ts";
import { openDatabase } from "../../src/db/client.ts";
import { googleClasses, googleObjects } from "../../src/db/schema.ts";
import { consumeGoogle, type GoogleConsumerParts } from "../../src/google-sync/consumer.ts";
import type { GoogleMessage } from "../../src/google-sync/messages.ts";
import worker from "../../src/index.ts";
import type { Pass } from "../../src/passes/show.ts";
import { forwarding } from "../counting.ts";
import type { GoogleFault } from "../google/stand-in/faults.ts";
import { ADMIN_TOKEN, admin, google, ORIGIN, send, storeCard } from "../harness.ts";
import { rowsOf } from "../rows.ts";

export const db = openDatabase(env.DB);

export interface Sent {
  readonly message: GoogleMessage;
  readonly delaySeconds: number;
}

/** A queue that keeps what it gets. */
export function spyGoogleQueue() {
  const sent: Sent[] = [];
  return {
    sent,
    async send(message: GoogleMessage, options?: { delaySeconds?: number }) {
      sent.push({ message, delaySeconds: options?.delaySeconds ?? 0 });
    },
  };
}

/** Milliseconds since the real time: each test may let time pass. */
export function makeClock() {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    async sleep(milliseconds: number) {
      ahead += milliseconds;
    },
    pass(milliseconds: number) {
      ahead += milliseconds;
    },
  };
}

const queue = spyGoogleQueue();

/** One call of the admin API, whose messages for Google stay here. */
export async function api<Body>(method: string, path: string, body?: unknown): Promise<Body> {
  const context = createExecutionContext();
  const request = new Request(`${ORIGIN}/admin/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await worker.fetch(
    request,
    { ...env, GOOGLE_QUEUE: forwarding(env.GOOGLE_QUEUE, queue) },
    context,
  );
  const text = await response.text();
  await waitOnExecutionContext(context);
  if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? (undefined as Body) : JSON.parse(text);
}

/** An issuer at Google and here. The oldest one is that of new passes, so the one of an earlier test is removed. */
export async function makeGoogleIssuer() {
  const { issuerId, key } = await google.makeIssuer();
  await api("POST", "/google-issuers", { issuerId, serviceAccount: key });
  return { issuerId, account: key.client_email };
}

export async function removeIssuers() {
  for (const table of [googleObjects, googleClasses]) await db.delete(table);
  for (const { issuerId } of await api<{ items: { issuerId: string }[] }>("GET", "/google-issuers").then(
    ({ items }) => items,
  ))
    await api("DELETE", `/google-issuers/${issuerId}`);
}

export async function makeGoogleWorld(passType: string, more: Record<string, unknown> = {}) {
  await removeIssuers();
  const { issuerId, account } = await makeGoogleIssuer();
  const clock = makeClock();
  const template = await admin.makeTemplate(passType, { pass: storeCard, ...more });
  const calls = async () => {
    const { token: _, ...counts } = await google.counts({ issuerId });
    return counts;
  };
  let before: Record<string, number> = {};
  return {
    issuerId,
    account,
    clock,
    template,
    issue: (body: Record<string, unknown> = {}) =>
      api<Pass>("POST", `/templates/${template.id}/passes`, body),
    /** @returns where the link leads to */
    async click({ landingUrl }: Pass): Promise<string> {
      const response = await send(new Request(`${landingUrl}/google`, { redirect: "manual" }));
      return response.headers.get("location") ?? `${response.status}`;
    },
    /** Runs the consumer until nothing is due now. */
    run: (parts: Partial<GoogleConsumerParts> = {}) => runConsumer(issuerId, clock, parts),
    /** The calls at Google since the last look, without those for tokens. */
    async calls(): Promise<Record<string, number>> {
      const all = await calls();
      const fresh = Object.entries(all)
        .map(([kind, count]) => [kind, count - (before[kind] ?? 0)] as const)
        .filter(([, count]) => count > 0);
      before = all;
      return Object.fromEntries(fresh);
    },
    stored: () => google.stored(issuerId),
    fault: (fault: GoogleFault) => google.fault({ account, ...fault }),
    objects: () => rowsOf(googleObjects, { issuerId }),
    classes: () => rowsOf(googleClasses, { issuerId }),
  };
}

/** Consumes one message. @returns the messages that the run sends */
export async function runConsumer(
  issuerId: string,
  clock: Pick<GoogleConsumerParts, "now" | "sleep">,
  parts: Partial<GoogleConsumerParts> = {},
): Promise<Sent[]> {
  const spy = spyGoogleQueue();
  const body: GoogleMessage = { kind: "google", issuerId };
  const batch = createMessageBatch<GoogleMessage>("edgepass-google", [
    { id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body },
  ]);
  const missing = await consumeGoogle(batch, {
    db,
    config: readConfig(env),
    queue: spy,
    fetch: (url, init) => fetch(url, init),
    random: () => 0,
    ...clock,
    ...parts,
  });
  if (missing !== undefined) throw missing;
  return spy.sent;
}

/** The minute trigger. @returns the issuers that it wakes */
export async function runMinute(): Promise<string[]> {
  const spy = spyGoogleQueue();
  await worker.scheduled(createScheduledController({ cron: "* * * * *" }), {
    ...env,
    GOOGLE_QUEUE: forwarding(env.GOOGLE_QUEUE, spy),
  });
  return spy.sent.map(({ message }) => message.issuerId);
}

/** The messages that requests have sent since the last look. */
export function takeMessages(): Sent[] {
  return queue.sent.splice(0);
}

export type World = Awaited<ReturnType<typeof makeGoogleWorld>>;

/** A pass that Google has, as it is now. */
export async function savedPass(world: World, body: Record<string, unknown> = {}) {
  const pass = await world.issue(body);
  await world.click(pass);
  await world.run();
  await world.calls();
  return pass;
}

/** The objects that Google has, as text. */
export const shown = async (world: World) => JSON.stringify((await world.stored()).objects);

export const setPoints = (id: number, points: string) =>
  api("PATCH", `/passes/${id}`, { values: { points } });
