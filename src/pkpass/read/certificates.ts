/**
 * Checks the certificates in the signature of a pass: the signer's certificate must be valid now, and the intermediate
 * that issued it must be included.
 *
 * It does not prove that the intermediate is Apple's, since a pass contains no root. Follows RFC 5280 and Apple's "Building a
 * Pass", which names a missing intermediate among the reasons why a pass cannot be added. iPhones refused such passes
 * (github.com/frozon/passbook/issues/5), so it is an error.
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

/**
 * @param signer the certificate of the signer
 * @param all the certificates in the signature
 * @param now milliseconds
 */
export async function checkCertificates(signer: Certificate, all: readonly Certificate[], now: number) {
  const findings: Finding[] = [];
  const { notBefore, notAfter } = signer.tbsCertificate.validity;
  if (toMs(notAfter) <= now) {
    const message = `The certificate expired on ${formatDay(toMs(notAfter))}.`;
    findings.push(
      error(
        "certificate_expired",
        POINTER,
        message,
        "Create a new certificate in Apple's developer portal, and sign with it.",
      ),
    );
  }
  if (toMs(notBefore) > now) {
    const message = `The certificate is not valid before ${formatDay(toMs(notBefore))}.`;
    findings.push(
      error("certificate_not_yet_valid", POINTER, message, "Wait until then, or correct the clock."),
    );
  }
  return [...findings, ...(await checkIntermediate(signer, all, now))];
}

async function checkIntermediate(signer: Certificate, all: readonly Certificate[], now: number) {
  // The certificate that expires last comes first, because a renewed WWDR certificate has the same name and key.
  const candidates = all
    .filter(
      (other) => other !== signer && sameName(other.tbsCertificate.subject, signer.tbsCertificate.issuer),
    )
    .sort((a, b) => toMs(b.tbsCertificate.validity.notAfter) - toMs(a.tbsCertificate.validity.notAfter));
  const cure =
    "Include the WWDR certificate that issued your certificate: https://www.apple.com/certificateauthority/";
  if (candidates.length === 0) {
    const isSelfSigned = sameName(signer.tbsCertificate.subject, signer.tbsCertificate.issuer);
    const message = isSelfSigned
      ? "The certificate is self-signed, and iPhones refuse it."
      : "The signature does not contain the intermediate certificate (WWDR) that issued its certificate.";
    return [
      error(
        "intermediate_missing",
        POINTER,
        message,
        isSelfSigned ? "Request a certificate in Apple's developer portal." : cure,
      ),
    ];
  }
  let isNotCa = false;
  for (const issuer of candidates) {
    if (!(await hasIssued(issuer, signer))) continue;
    if (!isCa(issuer)) {
      isNotCa = true;
      continue;
    }
    const end = toMs(issuer.tbsCertificate.validity.notAfter);
    if (end > now) return [];
    return [
      error(
        "intermediate_expired",
        POINTER,
        `The intermediate certificate (WWDR) expired on ${formatDay(end)}.`,
        cure,
      ),
    ];
  }
  if (isNotCa) {
    const why =
      "The issuer of the certificate is not a certificate authority according to its basicConstraints, and iPhones refuse it.";
    return [error("intermediate_not_a_ca", POINTER, why, cure)];
  }
  const message =
    "The intermediate certificate (WWDR) in the signature has the right name, but did not issue its certificate.";
  return [error("intermediate_mismatch", POINTER, message, cure)];
}

/** RFC 5280 §4.2.1.9. A certificate without the extension may not issue others either. */
function isCa({ tbsCertificate }: Certificate): boolean {
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

export function sameName(a: Name, b: Name): boolean {
  return sameBytes(AsnConvert.serialize(a), AsnConvert.serialize(b));
}

export function sameBytes(a: ArrayBufferLike, b: ArrayBufferLike): boolean {
  const [left, right] = [new Uint8Array(a), new Uint8Array(b)];
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** In milliseconds. */
export function toMs(time: Time): number {
  return time.getTime().getTime();
}

/** The day as 2026-12-24. */
export function formatDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
