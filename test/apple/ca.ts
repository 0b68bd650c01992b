/**
 * A stand-in for Apple's certificate authority: a root, the Worldwide Developer Relations (WWDR) intermediates
 * and the pass certificates that these sign. All keys are made at run time, so the repository holds none.
 *
 * It runs in Node and in the Workers runtime alike (WebCrypto only). It is not a general authority: there is no
 * revocation, and the developer's account behind a certificate is whatever the caller says it is.
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

/** Who signs: the intermediate in force, its sibling under the same root, or one of a foreign chain. */
export type Intermediate = "current" | "other-generation" | "stranger";

export interface IssueOptions {
  passTypeIdentifier: string;
  teamIdentifier: string;
  /** One hour ago, unless told. */
  notBefore?: Date | undefined;
  /** In one year, unless told. */
  notAfter?: Date | undefined;
  /** "current", unless told. */
  intermediate?: Intermediate | undefined;
}

export interface IssuedCertificate {
  pem: string;
  der: Uint8Array<ArrayBuffer>;
}

export interface StandInCa {
  rootPem: string;
  rootDer: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the root's DER, 64 lower-case hex digits: what a deployment pins. */
  rootFingerprint: string;
  wwdrPem: string;
  wwdrDer: Uint8Array<ArrayBuffer>;
  /** Another generation under the same root, in force, with another key: it did not issue "current" certificates. */
  otherWwdrPem: string;
  otherWwdrDer: Uint8Array<ArrayBuffer>;
  /** The current intermediate's subject and key, in a certificate whose validity is over: only its dates are wrong. */
  expiredWwdrPem: string;
  expiredWwdrDer: Uint8Array<ArrayBuffer>;
  /** A whole other chain with the very same names: only the keys, hence the pinned fingerprint, tell them apart. */
  strangerRootPem: string;
  strangerWwdrPem: string;
  /** Answers a certificate request. Throws if its own signature is wrong or its key is neither RSA nor P-256. */
  issue(csrPem: string, options: IssueOptions): Promise<IssuedCertificate>;
  /** Certifies a public key without a request. */
  issueFor(publicKey: CryptoKey, options: IssueOptions): Promise<IssuedCertificate>;
  /** The file that an authority information access address names, in DER; undefined for an unknown path. */
  answer(path: string): { contentType: string; body: Uint8Array<ArrayBuffer> } | undefined;
  /** Everything, private keys included, as JSON for {@link restoreCa}. */
  save(): Promise<string>;
}

const authorityNames = ["root", "wwdr", "otherWwdr", "strangerRoot", "strangerWwdr"] as const;
type AuthorityName = (typeof authorityNames)[number];

/** Makes a new authority. `aiaOrigin` is where {@link StandInCa.answer} will be served, without a final slash. */
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
 * Opens what {@link StandInCa.save} wrote. The intermediates keep the address that they were made with; pass
 * certificates issued from now on name the `aiaOrigin` given here.
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
