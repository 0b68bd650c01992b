/**
 * Checks the links of passes to Google Wallet as people open them: openssl verifies the signature of each JWT, Google's fields are
 * checked by the strict reader, and the stand-in Google saves the pass. First the links have class and object as a whole, because
 * Google takes no calls, and then they only name the object.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectSame } from "../tools/local/story.ts";
import type { GoogleControl } from "./stand-in/control.ts";
import { classRefusals, objectRefusals } from "./strict-fields.ts";

/** Of a service account of the stand-in. */
interface AccountKey {
  readonly client_email: string;
  readonly private_key: string;
  readonly project_id: string;
}

export interface CheckedLinks {
  readonly control: GoogleControl;
  readonly key: AccountKey;
  /** Of the instance. */
  readonly origin: string;
  readonly googleOrigin: string;
  /** The pages of the passes, which nobody has saved yet. */
  readonly pages: readonly string[];
}

type Members = Record<string, unknown> & { id: string };
type Payload = Readonly<Record<string, readonly Members[]>>;

/** @returns Google's type of each pass. @throws Error if a link is wrong */
export async function checkSaveLinks(checked: CheckedLinks): Promise<string[]> {
  const { control, key, pages } = checked;
  const folder = mkdtempSync(join(tmpdir(), "edgepass-google-"));
  try {
    const publicKey = writePublicKey(folder, key.private_key);
    const click = (page: string) => openLink(checked, page, publicKey);
    const { client_email: account, project_id: project } = key;
    await control.fault({ status: 429, path: "/walletobjects/v1/", account, times: pages.length });
    const objects = new Map<string, string>();
    for (const page of pages) {
      const { location, payload } = await click(page);
      objects.set(...(await saveWhole(checked, page, location, payload)));
    }
    await control.changeProject(project, { requestsPerSecond: 1000 });
    for (const [index, [objectId, type]] of [...objects].entries()) {
      const { location, payload } = await click(pages[index] ?? "");
      const named = Object.entries(payload).map(([kind, items]) => [kind, items.map(({ id }) => id)]);
      expectSame("what a short link names", named, [[`${type}Objects`, [objectId]]]);
      expectSame("the members of the object", Object.keys(payload[`${type}Objects`]?.[0] ?? {}), [
        "id",
        "classId",
      ]);
      await save(location, objectId);
    }
    return [...objects.values()];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function saveWhole(
  { origin }: CheckedLinks,
  page: string,
  location: string,
  payload: Payload,
): Promise<[id: string, type: string]> {
  const kinds = Object.keys(payload);
  const type = (kinds[0] ?? "").slice(0, -"Classes".length);
  expectSame(`what the link of ${page} has`, kinds, [`${type}Classes`, `${type}Objects`]);
  const [[shared], [object]] = [payload[`${type}Classes`] ?? [], payload[`${type}Objects`] ?? []];
  if (shared === undefined || object === undefined) throw new Error(`the link of ${page} has no object`);
  // An instance on this machine has no https, which Google wants of images.
  const online = (resource: Members) =>
    JSON.parse(JSON.stringify(resource).replaceAll(origin, "https://a.example"));
  const refusals = [...classRefusals(type, online(shared)), ...objectRefusals(type, online(object))];
  expectSame(`what Google would refuse of ${page}`, refusals, []);
  await save(location, object.id);
  return [object.id, type];
}

async function openLink({ googleOrigin, key }: CheckedLinks, page: string, publicKey: string) {
  const answer = await fetch(`${page}/google`, { redirect: "manual" });
  const location = answer.headers.get("location") ?? "";
  const isAtGoogle = location.startsWith(`${googleOrigin}/gp/v/save/`);
  expectSame(`the link of ${page}`, [answer.status, isAtGoogle], [302, true]);
  const { iss, aud, typ, payload } = readVerified(location.split("/").at(-1) ?? "", publicKey);
  expectSame("who signs for whom", [iss, aud, typ], [key.client_email, "google", "savetowallet"]);
  return { location, payload: payload as Payload };
}

async function save(location: string, objectId: string): Promise<void> {
  const html = await (await fetch(location)).text();
  expectSame("what Google's page has saved", html.includes(`data-object-id="${objectId}"`), true);
}

/** @returns the path of the public key, which openssl has made from the private one */
function writePublicKey(folder: string, privateKey: string): string {
  const [from, to] = [join(folder, "private.pem"), join(folder, "public.pem")];
  writeFileSync(from, privateKey);
  execFileSync("openssl", ["pkey", "-in", from, "-pubout", "-out", to]);
  return to;
}

/** What a JWT says. @throws Error if openssl does not find that this key has signed it */
function readVerified(jwt: string, publicKey: string): Record<string, unknown> {
  const [header = "", claims = "", signature = ""] = jwt.split(".");
  const { alg, typ } = decoded(header);
  expectSame("the header of the JWT", [alg, typ], ["RS256", "JWT"]);
  const file = `${publicKey}.signature`;
  writeFileSync(file, Buffer.from(signature, "base64url"));
  const command = ["dgst", "-sha256", "-verify", publicKey, "-signature", file];
  const said = execFileSync("openssl", command, { encoding: "utf8", input: `${header}.${claims}` });
  expectSame("openssl", said, "Verified OK\n");
  return decoded(claims);
}

const decoded = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());
