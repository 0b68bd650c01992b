/**
 * A whole Edgepass instance on this machine: the Worker, the stand-ins for Apple and Google, and the demo. It is used by `npm start`,
 * by the demo, and by tests that need the service over real HTTP.
 */
import type { StandInApple } from "../../apple/server.ts";
import type { StandInGoogle } from "../../google/stand-in/server.ts";
import { type Admin, adminOf, Refused } from "./admin.ts";
import { startKnownApple } from "./apple.ts";
import { CannotStart } from "./cannot-start.ts";
import { startKnownGoogle } from "./google.ts";
import { migrate } from "./migrate.ts";
import { freePort } from "./ports.ts";
import { type Demo, provision } from "./provision.ts";
import { provisionGoogle } from "./provision-google.ts";
import { type ScannerKey, scannerKey } from "./scanner-key.ts";
import { openState } from "./state.ts";
import { runWorker } from "./worker.ts";

export interface Instance {
  /** http://127.0.0.1:port */
  readonly origin: string;
  readonly adminToken: string;
  /** A key with the role scanner. Undefined in an empty instance. */
  readonly scanner: ScannerKey | undefined;
  readonly admin: Admin;
  readonly apple: StandInApple;
  readonly google: StandInGoogle;
  /** The stand-in Apple's root certificate, as a file. */
  readonly rootFile: string;
  readonly demo: Demo;
  /** Ends every process and frees every port. */
  close(): Promise<void>;
}

export interface InstanceOptions {
  /** 0 for any free one. */
  port: number;
  /** The absolute path of the state folder. */
  folder: string;
  /** Used instead of the token in the state. */
  adminToken?: string | undefined;
  /** Further settings of the Worker, by name. */
  settings?: Readonly<Record<string, string>> | undefined;
  /** The path of a built Worker, to run it instead of src/. */
  built?: string | undefined;
  /** As after a first deployment: no pass type, no key and no template. */
  isEmpty?: boolean | undefined;
  /** With an issuer of Google Wallet. */
  hasGoogle?: boolean | undefined;
}

const NO_DEMO: Demo = { template: undefined, pass: undefined };

/** @throws CannotStart with the cure; then no process is running */
export async function startInstance(options: InstanceOptions): Promise<Instance> {
  const port = await freePort(options.port);
  const state = await openState(options.folder);
  const adminToken = options.adminToken ?? state.secrets.adminToken;

  await using starting = new AsyncDisposableStack();
  starting.defer(() => state.release());
  const apple = await startKnownApple(state);
  starting.defer(() => apple.close());
  const google = await startKnownGoogle(state, `http://127.0.0.1:${port}/google/callback`);
  starting.defer(() => google.close());
  await migrate(state.folder);
  const settings = {
    PUBLIC_ORIGIN: `http://127.0.0.1:${port}`,
    ADMIN_TOKEN: adminToken,
    MASTER_SECRET: state.secrets.masterSecret,
    APNS_ORIGIN: apple.apnsOrigin,
    TRUSTED_ROOTS: apple.ca.rootFingerprint,
    AIA_ORIGIN: apple.origin,
    GOOGLE_API_ORIGIN: google.origin,
    GOOGLE_TOKEN_ORIGIN: google.origin,
    GOOGLE_SAVE_ORIGIN: google.origin,
    GOOGLE_KEYS_ORIGIN: google.origin,
    ...options.settings,
  };
  const worker = await runWorker(port, state.folder, settings, options.built);
  starting.defer(() => worker.close());
  const admin = adminOf(worker.origin, adminToken);
  const { isEmpty = false, hasGoogle = false } = options;
  const demo = isEmpty ? NO_DEMO : await provision(admin, apple, state.secrets.apnsKey).catch(notConfigured);
  if (hasGoogle) await provisionGoogle(admin, google.origin);
  const scanner = isEmpty ? undefined : await scannerKey(worker.origin, adminToken, state);

  const running = starting.move();
  const { origin } = worker;
  const { rootFile } = state;
  const close = () => running.disposeAsync();
  return { origin, adminToken, scanner, admin, apple, google, rootFile, demo, close };
}

/** A setting that the Worker refuses has to be corrected by the caller, and needs no stack trace. */
function notConfigured(error: unknown): never {
  if (error instanceof Refused && error.code === "not_configured") throw new CannotStart(error.message);
  throw error;
}
