/**
 * What is given as a certificate or as a key and is not that, or not the right one, is refused by its name, with a
 * pointer to it, and nothing of it is stored. The chain above a certificate is chain.test.ts.
 *
 * Follows Apple's "Building a pass": the UID of a certificate is the pass type, its OU the team.
 */
import { beforeAll, expect, test } from "vitest";
import type { PassType } from "../../src/identities/pass-types.ts";
import { type Authority, createIntermediate, createRoot } from "../apple/ca-certificates.ts";
import { apple, call, stored, TEAM } from "../harness.ts";
import {
  brokenExtension,
  certify,
  derOf,
  encryptedKey,
  makeKeys,
  pem,
  pkcs1Of,
  pkcs8Of,
  pkcs12,
  publicKeyOf,
  requestFor,
  withBagAttributes,
} from "./forms.ts";

const PASS_TYPE = "pass.test.refusals";
const PATH = `/pass-types/${PASS_TYPE}/certificate`;
const DAY_MS = 24 * 60 * 60_000;
const ids = { passTypeIdentifier: PASS_TYPE, teamIdentifier: TEAM };
let csr: string;
/** An authority of this file's own, for certificates that Apple would not write. */
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

async function keyText(algorithm: Parameters<typeof makeKeys>[0]): Promise<string> {
  return pem("PRIVATE KEY", await pkcs8Of(await makeKeys(algorithm)));
}

async function bareKeyText(label: string, algorithm: Parameters<typeof makeKeys>[0]): Promise<string> {
  return pem(label, await pkcs1Of(await makeKeys(algorithm)));
}

const LOCKED_PKCS1 = `-----BEGIN RSA PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF

AAAA
-----END RSA PRIVATE KEY-----`;

/** Sends it, expects the refusal, and that all is as it was. */
async function expectRefusal(body: Record<string, unknown>, code: string, pointer: string) {
  const before = await stored();
  expect(await call("PUT", PATH, body)).toMatchObject({ status: 422, body: { code, pointer } });
  expect(await stored()).toEqual(before);
}

test.each<[given: string, code: string, certificate: () => Promise<string>]>([
  ["a private key", "key_given_as_certificate", () => keyText("RSA")],
  ["a PKCS#1 key", "key_given_as_certificate", () => bareKeyText("RSA PRIVATE KEY", "RSA")],
  ["a SEC1 key", "key_given_as_certificate", () => bareKeyText("EC PRIVATE KEY", "P-256")],
  ["a locked key", "key_given_as_certificate", async () => pem("ENCRYPTED PRIVATE KEY", encryptedKey())],
  ["the request", "csr_given_as_certificate", async () => csr],
  ["the request in DER", "csr_given_as_certificate", async () => derOf(csr).toBase64()],
  ["a .p12", "pkcs12_given", async () => pkcs12().toBase64()],
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
  [
    "one of another pass type",
    "certificate_for_another_pass_type",
    () => issued({ passTypeIdentifier: "pass.x" }),
  ],
  ["one of no pass type", "certificate_for_another_pass_type", () => odd({ teamIdentifier: TEAM })],
  ["one of no team", "certificate_malformed", () => odd({ passTypeIdentifier: PASS_TYPE })],
  ["one that is over", "certificate_expired", () => issued({ notBefore: inDays(-2), notAfter: inDays(-1) })],
  ["one of tomorrow", "certificate_not_yet_valid", () => issued({ notBefore: inDays(1) })],
  [
    "one for a key that is not here",
    "key_of_another_certificate",
    async () => issued({ csr: await requestFor(await makeKeys("RSA")) }),
  ],
])("%s as the certificate is refused: %s", async (_given, code, certificate) => {
  await expectRefusal({ certificate: await certificate() }, code, "/certificate");
});

test.each<[given: string, code: string, privateKey: () => Promise<string>]>([
  ["a certificate", "certificate_given_as_key", () => issued()],
  ["the request", "key_malformed", async () => csr],
  ["a .p12", "pkcs12_given", async () => pkcs12().toBase64()],
  ["a locked key (PKCS#8)", "encrypted_key_given", async () => pem("ENCRYPTED PRIVATE KEY", encryptedKey())],
  [
    "a locked key with bag attributes",
    "encrypted_key_given",
    async () => withBagAttributes(pem("ENCRYPTED PRIVATE KEY", encryptedKey())),
  ],
  ["a locked key (PKCS#1)", "encrypted_key_given", async () => LOCKED_PKCS1],
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

test("a key that is not the certificate's is refused", async () => {
  const body = { certificate: await issued(), privateKey: await keyText("RSA") };
  await expectRefusal(body, "key_of_another_certificate", "/certificate");
});

test("a .p12 sent as a file is answered with the command that converts it", async () => {
  const answer = await call("PUT", PATH, pkcs12(), { "Content-Type": "application/x-pkcs12" });
  expect(answer).toMatchObject({ status: 422, body: { code: "pkcs12_given" } });
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

test("a certificate with any byte broken is refused, and is no fault", async () => {
  const der = derOf(await odd(ids));
  for (let at = 0; at < der.length; at += 3) {
    const broken = der.with(at, (der[at] ?? 0) ^ 0x55);
    const answer = await call("PUT", PATH, broken, { "Content-Type": "application/pkix-cert" });
    expect([at, answer.status]).toEqual([at, 422]);
  }
});

test("a second certificate must be of the first one's team", async () => {
  const team = "pass.test.refusals.team";
  const path = `/pass-types/${team}/certificate`;
  const made = await call<PassType>("POST", "/pass-types", { passTypeIdentifier: team });
  const asked = { csr: made.body.csr ?? "", passTypeIdentifier: team };
  const first = await apple.issue({ ...asked, teamIdentifier: TEAM });
  expect((await call("PUT", path, { certificate: first.pem })).status).toBe(200);
  const other = await apple.issue({ ...asked, teamIdentifier: "TEAM000099" });
  const before = await stored();
  const refused = { status: 422, body: { code: "certificate_of_another_team", pointer: "/certificate" } };
  expect(await call("PUT", path, { certificate: other.pem })).toMatchObject(refused);
  expect(await stored()).toEqual(before);
});

test("a team that was named from the start is held to", async () => {
  const team = "pass.test.refusals.named";
  const body = { passTypeIdentifier: team, teamIdentifier: "TEAM000098" };
  const made = await call<PassType>("POST", "/pass-types", body);
  expect(made.body.teamIdentifier).toBe("TEAM000098");
  const asked = { csr: made.body.csr ?? "", passTypeIdentifier: team, teamIdentifier: TEAM };
  const { pem: certificate } = await apple.issue(asked);
  expect(await call("PUT", `/pass-types/${team}/certificate`, { certificate })).toMatchObject({
    status: 422,
    body: { code: "certificate_of_another_team" },
  });
});

test.each<[what: string, code: string, key: () => Promise<string>]>([
  ["a certificate", "certificate_given_as_key", () => issued()],
  ["an RSA key", "apns_key_malformed", () => keyText("RSA")],
  ["a key of P-384", "unsupported_key", () => keyText("P-384")],
  ["nonsense", "key_malformed", async () => "nonsense"],
])("%s is no APNs key", async (_what, code, key) => {
  const body = { keyId: "REFUSED001", teamIdentifier: TEAM, privateKey: await key() };
  const before = await stored();
  expect(await call("POST", "/apns-keys", body)).toMatchObject({
    status: 422,
    body: { code, pointer: "/privateKey" },
  });
  expect(await stored()).toEqual(before);
});
