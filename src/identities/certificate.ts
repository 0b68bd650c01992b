/**
 * Checks whether an uploaded certificate can sign passes of a pass type: its identifiers, dates, key and chain. The error
 * describes the first fault and its cure.
 *
 * It stores nothing. Follows Apple's "Building a pass": the UID of the certificate is the passTypeIdentifier, its OU
 * is the teamIdentifier.
 */
import "reflect-metadata";
import { ApiError } from "../errors.ts";
import { type ChainRules, completeChain, type Fetch } from "./chain.ts";
import { readCertificates, sha256 } from "./pem.ts";

export interface CheckedCertificate {
  /** SHA-256 (hex) of the DER. */
  readonly fingerprint: string;
  readonly teamIdentifier: string;
  /** SHA-256 (hex) of the SubjectPublicKeyInfo. */
  readonly publicKeyHash: string;
  /** DER. */
  readonly certificate: Uint8Array;
  /** DER. */
  readonly intermediate: Uint8Array;
  readonly notBeforeAt: number;
  readonly notAfterAt: number;
}

/** The expected properties of the certificate. */
export interface Expected {
  readonly passTypeIdentifier: string;
  /** Undefined until there is a certificate. */
  readonly teamIdentifier: string | undefined;
  /** The public keys that the certificate may be issued for. */
  readonly publicKeyHashes: readonly string[];
}

/** OID userId, RFC 4519 §2.39: Apple puts the pass type identifier there. */
const UID = "0.9.2342.19200300.100.1.1";
const POINTER = "/certificate";

/**
 * Checks an uploaded certificate and completes its chain.
 * @param now milliseconds
 * @param fetch for certificates of the chain that were not uploaded
 * @throws ApiError with the first fault: the codes of errors.ts from certificate_malformed to chain_untrusted
 */
export async function checkCertificate(
  input: { certificate: string | Uint8Array; intermediate?: string | undefined },
  expected: Expected,
  rules: ChainRules,
  now: number,
  fetch: Fetch,
): Promise<CheckedCertificate> {
  const uploaded = readCertificates(input.certificate, POINTER);
  const intermediates =
    input.intermediate === undefined ? [] : readCertificates(input.intermediate, "/intermediate");
  // A PEM file may contain the whole chain: the pass certificate is the one with a UID.
  const leaf =
    uploaded.find((certificate) => certificate.subjectName.getField(UID).length > 0) ?? uploaded[0];
  if (leaf === undefined) throw new ApiError("certificate_malformed", "This contains no certificate.");

  const [passTypeIdentifier] = leaf.subjectName.getField(UID);
  if (passTypeIdentifier !== expected.passTypeIdentifier) {
    throw new ApiError(
      "pass_type_mismatch",
      `The certificate is for "${passTypeIdentifier ?? leaf.subject}" (its UID), but the pass type is "${expected.passTypeIdentifier}".`,
      { pointer: POINTER },
    );
  }
  const [teamIdentifier] = leaf.subjectName.getField("OU");
  if (teamIdentifier === undefined) {
    throw new ApiError(
      "certificate_malformed",
      "The certificate has no team identifier (its subject has no OU).",
      {
        pointer: POINTER,
      },
    );
  }
  if (expected.teamIdentifier !== undefined && teamIdentifier !== expected.teamIdentifier) {
    throw new ApiError(
      "team_mismatch",
      `The certificate belongs to team ${teamIdentifier}, but this pass type belongs to ${expected.teamIdentifier}. The team of installed passes cannot change.`,
      { pointer: POINTER },
    );
  }
  const notBeforeAt = leaf.notBefore.getTime();
  const notAfterAt = leaf.notAfter.getTime();
  if (notAfterAt <= now) {
    throw new ApiError(
      "certificate_expired",
      `The certificate expired on ${leaf.notAfter.toISOString()}. Create a new one in Apple's portal.`,
      { pointer: POINTER },
    );
  }
  if (notBeforeAt > now) {
    throw new ApiError(
      "certificate_not_yet_valid",
      `The certificate is not valid before ${leaf.notBefore.toISOString()}.`,
      {
        pointer: POINTER,
      },
    );
  }
  const publicKeyHash = await sha256(leaf.publicKey.rawData);
  if (!expected.publicKeyHashes.includes(publicKeyHash)) {
    throw new ApiError(
      "key_mismatch",
      "The certificate was not issued for a key of this pass type. Request one with the CSR of this pass type, or send the privateKey together with the certificate.",
      { pointer: POINTER },
    );
  }
  const others = [...uploaded.filter((certificate) => certificate !== leaf), ...intermediates];
  const intermediate = await completeChain(leaf, others, rules, now, fetch);
  return {
    fingerprint: await sha256(leaf.rawData),
    teamIdentifier,
    publicKeyHash,
    certificate: new Uint8Array(leaf.rawData),
    intermediate: new Uint8Array(intermediate.rawData),
    notBeforeAt,
    notAfterAt,
  };
}
