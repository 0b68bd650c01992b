/**
 * The tables of src/push/README.md say what verdict.ts does.
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";
import { MAX_ATTEMPTS } from "../../src/push/deliver.ts";
import {
  HEALED_BY_OPERATOR,
  needsOperator,
  OPERATOR_PAUSE_SECONDS,
  pauseBefore,
  toVerdict,
} from "../../src/push/verdict.ts";

const [readme = ""] = Object.values(
  import.meta.glob<string>("../../src/push/README.md", { query: "?raw", import: "default", eager: true }),
);

/** [reason, outcome, first pause, healed by], without the rows that are not about one reason. */
const rows = [...readme.matchAll(/^\| (\w+) +\| (\w+) +\| ([\w ]*?) *\| (time|operator) *\|$/gm)].map(
  (match) => match.slice(1, 5),
);

function inWords(seconds: number): string {
  return seconds > 60 ? `${seconds / 60} min` : `${seconds} s`;
}

function expectedRow(reason: string): string[] {
  const status = reason === "BadDeviceToken" ? 400 : 403;
  const verdict = toVerdict(status, JSON.stringify({ reason }), null);
  const afterSeconds =
    verdict.outcome === "bad_token"
      ? OPERATOR_PAUSE_SECONDS
      : verdict.outcome === "retry"
        ? verdict.afterSeconds
        : undefined;
  const pause = verdict.outcome === "refused" ? "" : inWords(pauseBefore(1, afterSeconds, 0));
  return [reason, verdict.outcome, pause, needsOperator(reason) ? "operator" : "time"];
}

test("each reason has the outcome and the pause of its row", () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) expect(row).toEqual(expectedRow(String(row[0])));
});

test("every reason that the operator has to correct has exactly one row", () => {
  const reasons = rows.map(([reason]) => reason);
  expect(reasons).toEqual([...new Set(reasons)]);
  expect(reasons).toEqual(expect.arrayContaining([...HEALED_BY_OPERATOR]));
});

test("ten attempts take about two hours", () => {
  const pauses = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) =>
    pauseBefore(index + 1, undefined, 0.5),
  );
  const hours = pauses.reduce((sum, seconds) => sum + seconds, 0) / 3600;
  expect(MAX_ATTEMPTS).toBe(10);
  expect(hours).toBeGreaterThan(1.5);
  expect(hours).toBeLessThan(2.5);
});
