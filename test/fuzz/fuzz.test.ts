/**
 * For every request to every API, the response has no server error and no secret, and the stored data stays consistent:
 * thousands of requests, generated from a seed. long.ts runs it for longer, over real HTTP. VITE_FUZZ_SEED=… npm test
 * uses another seed.
 */
import { env } from "cloudflare:workers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ADMIN_TOKEN, admin, send as fetchWorker, ORIGIN } from "../harness.ts";
import { faultsOfRest } from "../tools/fuzz/aftermath.ts";
import { attack } from "../tools/fuzz/campaign.ts";
import { faultsOfLog } from "../tools/fuzz/judge.ts";
import { bytesOf, type Send } from "../tools/fuzz/wire.ts";
import { makeWorld, type World } from "../tools/fuzz/world.ts";

const PASS_TYPE = "pass.test.fuzz";
const SEED = Number(import.meta.env.VITE_FUZZ_SEED ?? 20_261_122);
const REQUESTS = 1000; // the long run is `npm run fuzz`
const FOR_MS = 20_000;
/** The maximum size of a row of D1 (Cloudflare's "D1 limits"). */
const ROW_BYTES = 2_000_000;

const lines: string[] = [];
let world: World;

/** Undefined for requests that the Fetch standard forbids: a body of GET, a line break in a header, the method TRACE. */
const send: Send = async ({ method, target, headers, body }) => {
  const request = requestOf(method, target, headers, bytesOf(body));
  if (request === undefined) return undefined;
  const response = await fetchWorker(request);
  return {
    status: response.status,
    headers: response.headers,
    body: new Uint8Array(await response.arrayBuffer()),
  };
};

function requestOf(
  ...[method, target, headers, body]: [string, string, readonly (readonly [string, string])[], BodyInit?]
) {
  try {
    const init = {
      method,
      headers: headers.map(([name, value]) => [name, value]),
      redirect: "manual",
    } as const;
    return new Request(ORIGIN + target, body === undefined ? init : { ...init, body });
  } catch {
    return undefined;
  }
}

beforeAll(async () => {
  for (const level of ["log", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation(
      (...said) => void lines.push(said.map((word) => JSON.stringify(word)).join(" ")),
    );
  }
  await admin.makePassType(PASS_TYPE, undefined, "P-256");
  const secrets = [env.MASTER_SECRET?.slice(2) ?? ""];
  world = await makeWorld({ send, adminToken: ADMIN_TOKEN, passTypeIdentifier: PASS_TYPE, secrets });
});
afterAll(() => vi.restoreAllMocks());

test("no response has a server error or a secret, whatever the request contains", async () => {
  const watch = () => faultsOfLog(lines.splice(0), world.secrets());
  const asked = await attack({ world, send, seed: SEED, requests: REQUESTS, forMs: FOR_MS, watch });
  // Each API received a fair share of the requests.
  for (const api of ["wallet", "voltmx", "airship", "passdock", "admin", "pages"] as const) {
    expect(asked.get(api) ?? 0, api).toBeGreaterThan(20);
  }
}, 60_000);

test("afterwards every pass is shown, downloaded and opened as before", async () => {
  expect(await faultsOfRest(world, send, 200)).toEqual([]);
}, 60_000);

/** Rows that must not exist, whatever the order of the requests. */
const BROKEN: Readonly<Record<string, string>> = {
  "a pass without a template": "SELECT id FROM passes WHERE template_id NOT IN (SELECT id FROM templates)",
  "a living pass of a deleted template":
    "SELECT p.id FROM passes p JOIN templates t ON t.id = p.template_id WHERE p.deleted_at IS NULL AND t.deleted_at IS NOT NULL",
  "a pass without a change": "SELECT id FROM passes WHERE tag = 0 OR modified_at = 0",
  "a tag of no living pass":
    "SELECT pass_id FROM pass_tags WHERE pass_id NOT IN (SELECT id FROM passes WHERE deleted_at IS NULL)",
  "a registration of no living pass":
    "SELECT pass_id FROM registrations WHERE pass_id NOT IN (SELECT id FROM passes WHERE deleted_at IS NULL)",
  "a registration without its device":
    "SELECT pass_id FROM registrations r WHERE NOT EXISTS (SELECT 1 FROM devices d WHERE d.pass_type_identifier = r.pass_type_identifier AND d.device_library_identifier = r.device_library_identifier)",
  "a device without a registration":
    "SELECT device_library_identifier FROM devices d WHERE NOT EXISTS (SELECT 1 FROM registrations r WHERE d.pass_type_identifier = r.pass_type_identifier AND d.device_library_identifier = r.device_library_identifier)",
  "an event without a project":
    "SELECT id FROM events WHERE deleted_at IS NULL AND project_id NOT IN (SELECT id FROM projects)",
  "a pass whose JSON cannot be read":
    "SELECT id FROM passes WHERE NOT (json_valid(field_values) AND json_valid(pass) AND json_valid(images))",
  "a template whose JSON cannot be read":
    "SELECT id FROM templates WHERE NOT (json_valid(pass) AND json_valid(fields) AND json_valid(images) AND json_valid(strings))",
  "a pass that D1 could not hold": `SELECT id FROM passes WHERE length(CAST(field_values AS BLOB)) + length(CAST(pass AS BLOB)) > ${ROW_BYTES}`,
  "an event that D1 could not hold": `SELECT id FROM events WHERE length(CAST(field_values AS BLOB)) + length(CAST(pass AS BLOB)) > ${ROW_BYTES}`,
};

test.each(Object.entries(BROKEN))("afterwards there is no %s", async (_what, sql) => {
  expect((await env.DB.prepare(sql).all()).results).toEqual([]);
});

test("afterwards every pack that a row refers to is in the bucket", async () => {
  const { results } = await env.DB.prepare(
    "SELECT pack FROM templates WHERE deleted_at IS NULL UNION SELECT pack FROM passes WHERE pack IS NOT NULL",
  ).all<{ pack: string }>();
  const missing = await Promise.all(
    results.map(async ({ pack }) => ((await env.BUCKET.head(pack)) === null ? [pack] : [])),
  );
  expect(missing.flat()).toEqual([]);
});
