/**
 * The log: its lines, what they never contain, and the table of OPERATIONS.md.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DrizzleQueryError } from "drizzle-orm";
import { afterEach, expect, test, vi } from "vitest";
import { LOG_EVENTS, logEvent } from "../src/log-events.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** What is written, as [level, line]. */
function written(): [string, string][] {
  const lines: [string, string][] = [];
  for (const level of ["log", "info", "debug", "warn", "error"] as const)
    vi.spyOn(console, level).mockImplementation((...said) => void lines.push([level, said.join("|")]));
  return lines;
}

test("OPERATIONS.md lists exactly the events of the log, with their levels, and what to do about each", () => {
  const operations = readFileSync(join(import.meta.dirname, "../.github/OPERATIONS.md"), "utf8");
  const [, section = ""] = operations.split("\n## The log\n");
  const rows = [
    ...(section.split("\n## ")[0] ?? "").matchAll(/^\| `(\w+)` +\| (\w+) +\| (.+?) +\| (.+?) +\|$/gm),
  ];
  const listed = rows.map(([, event, level]) => `${event} ${level}`);
  expect(listed.toSorted()).toEqual(
    Object.entries(LOG_EVENTS)
      .map(([event, [level]]) => `${event} ${level}`)
      .toSorted(),
  );
});

test("an event is one line of JSON with its name first, at its own level", () => {
  const lines = written();
  const error = new Error('two\nlines, "quoted"');
  logEvent("outbox_send_failed", { changeId: 7, error });
  logEvent("push_delayed", {
    passTypeIdentifier: "pass.a",
    attempt: 2,
    reason: "Shutdown",
    detail: undefined,
    tokens: 3,
  });
  logEvent("server_error", { code: "no_certificate", detail: "pass.a has none", cause: undefined });
  expect(lines).toEqual([
    ["warn", '{"event":"outbox_send_failed","changeId":7,"error":"Error: two\\nlines, \\"quoted\\""}'],
    [
      "warn",
      '{"event":"push_delayed","passTypeIdentifier":"pass.a","attempt":2,"reason":"Shutdown","tokens":3}',
    ],
    ["error", '{"event":"server_error","code":"no_certificate","detail":"pass.a has none"}'],
  ]);
});

test("of a failed query, the log has the database's message and no parameters", () => {
  const lines = written();
  const cause = new Error("D1_ERROR: no such table: passes");
  const error = new DrizzleQueryError("select ? from passes", ["a-parameter"], cause);
  logEvent("outbox_sweep_failed", { error });
  logEvent("outbox_sweep_failed", { error: new DrizzleQueryError("select ?", ["a-parameter"]) });
  expect(lines.map(([, line]) => JSON.parse(line).error)).toEqual([String(cause), "a query failed"]);
});

test.each([
  ["a push token", "0123456789abcdef".repeat(4), "…"],
  ["an authentication token", `ep1_${"Ab0-".repeat(8)}`, "…"],
  ["a bearer key", "Bearer some-key", "Bearer …"],
  ["the path of a URL", "https://host.example/p/12/web-token", "https://host.example/…"],
  ["the query of a URL", "http://host.example:81?api_token=x", "http://host.example:81/…"],
  ["an e-mail address", "ada.l+x@example.co.uk", "…"],
  ["the origin of a URL, which stays", "https://host.example", "https://host.example"],
])("texts that others wrote are masked: %s", (_what, text, masked) => {
  const lines = written();
  logEvent("unexpected_error", {
    method: "GET",
    error: new Error(`see ${text} there`),
    stack: `Error: see ${text} there`,
  });
  expect(JSON.parse(lines[0]?.[1] ?? "")).toMatchObject({
    error: `Error: see ${masked} there`,
    stack: `Error: see ${masked} there`,
  });
});
