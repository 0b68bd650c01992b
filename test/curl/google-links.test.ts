/**
 * The links of the demo's passes to Google Wallet, in all of Google's types: openssl verifies the signature of each JWT, Google's
 * fields are checked by the strict reader, and the stand-in Google saves the pass.
 *
 * It has an instance of its own, because an issuer changes what other tests see.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { GOOGLE_TYPES } from "../../src/google/types.ts";
import { googleControl } from "../google/stand-in/control.ts";
import { classRefusals, objectRefusals } from "../google/strict-fields.ts";
import { samples } from "../pkpass/samples/samples.ts";
import { adminOf } from "../tools/local/admin.ts";
import { type Shown, showAllStyles } from "../tools/local/showcase.ts";
import { forkInstance } from "./global-setup.ts";

type Members = Record<string, unknown> & { id: string };
interface Claims {
  readonly iss: string;
  readonly aud: string;
  readonly typ: string;
  readonly payload: Readonly<Record<string, readonly Members[]>>;
}

const folder = mkdtempSync(join(tmpdir(), "edgepass-google-"));
const file = (name: string) => join(folder, name);
let forked: Awaited<ReturnType<typeof forkInstance>>;
beforeAll(async () => {
  forked = await forkInstance();
});
afterAll(async () => {
  await forked.end();
  rmSync(folder, { recursive: true, force: true });
});

/** What a JWT says, if openssl finds that the key of the file public.pem has signed it. */
function readVerified(jwt: string): Claims {
  const [header = "", claims = "", signature = ""] = jwt.split(".");
  expect(decoded(header)).toMatchObject({ alg: "RS256", typ: "JWT" });
  writeFileSync(file("signed"), `${header}.${claims}`);
  writeFileSync(file("signature"), Buffer.from(signature, "base64url"));
  const command = ["dgst", "-sha256", "-verify", file("public.pem"), "-signature", file("signature")];
  expect(execFileSync("openssl", [...command, file("signed")], { encoding: "utf8" })).toBe("Verified OK\n");
  return decoded(claims);
}

const decoded = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());

test("the demo's passes have links that openssl verifies, whose classes and objects Google accepts, in all of its types", async () => {
  const { instance } = forked;
  if ("failure" in instance) return expect.fail(instance.failure);
  const { origin, adminToken, googleOrigin } = instance;
  const [admin, control] = [adminOf(origin, adminToken), googleControl(googleOrigin)];
  const shown = await showAllStyles(admin, samples, async () => ({}));
  const { issuerId, key } = await control.makeIssuer();
  await admin.send("POST", "/google-issuers", { issuerId, serviceAccount: key });
  writeFileSync(file("private.pem"), key.private_key);
  execFileSync("openssl", ["pkey", "-in", file("private.pem"), "-pubout", "-out", file("public.pem")]);

  // An instance on this machine has no https, which Google wants of images.
  const online = (resource: Members) =>
    JSON.parse(JSON.stringify(resource).replaceAll(origin, "https://a.example"));

  const click = async ({ page }: Shown) => {
    const answer = await fetch(`${page}/google`, { redirect: "manual" });
    const location = answer.headers.get("location") ?? "";
    expect(location.startsWith(`${googleOrigin}/gp/v/save/`), `${answer.status} ${location}`).toBe(true);
    const claims = readVerified(location.split("/").at(-1) ?? "");
    expect(claims).toMatchObject({ iss: key.client_email, aud: "google", typ: "savetowallet" });
    return { location, payload: claims.payload };
  };
  const save = async (location: string, objectId: string) => {
    const html = await (await fetch(location)).text();
    expect(html).toContain(`data-object-id="${objectId}"`);
  };

  // The link has class and object as a whole, because Google does not answer.
  await control.fault({
    status: 429,
    path: "/walletobjects/v1/",
    account: key.client_email,
    times: shown.length,
  });
  const types = new Map<string, string>();
  for (const each of shown) {
    const { location, payload } = await click(each);
    const [[classes, [shared]], [objects, [object]]] = Object.entries(payload) as [
      [string, [Members]],
      [string, [Members]],
    ];
    const type = classes.slice(0, -"Classes".length);
    expect([each.name, objects]).toEqual([each.name, `${type}Objects`]);
    expect([each.name, classRefusals(type, online(shared)), objectRefusals(type, online(object))]).toEqual([
      each.name,
      [],
      [],
    ]);
    await save(location, object.id);
    types.set(object.id, type);
  }
  expect(new Set(types.values())).toEqual(new Set(GOOGLE_TYPES));

  // And a short one that names the object, because Google has it.
  await control.changeProject(key.project_id, { requestsPerSecond: 1000 });
  for (const [index, [objectId, type]] of [...types].entries()) {
    const { location, payload } = await click(shown[index] ?? { name: "", page: "" });
    const classId = expect.stringMatching(/^\d+\./);
    expect(payload).toEqual({ [`${type}Objects`]: [{ id: objectId, classId }] });
    await save(location, objectId);
  }
  const { objects } = await control.stored(issuerId);
  expect(objects.map(({ users }) => users)).toEqual(shown.map(() => 2));
}, 60_000);
