/**
 * Installs the packages of package-lock.json if they are missing. It runs before every script of package.json, so it is
 * plain JavaScript for the oldest supported Node (20), and takes milliseconds if there is nothing to do. It asks no
 * questions.
 *
 * It compares versions and not file times, because a checkout changes the time of an unchanged lock file, and `npm ci`
 * would then empty node_modules while other programs use it. Follows npm's "package-lock.json":
 * node_modules/.package-lock.json lists what npm has installed, and is written last.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const stateFolder = join(root, ".edgepass");
const lock = join(stateFolder, "installing");
const HEARTBEAT_MS = 1000;
/** A lock that was not touched for this long was left by a process that has ended. */
const STALE_AFTER_MS = 15_000;

if (!isInstalled()) {
  await takeLock();
  // Another process may have installed everything while this one waited.
  if (!isInstalled()) await install();
  releaseLock();
}

function isInstalled() {
  if (!existsSync(join(root, "node_modules/.bin/node"))) return false;
  const installedLock = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedLock)) return false;
  const wanted = packagesIn(join(root, "package-lock.json"));
  const installed = packagesIn(installedLock);
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === "") return true; // the project itself
    const found = installed[path];
    // Optional packages of other platforms are in the lock file, but are never installed.
    return found === undefined ? optional === true : found.version === version;
  });
}

function packagesIn(file) {
  return JSON.parse(readFileSync(file, "utf8")).packages;
}

async function install() {
  console.log("Installing what package-lock.json names, once: this takes about a minute.");
  const beat = setInterval(() => utimesSync(lock, new Date(), new Date()), HEARTBEAT_MS);
  // npm's own Node, not the one in node_modules, which npm is about to replace.
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const [command, first] = npm && node ? [node, [npm]] : ["npm", []];
  // Without the development packages there is no Node 24 and no wrangler, so install them whatever NODE_ENV says.
  const options = ["ci", "--include=dev", "--loglevel=error", "--no-audit", "--no-fund"];
  const child = spawn(command, [...first, ...options], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  const code = await new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`npm could not be started: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  clearInterval(beat);
  if (code === 0 && isInstalled()) return;
  releaseLock();
  console.error(
    code === 0
      ? "npm finished, but packages are missing. If your npm is set to ignore-scripts, run: npm ci --ignore-scripts=false"
      : "npm ci failed; its own words are above.",
  );
  process.exit(1);
}

/** mkdir is atomic: if two processes start in the same clone, one creates the folder and the other waits. */
async function takeLock() {
  for (;;) {
    try {
      mkdirSync(stateFolder, { recursive: true });
      mkdirSync(lock);
      return;
    } catch (error) {
      // ENOENT: the other process has removed the empty state folder in between.
      if (error.code !== "EEXIST" && error.code !== "ENOENT") throw error;
    }
    if (isStale()) removeEmpty(lock);
    else await pause(HEARTBEAT_MS / 4);
  }
}

function isStale() {
  const held = statSync(lock, { throwIfNoEntry: false });
  return held !== undefined && Date.now() - held.mtimeMs > STALE_AFTER_MS;
}

function releaseLock() {
  removeEmpty(lock);
  removeEmpty(stateFolder);
}

function removeEmpty(folder) {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "ENOTEMPTY") throw error;
  }
}
