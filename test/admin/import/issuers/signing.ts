/**
 * Signs the files of issuers with certificates of the stand-in Apple: correctly, or with one of the faults that files in
 * circulation have.
 */
import { env } from "cloudflare:workers";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import { apple } from "../../../harness.ts";
import { bytesOf } from "../../../pkpass/archives.ts";
import { signatureOver } from "../../../pkpass/signatures.ts";

/** `edited`: pass.json was changed after it was signed. `none`: no manifest and no signature. */
export type SigningFault = "expired" | "no intermediate" | "another pass type" | "edited" | "none";

export interface Identity {
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string;
}
/** The signature over a manifest. */
export type Sign = (manifest: Uint8Array, identity: Identity, fault?: SigningFault) => Promise<Uint8Array>;

const DAY = 86_400_000;
const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** All certificates have one key, because it takes long to make one. */
export async function makeSigner(): Promise<Sign> {
  const keys = (await crypto.subtle.generateKey(RSA, true, ["sign", "verify"])) as CryptoKeyPair;
  const request = await Pkcs10CertificateRequestGenerator.create({ keys, signingAlgorithm: RSA });
  const csr = request.toString("pem");
  const wwdr = await fetch(`${env.APPLE_ORIGIN}/wwdr.cer`);
  const intermediate = new Uint8Array(await wwdr.arrayBuffer());
  return async (manifest, { passTypeIdentifier, teamIdentifier }, fault) => {
    const now = Date.now();
    const { pem } = await apple.issue({
      csr,
      passTypeIdentifier: fault === "another pass type" ? "pass.com.example.another" : passTypeIdentifier,
      teamIdentifier,
      ...(fault === "expired" ? { notBefore: new Date(now - 400 * DAY), notAfter: new Date(now - DAY) } : {}),
    });
    const certificate = Uint8Array.fromBase64(pem.replace(/-----[^-]+-----/g, ""));
    return signatureOver(fault === "edited" ? bytesOf("{}") : manifest, {
      privateKey: keys.privateKey,
      certificate,
      certificates: fault === "no intermediate" ? [certificate] : [certificate, intermediate],
      digest: fault === undefined ? "SHA-256" : "SHA-1",
      signingTime: fault === "expired" ? now - 300 * DAY : now,
    });
  };
}
