/**
 * The initial state of every run: a Worker with pass types, certificates of the stand-in Apple, an APNs key, templates
 * and a project. It is created once through the admin API without faults, and stored as a snapshot of D1 and R2. The
 * keys differ between processes, and nothing in a run depends on them.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { exportPKCS8, generateKeyPair } from "jose";
import { createCa, type StandInCa } from "../../apple/ca.ts";
import { createGoogle } from "../../google/stand-in/google.ts";
import { configPath, repository } from "../local/repository.ts";
import type * as Apple from "./apple.ts";
import { Books, templateFiles, templatePass } from "./books.ts";
import { type Answered, Client, ORIGIN } from "./client.ts";
import { createDatabase } from "./d1.ts";
import { Faults } from "./faults.ts";
import { GOOGLE_API } from "./google.ts";
import type { GoogleAccount } from "./google-admin.ts";
import { ADMIN_TOKEN } from "./observer.ts";
import { bundleApple, bundleWorker, type Patch, type Program, SMALL_PAGES } from "./program.ts";
import { type ConsumerSettings, consumersIn } from "./queue.ts";
import type { StoredObject } from "./r2.ts";
import { Random } from "./random.ts";
import { Schedule } from "./schedule.ts";
import { World } from "./world.ts";

/** The time at which every run begins. Milliseconds. */
export const BEGINS_AT = Date.UTC(2026, 11, 1, 9);
export const APNS_ORIGIN = "https://api.push.apple.com";
const TEAM = "MODELTEAM1";
const KEY_ID = "MODELKEY01";
/** The templates of a pass type share one address: a phone has one row for each pass type and address. */
const TEMPLATES = [
  ["pass.model.one", "/"],
  ["pass.model.one", "/"],
  ["pass.model.two", "/"],
  ["pass.model.three", "/api"],
] as const;
const PASS_TYPES = [...new Set(TEMPLATES.map(([passTypeIdentifier]) => passTypeIdentifier))];
const DAY_MS = 24 * 3_600_000;

/** The parts that do not change during the life of the process. */
export interface Surroundings {
  readonly apple: Program;
  readonly ca: StandInCa;
  readonly apnsKey: CryptoKeyPair;
  readonly consumers: readonly ConsumerSettings[];
  readonly google: GoogleAccount;
}

/** A Worker and its initial state. */
export interface Fixture {
  readonly surroundings: Surroundings;
  readonly program: Program;
  readonly settings: Readonly<Record<string, string>>;
  readonly accounts: Apple.ApnsAccounts;
  /** The initial database, objects and books. Each call returns new copies. */
  readonly begin: () => { database: DatabaseSync; objects: Map<string, StoredObject>; books: Books };
}

export async function createSurroundings(): Promise<Surroundings> {
  const apnsKey = (await generateKeyPair("ES256", { extractable: true })) as CryptoKeyPair;
  const ca = await createCa({ aiaOrigin: "https://www.apple.com" });
  return {
    apple: await bundleApple(),
    ca,
    apnsKey,
    consumers: consumersIn(configPath),
    google: await createAccount(),
  };
}

/** An issuer at the stand-in Google, and a service account for it. */
async function createAccount(): Promise<GoogleAccount> {
  const google = createGoogle({ origin: GOOGLE_API, now: () => BEGINS_AT });
  const { issuerId } = google.accounts.registerIssuer({ issuerId: "3388000000000000001" });
  const serviceAccount = await google.accounts.createServiceAccount({ invitedTo: [issuerId] });
  return { issuerId, serviceAccount, saved: google.save() };
}

/** The limits of pages and messages. */
export interface Limits {
  readonly patches: readonly Patch[];
  readonly settings: Readonly<Record<string, string>>;
}

/** Limits so small that one change for a few phones needs several pages and messages. */
export const SMALL_LIMITS: Limits = { patches: SMALL_PAGES, settings: { TOKENS_PER_MESSAGE: "3" } };
/** The limits of the Worker as it is deployed. */
export const REAL_LIMITS: Limits = { patches: [], settings: {} };

/** @param planted bugs that are planted in the Worker */
export async function createFixture(
  surroundings: Surroundings,
  planted: readonly Patch[] = [],
  limits = SMALL_LIMITS,
): Promise<Fixture> {
  const { ca, apnsKey, consumers } = surroundings;
  const program = await bundleWorker([...limits.patches, ...planted]);
  const settings = {
    PUBLIC_ORIGIN: ORIGIN,
    ADMIN_TOKEN,
    MASTER_SECRET: "1:secret-of-the-model-with-32-characters",
    APNS_ORIGIN,
    TRUSTED_ROOTS: ca.rootFingerprint,
    ...limits.settings,
  };
  const database = createDatabase(join(repository, "migrations"));
  const objects = new Map<string, StoredObject>();
  const random = new Random("fixture");
  const schedule = new Schedule(random, BEGINS_AT - DAY_MS);
  const faults = new Faults(random, "calm", schedule.now);
  const outbound = async (url: string) => {
    const file = ca.answer(new URL(url).pathname);
    return new Response(file?.body ?? null, { status: file === undefined ? 404 : 200 });
  };
  const world = new World({ schedule, faults, program, database, objects, consumers, settings, outbound });
  const client = new Client("fixture", world);

  const make = async (method: string, path: string, body: unknown) =>
    made(await drive(world, client.call(method, path, body)));
  for (const passTypeIdentifier of PASS_TYPES) {
    const { csr } = await make("POST", "/pass-types", { passTypeIdentifier, keyAlgorithm: "P-256" });
    const certificate = await ca.issue(String(csr), {
      passTypeIdentifier,
      teamIdentifier: TEAM,
      notBefore: new Date(BEGINS_AT - 10 * DAY_MS),
      notAfter: new Date(BEGINS_AT + 300 * DAY_MS),
    });
    const upload = { certificate: certificate.pem, intermediate: ca.wwdrPem };
    await make("PUT", `/pass-types/${passTypeIdentifier}/certificate`, upload);
  }
  const privateKey = await exportPKCS8(apnsKey.privateKey);
  await make("POST", "/apns-keys", { keyId: KEY_ID, teamIdentifier: TEAM, privateKey });
  const project = await make("POST", "/projects", { name: "Model" });
  const templates: { id: number; passTypeIdentifier: string }[] = [];
  for (const [passTypeIdentifier, webService] of TEMPLATES) {
    const files = templateFiles(1);
    const pass = templatePass("template");
    const scan = { action: "add", field: "scans", by: 1 };
    const template = { name: "Model", passTypeIdentifier, webService, pass, scan, ...files };
    templates.push({ id: Number((await make("POST", "/templates", template)).id), passTypeIdentifier });
  }
  if (world.violations.length > 0) throw new Error(`the fixture failed: ${world.violations.join("\n")}`);
  const snapshot = database.serialize();

  const begin = () => {
    const books = new Books(Number(project.id));
    for (const template of templates)
      books.templates.push({ ...template, text: "template", logo: 1, changes: 0 });
    const fresh = new DatabaseSync(":memory:");
    fresh.deserialize(snapshot);
    return { database: fresh, objects: new Map(objects), books };
  };
  const keys = new Map([[KEY_ID, { teamIdentifier: TEAM, publicKey: apnsKey.publicKey }]]);
  const topics = new Map(PASS_TYPES.map((topic) => [topic as string, TEAM]));
  return { surroundings, program, settings, begin, accounts: { keys, topics, providerTokens: new Map() } };
}

/**
 * Runs events until the promise is settled.
 * @throws Error if no event is left before that
 */
export async function drive<Result>(world: World, promise: Promise<Result>): Promise<Result> {
  let pending = true;
  promise.then(
    () => (pending = false),
    () => (pending = false),
  );
  while (pending) {
    if (await world.schedule.next()) continue;
    if (pending)
      throw new Error(`Nothing is left to happen, and somebody waits.\n${world.schedule.lines.join("\n")}`);
  }
  return promise;
}

function made({ status, body }: Answered): Readonly<Record<string, unknown>> {
  if (status >= 300) throw new Error(`the fixture was refused: ${status} ${JSON.stringify(body)}`);
  return body;
}
