/**
 * Runs the Worker of worker.ts together with the stand-ins, with the database, bucket and queues of wrangler.toml in a
 * folder of its own, a certificate, and a template with one pass. Crons run as in production.
 */
import "../local/offline.ts";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { unstable_startWorker } from "wrangler";
import type { PassType } from "../../../src/identities/pass-types.ts";
import type { ApnsKey } from "../../../src/push/apns-keys.ts";
import { type Admin, adminOf } from "../local/admin.ts";
import { startKnownApple } from "../local/apple.ts";
import { migrate } from "../local/migrate.ts";
import { freePort } from "../local/ports.ts";
import { PASS_TYPE_IDENTIFIER, provision } from "../local/provision.ts";
import { configPath, repository } from "../local/repository.ts";
import { openState } from "../local/state.ts";
import { type LoadApns, startLoadApns } from "./apns.ts";

export interface LoadInstance {
  /** http://127.0.0.1:port */
  readonly origin: string;
  readonly admin: Admin;
  readonly adminToken: string;
  readonly apns: LoadApns;
  /** The root certificate for bundles. */
  readonly rootPem: string;
  readonly masterSecret: string;
  readonly passTypeIdentifier: string;
  readonly templateId: number;
  /** A route of the tool's Worker. Posts the body as JSON, or makes a GET request without one. */
  ask<Answer>(path: "/load/seed" | "/load/spent" | "/rows/fill", body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const CRON_MS = 60_000;

/**
 * @param folder empty, absolute
 * @param latency milliseconds until APNs responds
 * @param entrypoint the Worker
 */
export async function startLoadInstance(
  folder: string,
  latency: number,
  entrypoint = join(import.meta.dirname, "worker.ts"),
): Promise<LoadInstance> {
  await using starting = new AsyncDisposableStack();
  const state = await openState(folder);
  starting.defer(() => state.release());
  const apple = await startKnownApple(state);
  starting.defer(() => apple.close());
  const apns = await startLoadApns(latency);
  starting.defer(() => apns.close());
  await migrate(folder);
  const port = await freePort(0);
  const origin = `http://127.0.0.1:${port}`;
  const { adminToken, masterSecret, apnsKey } = state.secrets;
  const settings = {
    PUBLIC_ORIGIN: origin,
    ADMIN_TOKEN: adminToken,
    MASTER_SECRET: masterSecret,
    APNS_ORIGIN: apns.origin,
    TRUSTED_ROOTS: apple.ca.rootFingerprint,
    AIA_ORIGIN: apple.origin,
  };
  const worker = await unstable_startWorker({
    config: configPath,
    entrypoint,
    build: { custom: { workingDirectory: repository } },
    bindings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, { type: "plain_text", value }]),
    ),
    dev: {
      server: { hostname: "127.0.0.1", port },
      persist: folder,
      inspector: false,
      logLevel: "warn",
      remote: false,
      watch: false,
    },
  });
  starting.defer(() => worker.dispose());
  await answers(origin);

  const admin = adminOf(origin, adminToken);
  const { template } = await provision(admin, apple, apnsKey);
  if (template === undefined) throw new Error("the demo template is missing");
  const [key] = (await admin.get<{ items: ApnsKey[] }>("/apns-keys")).items;
  const { teamIdentifier } = await admin.get<PassType>(`/pass-types/${PASS_TYPE_IDENTIFIER}`);
  if (key === undefined || teamIdentifier === null) throw new Error("nobody can push");
  await apns.registerKey({ ...key, privateKey: apnsKey });
  apns.registerTopic({ topic: PASS_TYPE_IDENTIFIER, teamIdentifier });

  const everyMinute = setInterval(() => {
    const cron = new URLSearchParams({ cron: "* * * * *" });
    fetch(`${origin}/cdn-cgi/local/scheduled?${cron}`).catch(() => {});
  }, CRON_MS);
  starting.defer(() => clearInterval(everyMinute));
  const running = starting.move();
  return {
    origin,
    admin,
    adminToken,
    apns,
    rootPem: apple.ca.rootPem,
    masterSecret,
    passTypeIdentifier: PASS_TYPE_IDENTIFIER,
    templateId: template.id,
    async ask(path, body) {
      const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      const response = await fetch(`${origin}${path}`, init);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    close: () => running.disposeAsync(),
  };
}

/** wrangler reports a Worker as ready shortly before its port answers. */
async function answers(origin: string): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await pause(50)) {
    const response = await fetch(`${origin}/healthz?live`).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
  }
  throw new Error(`The Worker did not answer within ${READY_WITHIN_MS / 1000} seconds.`);
}
