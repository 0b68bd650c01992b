/**
 * The certificates in the signature of a pass: whether the signer's is valid now, and whether the intermediate that issued
 * it is there.
 *
 * That the intermediate is Apple's is not proven: a pass holds no root. Follows RFC 5280 and Apple's "Building a Pass".
 */
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  BasicConstraints,
  type Certificate,
  id_ce_basicConstraints,
  type Name,
  type Time,
} from "@peculiar/asn1-x509";
import { error, type Finding } from "../finding.ts";
import { isSignedBy } from "./algorithms.ts";

const POINTER = "/signature";

/** The dates of the signer, and the intermediate that issued it. */
export async function certificateFindings(signer: Certificate, all: readonly Certificate[], now: number) {
  const findings: Finding[] = [];
  const { notBefore, notAfter } = signer.tbsCertificate.validity;
  if (msOf(notAfter) <= now) {
    const message = `The certificate ended on ${day(msOf(notAfter))}.`;
    findings.push(
      error("certificate_expired", POINTER, message, "Make a new one in Apple's portal, and sign with it."),
    );
  }
  if (msOf(notBefore) > now) {
    const message = `The certificate begins on ${day(msOf(notBefore))}.`;
    findings.push(error("certificate_not_yet_valid", POINTER, message, "Wait, or correct the clock."));
  }
  return [...findings, ...(await ofIntermediate(signer, all, now))];
}

async function ofIntermediate(signer: Certificate, all: readonly Certificate[], now: number) {
  // Of two that fit (a renewed WWDR keeps its name and key) the one that lasts longer.
  const named = all
    .filter(
      (other) => other !== signer && isSameName(other.tbsCertificate.subject, signer.tbsCertificate.issuer),
    )
    .sort((a, b) => msOf(b.tbsCertificate.validity.notAfter) - msOf(a.tbsCertificate.validity.notAfter));
  const cure =
    "Put the WWDR certificate in that Apple issued yours with: https://www.apple.com/certificateauthority/";
  if (named.length === 0) {
    const isOwn = isSameName(signer.tbsCertificate.subject, signer.tbsCertificate.issuer);
    const message = isOwn
      ? "The certificate is self-signed: no iPhone takes it."
      : "The signature does not hold the intermediate (WWDR) that issued its certificate.";
    return [error("intermediate_missing", POINTER, message, isOwn ? "Request one in Apple's portal." : cure)];
  }
  let isNoAuthority = false;
  for (const issuer of named) {
    if (!(await hasIssued(issuer, signer))) continue;
    if (!isAuthority(issuer)) {
      isNoAuthority = true;
      continue;
    }
    const end = msOf(issuer.tbsCertificate.validity.notAfter);
    if (end > now) return [];
    return [error("intermediate_expired", POINTER, `The intermediate (WWDR) ended on ${day(end)}.`, cure)];
  }
  if (isNoAuthority) {
    const why =
      "What issued the certificate is no certificate authority, as its own basicConstraints say: no iPhone takes it.";
    return [error("intermediate_no_authority", POINTER, why, cure)];
  }
  const message =
    "The intermediate (WWDR) in the signature has the right name, and did not issue its certificate.";
  return [error("intermediate_mismatch", POINTER, message, cure)];
}

/** RFC 5280 §4.2.1.9: without the extension, too, a certificate may issue no other. */
function isAuthority({ tbsCertificate }: Certificate): boolean {
  const extension = tbsCertificate.extensions?.find(({ extnID }) => extnID === id_ce_basicConstraints);
  try {
    return extension !== undefined && AsnConvert.parse(extension.extnValue, BasicConstraints).cA;
  } catch {
    return false;
  }
}

async function hasIssued(issuer: Certificate, certificate: Certificate): Promise<boolean> {
  const covered = new Uint8Array(
    certificate.tbsCertificateRaw ?? AsnConvert.serialize(certificate.tbsCertificate),
  );
  const value = new Uint8Array(certificate.signatureValue);
  const key = issuer.tbsCertificate.subjectPublicKeyInfo;
  return (await isSignedBy(key, certificate.signatureAlgorithm, undefined, value, covered)) === "signed";
}

export function isSameName(a: Name, b: Name): boolean {
  return sameBytes(AsnConvert.serialize(a), AsnConvert.serialize(b));
}

export function sameBytes(a: ArrayBufferLike, b: ArrayBufferLike): boolean {
  const [left, right] = [new Uint8Array(a), new Uint8Array(b)];
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** Milliseconds. */
export function msOf(time: Time): number {
  return time.getTime().getTime();
}

export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
