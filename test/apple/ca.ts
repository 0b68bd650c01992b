/**
 * A stand-in for Apple's certificate authority: a root, the Worldwide Developer Relations (WWDR) intermediates and the
 * pass certificates that these sign. All keys are generated at run time, so the repository contains none. It uses only
 * WebCrypto, so it runs in Node and in the Workers runtime.
 *
 * It is not a general authority: there is no revocation, and it trusts the caller about the developer account of a
 * certificate.
 *
 * Follows RFC 2986 (certificate requests) and RFC 5280 §4.2.2.1 (authority information access).
 */
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { exportPKCS8, importPKCS8 } from "jose";
import {
  type Authority,
  certifyIntermediate,
  certifyPassType,
  createIntermediate,
  createRoot,
  hex,
  hour,
  validity,
  year,
} from "./ca-certificates.ts";

/** The issuer: the current intermediate, another one under the same root, or the intermediate of a foreign chain. */
export type Intermediate = "current" | "other-generation" | "stranger";

export interface IssueOptions {
  passTypeIdentifier: string;
  teamIdentifier: string;
  /** Default: one hour ago. */
  notBefore?: Date | undefined;
  /** Default: in one year. */
  notAfter?: Date | undefined;
  /** Default: "current". */
  intermediate?: Intermediate | undefined;
}

export interface IssuedCertificate {
  pem: string;
  der: Uint8Array<ArrayBuffer>;
}

export interface StandInCa {
  rootPem: string;
  rootDer: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the root's DER as 64 lower-case hex digits, which a deployment pins. */
  rootFingerprint: string;
  wwdrPem: string;
  wwdrDer: Uint8Array<ArrayBuffer>;
  /** Another generation under the same root, also valid, with another key. It did not issue the "current" certificates. */
  otherWwdrPem: string;
  otherWwdrDer: Uint8Array<ArrayBuffer>;
  /** The current intermediate's subject and key in an expired certificate: only its dates are wrong. */
  expiredWwdrPem: string;
  expiredWwdrDer: Uint8Array<ArrayBuffer>;
  /** A completely different chain with exactly the same names: only the keys differ, and so the pinned fingerprint. */
  strangerRootPem: string;
  strangerWwdrPem: string;
  /** Answers a certificate request. Throws if the signature of the request is wrong or its key is neither RSA nor P-256. */
  issue(csrPem: string, options: IssueOptions): Promise<IssuedCertificate>;
  /** Certifies a public key without a request. */
  issueFor(publicKey: CryptoKey, options: IssueOptions): Promise<IssuedCertificate>;
  /** The file at an authority information access URL, in DER; undefined for an unknown path. */
  answer(path: string): { contentType: string; body: Uint8Array<ArrayBuffer> } | undefined;
  /** The whole authority as JSON, including private keys, for {@link restoreCa}. */
  save(): Promise<string>;
}

const authorityNames = ["root", "wwdr", "otherWwdr", "strangerRoot", "strangerWwdr"] as const;
type AuthorityName = (typeof authorityNames)[number];

/** Creates a new authority. `aiaOrigin` is where {@link StandInCa.answer} will be served, without a trailing slash. */
export async function createCa(options: { aiaOrigin: string }): Promise<StandInCa> {
  const rootAddress = `${options.aiaOrigin}/root.cer`;
  const [root, strangerRoot] = await Promise.all([createRoot(), createRoot()]);
  const [wwdr, otherWwdr, strangerWwdr] = await Promise.all([
    createIntermediate(root, "G4", rootAddress),
    createIntermediate(root, "G2", rootAddress),
    createIntermediate(strangerRoot, "G4", rootAddress),
  ]);
  return open({ root, wwdr, otherWwdr, strangerRoot, strangerWwdr }, options.aiaOrigin);
}

/**
 * Restores an authority from the output of {@link StandInCa.save}. The intermediates keep their old address; pass
 * certificates that are issued from now on contain the `aiaOrigin` given here.
 */
export async function restoreCa(saved: string, options: { aiaOrigin: string }): Promise<StandInCa> {
  const parsed: Record<AuthorityName, { certificate: string; privateKey: string }> = JSON.parse(saved);
  const restore = async (name: AuthorityName): Promise<Authority> => ({
    certificate: new x509.X509Certificate(parsed[name].certificate),
    privateKey: await importPKCS8(parsed[name].privateKey, "RS256", { extractable: true }),
  });
  const authorities: Record<AuthorityName, Authority> = {
    root: await restore("root"),
    wwdr: await restore("wwdr"),
    otherWwdr: await restore("otherWwdr"),
    strangerRoot: await restore("strangerRoot"),
    strangerWwdr: await restore("strangerWwdr"),
  };
  return open(authorities, options.aiaOrigin);
}

async function open(authorities: Record<AuthorityName, Authority>, aiaOrigin: string): Promise<StandInCa> {
  const { root, wwdr, otherWwdr, strangerRoot, strangerWwdr } = authorities;
  const expiredWwdr = await certifyIntermediate(root, wwdr.certificate.publicKey, {
    generation: "G4",
    rootAddress: `${aiaOrigin}/root.cer`,
    ...validity(-8 * year, -24 * hour),
  });

  const issuers: Record<Intermediate, { authority: Authority; path: string }> = {
    current: { authority: wwdr, path: "/wwdr.cer" },
    "other-generation": { authority: otherWwdr, path: "/other-wwdr.cer" },
    stranger: { authority: strangerWwdr, path: "/stranger-wwdr.cer" },
  };
  const issueFor = async (publicKey: x509.PublicKeyType, options: IssueOptions) => {
    const { authority, path } = issuers[options.intermediate ?? "current"];
    const usual = validity(-hour, year);
    const certificate = await certifyPassType(authority, publicKey, {
      passTypeIdentifier: options.passTypeIdentifier,
      teamIdentifier: options.teamIdentifier,
      notBefore: options.notBefore ?? usual.notBefore,
      notAfter: options.notAfter ?? usual.notAfter,
      issuerAddress: aiaOrigin + path,
    });
    return { pem: certificate.toString("pem"), der: der(certificate) };
  };

  const files: Record<string, x509.X509Certificate> = {
    "/root.cer": root.certificate,
    "/wwdr.cer": wwdr.certificate,
    "/other-wwdr.cer": otherWwdr.certificate,
    "/expired-wwdr.cer": expiredWwdr,
    "/stranger-wwdr.cer": strangerWwdr.certificate,
  };

  return {
    rootPem: root.certificate.toString("pem"),
    rootDer: der(root.certificate),
    rootFingerprint: hex(new Uint8Array(await crypto.subtle.digest("SHA-256", der(root.certificate)))),
    wwdrPem: wwdr.certificate.toString("pem"),
    wwdrDer: der(wwdr.certificate),
    otherWwdrPem: otherWwdr.certificate.toString("pem"),
    otherWwdrDer: der(otherWwdr.certificate),
    expiredWwdrPem: expiredWwdr.toString("pem"),
    expiredWwdrDer: der(expiredWwdr),
    strangerRootPem: strangerRoot.certificate.toString("pem"),
    strangerWwdrPem: strangerWwdr.certificate.toString("pem"),
    async issue(csrPem, options) {
      const request = new x509.Pkcs10CertificateRequest(csrPem);
      const { algorithm } = request.publicKey;
      const accepted =
        algorithm.name === "RSASSA-PKCS1-v1_5" ||
        ("namedCurve" in algorithm && algorithm.namedCurve === "P-256");
      if (!accepted) throw new Error(`Apple takes RSA and P-256 keys, not ${algorithm.name}.`);
      if (!(await request.verify())) throw new Error("The certificate request is not signed by its own key.");
      return issueFor(request.publicKey, options);
    },
    issueFor,
    answer(path) {
      const certificate = files[path];
      return certificate && { contentType: "application/pkix-cert", body: der(certificate) };
    },
    async save() {
      const entries = authorityNames.map(async (name) => {
        const { certificate, privateKey } = authorities[name];
        const saved = { certificate: certificate.toString("pem"), privateKey: await exportPKCS8(privateKey) };
        return [name, saved];
      });
      return JSON.stringify(Object.fromEntries(await Promise.all(entries)), null, 2);
    },
  };
}

function der(certificate: x509.X509Certificate): Uint8Array<ArrayBuffer> {
  return new Uint8Array(certificate.rawData);
}
