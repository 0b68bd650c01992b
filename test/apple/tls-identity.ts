/**
 * A self-signed TLS certificate for 127.0.0.1, made at run time. Clients are configured to trust exactly this
 * certificate (RFC 5280 §3.2, RFC 6125). It is valid for a month.
 */
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { exportPKCS8, generateKeyPair } from "jose";

export async function createTlsIdentity(): Promise<{ certificatePem: string; privateKeyPem: string }> {
  const keys = await generateKeyPair("ES256", { extractable: true });
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Stand-in APNs",
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 30 * 24 * 3_600_000),
    keys,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: "dns", value: "localhost" },
        { type: "ip", value: "127.0.0.1" },
      ]),
    ],
  });
  return { certificatePem: certificate.toString("pem"), privateKeyPem: await exportPKCS8(keys.privateKey) };
}
