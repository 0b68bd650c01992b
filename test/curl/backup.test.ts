/**
 * Backup and restore as described in the README, with the tools that it names: `wrangler d1 export` from a running
 * service, a copy of the bucket, `wrangler d1 execute --file` into an empty database, the same MASTER_SECRET, and POST
 * /admin/v1/restored. A phone with changes that are newer than the backup continues with the restored service.
 *
 * Wrangler exports the state in .wrangler/state next to its configuration, so both are in a folder of their own.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pass } from "../../src/passes/show.ts";
import { type CheckedPass, checkPass } from "../apple/pkpass.ts";
import { drawPng } from "../apple/png.ts";
import { adminOf } from "../tools/local/admin.ts";
import { configPath, repository } from "../tools/local/repository.ts";
import { curl } from "./curl.ts";
import { forkInstance } from "./global-setup.ts";
import {
  admin,
  built,
  bundle,
  downloaded,
  issue,
  makePassType,
  makeTemplate,
  origin,
  rootPem,
  stateFolder,
} from "./instance.ts";

const DEVICE = randomBytes(16).toString("hex");
const STARTED_WITHIN_MS = 120_000;
const card = (logoText: string) => ({
  description: "Card",
  organizationName: "Edgepass",
  logoText,
  storeCard: { primaryFields: [{ key: "points", label: "POINTS", value: "0" }] },
});

let work: string;
let passTypeIdentifier: string;
let passes: Pass[];
/** By pass: its state when the backup was made. */
let kept: CheckedPass[];
/** The state of the phone from after the backup. */
let lost: { tag: string; lastModified: string };
let restored: { origin: string; adminToken: string; end: () => Promise<void> };
let tag: number;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "edgepass-backup-"));
  passTypeIdentifier = await makePassType();
  const logo = Buffer.from(drawPng(40, 30, () => [9, 90, 190, 255])).toString("base64");
  const templateId = await makeTemplate(passTypeIdentifier, card("kept"), { "logo.png": logo });
  passes = [await issue(templateId, { values: { points: "7" } }), await issue(templateId)];
  kept = await Promise.all(passes.map((pass) => bundle(pass.downloadUrl)));
  for (const i of [0, 1]) expect((await register(i)).status).toBe(201);
  await backUp();

  for (const points of ["8", "9"])
    await admin.send("PATCH", `/passes/${passes[0]?.id}`, { values: { points } });
  await admin.send("PATCH", `/templates/${templateId}`, { pass: card("lost") });
  const list = (await curl(["-i", listAddress(origin)])).json<{ lastUpdated: string }>();
  const headers = (await curl(["-i", "-I", ...authorization(0), passAddress(origin, 0)])).headers;
  lost = { tag: list.lastUpdated, lastModified: headers.get("last-modified") ?? "" };

  const folder = await restore();
  const { instance, end } = await forkInstance([folder, origin, built]);
  if ("failure" in instance) throw new Error(instance.failure);
  restored = { ...instance, end };
  ({ tag } = await adminOf(restored.origin, restored.adminToken).send<{ tag: number }>(
    "POST",
    "/restored",
    {},
  ));
}, STARTED_WITHIN_MS);

afterAll(async () => {
  await restored?.end();
  await rm(work, { recursive: true, force: true });
});

/** As in test/tools/local/offline.ts: no output, and no network. */
const OFFLINE = {
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_WRITE_LOGS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

async function wrangler(...args: string[]): Promise<void> {
  const node = join(repository, "node_modules/.bin/node");
  const program = join(repository, "node_modules/wrangler/bin/wrangler.js");
  const options = { cwd: work, env: { ...process.env, ...OFFLINE } };
  await promisify(execFile)(node, [program, ...args], options);
}

/** First the database and then the bucket, because objects are stored before the rows that refer to them. */
async function backUp() {
  const config = await readFile(configPath, "utf8");
  const paths = config.replace('"src/index.ts"', JSON.stringify(join(repository, "src/index.ts")));
  await writeFile(join(work, "wrangler.toml"), paths);
  await mkdir(join(work, ".wrangler"));
  await symlink(stateFolder, join(work, ".wrangler/state"));
  await wrangler("d1", "export", "edgepass", "--local", "--output", "backup.sql");
  await copyBucket(join(stateFolder, "v3/r2"), join(work, "r2"));
}

/** The instance is running. If it deletes an object during the copy, `cp` fails, and the copy is repeated. */
async function copyBucket(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await rm(to, { recursive: true, force: true });
      return await cp(from, to, { recursive: true });
    } catch (error) {
      const isDeleted = error instanceof Error && "code" in error && error.code === "ENOENT";
      if (!isDeleted || attempt === 5) throw error;
    }
  }
}

/** @returns a state folder that contains the backup */
async function restore(): Promise<string> {
  const folder = join(work, "state");
  await mkdir(folder);
  await wrangler(
    "d1",
    "execute",
    "edgepass",
    "--local",
    "--persist-to",
    folder,
    "--file",
    "backup.sql",
    "-y",
  );
  await cp(join(work, "r2"), join(folder, "v3/r2"), { recursive: true });
  for (const file of ["secrets.json", "apple.json"])
    await copyFile(join(stateFolder, file), join(folder, file));
  return folder;
}

const authorization = (i: number) => ["-H", `Authorization: ApplePass ${kept[i]?.pass.authenticationToken}`];
const passAddress = (at: string, i: number) =>
  `${at}/v1/passes/${passTypeIdentifier}/${passes[i]?.serialNumber}`;
const listAddress = (at: string, since = "0") =>
  `${at}/v1/devices/${DEVICE}/registrations/${passTypeIdentifier}?passesUpdatedSince=${since}`;

async function register(i: number) {
  const address = `${origin}/v1/devices/${DEVICE}/registrations/${passTypeIdentifier}/${passes[i]?.serialNumber}`;
  const body = JSON.stringify({ pushToken: randomBytes(32).toString("hex") });
  return curl(["-i", ...authorization(i), "-d", body, address]);
}

test("a phone with a tag from after the backup gets a list of all of its passes once", async () => {
  expect(tag).toBeGreaterThan(Number(lost.tag));
  const answer = await curl(["-i", listAddress(restored.origin, lost.tag)]);
  expect(answer.status).toBe(200);
  const { serialNumbers, lastUpdated } = answer.json<{ serialNumbers: string[]; lastUpdated: string }>();
  expect(serialNumbers.toSorted()).toEqual(passes.map((pass) => pass.serialNumber).toSorted());
  expect((await curl(["-i", listAddress(restored.origin, lastUpdated)])).status).toBe(204);
});

test.each([0, 1])(
  "pass %i can be fetched with its old token, and its files are the same as in the backup, byte for byte",
  async (i) => {
    const since = ["-H", `If-Modified-Since: ${lost.lastModified}`];
    const args = ["-f", "-o", "pass.pkpass", ...authorization(i), ...since, passAddress(restored.origin, i)];
    const { files } = await downloaded(args, async (folder) =>
      checkPass(Uint8Array.from(await readFile(join(folder, "pass.pkpass"))), { rootPem }),
    );
    // The signature contains a time, which is that of the restore.
    const { signature: _, ...content } = files;
    const { signature: __, ...before } = kept[i]?.files ?? {};
    expect(content).toEqual(before);
  },
);

test("a wrong token is refused, and new passes have tags above all earlier tags", async () => {
  const wrong = ["-H", `Authorization: ApplePass ${kept[1]?.pass.authenticationToken}`];
  expect((await curl(["-i", ...wrong, passAddress(restored.origin, 0)])).status).toBe(401);
  const here = adminOf(restored.origin, restored.adminToken);
  const made = await here.send<Pass>("POST", `/templates/${passes[0]?.templateId}/passes`, {});
  const address = made.downloadUrl.replace(origin, restored.origin);
  const { headers } = await curl(["-i", "-I", address]);
  expect(Number(/^"(\d+)-/.exec(headers.get("etag") ?? "")?.[1])).toBeGreaterThan(tag);
});
