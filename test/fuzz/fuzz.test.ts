/**
 * For every request to every API, the response has no server error and no secret, and the stored data stays consistent:
 * hundreds of requests, generated from a seed. long.ts runs it for longer, over real HTTP. VITE_FUZZ_SEED=… npm test
 * uses another seed.
 */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  devices,
  events,
  passes,
  passTags,
  projects,
  registrations,
  templates,
} from "../../src/db/schema.ts";
import { ADMIN_TOKEN, admin, send as fetchWorker, get, ORIGIN } from "../harness.ts";
import { rowsOf } from "../rows.ts";
import { faultsOfRest } from "../tools/fuzz/aftermath.ts";
import { attack } from "../tools/fuzz/campaign.ts";
import { faultsOfLog } from "../tools/fuzz/judge.ts";
import { allAdminRoutes } from "../tools/fuzz/routes.ts";
import { bytesOf, type Send } from "../tools/fuzz/wire.ts";
import { makeWorld, type World } from "../tools/fuzz/world.ts";

const PASS_TYPE = "pass.test.fuzz";
const SEED = Number(import.meta.env.VITE_FUZZ_SEED ?? 20_261_122);
const REQUESTS = 600; // the long run is `npm run fuzz`
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

test("every operation of the admin API is among the routes", async () => {
  const { paths } = (await (await get("/admin/openapi.json")).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const patterns = operations.map((name) => ({
    name,
    pattern: new RegExp(`^${name.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
    parameters: name.split("{").length,
  }));
  const reached = allAdminRoutes.flatMap((route) =>
    fc.sample(route, { numRuns: 1, seed: SEED }).flatMap(({ method, target }) => {
      const sent = `${method} ${target.split("?")[0]}`;
      const found = patterns.filter(({ pattern }) => pattern.test(sent));
      return found.toSorted((a, b) => a.parameters - b.parameters).slice(0, 1);
    }),
  );
  expect([...new Set(reached.map(({ name }) => name))].toSorted()).toEqual(operations.toSorted());
});

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

/** The rows that are compared, and the ids of those that are not deleted. */
async function readTables() {
  const all = {
    passes: await rowsOf(passes),
    templates: await rowsOf(templates),
    events: await rowsOf(events),
    projectIds: idsOf(await rowsOf(projects)),
    passTags: await rowsOf(passTags),
    registrations: await rowsOf(registrations),
    devices: await rowsOf(devices),
  };
  const live = ({ deletedAt }: { deletedAt: number | null }) => deletedAt === null;
  return {
    ...all,
    templateIds: idsOf(all.templates),
    livingPasses: idsOf(all.passes.filter(live)),
    livingTemplates: idsOf(all.templates.filter(live)),
  };
}

const idsOf = (rows: readonly { id: number }[]) => new Set(rows.map(({ id }) => id));
const deviceKey = (row: { passTypeIdentifier: string; deviceLibraryIdentifier: string }) =>
  JSON.stringify([row.passTypeIdentifier, row.deviceLibraryIdentifier]);
const isTooLarge = ({ values, pass }: { values: string; pass: string }) =>
  new TextEncoder().encode(values + pass).length > ROW_BYTES;
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Rows that must not exist, whatever the order of the requests. */
const BROKEN: Readonly<Record<string, (all: Awaited<ReturnType<typeof readTables>>) => unknown[]>> = {
  "a pass without a template": ({ passes, templateIds }) =>
    passes.filter(({ templateId }) => !templateIds.has(templateId)),
  "a living pass of a deleted template": ({ passes, livingTemplates }) =>
    passes.filter(({ templateId, deletedAt }) => deletedAt === null && !livingTemplates.has(templateId)),
  "a pass without a change": ({ passes }) =>
    passes.filter(({ tag, modifiedAt }) => tag === 0 || modifiedAt === 0),
  "a tag of no living pass": ({ passTags, livingPasses }) =>
    passTags.filter(({ passId }) => !livingPasses.has(passId)),
  "a registration of no living pass": ({ registrations, livingPasses }) =>
    registrations.filter(({ passId }) => !livingPasses.has(passId)),
  "a registration without its device": ({ registrations, devices }) => {
    const known = new Set(devices.map(deviceKey));
    return registrations.filter((row) => !known.has(deviceKey(row)));
  },
  "a device without a registration": ({ registrations, devices }) => {
    const registered = new Set(registrations.map(deviceKey));
    return devices.filter((row) => !registered.has(deviceKey(row)));
  },
  "an event without a project": ({ events, projectIds }) =>
    events.filter(({ projectId, deletedAt }) => deletedAt === null && !projectIds.has(projectId)),
  "a pass whose JSON cannot be read": ({ passes }) =>
    passes.filter(({ values, pass, images }) => ![values, pass, images].every(isJson)),
  "a template whose JSON cannot be read": ({ templates }) =>
    templates.filter(({ pass, fields, images, strings }) => ![pass, fields, images, strings].every(isJson)),
  "a pass that D1 could not hold": ({ passes }) => passes.filter(isTooLarge),
  "an event that D1 could not hold": ({ events }) => events.filter(isTooLarge),
};

test.each(Object.entries(BROKEN))("afterwards there is no %s", async (_what, findBroken) => {
  expect(findBroken(await readTables())).toEqual([]);
});

test("afterwards every pack that a row refers to is in the bucket", async () => {
  const packs = [...(await rowsOf(templates, { deletedAt: null })), ...(await rowsOf(passes))].map(
    ({ pack }) => pack,
  );
  const missing = await Promise.all(
    packs.map(async (pack) => (pack !== null && (await env.BUCKET.head(pack)) === null ? [pack] : [])),
  );
  expect(missing.flat()).toEqual([]);
});
