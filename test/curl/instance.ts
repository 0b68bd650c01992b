/**
 * The running instance for the tests of this folder: its address, its admin API, and functions that create test data.
 * Each test file uses its own pass type, so that the serial numbers in a documentation are free.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inject } from "vitest";
import type { PassType } from "../../src/identities/pass-types.ts";
import type { Pass } from "../../src/passes/show.ts";
import type { TemplatePass } from "../../src/pkpass/schema/schema.ts";
import type { Template } from "../../src/templates/show.ts";
import { appleControl } from "../apple/control.ts";
import { type CheckedPass, checkPass } from "../apple/pkpass.ts";
import { drawPng } from "../apple/png.ts";
import { adminOf } from "../tools/local/admin.ts";
import { runCurl } from "./curl.ts";
import type { StartedInstance } from "./global-setup.ts";
import type { InstanceFacts } from "./run-instance.ts";

const STARTS_WITHIN_MS = 120_000;

export const {
  origin,
  adminToken,
  appleOrigin,
  googleOrigin,
  rootPem,
  built,
  folder: stateFolder,
} = await running();
export const admin = adminOf(origin, adminToken);

/** Waits until the instance runs. It usually runs before the first test of this folder (../vitest.config.ts). */
async function running(): Promise<InstanceFacts> {
  const file = inject("instanceFile");
  for (const deadline = Date.now() + STARTS_WITHIN_MS; Date.now() < deadline; await pause(50)) {
    if (!existsSync(file)) continue;
    const instance: StartedInstance = JSON.parse(await readFile(file, "utf8"));
    if ("failure" in instance) throw new Error(instance.failure);
    return instance;
  }
  throw new Error(`The instance did not start within ${STARTS_WITHIN_MS / 1000} seconds.`);
}

/**
 * Creates a pass type with a certificate of the stand-in Apple.
 * @returns its identifier
 */
export async function makePassType(): Promise<string> {
  const passTypeIdentifier = `pass.test.curl-${randomBytes(6).toString("hex")}`;
  const { csr } = await admin.send<PassType>("POST", "/pass-types", {
    passTypeIdentifier,
    keyAlgorithm: "P-256",
  });
  const { pem } = await appleControl(appleOrigin).issue({
    csr,
    passTypeIdentifier,
    teamIdentifier: "EDGEPASS01",
  });
  await admin.send("PUT", `/pass-types/${passTypeIdentifier}/certificate`, { certificate: pem });
  return passTypeIdentifier;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const icon = base64(drawPng(29, 29, () => [237, 184, 61, 255]));

/**
 * Creates a template with an icon.
 * @param images additional images, in base64.
 * @returns its id
 */
export async function makeTemplate(
  passTypeIdentifier: string,
  pass: TemplatePass,
  images: Record<string, string> = {},
): Promise<number> {
  const template = await admin.send<Template>("POST", "/templates", {
    name: pass.logoText ?? pass.description,
    passTypeIdentifier,
    pass,
    images: { "icon.png": icon, ...images },
  });
  return template.id;
}

export function issue(templateId: number, body: Record<string, unknown> = {}): Promise<Pass> {
  return admin.send("POST", `/templates/${templateId}/passes`, body);
}

/** A PNG whose base64 contains a "+", which becomes a space in a form body without escapes. */
export function imageWithPlus(width: number, height: number): { png: Uint8Array; base64: string } {
  for (let shade = 0; shade < 256; shade++) {
    const png = drawPng(width, height, (x, y) => [x * 7 + shade, y * 5, (x * y + shade) % 256, 255]);
    const text = base64(png);
    if (text.includes("+")) return { png, base64: text };
  }
  throw new Error("no shade gave a + in base64");
}

/**
 * Downloads with curl into a temporary folder.
 * @param args the arguments of curl, including `-O` or `-o`
 */
export async function downloaded<Result>(
  args: readonly string[],
  look: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "edgepass-download-"));
  try {
    await runCurl(args, folder);
    return await look(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Downloads a pass by its link, and checks it as Wallet does. */
export function bundle(download: string): Promise<CheckedPass> {
  return downloaded(["-f", "-o", "pass.pkpass", download], async (folder) =>
    checkPass(Uint8Array.from(await readFile(join(folder, "pass.pkpass"))), { rootPem }),
  );
}
