/**
 * `npm start`: Edgepass on this machine, beside a stand-in Apple, with a demo pass to look at. Nothing is
 * asked or configured, and nothing leaves 127.0.0.1. It is no way to run Edgepass for others; that is wrangler deploy.
 *
 * Environment: PORT (8787; 0 for any free one), ADMIN_TOKEN, EDGEPASS_STATE (the folder of all state, .edgepass),
 * and the settings DIALECTS, LEGACY_AUTHORIZATION and KEEP_BUILT_PASSES.
 */
import { join, resolve } from "node:path";
import { CannotStart } from "./local/cannot-start.ts";
import { type Instance, startInstance } from "./local/instance.ts";
import { repository } from "./local/repository.ts";
import { onFirstSignal } from "./local/signals.ts";

const SLOW_END_MS = 5000;

let ending = false;
try {
  const folder = stateFolder();
  const starting = startInstance({
    port: portFrom(process.env.PORT || undefined),
    folder,
    adminToken: adminTokenGiven(),
    settings: settingsGiven(),
  });
  onFirstSignal(() => {
    ending = true;
    // The process ends by itself once its children have; this is for a child that does not.
    setTimeout(() => process.exit(), SLOW_END_MS).unref();
    starting.then(
      (instance) => instance.close(),
      () => {},
    );
  });
  const instance = await starting;
  if (!ending) print(instance, folder);
} catch (error) {
  console.error(error instanceof CannotStart ? error.message : error);
  process.exitCode = 1;
}

function portFrom(text = "8787"): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new CannotStart(`PORT is "${text}", and must be a number from 0 to 65535.`);
}

function adminTokenGiven(): string | undefined {
  const { ADMIN_TOKEN } = process.env;
  if (ADMIN_TOKEN === undefined || ADMIN_TOKEN === "") return undefined;
  if (/^[\x21-\x7e]+$/.test(ADMIN_TOKEN)) return ADMIN_TOKEN;
  throw new CannotStart("ADMIN_TOKEN must be ASCII without spaces: a header carries it.");
}

/** Those that somebody may want to try; the rest is what makes the instance work. */
function settingsGiven(): Record<string, string> {
  const given = ["DIALECTS", "LEGACY_AUTHORIZATION", "KEEP_BUILT_PASSES"].map((name) => [
    name,
    process.env[name] ?? "",
  ]);
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

/** npm runs scripts in the repository, and keeps the folder in which it was called in INIT_CWD. */
function stateFolder(): string {
  const { EDGEPASS_STATE, INIT_CWD = process.cwd() } = process.env;
  return EDGEPASS_STATE ? resolve(INIT_CWD, EDGEPASS_STATE) : join(repository, ".edgepass");
}

function print({ origin, adminToken, apple, rootFile, demo }: Instance, folder: string): void {
  const { template, pass } = demo;
  console.log(`
Edgepass runs on this machine, with a stand-in Apple beside it. Nothing leaves 127.0.0.1.

  service          ${origin}   (API: /admin/openapi.json)
  admin token      ${adminToken}
  stand-in Apple   ${apple.origin}   (its pushes: /control/history)
  its root         ${rootFile}
  state            ${folder}
`);
  if (pass !== undefined) {
    console.log(`A pass to look at:

  page             ${pass.landingUrl}
  download         ${pass.downloadUrl}
`);
  }
  if (template !== undefined) {
    console.log(`Issue another one:

curl -sS ${origin}/admin/v1/templates/${template.id}/passes \\
  -H 'Authorization: Bearer ${adminToken}' \\
  -H 'Content-Type: application/json' \\
  -d '{"values": {"name": "Grace Hopper", "stamps": 1, "balance": 20}}'
`);
  }
  console.log("Ctrl-C ends it. The state stays for the next start.");
  console.log(`ready: ${origin}`);
}
