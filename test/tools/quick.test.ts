/**
 * Which tests `npm run test:quick` runs for a changed file.
 */
import { expect, test } from "vitest";
import { toTestPatterns } from "./quick.ts";

test.each([
  ["src/push/deliver.ts", ["test/push/deliver.test.ts", "test/push/deliver-*.test.ts"]],
  ["src/pages/routes.tsx", ["test/pages/routes.test.ts", "test/pages/routes-*.test.ts"]],
  ["src/app.ts", ["test/app.test.ts", "test/app-*.test.ts"]],
  ["test/push/pace.test.ts", ["test/push/pace.test.ts"]],
  ["test/harness.ts", []],
  ["README.md", []],
])("a change of %s runs %j", (file, patterns) => {
  expect(toTestPatterns(file)).toEqual(patterns);
});
