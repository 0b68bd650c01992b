/**
 * The passes and the databases of the tests that count what requests cost, and the search for scans of tables.
 *
 * D1 counts a written row once for the table and once for each index that it moves in.
 */
import { env } from "cloudflare:workers";
import { readConfig } from "../src/config.ts";
import { devices, passes, registrations, scans } from "../src/db/schema.ts";
import { authenticationToken } from "../src/passes/token.ts";
import { cost, counters, explain, spent } from "./cost.ts";
import { admin, ORIGIN, randomPushToken } from "./harness.ts";
import { copyPass, deleteRows, deviceOf, insertRows, registrationOf, rowsOf } from "./rows.ts";

/** For describe.each. */
export const DATABASES = [
  { database: "a database of a few passes", isFull: false },
  { database: "a database of 500 passes and 10,000 registrations", isFull: true },
];

/** The cost of marking a change as queued in the outbox. The statement also looks for other readers of the log. */
export const MARK = spent({ trips: 1, statements: 1, rowsRead: 4, rowsWritten: 1 });

/** The cost of a request that is not one of the admin API. */
export const costOf = (path: string, init: RequestInit = {}, settings: { KEEP_BUILT_PASSES?: string } = {}) =>
  cost(new Request(ORIGIN + path, init), settings);

export interface CountedPass {
  readonly id: number;
  readonly path: string;
  readonly registration: (device: string) => string;
  readonly authorization: { readonly Authorization: string };
}

export async function issueCountedPass(templateId: number): Promise<CountedPass> {
  const { id, serialNumber, passTypeIdentifier } = await admin.issue(templateId);
  const { secrets } = readConfig(env);
  const token = await authenticationToken(secrets, secrets.newestKeyId, passTypeIdentifier, serialNumber);
  return {
    id,
    path: `/v1/passes/${passTypeIdentifier}/${serialNumber}`,
    registration: (device) => `/v1/devices/${device}/registrations/${passTypeIdentifier}/${serialNumber}`,
    authorization: { Authorization: `ApplePass ${token}` },
  };
}

export const registerDevice = (pass: CountedPass, device: string) =>
  costOf(pass.registration(device), {
    method: "POST",
    headers: pass.authorization,
    body: JSON.stringify({ pushToken: randomPushToken() }),
  });

/** Scans at both ends of each index, because SQLite counts the row at which a search ends. */
export async function surroundScans(): Promise<void> {
  const end = { outcome: "shown" as const, isConflict: false, actor: "admin" };
  const rows = [0, Number.MAX_SAFE_INTEGER].map((at, n) => ({
    ...{ ...end, scanId: "!~".charAt(n) },
    ...{ passId: at, at, receivedAt: at },
  }));
  await deleteRows(scans);
  await insertRows(scans, rows);
}

/** 500 more passes of the template, and 100 devices, of which each has a fifth of the passes: 10,000 registrations. */
export async function fillDatabase(templateId: number): Promise<void> {
  const [pass] = await rowsOf(passes, { templateId });
  const { passTypeIdentifier } = await admin.show(pass?.id ?? 0);
  await copyPass(pass?.id ?? 0, 500, "filled-");
  const held = await rowsOf(passes, { templateId });
  const numbers = Array.from({ length: 100 }, (_, n) => n);
  const listening = numbers.flatMap((n) =>
    held
      .filter(({ id }) => id % 5 === n % 5)
      .map((pass) => ({
        ...registrationOf(pass, randomPushToken()),
        deviceLibraryIdentifier: `device-${n}`,
      })),
  );
  await insertRows(registrations, listening);
  const known = numbers.map((n) => ({
    ...deviceOf(passTypeIdentifier, randomPushToken()),
    deviceLibraryIdentifier: `device-${n}`,
  }));
  await insertRows(devices, known);
}

/**
 * Called when a test file is loaded, because the files before it use the same counters.
 * @returns a function that finds the steps in the plans of the file's own statements, and the steps that scan a large table
 */
export function watchTableScans() {
  const begin = counters.asked.length;
  const tables =
    /^SCAN (passes|pass_tags|templates|events|changes|registrations|devices|certificates|signing_keys|scans)\b/;
  return async () => {
    const steps = (await explain(counters.asked.slice(begin))).map(({ step }) => step);
    return { steps, tableScans: steps.filter((step) => tables.test(step)) };
  };
}
