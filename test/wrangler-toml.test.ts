/**
 * wrangler.toml as wrangler reads it: staging shares no name with production and is otherwise the same, and no version of
 * the Worker has a public address of its own. Follows Cloudflare's "Wrangler configuration": an environment inherits no
 * variables and no bindings, and a preview URL keeps the secrets of its version.
 */
import "./tools/local/offline.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { describe, expect, test } from "vitest";
import { type Unstable_Config, unstable_readConfig } from "wrangler";
import { configPath, repository } from "./tools/local/repository.ts";

const production = unstable_readConfig({ config: configPath });
const staging = unstable_readConfig({ config: configPath, env: "staging" });

/** Everything in an account that has a name and would be shared by two Workers that use the same one. */
function namesOf(config: Unstable_Config): string[] {
  const { name, d1_databases, r2_buckets, queues, ratelimits } = config;
  const consumers = queues.consumers ?? [];
  const names = [
    name,
    ...d1_databases.map(({ database_name }) => database_name),
    ...r2_buckets.map(({ bucket_name }) => bucket_name),
    ...(queues.producers ?? []).map(({ queue }) => queue),
    ...consumers.flatMap(({ queue, dead_letter_queue }) => [queue, dead_letter_queue]),
    ...ratelimits.map(({ namespace_id }) => namespace_id),
    ...config.analytics_engine_datasets.map(({ dataset }) => dataset),
  ];
  return names.filter((each) => each !== undefined);
}

/** The configuration without its own name, and with a placeholder for each name of its own, so that two environments can be compared. */
function withoutNames(config: Unstable_Config): unknown {
  const names = new Set(namesOf(config));
  const { targetEnvironment: _, vars, ...rest } = config;
  const { ENVIRONMENT: __, ...sameVars } = vars;
  const settings = { ...rest, vars: sameVars };
  const text = JSON.stringify(settings, (key, value) =>
    key !== "topLevelName" && typeof value === "string" && names.has(value)
      ? value.replace(/^edgepass([-_]staging)?/, "edgepass").replace(/^\d+$/, "a number")
      : value,
  );
  return JSON.parse(text);
}

function bindingsOf({ d1_databases, r2_buckets, queues, ratelimits }: Unstable_Config): string[] {
  const bound = [...d1_databases, ...r2_buckets, ...(queues.producers ?? [])];
  return [...bound.map(({ binding }) => binding), ...ratelimits.map(({ name }) => name)].toSorted();
}

describe("[env.staging]", () => {
  test("shares no name with production", () => {
    const shared = namesOf(staging).filter((name) => namesOf(production).includes(name));
    expect(shared).toEqual([]);
    expect(new Set(namesOf(staging)).size).toBe(new Set(namesOf(production)).size);
  });

  test("has the same bindings and settings as production, and its own name for the commands in errors", () => {
    expect(withoutNames(staging)).toEqual(withoutNames(production));
    expect([production.vars.ENVIRONMENT, staging.vars.ENVIRONMENT]).toEqual([undefined, "staging"]);
  });
});

describe.each<[string, Unstable_Config]>([
  ["production", production],
  ["staging", staging],
])("%s", (_, config) => {
  test("has no preview URLs, which would keep old versions reachable with their secrets", () => {
    expect(config.preview_urls).toBe(false);
  });

  test("says what an invocation may use, and uploads source maps of the minified Worker", () => {
    expect(config.limits).toEqual({ cpu_ms: 30_000, subrequests: 10_000 });
    expect([config.minify, config.upload_source_maps]).toEqual([true, true]);
  });

  test("pushes with five consumers, each with batches of ten messages", () => {
    const [pushes] = config.queues.consumers ?? [];
    expect([pushes?.max_concurrency, pushes?.max_batch_size]).toEqual([5, 10]);
  });

  test("does not share its rate limits with Workers that use the namespace of Cloudflare's example", () => {
    expect(config.ratelimits.map(({ namespace_id }) => namespace_id)).not.toContain("1001");
  });

  test("has every binding that the Worker uses, and leaves PUBLIC_ORIGIN to the operator", () => {
    expect(bindingsOf(config)).toEqual([
      "ANONYMOUS_LIMIT",
      "BUCKET",
      "DB",
      "DEAD_LETTERS",
      "GOOGLE_QUEUE",
      "LOCATION_LIMIT",
      "PUSH_QUEUE",
      "SHARED_LIMIT",
    ]);
    expect(config.vars.PUBLIC_ORIGIN).toBe("");
  });

  test("has a consumer for each of its queues, and dead letters of the first go to the second", () => {
    const [pushes, dead, google] = config.queues.consumers ?? [];
    const produced = (config.queues.producers ?? []).map(({ queue }) => queue);
    expect([pushes?.queue, dead?.queue, google?.queue]).toEqual(produced);
    expect(pushes?.dead_letter_queue).toBe(dead?.queue);
    // index.ts distinguishes the queues by these ends of their names.
    expect(dead?.queue).toMatch(/-dead$/);
    expect(google?.queue).toMatch(/-google$/);
    expect(pushes?.queue).not.toMatch(/-(dead|google)$/);
    // Google's limit of requests counts for all consumers together.
    expect(google?.max_concurrency).toBe(1);
  });
});

describe("the Deploy to Cloudflare button", () => {
  const secrets = parseEnv(readFileSync(join(repository, ".dev.vars.example"), "utf8"));

  test("asks for both secrets, and offers no value that somebody could keep", () => {
    expect(secrets).toEqual({ ADMIN_TOKEN: "", MASTER_SECRET: "" });
  });

  test("explains every binding, variable and secret that it asks for", () => {
    const { cloudflare }: { cloudflare: { bindings: object } } = JSON.parse(
      readFileSync(join(repository, "package.json"), "utf8"),
    );
    const asked = [...bindingsOf(production), ...Object.keys(production.vars), ...Object.keys(secrets)];
    expect(Object.keys(cloudflare.bindings).toSorted()).toEqual(asked.toSorted());
  });
});
