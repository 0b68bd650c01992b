/**
 * The current version of a loaded pass: its validators, and its bytes, from R2 or rendered and signed now.
 *
 * The version is known without building: the ETag (etag.ts), and Last-Modified, which is the `at` of the effective change
 * and rises with the tag (changes/times.ts).
 */
import { lengthOf, type Pieces } from "../bytes.ts";
import type { Config } from "../config.ts";
import type { ReadContext } from "../context.ts";
import { getSigner, refuseExpired, type SigningKeyRow } from "../identities/signer.ts";
import { parseJson } from "../json.ts";
import { buildPass, bytesOfPass } from "../pkpass/build/build.ts";
import type { ManifestSigner } from "../pkpass/build/cms.ts";
import { renderPass } from "../pkpass/build/render.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { openStoredPass, recordGivenTag, type StoredPass, storeBuiltPass } from "./built-passes.ts";
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
  readonly length: number;
  readonly pieces: Pieces;
  /**
   * Stores the pass for the next download, and records that this version was downloaded. Both are done after the response is
   * sent. Undefined if neither is needed.
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
 * This version, as it is stored in R2, or else built.
 * @throws ApiError signing_certificate_expired, or not_configured if MASTER_SECRET lacks an entry
 */
export async function openVersion(
  context: ReadContext,
  loaded: LoadedPass,
  version: Version,
): Promise<StoredPass | BuiltPass> {
  const { bucket, config, now } = context;
  refuseExpired(certificateOf(loaded), now);
  if (isStored(config, loaded, version)) {
    const stored = await openStoredPass(bucket, loaded.pass.id, version.etag);
    if (stored !== undefined) return stored;
  }
  return buildVersion(context, loaded, version);
}

async function buildVersion(
  { db, bucket, config }: ReadContext,
  loaded: LoadedPass,
  version: Version,
): Promise<BuiltPass> {
  const pieces = await build(bucket, config, loaded, version);
  // Not the whole row: the pass is stored, and a slow reader may hold it, for longer than the row is needed.
  const { id, builtEtag, installedAt, givenTag } = loaded.pass;
  const isRecorded = installedAt !== null || (!config.keepBuiltPasses && givenTag === version.tag);
  const store = () =>
    config.keepBuiltPasses
      ? storeBuiltPass(db, bucket, id, builtEtag, version, pieces)
      : recordGivenTag(db, id, version.tag);
  return { length: lengthOf(pieces), pieces, store: isRecorded ? undefined : store };
}

/** Whether there is a certificate that signs at this time. */
export function canBeSigned({ certificate }: LoadedPass, now: number): boolean {
  return certificate !== null && certificate.notAfterAt > now;
}

/**
 * Checks everything that could make `openVersion` fail, except R2.
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
 * The length of `openVersion`, which is the same whether it is stored or built. It renders pass.json,
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
): Promise<Pieces> {
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
