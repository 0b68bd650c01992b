/**
 * The tables of src/push/README.md say what verdict.ts and retry.ts do.
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { expect, test } from "vitest";
import { pauseBefore } from "../../src/push/retry.ts";
import {
  isRetriedSoon,
  needsOperator,
  OPERATOR_PAUSE_SECONDS,
  REASONS,
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
  const pause =
    verdict.outcome === "refused" ? "" : inWords(pauseBefore(1, afterSeconds, 0, isRetriedSoon(reason)));
  return [reason, verdict.outcome, pause, needsOperator(reason) ? "operator" : "time"];
}

test("each reason has the outcome and the pause of its row", () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) expect(row).toEqual(expectedRow(String(row[0])));
});

test("the reasons of verdict.ts are those of the rows, each once", () => {
  expect(rows.map(([reason]) => reason).toSorted()).toEqual(Object.keys(REASONS).toSorted());
});
