/**
 * The certificate chain up to the pinned root: a certificate that does not lead there is refused with a specific code, and
 * URLs of issuers, which come from an uploaded file, are fetched only from Apple's hosts.
 *
 * Follows RFC 5280 §6.1 (certification path validation) and §4.2.2.1 (the URL of an issuer).
 */

import { env } from "cloudflare:workers";
import { X509Certificate } from "@peculiar/x509";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { PassType } from "../../src/identities/pass-types.ts";
import { type Authority, createIntermediate, createRoot } from "../apple/ca-certificates.ts";
import { apple, call, stored, TEAM } from "../harness.ts";
import { certify, issuerAt, pem, pkcs8Of, publicKeyOf, requestFor, sharedKeys } from "./forms.ts";

const PASS_TYPE = "pass.test.chain";
const PATH = `/pass-types/${PASS_TYPE}/certificate`;
const ids = { passTypeIdentifier: PASS_TYPE, teamIdentifier: TEAM };
let csr: string;
/** A certificate authority of this test, with the names of the stand-in Apple's authority and other keys. */
let foreignRoot: Authority;
let foreign: Authority;

beforeAll(async () => {
  csr = (await call<PassType>("POST", "/pass-types", { passTypeIdentifier: PASS_TYPE })).body.csr ?? "";
  foreignRoot = await createRoot();
  foreign = await createIntermediate(foreignRoot, "G4", `${env.APPLE_ORIGIN}/root.cer`);
});

afterEach(() => {
  vi.restoreAllMocks();
});

async function issued(more: Partial<Parameters<typeof apple.issue>[0]> = {}): Promise<string> {
  return (await apple.issue({ csr, ...ids, ...more })).pem;
}

async function published(path: string): Promise<string> {
  const answer = await fetch(env.APPLE_ORIGIN + path);
  return pem("CERTIFICATE", new Uint8Array(await answer.arrayBuffer()));
}

/** A certificate for the pass type's own key that names this URL for its issuer. */
function naming(address: string): Promise<string> {
  return certify(foreign, publicKeyOf(csr), { ...ids, extensions: [issuerAt(address)] });
}

/** Sends a certificate and expects this refusal, with no change in the stored data. */
async function expectRefusal(body: Record<string, unknown>, code: string, pointer: string) {
  const before = await stored();
  const answer = await call("PUT", PATH, body);
  expect(answer).toMatchObject({ status: 422, body: { code, pointer } });
  expect(await stored()).toEqual(before);
  return answer.body;
}

test.each<[given: string, code: string, intermediate: () => Promise<string>]>([
  ["a WWDR of another generation", "intermediate_mismatch", () => published("/other-wwdr.cer")],
  ["a stranger's WWDR", "intermediate_mismatch", () => published("/stranger-wwdr.cer")],
  ["the root", "intermediate_mismatch", () => published("/root.cer")],
  ["an expired WWDR", "intermediate_expired", () => published("/expired-wwdr.cer")],
  [
    "a key",
    "key_instead_of_certificate",
    async () => pem("PRIVATE KEY", await pkcs8Of(await sharedKeys("RSA"))),
  ],
  ["nonsense", "certificate_malformed", async () => "nonsense"],
])("%s as the intermediate is refused: %s", async (_given, code, intermediate) => {
  const body = { certificate: await issued(), intermediate: await intermediate() };
  await expectRefusal(body, code, "/intermediate");
});

test("an expired WWDR is refused when it is fetched, too", async () => {
  const certificate = await issued();
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation((url, init) =>
    real(String(url).replace("/wwdr.cer", "/expired-wwdr.cer"), init),
  );
  await expectRefusal({ certificate }, "intermediate_expired", "/intermediate");
});

test("a certificate without a URL for its issuer needs the intermediate in the request", async () => {
  const certificate = await certify(foreign, publicKeyOf(csr), ids);
  await expectRefusal({ certificate }, "intermediate_missing", "/intermediate");
});

test("the certificate at the issuer's URL must be the issuer's", async () => {
  const certificate = await naming(`${env.APPLE_ORIGIN}/wwdr.cer`);
  await expectRefusal({ certificate }, "intermediate_mismatch", "/certificate");
});

test("a foreign chain is not trusted, even with Apple's names", async () => {
  await expectRefusal(
    { certificate: await issued({ intermediate: "stranger" }) },
    "chain_untrusted",
    "/certificate",
  );
});

test("a foreign chain is not trusted when its root is uploaded too", async () => {
  const own = await naming(`${env.APPLE_ORIGIN}/root.cer`);
  const above = [foreign, foreignRoot].map(({ certificate }) => certificate.toString("pem"));
  await expectRefusal({ certificate: [own, ...above].join("\n") }, "chain_untrusted", "/certificate");
});

test("a pass certificate cannot issue another one, even if its own chain is trusted", async () => {
  const keys = await sharedKeys("RSA");
  const passTypeIdentifier = "pass.test.refusals.issuer";
  const genuine = (await apple.issue({ csr: await requestFor(keys), ...ids, passTypeIdentifier })).pem;
  const issuer = { certificate: new X509Certificate(genuine), privateKey: keys.privateKey };
  const certificate = await certify(issuer, publicKeyOf(csr), ids);
  await expectRefusal({ certificate, intermediate: genuine }, "intermediate_mismatch", "/intermediate");
});

test.each([
  "https://example.com/wwdr.cer",
  "https://www.apple.com.example.com/wwdr.cer",
  "https://notapple.com/wwdr.cer",
  "https://user@www.apple.com/wwdr.cer",
  "http://www.apple.com:8080/wwdr.cer",
  "http://127.0.0.1:1/wwdr.cer",
  "http://169.254.169.254/latest/meta-data",
  "file:///etc/passwd",
  "nonsense",
])("an issuer's URL outside Apple's hosts is not fetched (%s)", async (address) => {
  const certificate = await naming(address);
  const fetched = vi.spyOn(globalThis, "fetch");
  await expectRefusal({ certificate }, "intermediate_missing", "/intermediate");
  expect(fetched).not.toHaveBeenCalled();
});

test.each([
  ["a redirect", () => `${env.APPLE_ORIGIN}/redirect.cer`, "returned status 302"],
  ["a megabyte", () => `${env.APPLE_ORIGIN}/huge.cer`, "returned more bytes than a certificate can have"],
  ["nothing", () => `${env.APPLE_ORIGIN}/nothing.cer`, "returned status 404"],
  ["no certificate", () => `${env.APPLE_ORIGIN}/control/history?token=none`, "did not return a certificate"],
  ["nobody", () => "http://certs.apple.com/wwdrg4.der", "returned status 599"],
])("an issuer's URL that answers with %s is fetched once, and refused", async (_what, address, detail) => {
  const certificate = await naming(address());
  const fetched = vi.spyOn(globalThis, "fetch");
  const problem = await expectRefusal({ certificate }, "intermediate_missing", "/intermediate");
  expect(problem.detail).toContain(detail);
  expect(fetched.mock.calls.map(([url]) => url)).toEqual([address()]);
});
