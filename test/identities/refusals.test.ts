/**
 * A wrong certificate or key is refused with a code that says what it is and a pointer to it, and nothing is stored. The
 * certificate chain is chain.test.ts.
 *
 * Follows Apple's "Building a pass": the UID of a certificate is the pass type, its OU the team.
 */
import { beforeAll, expect, test } from "vitest";
import type { PassType } from "../../src/identities/pass-types.ts";
import { type Authority, createIntermediate, createRoot } from "../apple/ca-certificates.ts";
import { apple, call, icon, refused, stored, TEAM } from "../harness.ts";
import {
  brokenExtension,
  certify,
  derOf,
  encryptedKey,
  pem,
  pkcs1Of,
  pkcs8Of,
  pkcs12,
  publicKeyOf,
  requestFor,
  sharedKeys,
  withBagAttributes,
} from "./forms.ts";

const PASS_TYPE = "pass.test.refusals";
const PATH = `/pass-types/${PASS_TYPE}/certificate`;
const DAY_MS = 24 * 60 * 60_000;
const ids = { passTypeIdentifier: PASS_TYPE, teamIdentifier: TEAM };
let csr: string;
/** A certificate authority of this test, for certificates that Apple would not issue. */
let foreign: Authority;

beforeAll(async () => {
  csr = (await call<PassType>("POST", "/pass-types", { passTypeIdentifier: PASS_TYPE })).body.csr ?? "";
  foreign = await createIntermediate(await createRoot(), "G4", "https://example.com/root.cer");
});

async function issued(more: Partial<Parameters<typeof apple.issue>[0]> = {}): Promise<string> {
  return (await apple.issue({ csr, ...ids, ...more })).pem;
}

const odd = (options: Parameters<typeof certify>[2]) => certify(foreign, publicKeyOf(csr), options);
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS);

async function keyText(algorithm: Parameters<typeof sharedKeys>[0]): Promise<string> {
  return pem("PRIVATE KEY", await pkcs8Of(await sharedKeys(algorithm)));
}

async function bareKeyText(label: string, algorithm: Parameters<typeof sharedKeys>[0]): Promise<string> {
  return pem(label, await pkcs1Of(await sharedKeys(algorithm)));
}

const ENCRYPTED_PKCS1 = `-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF

AAAA
-----END RSA PRIVATE KEY-----`;

/** Sends a certificate or key and expects this refusal, with no change in the stored data. */
async function expectRefusal(body: Record<string, unknown>, code: string, pointer: string) {
  const before = await stored();
  expect(await call("PUT", PATH, body)).toMatchObject({ status: 422, body: { code, pointer } });
  expect(await stored()).toEqual(before);
}

test.each<[given: string, code: string, certificate: () => Promise<string>]>([
  ["a private key", "key_instead_of_certificate", () => keyText("RSA")],
  ["a PKCS#1 key", "key_instead_of_certificate", () => bareKeyText("RSA PRIVATE KEY", "RSA")],
  ["a SEC1 key", "key_instead_of_certificate", () => bareKeyText("EC PRIVATE KEY", "P-256")],
  [
    "an encrypted key",
    "key_instead_of_certificate",
    async () => pem("ENCRYPTED PRIVATE KEY", encryptedKey()),
  ],
  ["the CSR", "csr_instead_of_certificate", async () => csr],
  ["the CSR in DER", "csr_instead_of_certificate", async () => derOf(csr).toBase64()],
  ["a .p12", "pkcs12_unsupported", async () => pkcs12().toBase64()],
  ["nonsense", "certificate_malformed", async () => "nonsense"],
  ["half of a PEM", "certificate_malformed", async () => (await issued()).slice(0, 400)],
  [
    "half of a DER",
    "certificate_malformed",
    async () =>
      derOf(await issued())
        .subarray(0, 300)
        .toBase64(),
  ],
  ["one for another pass type", "pass_type_mismatch", () => issued({ passTypeIdentifier: "pass.x" })],
  ["one without a pass type", "pass_type_mismatch", () => odd({ teamIdentifier: TEAM })],
  ["one without a team", "certificate_malformed", () => odd({ passTypeIdentifier: PASS_TYPE })],
  ["an expired one", "certificate_expired", () => issued({ notBefore: inDays(-2), notAfter: inDays(-1) })],
  ["one that is valid from tomorrow", "certificate_not_yet_valid", () => issued({ notBefore: inDays(1) })],
  [
    "one for an unknown key",
    "key_mismatch",
    async () => issued({ csr: await requestFor(await sharedKeys("RSA")) }),
  ],
])("%s as the certificate is refused: %s", async (_given, code, certificate) => {
  await expectRefusal({ certificate: await certificate() }, code, "/certificate");
});

test.each<[given: string, code: string, privateKey: () => Promise<string>]>([
  ["a certificate", "certificate_instead_of_key", () => issued()],
  ["the CSR", "csr_instead_of_key", async () => csr],
  ["a .p12", "pkcs12_unsupported", async () => pkcs12().toBase64()],
  ["an encrypted key (PKCS#8)", "key_encrypted", async () => pem("ENCRYPTED PRIVATE KEY", encryptedKey())],
  [
    "an encrypted key with bag attributes",
    "key_encrypted",
    async () => withBagAttributes(pem("ENCRYPTED PRIVATE KEY", encryptedKey())),
  ],
  ["an encrypted key (PKCS#1)", "key_encrypted", async () => ENCRYPTED_PKCS1],
  ["nonsense", "key_malformed", async () => "nonsense"],
  ["a PEM of nonsense", "key_malformed", async () => pem("PRIVATE KEY", new Uint8Array(9))],
  ["half of a key", "key_malformed", async () => (await keyText("RSA")).slice(0, 600)],
  ["a key of RSA-1024", "unsupported_key", () => keyText("RSA-1024")],
  ["a PKCS#1 key of RSA-1024", "unsupported_key", () => bareKeyText("RSA PRIVATE KEY", "RSA-1024")],
  ["a key of P-384", "unsupported_key", () => keyText("P-384")],
  ["a SEC1 key of P-384", "unsupported_key", () => bareKeyText("EC PRIVATE KEY", "P-384")],
])("%s as the key is refused: %s", async (_given, code, privateKey) => {
  const body = { certificate: await issued(), privateKey: await privateKey() };
  await expectRefusal(body, code, "/privateKey");
});

test("a key that does not belong to the certificate is refused", async () => {
  const body = { certificate: await issued(), privateKey: await keyText("RSA") };
  await expectRefusal(body, "key_mismatch", "/certificate");
});

test("the refusal of a .p12 file has the command that converts it", async () => {
  const answer = await call("PUT", PATH, pkcs12(), { "Content-Type": "application/x-pkcs12" });
  expect(answer).toMatchObject({ status: 422, body: { code: "pkcs12_unsupported" } });
  expect(answer.body.detail).toContain("openssl pkcs12 -legacy -in file.p12 -nodes -out file.pem");
});

test.each([
  ["BasicConstraints", "2.5.29.19"],
  ["AuthorityInfoAccess", "1.3.6.1.5.5.7.1.1"],
  ["SubjectAlternativeName", "2.5.29.17"],
  ["AuthorityKeyIdentifier", "2.5.29.35"],
  ["ExtendedKeyUsage", "2.5.29.37"],
])("a certificate with an unreadable %s is malformed", async (_name, oid) => {
  const certificate = await odd({ ...ids, extensions: [brokenExtension(oid)] });
  await expectRefusal({ certificate }, "certificate_malformed", "/certificate");
  const intermediate = certificate;
  await expectRefusal(
    { certificate: await issued(), intermediate },
    "certificate_malformed",
    "/intermediate",
  );
});

test("a certificate with any damaged byte is refused with 422", async () => {
  const der = derOf(await odd(ids));
  // Every seventh byte, from another one in each run.
  for (let at = Date.now() % 7; at < der.length; at += 7) {
    const broken = der.with(at, (der[at] ?? 0) ^ 0x55);
    const answer = await call("PUT", PATH, broken, { "Content-Type": "application/pkix-cert" });
    expect([at, answer.status]).toEqual([at, 422]);
  }
});

test("a second certificate must belong to the same team as the first", async () => {
  const team = "pass.test.refusals.team";
  const path = `/pass-types/${team}/certificate`;
  const made = await call<PassType>("POST", "/pass-types", { passTypeIdentifier: team });
  const asked = { csr: made.body.csr ?? "", passTypeIdentifier: team };
  const first = await apple.issue({ ...asked, teamIdentifier: TEAM });
  expect((await call("PUT", path, { certificate: first.pem })).status).toBe(200);
  const other = await apple.issue({ ...asked, teamIdentifier: "TEAM000099" });
  const before = await stored();
  const mismatch = { status: 422, body: { code: "team_mismatch", pointer: "/certificate" } };
  expect(await call("PUT", path, { certificate: other.pem })).toMatchObject(mismatch);
  expect(await stored()).toEqual(before);
});

test("a certificate must belong to the team that the pass type was created with", async () => {
  const team = "pass.test.refusals.named";
  const body = { passTypeIdentifier: team, teamIdentifier: "TEAM000098" };
  const made = await call<PassType>("POST", "/pass-types", body);
  expect(made.body.teamIdentifier).toBe("TEAM000098");
  const asked = { csr: made.body.csr ?? "", passTypeIdentifier: team, teamIdentifier: TEAM };
  const { pem: certificate } = await apple.issue(asked);
  expect(await call("PUT", `/pass-types/${team}/certificate`, { certificate })).toMatchObject({
    status: 422,
    body: { code: "team_mismatch" },
  });
});

/** A binary file that a program has read as Latin-1. */
const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);

test.each<[what: string, code: string, is: string, key: () => Promise<string> | string]>([
  ["a certificate", "certificate_instead_of_key", "This is a certificate;", () => issued()],
  [
    "a certificate in DER",
    "certificate_instead_of_key",
    "certificate;",
    async () => latin1(derOf(await issued())),
  ],
  ["a signing request", "csr_instead_of_key", "This is a certificate signing request;", () => csr],
  [
    "a picture",
    "key_malformed",
    "This is a binary file",
    () => latin1(Uint8Array.fromBase64(icon["icon.png"])),
  ],
  ["an RSA key", "apns_key_malformed", "a private key of another kind", () => keyText("RSA")],
  ["a key of P-384", "apns_key_malformed", "a private key of another kind", () => keyText("P-384")],
  ["nonsense", "key_malformed", "not a readable private key", () => "nonsense"],
])(
  "%s is not accepted as an APNs key: the answer says what it is, and which file is",
  async (_, code, is, key) => {
    const body = { keyId: "REFUSED001", teamIdentifier: TEAM, privateKey: await key() };
    const { detail } = await refused(["POST", "/apns-keys", body], {
      ...{ status: 422, code, pointer: "/privateKey" },
    });
    expect(detail).toContain(is);
    expect(detail).toContain("AuthKey_….p8");
  },
);

test("an APNs key is refused with all faults of its other members, whatever its text is", async () => {
  const body = {
    keyId: "12",
    teamIdentifier: "x",
    privateKey: latin1(Uint8Array.fromBase64(icon["icon.png"])),
  };
  const { body: problem } = await call<{ faults?: { pointer: string }[] }>("POST", "/apns-keys", body);
  expect(problem.faults?.map(({ pointer }) => pointer)).toEqual(["/keyId", "/teamIdentifier"]);
});
