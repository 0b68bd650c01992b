/**
 * Whether an uploaded certificate can sign passes of this type: its ids, its dates, its key and its chain. The first
 * thing that is wrong is named, with what cures it.
 *
 * It stores nothing. Follows Apple's "Building a pass": the UID of the certificate is the passTypeIdentifier, its OU
 * is the teamIdentifier.
 */
import "reflect-metadata";
import { ApiError } from "../errors.ts";
import { type ChainRules, completeChain, type Fetch } from "./chain.ts";
import { readCertificates, sha256 } from "./pem.ts";

export interface CheckedCertificate {
  readonly fingerprint: string;
  readonly teamIdentifier: string;
  readonly publicKeyHash: string;
  /** DER. */
  readonly certificate: Uint8Array;
  /** DER. */
  readonly intermediate: Uint8Array;
  readonly notBeforeAt: number;
  readonly notAfterAt: number;
}

export interface Expected {
  readonly passTypeIdentifier: string;
  /** Undefined before the first certificate. */
  readonly teamIdentifier: string | undefined;
  readonly publicKeyHashes: readonly string[];
}

/** OID userId, RFC 4519 §2.39: Apple puts the pass type identifier there. */
const UID = "0.9.2342.19200300.100.1.1";
const POINTER = "/certificate";

/**
 * All that signing needs of an uploaded certificate, proven.
 * @param now milliseconds
 * @param fetch for the links of the chain that were not uploaded
 * @throws ApiError that names the first fault: see errors.ts from certificate_malformed to chain_untrusted
 */
export async function checkCertificate(
  input: { certificate: string | Uint8Array; intermediate?: string | undefined },
  expected: Expected,
  rules: ChainRules,
  now: number,
  fetch: Fetch,
): Promise<CheckedCertificate> {
  const given = readCertificates(input.certificate, POINTER);
  const further =
    input.intermediate === undefined ? [] : readCertificates(input.intermediate, "/intermediate");
  // A PEM file may hold the whole chain: the pass certificate is the one with a UID.
  const leaf = given.find((certificate) => certificate.subjectName.getField(UID).length > 0) ?? given[0];
  if (leaf === undefined)
    throw new ApiError("certificate_malformed", "No certificate can be read from this.");

  const [passTypeIdentifier] = leaf.subjectName.getField(UID);
  if (passTypeIdentifier !== expected.passTypeIdentifier) {
    throw new ApiError(
      "certificate_for_another_pass_type",
      `The certificate is for "${passTypeIdentifier ?? leaf.subject}" (its UID), and this is "${expected.passTypeIdentifier}".`,
      { pointer: POINTER },
    );
  }
  const [teamIdentifier] = leaf.subjectName.getField("OU");
  if (teamIdentifier === undefined) {
    throw new ApiError("certificate_malformed", "The certificate names no team (its subject has no OU).", {
      pointer: POINTER,
    });
  }
  if (expected.teamIdentifier !== undefined && teamIdentifier !== expected.teamIdentifier) {
    throw new ApiError(
      "certificate_of_another_team",
      `The certificate belongs to team ${teamIdentifier}, and this pass type to ${expected.teamIdentifier}. The team of installed passes cannot change.`,
      { pointer: POINTER },
    );
  }
  const notBeforeAt = leaf.notBefore.getTime();
  const notAfterAt = leaf.notAfter.getTime();
  if (notAfterAt <= now) {
    throw new ApiError(
      "certificate_expired",
      `It ended on ${leaf.notAfter.toISOString()}. Make a new one in Apple's portal.`,
      { pointer: POINTER },
    );
  }
  if (notBeforeAt > now) {
    throw new ApiError("certificate_not_yet_valid", `It begins on ${leaf.notBefore.toISOString()}.`, {
      pointer: POINTER,
    });
  }
  const publicKeyHash = await sha256(leaf.publicKey.rawData);
  if (!expected.publicKeyHashes.includes(publicKeyHash)) {
    throw new ApiError(
      "key_of_another_certificate",
      "No key of this pass type belongs to the certificate. Request it with the CSR of this pass type, or give its privateKey along.",
      { pointer: POINTER },
    );
  }
  const others = [...given.filter((certificate) => certificate !== leaf), ...further];
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
