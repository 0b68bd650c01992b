/**
 * What each flow costs, in dollars for a million: counted here, and multiplied by the list prices (costs.ts).
 * `npm run costs` prints the table.
 */
import { createExecutionContext, createMessageBatch, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { devices, passes, registrations } from "../src/db/schema.ts";
import worker from "../src/index.ts";
import type { Pass } from "../src/passes/show.ts";
import type { PushMessage } from "../src/push/messages.ts";
import { adminCost, cost, counters } from "./cost.ts";
import {
  CPU_MS,
  describeCost,
  dollarsPerMillion,
  sum,
  times,
  total,
  UNUSED,
  type Usage,
  usageOfMessages,
  usageOfRequests,
} from "./costs.ts";
import { forwarding } from "./counting.ts";
import { admin, randomPushToken, storeCard } from "./harness.ts";
import { endCampaigns } from "./push/campaign.ts";
import { copyPass, deviceOf, insertRows, registrationOf, rowsOf, setRows } from "./rows.ts";
import { ask, holderOf, randomDevice } from "./wallet/web-service.ts";

const PASS_TYPE = "pass.test.costs";
const PHONES = 900;
/** The most that a million phones may cost that a change of a template updates. */
const MOST_DOLLARS = 1.8;
/** On a slow machine, the push of a template takes more invocations. */
const SLOW_DOLLARS = 0.05;
const MAX_BATCH = 10;

let templateId: number;

beforeAll(async () => {
  await admin.makePassType(PASS_TYPE);
  await admin.makeApnsKey();
  templateId = (await admin.makeTemplate(PASS_TYPE)).id;
  // The provider token is made once an hour, for the first push.
  await push([{ kind: "push", passTypeIdentifier: PASS_TYPE, tokens: [randomPushToken()], attempt: 1 }]);
});
beforeEach(endCampaigns);

/** Sends requests and adds up what they used, with the messages that they sent to the queue. */
async function use(...requests: readonly Request[]): Promise<Usage & { jobs: PushMessage[] }> {
  const jobs: PushMessage[] = [];
  let used = UNUSED;
  for (const request of requests) {
    const { status, answer, after, jobs: sent } = await cost(request);
    if (status >= 400 && status !== 404) throw new Error(`${request.url} answered ${status}`);
    used = sum(used, usageOfRequests(answer), { ...usageOfRequests(after), requests: 0, cpuMs: 0 });
    jobs.push(...sent);
  }
  return { ...used, jobs };
}

/** A call of the admin API, in the same way. */
const call = async (method: string, path: string, body?: object) => {
  const { status, answer, after, jobs } = await adminCost(method, path, body);
  if (status >= 400) throw new Error(`${path} answered ${status}`);
  return { ...sum(usageOfRequests(answer), { ...usageOfRequests(after), requests: 0, cpuMs: 0 }), jobs };
};

/** Consumes the messages and all that they cause, in batches as the queue forms them. */
async function push(messages: readonly PushMessage[]): Promise<Usage> {
  let used = UNUSED;
  let waiting = [...messages];
  while (waiting.length > 0) {
    const bodies = waiting.splice(0, MAX_BATCH);
    const sent: PushMessage[] = [];
    const queue = {
      send: async (body: PushMessage) => void sent.push(body),
      sendBatch: async (batch: { body: PushMessage }[]) => void sent.push(...batch.map(({ body }) => body)),
    };
    const batch = createMessageBatch<PushMessage>(
      "edgepass-push",
      bodies.map((body, index) => ({ id: String(index), timestamp: new Date(), attempts: 1, body })),
    );
    const context = createExecutionContext();
    counters.spent();
    await worker.queue(batch, { ...counters.env, PUSH_QUEUE: forwarding(env.PUSH_QUEUE, queue) });
    await waitOnExecutionContext(context);
    const pushes = bodies.reduce((all, body) => all + (body.kind === "push" ? body.tokens.length : 0), 0);
    const invocation = { ...usageOfRequests(counters.spent()), cpuMs: pushes * CPU_MS.push };
    used = sum(used, invocation, usageOfMessages(bodies));
    waiting = [...waiting, ...sent];
  }
  return used;
}

/** The requests of a phone that was pushed. */
async function update(pass: Pick<Pass, "serialNumber">, device: string, since: string): Promise<Usage> {
  const { path, authorization } = await holderOf({ passTypeIdentifier: PASS_TYPE, ...pass });
  const list = `/v1/devices/${encodeURIComponent(device)}/registrations/${PASS_TYPE}?passesUpdatedSince=${since}`;
  return use(ask("GET", list), ask("GET", path, authorization));
}

async function install(pass: Pass): Promise<{ device: string; used: Usage }> {
  const holder = await holderOf(pass);
  const device = randomDevice();
  const list = `/v1/devices/${device}/registrations/${PASS_TYPE}`;
  const used = await use(
    new Request(pass.downloadUrl),
    ask("POST", holder.registration(device), holder.authorization, { pushToken: randomPushToken() }),
    ask("GET", list),
    ask("GET", holder.path, holder.authorization),
  );
  return { device, used };
}

const [readme = ""] = Object.values(
  import.meta.glob<string>("./README.md", { query: "?raw", import: "default", eager: true }),
);
/** Flow → the dollars in its line in the table of README.md. */
const documented = new Map(
  [...readme.matchAll(/^\| (.+?) +\| ([\d.]+) +\| ([\d.]+) +\|$/gm)].map(([, flow, ...dollars]) => [
    flow,
    dollars.map(Number),
  ]),
);

/**
 * Prints what the flow costs, and compares it with the table of README.md.
 * @param within the difference that is allowed, in dollars
 * @returns dollars for a million
 */
const report = (flow: string, used: Usage, within = 0.0051) => {
  console.log(describeCost(flow, used));
  const dollars = dollarsPerMillion(used);
  const [all = 0, written = 0] = documented.get(flow) ?? expect.fail(`README.md lacks "${flow}"`);
  expect(Math.abs(total(dollars) - all), `README.md: "${flow}" is ${all}`).toBeLessThan(within);
  expect(Math.abs(dollars.rowsWritten - written), `README.md: "${flow}", rows`).toBeLessThan(within);
  return total(dollars);
};

test("issuing a pass costs less than $15 for a million", async () => {
  const body = {
    externalId: crypto.randomUUID(),
    values: { points: "1" },
    barcodeMessage: crypto.randomUUID(),
  };
  expect(
    report("a pass is issued", await call("POST", `/templates/${templateId}/passes`, body)),
  ).toBeLessThan(15);
});

test("an install costs less than $19 for a million: a download, a registration, a list and a fetch", async () => {
  const { used } = await install(await admin.issue(templateId));
  expect(report("a pass is installed: download, registration, list, fetch", used)).toBeLessThan(19);
});

test("a change of one pass on one phone costs less than $18 for a million", async () => {
  const pass = await admin.issue(templateId);
  const { device } = await install(pass);
  const { jobs, ...changed } = await call("PATCH", `/passes/${pass.id}`, { values: { points: "2" } });
  const used = sum(changed, await push(jobs), await update(pass, device, "0"));
  expect(report("one pass is changed, pushed to its phone and fetched", used)).toBeLessThan(18);
});

test("a redemption on one phone costs less than $16 for a million", async () => {
  const pass = await admin.issue(templateId);
  const { device } = await install(pass);
  const { jobs, ...redeemed } = await call("POST", `/passes/${pass.id}/redeem`, {});
  const used = sum(redeemed, await push(jobs), await update(pass, device, "0"));
  expect(report("a pass is redeemed, pushed to its phone and fetched", used)).toBeLessThan(16);
});

test("a scan of a pass on one phone costs less than $21 for a million", async () => {
  const pass = await admin.issue(templateId, { barcodeMessage: crypto.randomUUID() });
  const { device } = await install(pass);
  const scan = { scanId: crypto.randomUUID(), code: pass.barcodeMessage };
  const { jobs, ...scanned } = await call("POST", "/scans", { scans: [scan] });
  const used = sum(scanned, await push(jobs), await update(pass, device, "0"));
  expect(report("a scan redeems a pass, which is pushed to its phone and fetched", used)).toBeLessThan(21);
});

test("a scan of a pass that is not valid costs less than $7 for a million", async () => {
  const { id } = await admin.issue(templateId, { barcodeMessage: "voided" });
  await call("POST", `/passes/${id}/void`, {});
  const used = await call("POST", "/scans", { scans: [{ scanId: crypto.randomUUID(), code: "voided" }] });
  expect(report("a scan of a pass that is not valid", used)).toBeLessThan(7);
});

test("a change of a template costs at most $1.80 for each million phones that it updates", async () => {
  const template = await admin.makeTemplate(PASS_TYPE);
  const { id } = await admin.issue(template.id);
  await copyPass(id, PHONES - 1, "costs-");
  await setRows(passes, { templateId: template.id }, { installedAt: 1 });
  const held = await rowsOf(passes, { templateId: template.id });
  const phones = held.map((pass) => ({ pass, pushToken: randomPushToken() }));
  await insertRows(
    registrations,
    phones.map(({ pass, pushToken }) => registrationOf(pass, pushToken)),
  );
  await insertRows(
    devices,
    phones.map(({ pushToken }) => deviceOf(PASS_TYPE, pushToken)),
  );
  const { jobs, ...changed } = await call("PATCH", `/templates/${template.id}`, {
    pass: { ...storeCard, logoText: "New" },
  });
  const pushed = await push(jobs);
  const known = await rowsOf(devices, { passTypeIdentifier: PASS_TYPE });
  expect(known.filter(({ pushedAt }) => pushedAt !== null).length).toBeGreaterThanOrEqual(PHONES);
  const [first, second] = phones;
  if (first === undefined || second === undefined) throw new Error("no phones");
  await update(first.pass, `device ${first.pushToken}`, "1"); // now the isolate has the template's pack
  const updated = await update(second.pass, `device ${second.pushToken}`, "1");
  const each = sum(times(1 / PHONES, sum(changed, pushed)), updated);
  const dollars = report("a template is changed: for each phone that gets the update", each, SLOW_DOLLARS);
  expect(dollars).toBeLessThanOrEqual(MOST_DOLLARS);
  // Each row that a campaign writes is a dollar per million phones.
  expect(updated).toMatchObject({ rowsWritten: 0, writesOfR2: 0 });
});

test("what a stranger sends costs less than $4 for a million requests", async () => {
  const stranger = { "CF-Connecting-IP": "192.0.2.77" };
  const requests = {
    "a forged token": ask("GET", `/v1/passes/${PASS_TYPE}/1`, {
      ...stranger,
      Authorization: `ApplePass ep1_${"A".repeat(43)}`,
    }),
    "a link that leads nowhere": ask("GET", `/p/1/${"0".repeat(40)}`, stranger),
    "the list of an unknown device": ask(
      "GET",
      `/v1/devices/${randomDevice()}/registrations/${PASS_TYPE}`,
      stranger,
    ),
    "a log of 200 lines": ask("POST", "/v1/log", stranger, {
      logs: Array.from({ length: 200 }, (_, n) => `line ${n}`),
    }),
    "a lifecycle state of an unknown pass": ask(
      "POST",
      `/v1/passes/${PASS_TYPE}/nobody/passLifecycleUpdate`,
      stranger,
      { passState: "x" },
    ),
  };
  for (const [name, request] of Object.entries(requests)) {
    const { answer, after } = await cost(request);
    const used = sum(usageOfRequests(answer), { ...usageOfRequests(after), requests: 0, cpuMs: 0 });
    expect([name, report(`a stranger sends ${name}`, used) < 4]).toEqual([name, true]);
  }
});
