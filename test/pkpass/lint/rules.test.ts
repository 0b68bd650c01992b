/**
 * Every code of the linter: one change breaks a valid sample, and the linter reports that and nothing else.
 */
import { describe, expect, test } from "vitest";
import { CONTENT_CODES } from "../../../src/pkpass/codes.ts";
import { lint } from "../../../src/pkpass/lint/lint.ts";
import { subjectOf } from "./subjects.ts";
import { topics } from "./topics.ts";

for (const [topic, cases] of Object.entries(topics)) {
  describe(topic, () => {
    test.each(cases)("$severity $code at $pointer of a broken $of.name", (broken) => {
      const { code, severity, pointer, of, kind = "file", changes, beside = [] } = broken;
      const found = lint(subjectOf(of, kind, changes));
      expect(found.map((finding) => [finding.severity, finding.code, finding.pointer])).toContainEqual([
        severity,
        code,
        pointer,
      ]);
      // The findings that the unchanged sample has anyway are allowed; any other is wrong.
      const reminders = (of.reminders ?? []).filter((reminder) => reminder !== code);
      const told = found.map((finding) => finding.code).filter((told) => !reminders.includes(told));
      expect(told.sort()).toEqual([code, ...beside].sort());
      for (const { message, cure } of found) {
        expect(message).toMatch(/^[^\s].*\S$/s);
        expect(cure).toMatch(/^[A-Z].*\.$/s);
      }
    });
  });
}

test("every code for the content of a pass has a case", () => {
  const tested = new Set<string>(Object.values(topics).flatMap((cases) => cases.map(({ code }) => code)));
  expect(Object.keys(CONTENT_CODES).filter((code) => !tested.has(code))).toEqual([]);
});
