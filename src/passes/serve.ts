/**
 * The current version of a loaded pass: its validators, and its bytes, from R2 or rendered and signed now.
 *
 * The version is known without building: the ETag (etag.ts), and Last-Modified, which is the `at` of the effective change
 * and rises with the tag (changes/times.ts).
 */
import type { Config } from "../config.ts";
import type { ReadContext } from "../context.ts";
import { getSigner, refuseExpired, type SigningKeyRow } from "../identities/signer.ts";
import { parseJson } from "../json.ts";
import { buildPass, bytesOfPass } from "../pkpass/build/build.ts";
import type { ManifestSigner } from "../pkpass/build/cms.ts";
import { renderPass } from "../pkpass/build/render.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { loadBuiltPass, recordGivenTag, storeBuiltPass } from "./built-passes.ts";
import { toPassContent } from "./content.ts";
import { certificateOf, computeEtag, personalizationOf, webServiceURL } from "./etag.ts";
import type { LoadedPass } from "./load.ts";
import { lengthOfMergedPack, loadMergedPack } from "./own-images.ts";
import { authenticationToken } from "./token.ts";

export interface Version {
  /** The effective tag. */
  readonly tag: number;
  /** With its quotation marks. */
  readonly etag: string;
  /** Milliseconds, in whole seconds. */
  readonly lastModifiedAt: number;
}

export interface BuiltPass {
  readonly bytes: Uint8Array;
  /**
   * Stores the bytes for the next download, and records that this version was downloaded. Both are done after the response
   * is sent. Undefined if neither is needed.
   */
  readonly store: (() => Promise<void>) | undefined;
}

/** The version that a download would get now. It does not build the pass. @throws ApiError no_certificate */
export async function versionOf(config: Config, loaded: LoadedPass): Promise<Version> {
  return {
    tag: loaded.tag,
    etag: await computeEtag(config, loaded),
    lastModifiedAt: loaded.modifiedAt,
  };
}

/**
 * The bytes of this version.
 * @throws ApiError signing_certificate_expired, or not_configured if MASTER_SECRET lacks an entry
 */
export async function buildVersion(
  { db, bucket, config, now }: ReadContext,
  loaded: LoadedPass,
  version: Version,
): Promise<BuiltPass> {
  refuseExpired(certificateOf(loaded), now);
  const { id, builtEtag, installedAt, givenTag } = loaded.pass;
  if (isStored(config, loaded, version)) {
    const bytes = await loadBuiltPass(bucket, id, version.etag);
    if (bytes !== undefined) return { bytes, store: undefined };
  }
  const bytes = await build(bucket, config, loaded, version);
  if (installedAt !== null) return { bytes, store: undefined };
  if (config.keepBuiltPasses)
    return { bytes, store: () => storeBuiltPass(db, bucket, id, builtEtag, version, bytes) };
  return { bytes, store: givenTag === version.tag ? undefined : () => recordGivenTag(db, id, version.tag) };
}

/**
 * Checks everything that could make `buildVersion` fail, except R2.
 * @throws ApiError signing_certificate_expired, or not_configured if MASTER_SECRET lacks an entry
 */
export async function demandCredentials(
  { config, now }: Pick<ReadContext, "config" | "now">,
  loaded: LoadedPass,
): Promise<void> {
  refuseExpired(certificateOf(loaded), now);
  await credentialsOf(config, loaded);
}

/**
 * The length of the bytes of `buildVersion`, which are the same whether they are stored or built again. It renders pass.json,
 * but reads no image and signs nothing.
 * @throws ApiError not_configured if MASTER_SECRET lacks an entry
 */
export async function lengthOfVersion(
  { bucket, config }: Pick<ReadContext, "bucket" | "config">,
  loaded: LoadedPass,
): Promise<number> {
  const credentials = await credentialsOf(config, loaded);
  return bytesOfPass({
    pack: await lengthOfMergedPack(bucket, loaded.template, loaded.pass),
    passJson: renderVersion(config, loaded, credentials).length,
    personalization: personalizationOf(loaded)?.length,
    signature: credentials.sign.signatureBytes,
  });
}

/**
 * The signer for this pass.
 * @throws ApiError no_certificate, signing_certificate_expired, or not_configured if MASTER_SECRET lacks an entry
 */
export function signerFor(secrets: Secrets, loaded: LoadedPass, now: number): Promise<ManifestSigner> {
  const certificate = certificateOf(loaded);
  refuseExpired(certificate, now);
  return getSigner(secrets, certificate, keyOf(loaded));
}

function isStored({ keepBuiltPasses }: Config, { pass }: LoadedPass, { etag }: Version): boolean {
  return keepBuiltPasses && pass.builtEtag === etag;
}

/** The signer of a version, and the token that phones will send. Does not read R2. */
async function credentialsOf({ secrets }: Config, loaded: LoadedPass) {
  const { passTypeIdentifier, serialNumber, tokenKeyId } = loaded.pass;
  const certificate = certificateOf(loaded);
  const [token, sign] = await Promise.all([
    authenticationToken(secrets, tokenKeyId, passTypeIdentifier, serialNumber),
    getSigner(secrets, certificate, keyOf(loaded)),
  ]);
  return { certificate, token, sign };
}

function keyOf({ key, pass }: LoadedPass): SigningKeyRow {
  if (key === null) throw new Error(`pass type ${pass.passTypeIdentifier} has no key any more`);
  return key;
}

async function build(
  bucket: R2Bucket,
  config: Config,
  loaded: LoadedPass,
  version: Version,
): Promise<Uint8Array> {
  const [pack, credentials] = await Promise.all([
    loadMergedPack(bucket, loaded.template.pack, loaded.pass.pack),
    credentialsOf(config, loaded),
  ]);
  const passJson = renderVersion(config, loaded, credentials);
  const { certificate, sign } = credentials;
  // The time of the version and not the current time, so that every build of a version has the same bytes.
  const signingTime = Math.max(version.lastModifiedAt, certificate.notBeforeAt);
  return buildPass(pack, passJson, sign, signingTime, personalizationOf(loaded));
}

/** The bytes of pass.json. */
function renderVersion(
  config: Config,
  loaded: LoadedPass,
  { certificate, token }: Awaited<ReturnType<typeof credentialsOf>>,
): Uint8Array {
  const { passTypeIdentifier, serialNumber } = loaded.pass;
  return renderPass(parseJson(loaded.template.pass), toPassContent(loaded), {
    passTypeIdentifier,
    teamIdentifier: certificate.teamIdentifier,
    serialNumber,
    authenticationToken: token,
    webServiceURL: webServiceURL(loaded, config),
  });
}
