/**
 * The state folder: everything that an instance stores between two starts. It contains its secrets, the stand-in
 * Apple's authority, what the stand-in Google has and, under v3/, the database and the bucket as miniflare stores them. Files with secrets can be
 * read only by their owner.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exportPKCS8, generateKeyPair } from "jose";
import { CannotStart } from "./cannot-start.ts";

export interface InstanceSecrets {
  readonly adminToken: string;
  readonly masterSecret: string;
  /** The provider token key of the demo's team: PKCS #8 in PEM, as in a .p8 file. */
  readonly apnsKey: string;
}

/** The state that the stand-in Apple needs to restart with the same authority. */
export interface SavedApple {
  /** The port of the control server, which the certificates contain. */
  readonly port: number;
  /** The output of `StandInCa.save()`. */
  readonly ca: string;
}

export interface State {
  /** Absolute. */
  readonly folder: string;
  /** The path of the stand-in Apple's root certificate, for openssl. */
  readonly rootFile: string;
  readonly secrets: InstanceSecrets;
  readonly savedApple: SavedApple | undefined;
  /** The output of the stand-in Google's `save()`. */
  readonly savedGoogle: string | undefined;
  readonly savedScannerKey: string | undefined;
  keepApple(apple: SavedApple, rootPem: string): Promise<void>;
  keepGoogle(saved: string): Promise<void>;
  keepScannerKey(key: string): Promise<void>;
  /** Releases the folder for the next start. */
  release(): Promise<void>;
}

/**
 * Opens the folder, and creates it with new secrets if it does not exist.
 * @param folder absolute
 * @throws CannotStart if another process uses it
 */
export async function openState(folder: string): Promise<State> {
  await mkdir(folder, { recursive: true });
  const holder = join(folder, "held-by");
  await hold(holder, folder);
  const rootFile = join(folder, "apple-root.pem");
  const secretsFile = join(folder, "secrets.json");
  const scannerFile = join(folder, "scanner-key.json");
  const appleFile = join(folder, "apple.json");
  const googleFile = join(folder, "google.json");

  let secrets = await readJson<InstanceSecrets>(secretsFile);
  if (secrets === undefined) {
    secrets = await makeSecrets();
    await keep(secretsFile, JSON.stringify(secrets, null, 2));
  }
  return {
    folder,
    rootFile,
    secrets,
    savedApple: await readJson<SavedApple>(appleFile),
    savedGoogle: (await readJson<{ saved: string }>(googleFile))?.saved,
    savedScannerKey: (await readJson<{ key: string }>(scannerFile))?.key,
    keepScannerKey: (key) => keep(scannerFile, JSON.stringify({ key })),
    keepGoogle: (saved) => keep(googleFile, JSON.stringify({ saved })),
    async keepApple(apple, rootPem) {
      await keep(appleFile, JSON.stringify(apple, null, 2));
      await keep(rootFile, `${rootPem}\n`);
    },
    release: () => rm(holder, { force: true }),
  };
}

/** Two Workers on one database would overwrite each other's data. A lock file whose process has ended can be ignored. */
async function hold(holder: string, folder: string): Promise<void> {
  try {
    await writeFile(holder, String(process.pid), { flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const pid = Number(await readFile(holder, "utf8").catch(() => ""));
    if (pid !== process.pid && isAlive(pid)) {
      throw new CannotStart(
        `${folder} is in use by process ${pid}. End that one, or choose another folder for this: EDGEPASS_STATE=.edgepass-2 npm start`,
      );
    }
    await rm(holder, { force: true });
    await hold(holder, folder);
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function makeSecrets(): Promise<InstanceSecrets> {
  const apnsKey = await generateKeyPair("ES256", { extractable: true });
  return {
    adminToken: randomBytes(24).toString("hex"),
    masterSecret: randomBytes(32).toString("base64"),
    apnsKey: await exportPKCS8(apnsKey.privateKey),
  };
}

/** Undefined if there is no such file. */
async function readJson<Content>(file: string): Promise<Content | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Written to another name and then renamed, so that an interrupted start leaves the old file or the new one, never a
 * part of it.
 */
async function keep(file: string, content: string): Promise<void> {
  const aside = `${file}.new`;
  await writeFile(aside, content, { mode: 0o600 });
  await rename(aside, file);
}
