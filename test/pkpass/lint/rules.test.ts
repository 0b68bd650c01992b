/**
 * Every code of the linter: a faultless sample is broken in one place, and this one thing is said of it and no other.
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, test } from "vitest";
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
      // What a sample is told when nothing is broken, it may be told now; a rule that cries of more is wrong.
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

test("every code stands in the table", () => {
  const [source = ""] = Object.values(
    import.meta.glob<string>("../../../src/pkpass/finding.ts", {
      query: "?raw",
      import: "default",
      eager: true,
    }),
  );
  const union = /type LintCode =([^;]+);/.exec(source)?.[1] ?? "";
  const codes = [...union.matchAll(/"([a-z_]+)"/g)].map(([, code = ""]) => code);
  const tested = new Set<string>(Object.values(topics).flatMap((cases) => cases.map(({ code }) => code)));
  expect(codes.length).toBeGreaterThan(60);
  expect(codes.filter((code) => !tested.has(code))).toEqual([]);
});
