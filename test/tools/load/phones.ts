/**
 * Thousands of phones: the rows that a server has for each, and the requests that each makes after a push, over a few
 * hundred connections. Only some of the bundles are checked as Wallet does.
 *
 * Follows Apple's "Get the list of updatable passes" and "Send an updated pass".
 */
import { randomBytes } from "node:crypto";
import { Agent, get, type IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { authenticationToken } from "../../../src/passes/token.ts";
import { createSecrets } from "../../../src/secrets/secrets.ts";
import { checkPass } from "../../apple/pkpass.ts";
import type { LoadInstance } from "./instance.ts";
import type { Seed, SeededPhone } from "./seed.ts";

const SEEDED_AT_ONCE = 5000;
const CONNECTIONS = 300;
/** One of this many bundles is checked in full. */
const CHECKED_EVERY = 200;
const ANSWERS_WITHIN_MS = 300_000;

export interface Phones {
  readonly all: readonly SeededPhone[];
  /** The tag that all of them have. */
  readonly tag: string;
}

/** Inserts this many phones into the database, each with a pass of the template. */
export async function seedPhones(instance: LoadInstance, count: number): Promise<Phones> {
  const { passTypeIdentifier, templateId } = instance;
  const tokenKeyId = createSecrets(instance.masterSecret).newestKeyId;
  const at = Math.floor(Date.now() / 1000) * 1000;
  const hex = (bytes: number) => randomBytes(bytes).toString("hex");
  const all = Array.from({ length: count }, (_, index) => ({
    serialNumber: `load-${index + 1}`,
    deviceLibraryIdentifier: hex(16),
    pushToken: hex(32),
    webToken: hex(20),
  }));
  let tag = "0";
  for (let begun = 0; begun < count; begun += SEEDED_AT_ONCE) {
    const phones = all.slice(begun, begun + SEEDED_AT_ONCE);
    const seed: Seed = { passTypeIdentifier, templateId, tokenKeyId, at, phones };
    ({ tag } = await instance.ask<{ tag: string }>("/load/seed", seed));
  }
  instance.apns.expect(all.map(({ pushToken }) => pushToken));
  return { all, tag };
}

export interface Herd {
  /** The faults, and how many phones had each. */
  readonly faults: ReadonlyMap<string, number>;
  /** The size of a bundle in bytes. */
  readonly bundleBytes: number;
  readonly checked: number;
  /** Requests per second: lists and fetches together, and the second fetches alone. */
  readonly perSecond: number;
  readonly againPerSecond: number;
  /** The time of the slowest response in milliseconds. */
  readonly slowest: number;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** All phones list and fetch, as fast as the connections allow, and then fetch the same version again. */
export async function runHerd(instance: LoadInstance, { all, tag }: Phones): Promise<Herd> {
  const { passTypeIdentifier, origin, rootPem } = instance;
  const secrets = createSecrets(instance.masterSecret);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const faults = new Map<string, number>();
  const lastModified = new Map<SeededPhone, string>();
  let bundleBytes = 0;
  let checked = 0;
  let slowest = 0;

  const ask = async (path: string, headers: Record<string, string> = {}): Promise<Answer> => {
    const askedAt = performance.now();
    const answer = await answerTo(`${origin}/v1/${path}`, { headers, agent, timeout: ANSWERS_WITHIN_MS });
    slowest = Math.max(slowest, performance.now() - askedAt);
    return answer;
  };
  const fetchPass = async ({ serialNumber }: SeededPhone, headers: Record<string, string>) => {
    const token = await authenticationToken(secrets, secrets.newestKeyId, passTypeIdentifier, serialNumber);
    const authorization = `ApplePass ${token}`;
    return ask(`passes/${passTypeIdentifier}/${serialNumber}`, { ...headers, authorization });
  };

  const update = async (phone: SeededPhone, index: number) => {
    const { serialNumber, deviceLibraryIdentifier } = phone;
    const device = `devices/${deviceLibraryIdentifier}/registrations/${passTypeIdentifier}`;
    const list = await ask(`${device}?passesUpdatedSince=${tag}`);
    demand(list.status === 200, `a list was answered ${list.status}`);
    const { serialNumbers, lastUpdated } = JSON.parse(list.body.toString());
    demand(serialNumbers.join() === serialNumber, "a list named another pass than the phone's");
    demand(Number(lastUpdated) > Number(tag), "a list gave an old tag");
    const pass = await fetchPass(phone, {});
    demand(pass.status === 200, `a fetch was answered ${pass.status}`);
    demand(pass.headers["content-type"] === "application/vnd.apple.pkpass", "a fetch brought no pass");
    demand(pass.body.includes(`"serialNumber":"${serialNumber}"`), "a fetch brought another phone's pass");
    lastModified.set(phone, pass.headers["last-modified"] ?? "");
    bundleBytes = pass.body.length;
    if (index % CHECKED_EVERY !== 0) return;
    await checkPass(Uint8Array.from(pass.body), { rootPem, passTypeIdentifier, serialNumber });
    checked += 1;
  };
  const updateAgain = async (phone: SeededPhone) => {
    const known = lastModified.get(phone);
    if (known === undefined) return; // its fault is already recorded
    const { status } = await fetchPass(phone, { "if-modified-since": known });
    demand(status === 304, `a fetch of what the phone has was answered ${status}`);
  };

  const run = async (work: (phone: SeededPhone, index: number) => Promise<void>) => {
    const startedAt = performance.now();
    const waiting = all.entries();
    const connection = async () => {
      for (const [index, phone] of waiting) {
        await work(phone, index).catch((error: unknown) => {
          const fault = String(error);
          faults.set(fault, (faults.get(fault) ?? 0) + 1);
        });
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    return (performance.now() - startedAt) / 1000;
  };
  try {
    const perSecond = (2 * all.length) / (await run(update));
    const againPerSecond = all.length / (await run(updateAgain));
    return { faults, bundleBytes, checked, perSecond, againPerSecond, slowest };
  } finally {
    agent.destroy();
  }
}

function demand(condition: boolean, fault: string): asserts condition {
  if (!condition) throw new Error(fault);
}

function answerTo(url: string, options: object): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = get(url, options, (response) => {
    const { statusCode = 0, headers } = response;
    buffer(response).then((body) => resolve({ status: statusCode, headers, body }), reject);
  });
  request.on("timeout", () => request.destroy(new Error("no answer in time")));
  request.on("error", reject);
  return promise;
}
