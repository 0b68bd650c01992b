/**
 * Signatures with invalid certificates, which are made here.
 *
 * Follows RFC 5280 §4.2.1.9 (basicConstraints).
 */
import "reflect-metadata";
import { AsnConvert } from "@peculiar/asn1-schema";
import { Certificate } from "@peculiar/asn1-x509";
import * as x509 from "@peculiar/x509";
import { beforeAll, expect, test } from "vitest";
import { checkCertificates } from "../../src/pkpass/read/certificates.ts";

const NOW = Date.now();
const HOUR = 3_600_000;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

let keys: CryptoKeyPair;
let signer: Certificate;

beforeAll(async () => {
  keys = (await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"])) as CryptoKeyPair;
  signer = await certificate("CN=Pass", []);
});

/** Issued by "Issuer"; all have one key. */
async function certificate(subject: string, extensions: x509.Extension[]): Promise<Certificate> {
  const made = await x509.X509CertificateGenerator.create({
    ...{ subject, extensions, issuer: "CN=Issuer", serialNumber: "01" },
    ...{ publicKey: keys.publicKey, signingKey: keys.privateKey, signingAlgorithm: ALGORITHM },
    notBefore: new Date(NOW - HOUR),
    notAfter: new Date(NOW + HOUR),
  });
  return AsnConvert.parse(made.rawData, Certificate);
}
const issuer = (...extensions: x509.Extension[]) => certificate("CN=Issuer", extensions);
const codes = async (...others: Certificate[]) =>
  (await checkCertificates(signer, [signer, ...others], NOW)).map(
    ({ severity, code, pointer }) => `${severity} ${code} ${pointer}`,
  );

test("an issuer that is not a certificate authority is reported", async () => {
  const authority = await issuer(new x509.BasicConstraintsExtension(true, 0, true));
  const said = ["error intermediate_not_a_ca /signature"];
  expect(await codes(authority)).toEqual([]);
  for (const other of [await issuer(), await issuer(new x509.BasicConstraintsExtension(false))]) {
    expect(await codes(other)).toEqual(said);
    expect(await codes(other, authority)).toEqual([]); // of two that fit, the right one counts
  }
});
