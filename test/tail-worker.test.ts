/**
 * The Tail Worker of OPERATIONS.md: the code is run as it is in the document, with trace items as workerd makes them.
 *
 * Follows Cloudflare's "Tail Handler" (TraceItem).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";

const operations = readFileSync(join(import.meta.dirname, "../.github/OPERATIONS.md"), "utf8");
const [, code = ""] = /^```js\n(.*?\btail\(items\).*?)^```$/ms.exec(operations) ?? [];
const { default: worker }: { default: { tail(items: readonly object[]): void } } = await import(
  `data:text/javascript,${encodeURIComponent(code)}`
);

afterEach(() => {
  vi.restoreAllMocks();
});

const SECRET = "web-token-of-a-pass";
const EVENT = '{"event":"push_delayed","tokens":3}';
const request = {
  url: `https://passes.example.com/p/12/${SECRET}?api_token=${SECRET}`,
  method: "GET",
  headers: { authorization: SECRET, "cf-connecting-ip": "203.0.113.9" },
  cf: { city: "Austin" },
};
/** An invocation that succeeded and logged nothing. */
const item = {
  outcome: "ok",
  scriptName: "edgepass",
  eventTimestamp: 1_795_935_625_294,
  cpuTime: 12,
  wallTime: 34,
  truncated: false,
  diagnosticsChannelEvents: [{ channel: "x", message: request, timestamp: 1 }],
  exceptions: [],
  logs: [],
  event: { request, response: { status: 200 } },
};
const exception = {
  name: "TypeError",
  message: `no ${request.url}`,
  stack: `at ${request.url}`,
  timestamp: 1,
};

/** What the Tail Worker writes for these items, as [level, line]. */
function written(...items: object[]): [string, string][] {
  const lines: [string, string][] = [];
  for (const level of ["log", "info", "debug", "warn", "error"] as const)
    vi.spyOn(console, level).mockImplementation((...said) => void lines.push([level, said.join("|")]));
  worker.tail(items);
  return lines;
}

test("the events of the log are passed on as they are, at their level, and no other line", () => {
  const logs = [
    { level: "warn", message: [EVENT], timestamp: 1 },
    { level: "error", message: [`see ${request.url}`, EVENT], timestamp: 2 },
    { level: "log", message: [{ url: request.url }], timestamp: 3 },
    { level: "error", message: EVENT, timestamp: 4 },
  ];
  expect(written({ ...item, logs })).toEqual([
    ["warn", EVENT],
    ["error", EVENT],
  ]);
});

test.each([
  ["exceededCpu", item.event, "fetch"],
  ["exceededMemory", { queue: "edgepass-push", batchSize: 10 }, "edgepass-push"],
  ["exception", { cron: "17 * * * *", scheduledTime: 1 }, "17 * * * *"],
  ["internalError", null, "fetch"],
])("an invocation that ended with %s is reported with its trigger", (outcome, event, trigger) => {
  const [[level, line] = ["", ""], ...more] = written({ ...item, outcome, event, exceptions: [exception] });
  expect([level, more]).toEqual(["error", []]);
  const facts = { eventTimestamp: item.eventTimestamp, cpuTime: 12, wallTime: 34, thrown: ["TypeError"] };
  expect(JSON.parse(line)).toEqual({ event: "invocation_failed", outcome, trigger, ...facts });
});

test("nothing is written for invocations that succeeded, or whose client went away", () => {
  const outcomes = ["ok", "canceled", "responseStreamDisconnected"];
  expect(written(...outcomes.map((outcome) => ({ ...item, outcome })))).toEqual([]);
});

test("no URL, no header and no text of an exception is written, whatever an invocation has", () => {
  const logs = [{ level: "error", message: [request.url], timestamp: 1 }];
  const lines = written({ ...item, logs, outcome: "exception", exceptions: [exception] });
  expect(lines).toHaveLength(1);
  expect(JSON.stringify(lines)).not.toMatch(new RegExp(`${SECRET}|https:|203\\.0\\.113|Austin`));
});
