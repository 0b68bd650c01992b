/**
 * The current version of a loaded pass: its validators, and its bytes, from R2 or rendered and signed now.
 *
 * The version is known without building. ETag = effective tag and a digest of everything else that the bytes depend on
 * (certificates, address, renderer); Last-Modified = the `at` of the effective change, which rises with the tag
 * (changes/times.ts).
 */
import type { Config } from "../config.ts";
import type { ReadContext } from "../context.ts";
import {
  type CertificateRow,
  getSigner,
  refuseExpired,
  requireCertificate,
  type SigningKeyRow,
} from "../identities/signer.ts";
import { parseJson } from "../json.ts";
import { buildPass, RENDERER_VERSION } from "../pkpass/build/build.ts";
import type { ManifestSigner } from "../pkpass/build/cms.ts";
import { renderPass } from "../pkpass/build/render.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { loadBuiltPass, storeBuiltPass } from "./built-passes.ts";
import { toPassContent } from "./content.ts";
import type { LoadedPass } from "./load.ts";
import { loadMergedPack } from "./own-images.ts";
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
  /** Stores the bytes for the next download, after the response is sent. Undefined if that is not needed. */
  readonly store: (() => Promise<void>) | undefined;
}

/** The version that a download would get now. Builds nothing. @throws ApiError no_certificate */
export async function versionOf(config: Config, loaded: LoadedPass): Promise<Version> {
  return {
    tag: loaded.tag,
    etag: `"${loaded.tag}-${await digestOfInputs(config, loaded)}"`,
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
  const { id, builtEtag } = loaded.pass;
  if (isStored(config, loaded, version)) {
    const bytes = await loadBuiltPass(bucket, id, version.etag);
    if (bytes !== undefined) return { bytes, store: undefined };
  }
  const bytes = await build(bucket, config, loaded, version);
  const store = () => storeBuiltPass(db, bucket, id, builtEtag, version.etag, bytes);
  return { bytes, store: config.keepBuiltPasses ? store : undefined };
}

/**
 * Checks everything that could make `buildVersion` fail, except R2.
 * @throws ApiError signing_certificate_expired, or not_configured if MASTER_SECRET lacks an entry
 */
export async function demandCredentials(
  { config, now }: Pick<ReadContext, "config" | "now">,
  loaded: LoadedPass,
  version: Version,
): Promise<void> {
  refuseExpired(certificateOf(loaded), now);
  if (!isStored(config, loaded, version)) await credentialsOf(config, loaded);
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

function certificateOf({ certificate, pass }: LoadedPass): CertificateRow {
  return requireCertificate(certificate, pass.passTypeIdentifier);
}

function isStored({ keepBuiltPasses }: Config, { pass }: LoadedPass, { etag }: Version): boolean {
  return keepBuiltPasses && pass.builtEtag === etag;
}

/**
 * A digest of everything that the bytes of a version depend on besides its change: certificates, address and renderer.
 */
async function digestOfInputs(config: Config, loaded: LoadedPass): Promise<string> {
  const { fingerprint, intermediate } = certificateOf(loaded);
  // Releases before sign-up did not write personalization.json, so passes that they built must have different digests.
  const signUp = personalizationOf(loaded) === undefined ? [] : ["personalization.json"];
  const address = webServiceURL(loaded, config);
  const inputs = JSON.stringify([fingerprint, intermediate, address, RENDERER_VERSION, ...signUp]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(inputs));
  return new Uint8Array(digest, 0, 8).toHex();
}

/** Where phones ask for updates. If the template's path is no longer served, it is Apple's path. */
function webServiceURL({ template }: LoadedPass, { publicOrigin, webServicePaths }: Config): string {
  const path = webServicePaths.has(template.webService) ? template.webService : "/";
  return path === "/" ? publicOrigin : publicOrigin + path;
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
  const { pass, template } = loaded;
  const [pack, { certificate, token, sign }] = await Promise.all([
    loadMergedPack(bucket, template.pack, pass.pack),
    credentialsOf(config, loaded),
  ]);
  const passJson = renderPass(parseJson(template.pass), toPassContent(loaded), {
    passTypeIdentifier: pass.passTypeIdentifier,
    teamIdentifier: certificate.teamIdentifier,
    serialNumber: pass.serialNumber,
    authenticationToken: token,
    webServiceURL: webServiceURL(loaded, config),
  });
  // The time of the version and not the current time, so that every build of a version has the same bytes.
  const signingTime = Math.max(version.lastModifiedAt, certificate.notBeforeAt);
  return buildPass(pack, passJson, sign, signingTime, personalizationOf(loaded));
}

/** personalization.json; undefined after the holder has signed up, because then Wallet must not ask again. */
function personalizationOf({ pass, template }: LoadedPass): Uint8Array | undefined {
  if (template.personalization === null || pass.personalizedAt !== null) return undefined;
  return new TextEncoder().encode(template.personalization);
}
