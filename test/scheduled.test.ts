/**
 * The cron triggers: their expressions in the program are those of wrangler.toml, and any other one fails.
 */
/// <reference types="vite/types/importMeta.d.ts" />
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import worker from "../src/index.ts";
import { CRON_TRIGGERS } from "../src/scheduled.ts";
import { counted } from "./counting.ts";

const [wranglerToml = ""] = Object.values(
  import.meta.glob<string>("../wrangler.toml", { query: "?raw", import: "default", eager: true }),
);

test("wrangler.toml has exactly the cron triggers for which the program has work", () => {
  const [, list = ""] = /^crons = \[(.*)\]$/m.exec(wranglerToml) ?? [];
  const crons = [...list.matchAll(/"([^"]*)"/g)].map(([, expression]) => expression);
  expect(crons).toHaveLength(2);
  expect(crons.toSorted()).toEqual(Object.keys(CRON_TRIGGERS).toSorted());
});

test.each(["0 * * * *", "", "toString"])(
  "a trigger that the program does not know (%j) fails and does nothing",
  async (cron) => {
    const counters = counted(env);
    await expect(worker.scheduled(createScheduledController({ cron }), counters.env)).rejects.toThrow(
      `No work is defined for the cron trigger "${cron}"`,
    );
    expect(counters.spent().trips).toBe(0);
  },
);

test("the minute trigger costs four queries and one row if nothing waits, and no more while the change log has no readers", async () => {
  const counters = counted(env);
  await worker.scheduled(createScheduledController({ cron: "* * * * *" }), counters.env);
  expect(counters.spent()).toMatchObject({ trips: 4, statements: 4, rowsWritten: 1 });
  expect(counters.asked.filter(({ sql }) => sql.includes("readers"))).toHaveLength(1);
});
