/**
 * Signatures: valid ones with every algorithm that tools use have no findings, and each fault has its own finding.
 *
 * Sources: RFC 5652, RFC 3279, Apple's "Building a Pass".
 */
import { beforeAll, expect, test } from "vitest";
import { compileSigner } from "../../src/pkpass/build/cms.ts";
import { verifySignature } from "../../src/pkpass/read/verify.ts";
import { createCa, type IssueOptions, type StandInCa } from "../apple/ca.ts";
import { bytesOf } from "./archives.ts";
import { type Signing, signatureOver } from "./signatures.ts";

const DAY = 86_400_000;
const NOW = Date.now();
const MANIFEST = bytesOf('{"pass.json":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}');
const WHOSE = { passTypeIdentifier: "pass.test.verify", teamIdentifier: "TEAM000001" };
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

let ca: StandInCa;
let keys: CryptoKeyPair;
let right: Signing;

beforeAll(async () => {
  ca = await createCa({ aiaOrigin: "https://ca.example.com" });
  keys = (await crypto.subtle.generateKey(RSA, true, ["sign", "verify"])) as CryptoKeyPair;
  right = await signing({});
});

async function signing(options: Partial<IssueOptions>, more: Partial<Signing> = {}): Promise<Signing> {
  const { der } = await ca.issueFor(keys.publicKey, { ...WHOSE, ...options });
  return {
    privateKey: keys.privateKey,
    certificate: der,
    certificates: [der, ca.wwdrDer],
    digest: "SHA-256",
    signingTime: NOW,
    ...more,
  };
}

/** The codes of what is found, and whom the certificate is for. */
async function found(signature: Uint8Array | undefined, now = NOW, manifest = MANIFEST) {
  const { findings, certificate } = await verifySignature(signature, manifest, now);
  for (const { severity, pointer } of findings) expect([severity, pointer]).toEqual(["error", "/signature"]);
  return { codes: findings.map(({ code }) => code), certificate };
}

test.each<[what: string, more: Partial<Signing>]>([
  ["SHA-256", {}],
  ["SHA-1, as passkit-generator has it", { digest: "SHA-1" }],
  ["SHA-512", { digest: "SHA-512" }],
  ["sha256WithRSAEncryption as the algorithm", { named: "1.2.840.113549.1.1.11" }],
  ["the signer named by its key", { byKey: true }],
])("RSA with %s is valid", async (_what, more) => {
  const signature = await signatureOver(MANIFEST, { ...right, ...more });
  expect(await found(signature)).toEqual({ codes: [], certificate: WHOSE });
});

test("signatures by Edgepass are valid, with RSA and with P-256", async () => {
  const ec = { name: "ECDSA", namedCurve: "P-256" };
  const curve = (await crypto.subtle.generateKey(ec, true, ["sign", "verify"])) as CryptoKeyPair;
  for (const [algorithm, { publicKey, privateKey }] of [
    ["RSA", keys],
    ["P-256", curve],
  ] as const) {
    const { der: certificate } = await ca.issueFor(publicKey, WHOSE);
    const sign = compileSigner({ algorithm, privateKey, certificate, intermediate: ca.wwdrDer });
    for (let i = 0; i < 8; i++) {
      const signature = await sign(MANIFEST, NOW - i * 1000);
      expect(await found(signature)).toEqual({ codes: [], certificate: WHOSE });
      expect((await found(signature, NOW, bytesOf("{}"))).codes).toEqual(["signature_mismatch"]);
      const broken = signature.with(-1, (signature.at(-1) ?? 0) ^ 1);
      expect((await found(broken)).codes).toEqual(["signature_mismatch"]);
    }
  }
});

test.each<[what: string, more: (right: Signing) => Partial<Signing>, code: string]>([
  ["another manifest", () => ({ covered: bytesOf("{}") }), "signature_mismatch"],
  ["no signing time", () => ({ signingTime: undefined }), "signing_time_missing"],
  [
    "a signing time before the certificate",
    () => ({ signingTime: NOW - 30 * DAY }),
    "signing_time_outside_validity",
  ],
  ["no signer's certificate", () => ({ certificates: [ca.wwdrDer] }), "signer_missing"],
  ["no intermediate", ({ certificate }) => ({ certificates: [certificate] }), "intermediate_missing"],
  [
    "the root instead of the intermediate",
    ({ certificate }) => ({ certificates: [certificate, ca.rootDer] }),
    "intermediate_missing",
  ],
  [
    "another generation of the intermediate",
    ({ certificate }) => ({ certificates: [certificate, ca.otherWwdrDer] }),
    "intermediate_missing",
  ],
  [
    "an intermediate that is over",
    ({ certificate }) => ({ certificates: [certificate, ca.expiredWwdrDer] }),
    "intermediate_expired",
  ],
  ["the manifest inside", () => ({ attached: true }), "signature_malformed"],
  [
    "an algorithm that Wallet does not take",
    () => ({ named: "1.2.840.113549.1.1.10" }),
    "signature_unsupported",
  ],
])("%s is reported", async (_what, more, code) => {
  const signature = await signatureOver(MANIFEST, { ...right, ...more(right) });
  expect((await found(signature)).codes).toEqual([code]);
});

test("an intermediate with the right name that did not issue the certificate is reported", async () => {
  const foreign = await signing({ intermediate: "stranger" });
  const signature = await signatureOver(MANIFEST, foreign);
  expect((await found(signature)).codes).toEqual(["intermediate_mismatch"]);
});

test("the newer of two intermediates with the same key is checked", async () => {
  const certificates = [right.certificate, ca.expiredWwdrDer, ca.wwdrDer];
  expect((await found(await signatureOver(MANIFEST, { ...right, certificates }))).codes).toEqual([]);
});

test("a certificate that is expired or not yet valid at the given time is reported", async () => {
  const signature = await signatureOver(MANIFEST, right);
  expect((await found(signature, NOW + 400 * DAY)).codes).toEqual(["certificate_expired"]);
  expect((await found(signature, NOW - 30 * DAY)).codes).toEqual(["certificate_not_yet_valid"]);
});

test("a signature without signed attributes has no signing time, but is still verified", async () => {
  const bare = { ...right, withoutAttributes: true };
  expect((await found(await signatureOver(MANIFEST, bare))).codes).toEqual(["signing_time_missing"]);
  const other = await signatureOver(MANIFEST, { ...bare, covered: bytesOf("{}") });
  expect((await found(other)).codes).toEqual(["signature_mismatch", "signing_time_missing"]);
});

test.each([
  ["nothing", new Uint8Array()],
  ["text", bytesOf("signature")],
  ["PEM", bytesOf("-----BEGIN PKCS7-----\nMIIB\n-----END PKCS7-----\n")],
  ["a DER of another kind", Uint8Array.of(0x30, 3, 2, 1, 1)],
  ["a thousand levels", new Uint8Array(2000).fill(0x30).map((byte, i) => (i % 2 === 0 ? byte : 0x80))],
  ["a megabyte", new Uint8Array(1_000_000).fill(0x30)],
])("%s is not a signature", async (_what, signature) => {
  expect(await found(signature)).toEqual({ codes: ["signature_malformed"], certificate: undefined });
});

test("a missing signature is reported", async () => {
  expect((await found(undefined)).codes).toEqual(["missing_signature"]);
});

test("changing any byte gives a finding or has no effect, but never throws", async () => {
  const signature = await signatureOver(MANIFEST, right);
  for (let at = 0; at < signature.length; at += 7) {
    await verifySignature(signature.with(at, (signature[at] ?? 0) ^ 0xff), MANIFEST, NOW);
  }
});
