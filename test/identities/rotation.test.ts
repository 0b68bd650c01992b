/**
 * Rotation under load: MASTER_SECRET, the certificate and the APNs key are replaced while twenty clients fetch and list
 * without a pause. No request fails, and every pass is signed with the certificate that is active at that time.
 *
 * Each request has its own environment, like an isolate of the deployment at that time.
 */
import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { readConfig } from "../../src/config.ts";
import type { PassType } from "../../src/identities/pass-types.ts";
import worker from "../../src/index.ts";
import type { Pass } from "../../src/passes/show.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import { checkPass } from "../apple/pkpass.ts";
import { ADMIN_TOKEN, admin, apple, call, randomPushToken, rootPem, storeCard, TEAM } from "../harness.ts";
import { consume, pushJob } from "../push/consume.ts";
import { ask, askWith, listPath, randomDevice, tokenOf } from "../wallet/web-service.ts";
import { derOf } from "./forms.ts";

const PASS_TYPE = "pass.test.rotation";
const CLIENTS = 20;
const AHEAD_MS = 20 * 60_000;
const OLD = env.MASTER_SECRET ?? "";
const NEW = `2:${"second-secret-".repeat(3)}`;

/** The MASTER_SECRET of the current deployment, and the certificate (DER in hex) that is active. */
let secret = OLD;
let signer = "";

interface Fetched {
  readonly etag: string;
  readonly bytes: Uint8Array;
  /** The certificates that were active before and after the request. Either may have signed. */
  readonly signers: readonly string[];
}

afterEach(() => {
  vi.useRealTimers();
});

const asked = (request: Request) => askWith({ MASTER_SECRET: secret }, request);

async function adminCall<Body>(method: string, path: string, body: object): Promise<Body> {
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, "Content-Type": "application/json" };
  const answer = await asked(ask(method, `/admin/v1${path}`, headers, body));
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** A wallet that sends requests without a pause, and records every unexpected response as a complaint. */
async function client(pass: Pass) {
  const token = await tokenOf(pass, createSecrets(secret));
  const headers = { Authorization: `ApplePass ${token}` };
  const path = `/v1/passes/${PASS_TYPE}/${pass.serialNumber}`;
  const device = randomDevice();
  const pushToken = randomPushToken();
  const address = `/v1/devices/${device}/registrations/${PASS_TYPE}/${pass.serialNumber}`;
  expect((await asked(ask("POST", address, headers, { pushToken }))).status).toBe(201);
  const fetched: Fetched[] = [];
  const complaints: string[] = [];
  let rounds = 0;
  let etag: string | undefined;
  return {
    token,
    pushToken,
    fetched,
    complaints,
    rounds: () => rounds,
    /** Fetches the pass, with and without If-None-Match in turn, and lists the changed passes. */
    async round() {
      const since: Record<string, string> =
        rounds % 2 === 0 || etag === undefined ? {} : { "If-None-Match": etag };
      const before = signer;
      const response = await asked(ask("GET", path, { ...headers, ...since }));
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (response.status === 200) {
        etag = response.headers.get("etag") ?? "";
        fetched.push({ etag, bytes, signers: [before, signer] });
      } else if (response.status !== 304 || etag === undefined) {
        complaints.push(`fetch: ${response.status} ${new TextDecoder().decode(bytes)}`);
      }
      const list = await asked(ask("GET", listPath(device, PASS_TYPE)));
      const { serialNumbers }: { serialNumbers: string[] } = await list.json();
      if (list.status !== 200 || !serialNumbers.includes(pass.serialNumber)) complaints.push("list");
      rounds += 1;
    },
  };
}

async function orderCertificate(csr: string): Promise<string> {
  return (await apple.issue({ csr, passTypeIdentifier: PASS_TYPE, teamIdentifier: TEAM })).pem;
}

test("secret, certificate and APNs key can be replaced under load without a failing request", async () => {
  // The test ends at about the real time: the stand-in APNs has its own clock, and refuses tokens from the future.
  const now = Date.now() - AHEAD_MS;
  vi.useFakeTimers({ toFake: ["Date"], now });
  const { csr } = (
    await call<PassType>("POST", "/pass-types", { passTypeIdentifier: PASS_TYPE, keyAlgorithm: "P-256" })
  ).body;
  await apple.registerTopic({ topic: PASS_TYPE, teamIdentifier: TEAM });
  const [first, second] = [await orderCertificate(csr), await orderCertificate(csr)];
  await admin.installCertificate(PASS_TYPE, { certificate: first });
  signer = derOf(first).toHex();
  const oldKeyId = await admin.makeApnsKey();
  const template = await admin.makeTemplate(PASS_TYPE);
  const issue = () => adminCall<Pass>("POST", `/templates/${template.id}/passes`, {});
  const clients: Awaited<ReturnType<typeof client>>[] = [];
  for (let i = 0; i < CLIENTS; i++) clients.push(await client(await issue()));

  /** Runs `work` of the operator while every client does some rounds. */
  const underLoad = async (rounds: number, work: () => Promise<unknown>) => {
    const load = clients.map(async (wallet) => {
      for (let i = 0; i < rounds; i++) await wallet.round();
    });
    await Promise.all([work(), ...load]);
  };

  const joined: Awaited<ReturnType<typeof client>>[] = [];
  await underLoad(4, async () => {
    await admin.issue(template.id);
    secret = `${NEW},${OLD}`;
    for (let i = 0; i < 3; i++) joined.push(await client(await issue()));
  });
  await underLoad(4, async () => {
    const activeFrom = new Date(now + AHEAD_MS - 1000).toISOString();
    const body = { certificate: second, activeFrom };
    const ready = await adminCall<PassType>("PUT", `/pass-types/${PASS_TYPE}/certificate`, body);
    expect(ready.certificates.map(({ state }) => state)).toEqual(["active", "standby"]);
    vi.setSystemTime(now + AHEAD_MS);
    signer = derOf(second).toHex();
  });
  await underLoad(4, async () => {
    const newKey = await apple.makeKey({ keyId: "ROTATION02", teamIdentifier: TEAM });
    await adminCall("POST", "/apns-keys", newKey);
    const bindings = { ...env, MASTER_SECRET: secret };
    await worker.scheduled(createScheduledController({ cron: "17 * * * *" }), bindings);
    const pass = { ...storeCard, logoText: "rotated" };
    await adminCall("PATCH", `/templates/${template.id}`, { pass });
  });
  await underLoad(1, async () => {
    for (const wallet of joined) for (let i = 0; i < 2; i++) await wallet.round();
  });

  const all = [...clients, ...joined];
  expect(all.flatMap(({ complaints }) => complaints)).toEqual([]);
  expect(all.reduce((sum, wallet) => sum + wallet.rounds(), 0)).toBeGreaterThan(12 * CLIENTS);
  for (const { token } of clients) expect(token).toMatch(/^ep1_/);
  for (const { token } of joined) expect(token).toMatch(/^ep2_/);

  // Every pass verifies and is signed with the certificate of its time. Its ETag depends on the certificate.
  const signersOf = new Map<string, Set<string>>();
  for (const wallet of all) {
    for (const { bytes, etag, signers } of wallet.fetched) {
      const { files, pass } = await checkPass(bytes, { rootPem });
      const signature = files.signature?.toHex() ?? "";
      const used = [first, second].map((pem) => derOf(pem).toHex()).filter((der) => signature.includes(der));
      expect(used).toHaveLength(1);
      expect(signers).toContain(used[0]);
      expect(pass.authenticationToken).toBe(wallet.token);
      signersOf.set(etag, new Set([...(signersOf.get(etag) ?? []), ...used]));
    }
    const last = await checkPass(wallet.fetched.at(-1)?.bytes ?? new Uint8Array(), { rootPem });
    expect(last.pass.logoText).toBe("rotated");
  }
  expect([...signersOf.values()].filter((signers) => signers.size > 1)).toEqual([]);
  for (const { fetched } of clients) {
    const etags = fetched
      .filter(({ signers: [a, b] }) => a === b)
      .map(({ etag, signers }) => [signers[0], etag]);
    const under = (pem: string) => etags.flatMap(([of, etag]) => (of === derOf(pem).toHex() ? [etag] : []));
    expect(under(first).filter((etag) => under(second).includes(etag))).toEqual([]);
    expect([under(first).length, under(second).length].every((count) => count > 0)).toBe(true);
  }

  // The new key pushes to phones that registered under the old one.
  const config = readConfig({ ...env, MASTER_SECRET: secret });
  const { acked } = await consume([pushJob(PASS_TYPE, [clients[0]?.pushToken ?? ""])], { config });
  expect(acked).toEqual([0]);
  const [push] = await apple.history(clients[0]?.pushToken);
  expect(JSON.stringify(push)).not.toContain(oldKeyId);
  expect(push).toMatchObject({ topic: PASS_TYPE, status: 200 });

  // The old entry is needed only for the tokens of old passes.
  const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
  expect(await (await asked(ask("GET", "/admin/v1/master-secret", headers))).json()).toEqual({
    newest: "2",
    older: [{ keyId: "1", present: true, passes: CLIENTS + 1, sealed: 0, keys: 0 }],
  });
}, 180_000);
