/**
 * Keys and certificates for tests: keys in every file format, and certificates that Apple would never issue. Ordinary
 * certificates come from the stand-in Apple.
 *
 * Follows RFC 7468 (PEM), RFC 5208 (PKCS#8), RFC 8017 (PKCS#1), RFC 5915 (SEC1), RFC 7292 (PKCS#12).
 */
import "reflect-metadata";
import { ContentInfo, id_data } from "@peculiar/asn1-cms";
import { ECParameters, ECPrivateKey } from "@peculiar/asn1-ecc";
import { PFX } from "@peculiar/asn1-pfx";
import { EncryptedData, EncryptedPrivateKeyInfo, PrivateKeyInfo } from "@peculiar/asn1-pkcs8";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import * as x509 from "@peculiar/x509";
import { type Authority, hour, validity, year } from "../apple/ca-certificates.ts";

const ALGORITHMS = {
  RSA: rsa(2048),
  "RSA-1024": rsa(1024),
  "P-256": { name: "ECDSA", namedCurve: "P-256" },
  "P-384": { name: "ECDSA", namedCurve: "P-384" },
};
const P256 = "1.2.840.10045.3.1.7";
const PBES2 = "1.2.840.113549.1.5.13";
/** RFC 4519 §2.39: where Apple puts the pass type identifier. */
const USER_ID = "0.9.2342.19200300.100.1.1";

export async function makeKeys(algorithm: keyof typeof ALGORITHMS): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey(ALGORITHMS[algorithm], true, ["sign", "verify"])) as CryptoKeyPair;
}

const shared = new Map<keyof typeof ALGORITHMS, CryptoKeyPair>();

/** The same keys each time, for tests that need no keys of their own: RSA keys take 54 ms of CPU. */
export async function sharedKeys(algorithm: keyof typeof ALGORITHMS): Promise<CryptoKeyPair> {
  const keys = shared.get(algorithm) ?? (await makeKeys(algorithm));
  shared.set(algorithm, keys);
  return keys;
}

/** A certificate request for these keys, in PEM. */
export async function requestFor(keys: CryptoKeyPair): Promise<string> {
  const signingAlgorithm = { ...keys.publicKey.algorithm, hash: "SHA-256" };
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ keys, signingAlgorithm });
  return request.toString("pem");
}

/** The public key that a certificate request (PEM) is for. */
export function publicKeyOf(csr: string | null): x509.PublicKey {
  return new x509.Pkcs10CertificateRequest(csr ?? "").publicKey;
}

export async function pkcs8Of(keys: CryptoKeyPair): Promise<Uint8Array> {
  return new Uint8Array((await crypto.subtle.exportKey("pkcs8", keys.privateKey)) as ArrayBuffer);
}

/** The bare key in a PKCS#8: PKCS#1 for RSA. */
export async function pkcs1Of(keys: CryptoKeyPair): Promise<Uint8Array> {
  return new Uint8Array(AsnConvert.parse(await pkcs8Of(keys), PrivateKeyInfo).privateKey.buffer);
}

/** SEC1 with its curve named, as `openssl ecparam -genkey` writes it. */
export async function sec1Of(keys: CryptoKeyPair): Promise<Uint8Array> {
  const key = AsnConvert.parse(await pkcs1Of(keys), ECPrivateKey);
  key.parameters = new ECParameters({ namedCurve: P256 });
  return new Uint8Array(AsnConvert.serialize(key));
}

/** The block that openssl writes before a SEC1 key. */
export const ecParameters = pem(
  "EC PARAMETERS",
  Uint8Array.of(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7),
);

/** An encrypted PKCS#8 key. Its content is zeros: nothing decrypts it. */
export function encryptedKey(): Uint8Array {
  const info = new EncryptedPrivateKeyInfo({
    encryptionAlgorithm: new AlgorithmIdentifier({ algorithm: PBES2, parameters: null }),
    encryptedData: new EncryptedData(new Uint8Array(64)),
  });
  return new Uint8Array(AsnConvert.serialize(info));
}

/** An empty .p12 file. */
export function pkcs12(): Uint8Array {
  const emptySequence = Uint8Array.of(0x30, 0);
  const content = AsnConvert.serialize(new OctetString(emptySequence));
  const authSafe = new ContentInfo({ contentType: id_data, content });
  return new Uint8Array(AsnConvert.serialize(new PFX({ authSafe })));
}

export function pem(label: string, der: Uint8Array): string {
  const lines = der.toBase64().match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** What `openssl pkcs12 -nodes` writes around each block. */
export function withBagAttributes(block: string): string {
  return `Bag Attributes\n    friendlyName: Pass Type ID: pass.example\n    localKeyID: 5A 1B\nsubject=UID=pass.example\n\nissuer=CN=WWDR\n\n${block}`;
}

/** The DER of a PEM text. */
export function derOf(text: string): Uint8Array {
  return new Uint8Array(x509.PemConverter.decodeFirst(text));
}

export interface OddCertificate {
  readonly passTypeIdentifier?: string;
  readonly teamIdentifier?: string;
  readonly extensions?: x509.Extension[];
}

/** Issues a pass certificate by this authority, with the given names and extensions. */
export async function certify(
  issuer: Authority,
  publicKey: x509.PublicKey,
  { passTypeIdentifier, teamIdentifier, extensions = [] }: OddCertificate,
): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "4d",
    subject: [
      ...(passTypeIdentifier === undefined ? [] : [{ [USER_ID]: [passTypeIdentifier] }]),
      { CN: ["Pass Type ID"] },
      ...(teamIdentifier === undefined ? [] : [{ OU: [teamIdentifier] }]),
    ],
    issuer: issuer.certificate.subjectName,
    publicKey,
    signingKey: issuer.privateKey,
    ...validity(-hour, year),
    extensions,
  });
  return certificate.toString("pem");
}

/** The extension that names the URL of the issuer's certificate. */
export function issuerAt(address: string): x509.Extension {
  return new x509.AuthorityInfoAccessExtension({ caIssuers: address });
}

/** An extension whose value is not DER. */
export function brokenExtension(oid: string): x509.Extension {
  return new x509.Extension(oid, false, Uint8Array.of(0x30, 0x82, 0xff, 0x01));
}

function rsa(modulusLength: number) {
  return {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength,
    publicExponent: Uint8Array.of(1, 0, 1),
  };
}
