/**
 * The link to several passes: a capability without a row in D1, so that a forged one is refused without the database.
 * It lives as long as one of its passes, and as the entry of MASTER_SECRET that it was made with.
 *
 * `/bundles/{ids}/{token}.pkpasses`: the ids in their order, with hyphens between them; the token is
 * key id + `_` + proof + seal, the latter two in base64url.
 * - proof: 128 bits of an HMAC over the passes' web tokens. Whoever stole MASTER_SECRET alone cannot make it; and a
 *   pass that was given another one's id, after an older database was restored, is not opened by the other one's link.
 * - seal: HMAC-SHA-256 over ids and proof: what is looked at first.
 */
import { type KeyId, type Secrets, sameSecret } from "../secrets/secrets.ts";

const PROOF = "several passes: proof";
const SEAL = "several passes: seal";
const PROOF_BYTES = 16;
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;
const IDS = /^[1-9]\d{0,14}(-[1-9]\d{0,14})*$/;
const TOKEN = /^(\d{1,6})_([A-Za-z0-9_-]{22})([A-Za-z0-9_-]{43})$/;

/** What a link says whose seal is whole. */
export interface BundleLink {
  readonly passIds: readonly number[];
  readonly keyId: KeyId;
  readonly proof: string;
}

interface Proven {
  readonly id: number;
  readonly webToken: string;
}

/** The path at which these passes are downloaded together, in this order. The same passes have the same one until MASTER_SECRET is rotated. */
export async function bundlePath(secrets: Secrets, passes: readonly Proven[]): Promise<string> {
  const keyId = secrets.newestKeyId;
  const proof = await proofOf(secrets, keyId, passes);
  const ids = passes.map(({ id }) => id);
  const seal = (await secrets.mac(keyId, SEAL, sealed(ids, proof))).toBase64(BASE64URL);
  return `/bundles/${ids.join("-")}/${keyId}_${proof}${seal}.pkpasses`;
}

/** Reads a link and checks its seal, in constant time. Undefined if Edgepass did not make it. */
export async function readBundleLink(
  secrets: Secrets,
  ids: string,
  token: string,
): Promise<BundleLink | undefined> {
  const [, keyId, proof, seal] = TOKEN.exec(token) ?? [];
  if (!IDS.test(ids) || keyId === undefined || proof === undefined || seal === undefined) return undefined;
  const passIds = ids.split("-").map(Number);
  const isWhole = await secrets.verify(
    keyId,
    SEAL,
    sealed(passIds, proof),
    Uint8Array.fromBase64(seal, BASE64URL),
  );
  return isWhole ? { passIds, keyId, proof } : undefined;
}

/** Whether these are the passes that the link was made for. @param passes in the order of its ids */
export async function isLinkTo(
  secrets: Secrets,
  { keyId, proof }: BundleLink,
  passes: readonly Proven[],
): Promise<boolean> {
  return sameSecret(proof, await proofOf(secrets, keyId, passes));
}

async function proofOf(secrets: Secrets, keyId: KeyId, passes: readonly Proven[]): Promise<string> {
  const code = await secrets.mac(keyId, PROOF, JSON.stringify(passes.map(({ webToken }) => webToken)));
  return code.subarray(0, PROOF_BYTES).toBase64(BASE64URL);
}

function sealed(passIds: readonly number[], proof: string): string {
  return JSON.stringify([passIds, proof]);
}
