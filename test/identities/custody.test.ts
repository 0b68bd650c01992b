/**
 * Stored keys and certificates: keys are sealed and never returned, a standby certificate becomes active at its time, an
 * expired one signs nothing, and the health report says what the operator has to do.
 */
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { apnsKeys, signingKeys } from "../../src/db/schema.ts";
import type { PassType } from "../../src/identities/pass-types.ts";
import { sha256 } from "../../src/identities/pem.ts";
import type { Pass } from "../../src/passes/show.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import type { LintReport } from "../../src/templates/lint.ts";
import { checkPass } from "../apple/pkpass.ts";
import { admin, apple, call, passToken, rootPem, send, TEAM } from "../harness.ts";
import { db } from "../push/consume.ts";
import { rowsOf } from "../rows.ts";
import { derOf, makeKeys, pem, pkcs8Of, publicKeyOf, requestFor } from "./forms.ts";

const PASS_TYPE = "pass.test.custody";
const DAY_MS = 24 * 60 * 60_000;
/** The last 64 characters of a key in base64. Unlike its beginning, they are the same in no other key. */
const FRAGMENT = 64;

interface Health {
  status: string;
  findings: { severity: string; code: string; message: string; cure: string }[];
}

let passType: PassType;
beforeAll(async () => {
  passType = await admin.makePassType(PASS_TYPE, undefined, "RSA");
});

afterEach(() => {
  vi.useRealTimers();
});

/** Sets the clock of the Worker and of this test. The stand-in Apple has its own clock. */
function itIs(at: number) {
  vi.useFakeTimers({ toFake: ["Date"], now: at });
}

async function certificateFor(more: { notAfter?: Date } = {}, of = passType): Promise<string> {
  const { passTypeIdentifier, csr } = of;
  return (await apple.issue({ csr: csr ?? "", passTypeIdentifier, teamIdentifier: TEAM, ...more })).pem;
}

async function healthOf(passTypeIdentifier: string) {
  const { body } = await call<Health>("GET", "/health");
  return body.findings.filter(({ message }) => message.split(/[ :]/).includes(passTypeIdentifier));
}

test("private keys are stored sealed, each for its own row", async () => {
  const spki = new Uint8Array(publicKeyOf(passType.csr).rawData);
  const [row] = await db.select().from(signingKeys).where(eq(signingKeys.csr, passType.csr));
  if (row === undefined) throw new Error("The pass type has no key");
  expect(row.publicKeyHash).toBe(await sha256(spki));
  expect(row.privateKey).toMatch(/^1\.[\w-]{16}\.[\w-]{1600,}$/);

  const secrets = createSecrets(env.MASTER_SECRET ?? "");
  const open = (of: Partial<typeof row>) =>
    secrets.open("signing_keys.private_key", { ...row, ...of }, row.privateKey);
  const pkcs8 = await open({});
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  expect(key.type).toBe("private");
  await expect(open({ publicKeyHash: "another" })).rejects.toThrow();
  await expect(open({ passTypeIdentifier: "another" })).rejects.toThrow();
});

test("no table and no response has a private key, and no response has its sealed text", async () => {
  const name = `${PASS_TYPE}.imported`;
  const keys = await makeKeys("RSA");
  const pkcs8 = await pkcs8Of(keys);
  const privateKey = pem("PRIVATE KEY", pkcs8);
  const apns = await apple.makeKey({ keyId: "CUSTODY001", teamIdentifier: "CUSTODYTEA" });
  const { pem: certificate } = await apple.issue({
    csr: await requestFor(keys),
    passTypeIdentifier: name,
    teamIdentifier: TEAM,
  });
  const answers = [
    await call("POST", "/pass-types", { passTypeIdentifier: name }),
    await call("PUT", `/pass-types/${name}/certificate`, { certificate, privateKey }),
    await call("POST", `/pass-types/${name}/csr`),
    await call("POST", "/apns-keys", apns),
    await call("POST", "/apns-keys", { ...apns, keyId: "wrong" }),
    await call("PUT", `/pass-types/${name}/certificate`, { certificate: privateKey, privateKey }),
    await call("POST", "/templates", { privateKey }),
    await call("GET", "/pass-types"),
    await call("GET", `/pass-types/${name}`),
    await call("GET", "/apns-keys"),
    await call("GET", "/health"),
  ];
  expect(answers.map(({ status }) => status)).toEqual([
    201, 200, 201, 201, 400, 422, 400, 200, 200, 200, 200,
  ]);

  const sealed = [...(await rowsOf(signingKeys)), ...(await rowsOf(apnsKeys))];
  expect(sealed.length).toBeGreaterThanOrEqual(4);
  const secrets = [
    ...[pkcs8, derOf(apns.privateKey)].map((der) => der.toBase64().slice(-FRAGMENT)),
    ...sealed.map((row) => row.privateKey.slice(-FRAGMENT)),
    "PRIVATE KEY",
  ];
  const texts = answers.map(({ body }) => JSON.stringify(body));
  for (const secret of secrets) expect(texts.filter((text) => text.includes(secret))).toEqual([]);
  const opened = sealed.map((row) => row.privateKey.replaceAll("-", "+").replaceAll("_", "/"));
  expect(opened.filter((text) => text.includes(pkcs8.toBase64().slice(-FRAGMENT)))).toEqual([]);
});

test("a standby certificate becomes active at its time, and the pass gets another ETag", async () => {
  const template = await admin.makeTemplate(PASS_TYPE);
  const pass = await admin.issue(template.id);
  const cutOver = Date.now() + 10 * DAY_MS;
  const certificate = await certificateFor();
  const body = { certificate, activeFrom: new Date(cutOver).toISOString() };
  const ready = await admin.installCertificate(PASS_TYPE, body);
  expect(ready.certificates.map(({ state }) => state)).toEqual(["active", "standby"]);

  const before = await fetched(pass);
  itIs(cutOver - 1000);
  expect((await fetched(pass)).etag).toBe(before.etag);
  itIs(cutOver + 1000);
  const after = await fetched(pass);
  expect(after.etag).not.toBe(before.etag);
  expect(after.signature).toContain(derOf(certificate).toHex());
  expect(before.signature).not.toContain(derOf(certificate).toHex());
  const { body: shown } = await call<PassType>("GET", `/pass-types/${PASS_TYPE}`);
  expect(shown.certificates.map(({ state }) => state)).toEqual(["superseded", "active"]);
  const conditional = await send(
    new Request(pass.downloadUrl, { headers: { "If-None-Match": before.etag } }),
  );
  expect(conditional.status).toBe(200);
});

test("an expired certificate signs nothing, on any route", async () => {
  const name = `${PASS_TYPE}.over`;
  await admin.makePassType(name);
  const pass = await admin.issue((await admin.makeTemplate(name)).id, { serialNumber: "over" });
  const { Authorization } = await passToken(pass);
  const { etag } = await fetched(pass);
  itIs(Date.now() + 400 * DAY_MS);
  const refusal = { status: 503, body: { code: "signing_certificate_expired" } };
  expect(await call("GET", `/passes/${pass.id}/download`)).toMatchObject(refusal);
  const requests = [
    new Request(pass.downloadUrl),
    new Request(pass.downloadUrl, { headers: { "If-None-Match": '"another"' } }),
    new Request(`https://passes.example.com/v1/passes/${name}/over`, { headers: { Authorization } }),
  ];
  for (const request of requests) {
    const answer = await send(request);
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: refusal.body.code }]);
  }
  // A client that has this version gets a 304: that needs no signature.
  const holder = await send(new Request(pass.downloadUrl, { headers: { "If-None-Match": etag } }));
  expect(holder.status).toBe(304);
  // Passes can still be changed.
  expect((await admin.change(pass.id, { values: { points: "1" } })).values).toEqual({
    points: { value: "1" },
  });
});

test("without a certificate a pass can be issued, but not signed", async () => {
  const name = `${PASS_TYPE}.none`;
  await call("POST", "/pass-types", { passTypeIdentifier: name });
  const pass = await admin.issue((await admin.makeTemplate(name)).id);
  const refusal = { status: 503, body: { code: "no_certificate" } };
  expect(await call("GET", `/passes/${pass.id}/download`)).toMatchObject(refusal);
  expect((await send(new Request(pass.downloadUrl))).status).toBe(503);
});

test("issuing a pass says in its lint that the certificate is missing, expires soon or has expired", async () => {
  const name = `${PASS_TYPE}.issuing`;
  const { body: made } = await call<PassType>("POST", "/pass-types", { passTypeIdentifier: name });
  const { id: templateId } = await admin.makeTemplate(name);
  const findings = async () => {
    const issued = await call<LintReport>("POST", "/lint", { templateId });
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const issue = () => call<Pass & { lint: LintReport }>("POST", `/templates/${templateId}/passes`, {}, key);
    const { body } = await issue();
    expect((await issue()).body, "the repeat").toEqual(body);
    const bundle = await call<{ lint: LintReport }>("POST", "/bundles", { passIds: [body.id] });
    const codesOf = ({ findings }: LintReport) => findings.map(({ code }) => code);
    expect(codesOf(bundle.body.lint)).toEqual(codesOf(body.lint));
    // The linter reports for the same body what issuing the pass reports.
    expect(issued.body).toEqual(body.lint);
    return body.lint.findings.map(({ severity, code, pointer }) => [severity, code, pointer]);
  };
  expect(await findings()).toEqual([["warning", "certificate_missing", ""]]);
  const notAfter = new Date(Date.now() + 100 * DAY_MS);
  await admin.installCertificate(name, { certificate: await certificateFor({ notAfter }, made) });
  expect(await findings()).toEqual([]);
  for (const [days, found] of [
    [15, []],
    [13, [["warning", "certificate_expires_soon", ""]]],
    [-1, [["error", "certificate_expired", ""]]],
  ] as const) {
    itIs(notAfter.getTime() - days * DAY_MS);
    expect([days, await findings()]).toEqual([days, found]);
  }
});

test.each<[days: number, code: string | undefined, severity?: string]>([
  [91, undefined],
  [90, "certificate_expires_within_90_days", "warning"],
  [31, "certificate_expires_within_90_days", "warning"],
  [30, "certificate_expires_within_30_days", "warning"],
  [14, "certificate_expires_within_14_days", "warning"],
  [7, "certificate_expires_within_7_days", "warning"],
  [1, "certificate_expires_within_1_days", "warning"],
  [0, "certificate_expired", "error"],
])("%i days before a certificate expires, health reports %s", async (days, code, severity) => {
  const name = `${PASS_TYPE}.ends.in${days}`;
  const { certificates } = await admin.makePassType(name);
  await admin.makeApnsKey();
  itIs(Date.parse(certificates[0]?.notAfter ?? "") - days * DAY_MS);
  const found = (await healthOf(name)).map((finding) => [finding.severity, finding.code]);
  expect(found).toEqual(code === undefined ? [] : [[severity, code]]);
});

test("a standby certificate ends the warning, but a superseded one does not", async () => {
  const name = `${PASS_TYPE}.renewed`;
  const made = await admin.makePassType(name);
  const soon = { notAfter: new Date(Date.now() + 5 * DAY_MS) };
  await admin.installCertificate(name, { certificate: await certificateFor(soon, made) });
  expect((await healthOf(name)).map(({ code }) => code)).toContain("certificate_expires_within_7_days");
  const activeFrom = new Date(Date.now() + DAY_MS).toISOString();
  await admin.installCertificate(name, { certificate: await certificateFor({}, made), activeFrom });
  expect((await healthOf(name)).map(({ code }) => code)).not.toContain("certificate_expires_within_7_days");
});

test("a standby certificate that becomes active only after a gap does not end the warning", async () => {
  const name = `${PASS_TYPE}.gap`;
  const made = await admin.makePassType(name);
  const soon = { notAfter: new Date(Date.now() + 5 * DAY_MS) };
  await admin.installCertificate(name, { certificate: await certificateFor(soon, made) });
  const activeFrom = new Date(Date.now() + 6 * DAY_MS).toISOString();
  await admin.installCertificate(name, { certificate: await certificateFor({}, made), activeFrom });
  expect((await healthOf(name)).map(({ code }) => code)).toContain("certificate_expires_within_7_days");
});

test("health reports a pass type without a certificate and a team without an APNs key, each with the cure", async () => {
  const name = `${PASS_TYPE}.bare`;
  await call("POST", "/pass-types", { passTypeIdentifier: name, teamIdentifier: "NOKEYTEAM1" });
  const found = await healthOf(name);
  expect(found.map(({ code }) => code).sort()).toEqual(["no_apns_key", "no_certificate"]);
  expect(found.every(({ severity, cure }) => severity === "setup" && cure.length > 20)).toBe(true);
});

/** Downloads and verifies the pass. Returns its ETag and its signature in hex. */
async function fetched(pass: Pass) {
  const response = await send(new Request(pass.downloadUrl));
  expect(response.status).toBe(200);
  const { files } = await checkPass(new Uint8Array(await response.arrayBuffer()), { rootPem });
  return { etag: response.headers.get("etag") ?? "", signature: files.signature?.toHex() ?? "" };
}

test("installing the active certificate again with a later activeFrom does not deactivate it", async () => {
  const name = `${PASS_TYPE}.again`;
  const { csr } = (
    await call<PassType>("POST", "/pass-types", { passTypeIdentifier: name, keyAlgorithm: "P-256" })
  ).body;
  const { pem } = await apple.issue({ csr, passTypeIdentifier: name, teamIdentifier: TEAM });
  await admin.installCertificate(name, { certificate: pem });
  const activeFrom = new Date(Date.now() + 7 * 24 * 60 * 60_000).toISOString();
  const again = await admin.installCertificate(name, { certificate: pem, activeFrom });
  expect(again.certificates.map(({ state }) => state)).toEqual(["active"]);
});

test("health no longer reports an expired certificate when a renewed one is active", async () => {
  const DAY_MS = 24 * 60 * 60_000;
  const name = `${PASS_TYPE}.yearly`;
  const made = await call<PassType>("POST", "/pass-types", {
    passTypeIdentifier: name,
    keyAlgorithm: "P-256",
  });
  for (const days of [2, 365]) {
    const notAfter = new Date(Date.now() + days * DAY_MS);
    const order = { csr: made.body.csr, passTypeIdentifier: name, teamIdentifier: TEAM, notAfter };
    await admin.installCertificate(name, { certificate: (await apple.issue(order)).pem });
  }
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3 * DAY_MS });
  const codes = (await healthOf(name)).map(({ code }) => code);
  expect(codes.filter((code) => code.startsWith("certificate_"))).toEqual([]);
});
