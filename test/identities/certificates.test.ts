/**
 * Pass types and their certificates: the CSR for Apple's portal, certificates in every common format, their chain, and
 * imported keys.
 *
 * Follows RFC 2986 (certificate requests), RFC 5280 §4.2.2.1 (the URL of an issuer) and Apple's "Building a pass" (UID is
 * the pass type, OU the team).
 */

import { env } from "cloudflare:workers";
import { Pkcs10CertificateRequest } from "@peculiar/x509";
import { afterEach, expect, test, vi } from "vitest";
import type { PassType } from "../../src/identities/pass-types.ts";
import { ADMIN_TOKEN, admin, apple, call, download, get, TEAM } from "../harness.ts";
import {
  derOf,
  ecParameters,
  makeKeys,
  pem,
  pkcs1Of,
  pkcs8Of,
  requestFor,
  sec1Of,
  sharedKeys,
  withBagAttributes,
} from "./forms.ts";

let made = 0;
/** A new pass type, which has a key and no certificate. */
async function fresh(body: Record<string, unknown> = {}) {
  const passTypeIdentifier = `pass.test.certificates.${++made}`;
  const answer = await call<PassType>("POST", "/pass-types", {
    passTypeIdentifier,
    keyAlgorithm: "P-256", // made in no time
    ...body,
  });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function certified(passType: PassType) {
  const { passTypeIdentifier } = passType;
  const asked = { csr: passType.csr ?? "", passTypeIdentifier, teamIdentifier: TEAM };
  return (await apple.issue(asked)).pem;
}

function put(passTypeIdentifier: string, body: unknown, headers: Record<string, string> = {}) {
  return call<PassType>("PUT", `/pass-types/${passTypeIdentifier}/certificate`, body, headers);
}

/** Issues a pass, downloads it and verifies it. */
async function firstPass(passTypeIdentifier: string) {
  const template = await admin.makeTemplate(passTypeIdentifier);
  return download(await admin.issue(template.id));
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("a new pass type has a CSR for its RSA-2048 key, signed with that key", async () => {
  const passType = await fresh({ keyAlgorithm: undefined });
  expect(passType).toMatchObject({ teamIdentifier: null, certificates: [] });
  const request = new Pkcs10CertificateRequest(passType.csr ?? "");
  expect(await request.verify()).toBe(true);
  expect(request.publicKey.algorithm).toMatchObject({ name: "RSASSA-PKCS1-v1_5", modulusLength: 2048 });
});

test("a pass type may have a P-256 key, and the signatures of its passes are valid", async () => {
  const passType = await fresh({ keyAlgorithm: "P-256" });
  const request = new Pkcs10CertificateRequest(passType.csr ?? "");
  expect(await request.verify()).toBe(true);
  expect(request.publicKey.algorithm).toMatchObject({ name: "ECDSA", namedCurve: "P-256" });
  await put(passType.passTypeIdentifier, { certificate: await certified(passType) });
  expect((await firstPass(passType.passTypeIdentifier)).signatureAlgorithm).toBe("ECDSA");
});

test("the CSR can be downloaded as a file for Apple's portal", async () => {
  const { passTypeIdentifier, csr } = await fresh();
  const file = await get(`/admin/v1/pass-types/${passTypeIdentifier}/csr`, {
    Authorization: `Bearer ${ADMIN_TOKEN}`,
  });
  expect(file.status).toBe(200);
  expect(file.headers.get("content-type")).toBe("application/pkcs10");
  expect(new TextDecoder().decode(await file.arrayBuffer())).toBe(csr);
});

test("a pass type is created once", async () => {
  const { passTypeIdentifier } = await fresh();
  expect(await call("POST", "/pass-types", { passTypeIdentifier })).toMatchObject({
    status: 409,
    body: { code: "pass_type_exists", pointer: "/passTypeIdentifier" },
  });
});

test("after a new key, certificates for both CSRs can be installed", async () => {
  const first = await fresh();
  const path = `/pass-types/${first.passTypeIdentifier}/csr`;
  const second = await call<PassType>("POST", path, { keyAlgorithm: "P-256" });
  expect(second.status).toBe(201);
  expect(second.body.csr).not.toBe(first.csr);
  for (const passType of [first, second.body]) {
    const answer = await put(passType.passTypeIdentifier, { certificate: await certified(passType) });
    expect(answer.status).toBe(200);
  }
  expect((await firstPass(first.passTypeIdentifier)).signatureAlgorithm).toBe("ECDSA");
});

const file = (type: string) => ({ "Content-Type": type });
test.each<[form: string, body: (text: string) => unknown, headers?: Record<string, string>]>([
  ["PEM in JSON", (text) => ({ certificate: text })],
  ["DER in base64 in JSON", (text) => ({ certificate: derOf(text).toBase64() })],
  ["DER as application/pkix-cert", derOf, file("application/pkix-cert")],
  ["DER as application/octet-stream", derOf, file("application/octet-stream")],
  ["PEM as a file", (text) => text, file("application/x-pem-file")],
  ["PEM as curl sends a file", (text) => text, file("application/x-www-form-urlencoded")],
  ["PEM with bag attributes around it", (text) => ({ certificate: withBagAttributes(text) })],
  ["PEM with its line breaks written as \\n", (text) => ({ certificate: text.replaceAll("\n", "\\n") })],
  ["PEM with Windows line ends", (text) => ({ certificate: text.replaceAll("\n", "\r\n") })],
])("a certificate is accepted as %s", async (_form, body, headers) => {
  const passType = await fresh();
  const answer = await put(passType.passTypeIdentifier, body(await certified(passType)), headers);
  expect(answer).toMatchObject({
    status: 200,
    body: { teamIdentifier: TEAM, csr: passType.csr, certificates: [{ state: "active" }] },
  });
});

test("the intermediate and the root are fetched from the URLs in the certificates, without redirects", async () => {
  const passType = await fresh();
  const certificate = await certified(passType);
  const fetched = vi.spyOn(globalThis, "fetch");
  expect((await put(passType.passTypeIdentifier, { certificate })).status).toBe(200);
  expect(fetched.mock.calls.map(([url, init]) => [url, init?.redirect])).toEqual([
    [`${env.APPLE_ORIGIN}/wwdr.cer`, "manual"],
    [`${env.APPLE_ORIGIN}/root.cer`, "manual"],
  ]);
  await firstPass(passType.passTypeIdentifier);
});

test.each(["as another member", "in the same file, before it"])(
  "an intermediate sent %s is not fetched",
  async (where) => {
    const passType = await fresh();
    const certificate = await certified(passType);
    const wwdr = await fetch(`${env.APPLE_ORIGIN}/wwdr.cer`);
    const intermediate = pem("CERTIFICATE", new Uint8Array(await wwdr.arrayBuffer()));
    const body =
      where === "as another member"
        ? { certificate, intermediate }
        : { certificate: intermediate + certificate };
    const fetched = vi.spyOn(globalThis, "fetch");
    expect((await put(passType.passTypeIdentifier, body)).status).toBe(200);
    expect(fetched.mock.calls.map(([url]) => url)).toEqual([`${env.APPLE_ORIGIN}/root.cer`]);
    await firstPass(passType.passTypeIdentifier);
  },
);

test.each<[form: string, algorithm: "RSA" | "P-256", write: (keys: CryptoKeyPair) => Promise<string>]>([
  ["PKCS#8", "RSA", async (keys) => pem("PRIVATE KEY", await pkcs8Of(keys))],
  ["PKCS#1", "RSA", async (keys) => pem("RSA PRIVATE KEY", await pkcs1Of(keys))],
  ["PKCS#8", "P-256", async (keys) => pem("PRIVATE KEY", await pkcs8Of(keys))],
  ["SEC1", "P-256", async (keys) => pem("EC PRIVATE KEY", await sec1Of(keys))],
  [
    "SEC1 after its parameters",
    "P-256",
    async (keys) => ecParameters + pem("EC PRIVATE KEY", await sec1Of(keys)),
  ],
  [
    "PEM with bag attributes",
    "RSA",
    async (keys) => withBagAttributes(pem("PRIVATE KEY", await pkcs8Of(keys))),
  ],
  [
    "one line with \\n in it",
    "RSA",
    async (keys) => pem("PRIVATE KEY", await pkcs8Of(keys)).replaceAll("\n", "\\n"),
  ],
  ["bare base64", "RSA", async (keys) => (await pkcs8Of(keys)).toBase64()],
])("an imported key is accepted as %s (%s), and signs", async (_form, algorithm, write) => {
  const { passTypeIdentifier } = await fresh();
  const keys = await sharedKeys(algorithm);
  const asked = { csr: await requestFor(keys), passTypeIdentifier, teamIdentifier: TEAM };
  const { pem: certificate } = await apple.issue(asked);
  const answer = await put(passTypeIdentifier, { certificate, privateKey: await write(keys) });
  expect(answer.status).toBe(200);
  const { signatureAlgorithm } = await firstPass(passTypeIdentifier);
  expect(signatureAlgorithm).toBe(algorithm === "RSA" ? "RSA" : "ECDSA");
});

test("an imported key is stored: its renewed certificate is installed without the key", async () => {
  const { passTypeIdentifier } = await fresh();
  const keys = await makeKeys("RSA");
  const asked = { csr: await requestFor(keys), passTypeIdentifier, teamIdentifier: TEAM };
  const privateKey = pem("PRIVATE KEY", await pkcs8Of(keys));
  await put(passTypeIdentifier, { certificate: (await apple.issue(asked)).pem, privateKey });
  const renewed = await put(passTypeIdentifier, { certificate: (await apple.issue(asked)).pem });
  expect(renewed.body.certificates.map(({ state }) => state)).toEqual(["superseded", "active"]);
});

test("one key may serve several pass types", async () => {
  const keys = await makeKeys("RSA");
  const privateKey = pem("PRIVATE KEY", await pkcs8Of(keys));
  for (const { passTypeIdentifier } of [await fresh(), await fresh()]) {
    const asked = { csr: await requestFor(keys), passTypeIdentifier, teamIdentifier: TEAM };
    const answer = await put(passTypeIdentifier, { certificate: (await apple.issue(asked)).pem, privateKey });
    expect(answer.status).toBe(200);
    await firstPass(passTypeIdentifier);
  }
});

test("installing the same certificate again adds no second one", async () => {
  const passType = await fresh();
  const certificate = await certified(passType);
  await put(passType.passTypeIdentifier, { certificate });
  const again = await put(passType.passTypeIdentifier, { certificate });
  expect(again.body.certificates).toHaveLength(1);
});

test.each([
  ["GET", ""],
  ["GET", "/csr"],
  ["POST", "/csr"],
  ["PUT", "/certificate"],
])("%s of an unknown pass type gives 404 (%s)", async (method, path) => {
  const body = method === "PUT" ? { certificate: "x" } : undefined;
  expect(await call(method, `/pass-types/pass.test.nowhere${path}`, body)).toMatchObject({
    status: 404,
    body: { code: "pass_type_not_found" },
  });
});
