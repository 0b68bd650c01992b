/**
 * Which failure of getUserMedia means what for the person.
 */
import { expect, test } from "vitest";
import { failureOf } from "../../../../src/browser/scanner/input/camera-state.ts";

test.each([
  ["NotAllowedError", "denied"],
  ["SecurityError", "denied"],
  ["NotFoundError", "none"],
  ["OverconstrainedError", "none"],
  ["NotReadableError", "busy"],
  ["AbortError", "busy"],
])("%s is %s", (name, kind) => {
  expect(failureOf(new DOMException("", name))).toBe(kind);
});
