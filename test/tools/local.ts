/**
 * `npm start`: runs Edgepass on this machine, together with stand-ins for Apple and Google, a demo pass and a pass of every style to
 * look at. It needs no input and no configuration, and uses only 127.0.0.1. It is not meant for running Edgepass for
 * other people; use wrangler deploy for that.
 *
 * `npm start -- --empty` starts like a first deployment, with nothing in it, and prints the address of a stand-in for Apple's portal.
 *
 * Environment: PORT (8787; 0 for any free one), ADMIN_TOKEN, EDGEPASS_STATE (the folder of all state, .edgepass, or
 * .edgepass/empty with --empty), and the settings CORS_ORIGINS, DIALECTS, LEGACY_AUTHORIZATION and KEEP_BUILT_PASSES.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { samples } from "../pkpass/samples/samples.ts";
import { CannotStart } from "./local/cannot-start.ts";
import { type Instance, startInstance } from "./local/instance.ts";
import { repository } from "./local/repository.ts";
import { type Shown, showAtStart } from "./local/showcase.ts";
import { drawShowcase } from "./local/showcase-images.ts";
import { onFirstSignal } from "./local/signals.ts";

const SLOW_END_MS = 5000;

let ending = false;
try {
  const isEmpty = isEmptyAsked(process.argv.slice(2));
  const folder = stateFolder(isEmpty);
  // The first start needs the pictures, and they are drawn while the Worker starts.
  const early = isEmpty || existsSync(folder) ? undefined : drawShowcase();
  const starting = startInstance({
    port: portFrom(process.env.PORT || undefined),
    folder,
    adminToken: adminTokenGiven(),
    settings: settingsGiven(),
    isEmpty,
    hasGoogle: !isEmpty,
  });
  onFirstSignal(() => {
    ending = true;
    // The process ends when its children have ended; this is for a child that does not end.
    setTimeout(() => process.exit(), SLOW_END_MS).unref();
    starting.then(
      (instance) => instance.close(),
      () => {},
    );
  });
  const instance = await starting;
  const shown = isEmpty ? [] : await showAtStart(instance.admin, samples, () => early ?? drawShowcase());
  if (!ending) print(instance, folder, shown);
} catch (error) {
  console.error(error instanceof CannotStart ? error.message : error);
  process.exitCode = 1;
}

function isEmptyAsked(given: readonly string[]): boolean {
  const unknown = given.find((argument) => argument !== "--empty");
  if (unknown === undefined) return given.length > 0;
  throw new CannotStart(`There is no ${unknown}. The only argument is --empty.`);
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

/** Settings that somebody may want to change; the others are necessary for the instance to work. */
function settingsGiven(): Record<string, string> {
  const given = ["CORS_ORIGINS", "DIALECTS", "LEGACY_AUTHORIZATION", "KEEP_BUILT_PASSES"].map((name) => [
    name,
    process.env[name] ?? "",
  ]);
  return Object.fromEntries(given.filter(([, value]) => value !== ""));
}

/** npm runs scripts in the repository. INIT_CWD contains the folder in which npm was called. */
function stateFolder(isEmpty: boolean): string {
  const { EDGEPASS_STATE, INIT_CWD = process.cwd() } = process.env;
  if (EDGEPASS_STATE) return resolve(INIT_CWD, EDGEPASS_STATE);
  return join(repository, ".edgepass", isEmpty ? "empty" : "");
}

function print(
  { origin, adminToken, scanner, apple, google, rootFile, demo }: Instance,
  folder: string,
  shown: readonly Shown[],
): void {
  const { template, pass } = demo;
  console.log(`
Edgepass runs on this machine, with stand-ins for Apple and Google. Nothing leaves 127.0.0.1.

  service          ${origin}   (API: /admin/openapi.json)
  dashboard        ${origin}/admin/   (sign in with the admin token)
  admin token      ${adminToken}
${scanner === undefined ? "" : `  scanner key      ${scanner.key}\n  scanner          ${scanner.url}\n`}\
  stand-in Apple   ${apple.origin}   (its pushes: /control/history)
  its portal       ${apple.origin}/portal   (signs requests, makes keys for pushes)
  its root         ${rootFile}
  stand-in Google  ${google.origin}   (its calls: /control/history)
  state            ${folder}
`);
  if (pass !== undefined) {
    console.log(`A pass to look at:

  page             ${pass.landingUrl}
  download         ${pass.downloadUrl}
  Google Wallet    ${pass.landingUrl}/google
`);
  }
  if (shown.length > 0) {
    const widest = Math.max(...shown.map(({ name }) => name.length));
    const lines = shown.map(({ name, page }) => `  ${name.padEnd(widest)}  ${page}`);
    console.log(`A pass of every style:\n\n${lines.join("\n")}\n`);
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
