/**
 * The three kinds of certificates of the stand-in authority, with one function for each: root, Worldwide Developer
 * Relations (WWDR) intermediate, and pass certificate. ca.ts decides which of them are stored and served.
 *
 * Follows RFC 5280, with the names and extensions of the certificates that Apple issues:
 * https://www.apple.com/certificateauthority/
 */
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { generateKeyPair } from "jose";

/** A certificate that signs others, with its private key. */
export interface Authority {
  certificate: x509.X509Certificate;
  privateKey: CryptoKey;
}

/** The period in which a certificate is valid. */
export interface Validity {
  notBefore: Date;
  notAfter: Date;
}

export const hour = 3_600_000;
export const year = 365 * 24 * hour;

/** The attribute in which Apple puts the pass type identifier (RFC 4519 §2.39). */
const userId = "0.9.2342.19200300.100.1.1";

/** Extended key usages: TLS client authentication (RFC 5280 §4.2.1.12), and Apple's usage for Wallet passes. */
const clientAuthentication = "1.3.6.1.5.5.7.3.2";
const passSigning = "1.2.840.113635.100.4.14";

const { digitalSignature, keyCertSign, cRLSign } = x509.KeyUsageFlags;

/** A self-signed root with a new key. */
export async function createRoot(): Promise<Authority> {
  const keys = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: [
      { CN: ["Edgepass Stand-in Root CA"] },
      { OU: ["Stand-in Certification Authority"] },
      { O: ["Edgepass Stand-in Inc."] },
      { C: ["US"] },
    ],
    keys,
    ...validity(-10 * year, 15 * year),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
    ],
  });
  return { certificate, privateKey: keys.privateKey };
}

/** An intermediate with a new key. `rootAddress` is the URL of the root's certificate. */
export async function createIntermediate(
  root: Authority,
  generation: "G2" | "G4",
  rootAddress: string,
): Promise<Authority> {
  const keys = await generateKeyPair("RS256", { modulusLength: 2048, extractable: true });
  const certificate = await certifyIntermediate(root, keys.publicKey, {
    generation,
    rootAddress,
    ...validity(-5 * year, 5 * year),
  });
  return { certificate, privateKey: keys.privateKey };
}

/** An intermediate certificate for an existing key. */
export async function certifyIntermediate(
  root: Authority,
  publicKey: x509.PublicKeyType,
  options: Validity & { generation: "G2" | "G4"; rootAddress: string },
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: [
      { CN: ["Stand-in Worldwide Developer Relations Certification Authority"] },
      { OU: [options.generation] },
      { O: ["Edgepass Stand-in Inc."] },
      { C: ["US"] },
    ],
    issuer: root.certificate.subjectName,
    publicKey,
    signingKey: root.privateKey,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      await x509.AuthorityKeyIdentifierExtension.create(root.certificate.publicKey),
      new x509.AuthorityInfoAccessExtension({ caIssuers: options.rootAddress }),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
    ],
  });
}

/** A pass certificate. `issuerAddress` is the URL of the intermediate's certificate. */
export async function certifyPassType(
  intermediate: Authority,
  publicKey: x509.PublicKeyType,
  options: Validity & { passTypeIdentifier: string; teamIdentifier: string; issuerAddress: string },
): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject: [
      { [userId]: [options.passTypeIdentifier] },
      { CN: [`Pass Type ID: ${options.passTypeIdentifier}`] },
      { OU: [options.teamIdentifier] },
      { O: ["Edgepass Developer"] },
      { C: ["US"] },
    ],
    issuer: intermediate.certificate.subjectName,
    publicKey,
    signingKey: intermediate.privateKey,
    notBefore: options.notBefore,
    notAfter: options.notAfter,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      await x509.AuthorityKeyIdentifierExtension.create(intermediate.certificate.publicKey),
      new x509.AuthorityInfoAccessExtension({ caIssuers: options.issuerAddress }),
      new x509.ExtendedKeyUsageExtension([clientAuthentication, passSigning]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      new x509.KeyUsagesExtension(digitalSignature, true),
    ],
  });
}

/** A validity given in milliseconds around now. */
export function validity(from: number, to: number): Validity {
  return { notBefore: new Date(Date.now() + from), notAfter: new Date(Date.now() + to) };
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets. The top bits 01 keep it positive and free of leading zeros. */
function newSerialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return hex(bytes.with(0, ((bytes[0] ?? 0) & 0x3f) | 0x40));
}

/** Lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
