/**
 * D1's messages for a table, a column or an index that does not exist are recognised, and no other error is.
 */
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/db/client.ts";
import { missingPart } from "../../src/db/missing-tables.ts";

const failureOf = (query: string) =>
  openDatabase(env.DB)
    .run(query)
    .then(String, (error: unknown) => error);

test.each([
  ["SELECT * FROM lost", "no such table: lost"],
  ["SELECT t.lost FROM templates t", "no such column: t.lost"],
  ["UPDATE templates SET lost = 1", "no such column: lost"],
  ["INSERT INTO templates (lost) VALUES (1)", "table templates has no column named lost"],
  ["SELECT id FROM templates INDEXED BY lost", "no such index: lost"],
])("%s", async (query, missing) => {
  expect(missingPart(await failureOf(query))).toBe(missing);
});

test.each(["INSERT INTO readers (name) VALUES ('x')", "SELECT", "SELECT json('no such table')"])(
  "another error is not taken for a missing table: %s",
  async (query) => {
    const failure = await failureOf(query);
    expect(failure).toBeInstanceOf(Error);
    expect(missingPart(failure)).toBeUndefined();
  },
);
