/**
 * A process that runs one instance in a temporary folder, of the minified Worker that `wrangler deploy` would upload. It is
 * started with an IPC channel, to which it sends its addresses once. It ends when the channel closes, so that nothing
 * remains if vitest is killed. Arguments: an initial state folder, the PUBLIC_ORIGIN and the built Worker of the instance
 * that it replaces, if it replaces one; or --empty for an instance without anything in it, or --google for one with an
 * issuer of Google Wallet.
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildWorker } from "../tools/local/built-worker.ts";
import { startInstance } from "../tools/local/instance.ts";
import { onFirstSignal } from "../tools/local/signals.ts";

export interface InstanceFacts {
  /** http://127.0.0.1:port */
  readonly origin: string;
  readonly adminToken: string;
  /** The state folder. */
  readonly folder: string;
  /** The control server of the stand-in Apple. */
  readonly appleOrigin: string;
  /** The push service of the stand-in Apple. */
  readonly rootPem: string;
  /** The stand-in Google, with its control API. */
  readonly googleOrigin: string;
  /** The path of the Worker that runs. */
  readonly built: string;
}

const SLOW_END_MS = 5000;

const ended = Promise.withResolvers<void>();
process.once("disconnect", ended.resolve);
onFirstSignal(ended.resolve);

const isEmpty = process.argv[2] === "--empty";
const hasGoogle = process.argv[2] === "--google";
const [given, publicOrigin, builtBefore] = isEmpty || hasGoogle ? [] : process.argv.slice(2);
const folder = given ?? mkdtempSync(join(tmpdir(), "edgepass-curl-"));
try {
  const adminToken = randomBytes(16).toString("hex");
  const settings = publicOrigin === undefined ? undefined : { PUBLIC_ORIGIN: publicOrigin };
  const built = builtBefore ?? (await buildWorker(join(folder, "worker")));
  const instance = await startInstance({ port: 0, folder, adminToken, settings, built, isEmpty, hasGoogle });
  const { origin, apple, google } = instance;
  const facts: InstanceFacts = {
    origin,
    adminToken,
    folder,
    appleOrigin: apple.origin,
    googleOrigin: google.origin,
    rootPem: apple.ca.rootPem,
    built,
  };
  process.send?.(facts);
  await ended.promise;
  // The process ends when its children have ended; this is for a child that does not end.
  setTimeout(() => process.exit(), SLOW_END_MS).unref();
  await instance.close();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
  if (process.connected) process.disconnect();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
