/**
 * The link to a bundle. The link is derived and not stored, so a forged link is refused without a database query. It
 * works until its last pass is deleted or the entry of MASTER_SECRET that it was derived from is removed.
 *
 * `/bundles/{ids}/{token}.pkpasses`: the ids in their order, with hyphens between them. The token is
 * key id + `_` + proof + seal; proof and seal are base64url.
 * - proof: 128 bits of an HMAC over the passes' web tokens. So MASTER_SECRET alone is not enough to forge a link. And after
 *   a restore of an older database, the link of a lost pass is not valid for a new pass with the same id.
 * - seal: HMAC-SHA-256 over ids and proof. It is checked first.
 */
import { type KeyId, type Secrets, sameSecret } from "../secrets/secrets.ts";

const PROOF = "several passes: proof";
const SEAL = "several passes: seal";
const PROOF_BYTES = 16;
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;
const IDS = /^[1-9]\d{0,14}(-[1-9]\d{0,14})*$/;
const TOKEN = /^(\d{1,6})_([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{43})$/;

/** A link with a valid seal. */
export interface BundleLink {
  readonly passIds: readonly number[];
  readonly keyId: KeyId;
  readonly proof: string;
}

/** The values that a link is derived from. */
interface LinkedPass {
  readonly id: number;
  readonly webToken: string;
}

/**
 * The path of the download of these passes, in this order. The same passes have the same path until MASTER_SECRET is
 * rotated.
 */
export async function bundlePath(secrets: Secrets, passes: readonly LinkedPass[]): Promise<string> {
  const keyId = secrets.newestKeyId;
  const proof = await proofOf(secrets, keyId, passes);
  const ids = passes.map(({ id }) => id);
  const seal = (await secrets.mac(keyId, SEAL, sealed(ids, proof))).toBase64(BASE64URL);
  return `/bundles/${ids.join("-")}/${keyId}_${proof}${seal}.pkpasses`;
}

/** Parses a link and verifies its seal, in constant time. @returns undefined for an invalid link */
export async function readBundleLink(
  secrets: Secrets,
  ids: string,
  token: string,
): Promise<BundleLink | undefined> {
  const [, keyId, proof, seal] = TOKEN.exec(token) ?? [];
  if (!IDS.test(ids) || keyId === undefined || proof === undefined || seal === undefined) return undefined;
  const passIds = ids.split("-").map(Number);
  const isSealed = await secrets.verify(
    keyId,
    SEAL,
    sealed(passIds, proof),
    Uint8Array.fromBase64(seal, BASE64URL),
  );
  return isSealed ? { passIds, keyId, proof } : undefined;
}

/** Whether these are the passes of the link. @param passes in the order of its ids */
export async function isLinkTo(
  secrets: Secrets,
  { keyId, proof }: BundleLink,
  passes: readonly LinkedPass[],
): Promise<boolean> {
  return sameSecret(proof, await proofOf(secrets, keyId, passes));
}

async function proofOf(secrets: Secrets, keyId: KeyId, passes: readonly LinkedPass[]): Promise<string> {
  const code = await secrets.mac(keyId, PROOF, JSON.stringify(passes.map(({ webToken }) => webToken)));
  return code.subarray(0, PROOF_BYTES).toBase64(BASE64URL);
}

function sealed(passIds: readonly number[], proof: string): string {
  return JSON.stringify([passIds, proof]);
}
