/**
 * Serves the newest version of a pass: finds it with one query, says 304 where the client has it, else takes the kept
 * bundle or renders and signs.
 *
 * The version is known without building: ETag = effective tag and what else its bytes depend on (certificates, address,
 * renderer); Last-Modified = the `at` of the effective change, which rises with the tag (changes/log.ts).
 * Follows RFC 9110 §13.2.2 for the order of conditions.
 */
import { and, eq, inArray, isNull, type SQL } from "drizzle-orm";
import { effectiveModifiedAt, effectiveTag } from "../changes/effective.ts";
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { certificates, events, passes, signingKeys, templates } from "../db/schema.ts";
import {
  activeFingerprint,
  type CertificateRow,
  installedCertificate,
  refuseExpired,
  type SigningKeyRow,
  signerOf,
} from "../identities/signer.ts";
import { buildPass, RENDERER_VERSION } from "../pkpass/build.ts";
import type { ManifestSigner } from "../pkpass/cms.ts";
import { hex } from "../pkpass/pack.ts";
import { renderPass } from "../pkpass/render.ts";
import type { Secrets } from "../secrets.ts";
import { keepBundle, loadBundle } from "./bundles.ts";
import { contentOf } from "./content.ts";
import { packOf } from "./own-images.ts";
import { shownTemplate } from "./rows.ts";
import { livingPass, passNotFound } from "./show.ts";
import { authenticationToken } from "./token.ts";

export interface Conditions {
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  /** Asked only where neither of the headers is: the client has all changes up to this tag. */
  readonly updatedSince?: number | undefined;
}

export interface Version {
  /** The effective tag. */
  readonly tag: number;
  readonly etag: string;
  /** Milliseconds, whole seconds. */
  readonly lastModifiedAt: number;
}

/** What a download without conditions is answered with. */
export interface Bundle {
  readonly bytes: Uint8Array;
  /** Keeps the bytes for the next download; undefined where they need not be. To be run once an answer is on its way. */
  readonly keep: (() => Promise<void>) | undefined;
}

export type Served =
  | ({ readonly outcome: "not_modified" } & Version)
  | ({ readonly outcome: "bundle"; readonly serialNumber: string } & Bundle & Version);

export type LoadedPass = Awaited<ReturnType<typeof loadPasses>>[number];

/** RFC 9110 §5.6.7: each of its three forms begins with the name of a day and holds a time of day. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;

/** All that serving passes needs, in one query. Deleted ones are found too: `pass.deletedAt` says so. */
function loadPasses(db: Database, which: SQL | undefined, now: number) {
  return db
    .select({
      pass: passes,
      template: shownTemplate,
      event: events,
      certificate: certificates,
      key: signingKeys,
      tag: effectiveTag,
      modifiedAt: effectiveModifiedAt,
    })
    .from(passes)
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .leftJoin(events, eq(events.id, passes.eventId))
    .leftJoin(certificates, eq(certificates.fingerprint, activeFingerprint(db, now)))
    .leftJoin(
      signingKeys,
      and(
        eq(signingKeys.passTypeIdentifier, certificates.passTypeIdentifier),
        eq(signingKeys.publicKeyHash, certificates.publicKeyHash),
      ),
    )
    .where(which);
}

/** The pass that Wallet means; undefined if there never was one. */
export async function passBySerialNumber(
  db: Database,
  passTypeIdentifier: string,
  serialNumber: string,
  now: number,
): Promise<LoadedPass | undefined> {
  const which = and(eq(passes.passTypeIdentifier, passTypeIdentifier), eq(passes.serialNumber, serialNumber));
  const [loaded] = await loadPasses(db, which, now);
  return loaded;
}

/** The living pass with this id. @throws ApiError pass_not_found */
export async function passById(db: Database, id: number, now: number): Promise<LoadedPass> {
  const [loaded] = await loadPasses(db, livingPass(id), now);
  if (loaded === undefined) throw passNotFound(id);
  return loaded;
}

/**
 * The pass that a link opens, by the secret in it; undefined if there is none or it was deleted. The index tells by
 * its timing at most whether 160 random bits are right so far, and nobody gets far.
 */
export async function passByWebToken(
  db: Database,
  webToken: string,
  now: number,
): Promise<LoadedPass | undefined> {
  const which = and(eq(passes.webToken, webToken), isNull(passes.deletedAt));
  const [loaded] = await loadPasses(db, which, now);
  return loaded;
}

/** The passes with these ids, in the order of the ids; those that are unknown are left out, deleted ones are not. */
export async function passesById(db: Database, ids: readonly number[], now: number): Promise<LoadedPass[]> {
  const found = await loadPasses(db, inArray(passes.id, [...ids]), now);
  return found.sort((a, b) => ids.indexOf(a.pass.id) - ids.indexOf(b.pass.id));
}

/** @throws ApiError no_certificate or signing_certificate_expired */
export async function servePass(
  db: Database,
  bucket: R2Bucket,
  config: Config,
  loaded: LoadedPass,
  conditions: Conditions,
  now: number,
): Promise<Served> {
  const version = await versionOf(config, loaded);
  if (isNotModified(version, conditions)) return { outcome: "not_modified", ...version };
  refuseExpired(certificateOf(loaded), now);
  const bundle = await bundleOf(db, bucket, config, loaded, version);
  return { outcome: "bundle", serialNumber: loaded.pass.serialNumber, ...bundle, ...version };
}

/** Which version a download would bring now. Builds nothing. @throws ApiError no_certificate */
export async function versionOf(config: Config, loaded: LoadedPass): Promise<Version> {
  return {
    tag: loaded.tag,
    etag: `"${loaded.tag}-${await appearance(config, loaded)}"`,
    lastModifiedAt: loaded.modifiedAt,
  };
}

/**
 * Makes sure that nothing but the bucket can keep bundleOf from building this version.
 * @throws ApiError signing_certificate_expired, or not_configured if MASTER_SECRET lacks an entry
 */
export async function demandBuildable(
  config: Config,
  loaded: LoadedPass,
  version: Version,
  now: number,
): Promise<void> {
  refuseExpired(certificateOf(loaded), now);
  if (!isKept(config, loaded, version)) await credentialsOf(config, loaded);
}

/** The bytes of this version: those that were kept, or built anew. Whether they may be served was asked before. */
export async function bundleOf(
  db: Database,
  bucket: R2Bucket,
  config: Config,
  loaded: LoadedPass,
  version: Version,
): Promise<Bundle> {
  const { id, bundle } = loaded.pass;
  if (isKept(config, loaded, version)) {
    const bytes = await loadBundle(bucket, id, version.etag);
    if (bytes !== undefined) return { bytes, keep: undefined };
  }
  const bytes = await build(bucket, config, loaded, version);
  const keep = config.keepBundles ? () => keepBundle(db, bucket, id, bundle, version.etag, bytes) : undefined;
  return { bytes, keep };
}

function certificateOf({ certificate, pass }: LoadedPass): CertificateRow {
  return installedCertificate(certificate, pass.passTypeIdentifier);
}

function isKept({ keepBundles }: Config, { pass }: LoadedPass, { etag }: Version): boolean {
  return keepBundles && pass.bundle === etag;
}

/** What the bytes of a version depend on beside its change: who signs, the address in it, and this program. */
async function appearance(config: Config, loaded: LoadedPass): Promise<string> {
  const { fingerprint, intermediate } = certificateOf(loaded);
  // A program of before wrote no personalization.json: the bundle that it kept is not this version.
  const asks = personalizationOf(loaded) === undefined ? [] : ["personalization.json"];
  const address = webServiceURL(loaded, config);
  const parts = JSON.stringify([fingerprint, intermediate, address, RENDERER_VERSION, ...asks]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts));
  return hex(new Uint8Array(digest, 0, 8));
}

/** Where phones ask for updates. A path whose door is closed would cut them off: then it is Apple's. */
function webServiceURL({ template }: LoadedPass, { publicOrigin, doors }: Config): string {
  return template.webService === "/api" && doors.has("voltmx") ? `${publicOrigin}/api` : publicOrigin;
}

/**
 * What signs for this pass at this moment.
 * @throws ApiError no_certificate, signing_certificate_expired, or not_configured if MASTER_SECRET lacks an entry
 */
export function signerFor(secrets: Secrets, loaded: LoadedPass, now: number): Promise<ManifestSigner> {
  const certificate = certificateOf(loaded);
  refuseExpired(certificate, now);
  return signerOf(secrets, certificate, keyOf(loaded));
}

/** What a version is signed with, and what its phone will show to be let in. Reads no bucket. */
async function credentialsOf({ secrets }: Config, loaded: LoadedPass) {
  const { passTypeIdentifier, serialNumber, tokenKeyId } = loaded.pass;
  const certificate = certificateOf(loaded);
  const [token, sign] = await Promise.all([
    authenticationToken(secrets, tokenKeyId, passTypeIdentifier, serialNumber),
    signerOf(secrets, certificate, keyOf(loaded)),
  ]);
  return { certificate, token, sign };
}

function keyOf({ key, pass }: LoadedPass): SigningKeyRow {
  if (key === null) throw new Error(`pass type ${pass.passTypeIdentifier} lost its key`);
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
    packOf(bucket, template.pack, pass.pack),
    credentialsOf(config, loaded),
  ]);
  const passJson = renderPass(JSON.parse(template.pass), contentOf(loaded), {
    passTypeIdentifier: pass.passTypeIdentifier,
    teamIdentifier: certificate.teamIdentifier,
    serialNumber: pass.serialNumber,
    authenticationToken: token,
    webServiceURL: webServiceURL(loaded, config),
  });
  // Of the version, not of the clock: the same version gives the same bytes wherever it is built.
  const signingTime = Math.max(version.lastModifiedAt, certificate.notBeforeAt);
  return buildPass(pack, passJson, sign, signingTime, personalizationOf(loaded));
}

/** personalization.json, until somebody has signed up with the pass: then Wallet must not ask again. */
function personalizationOf({ pass, template }: LoadedPass): Uint8Array | undefined {
  if (template.personalization === null || pass.personalizedAt !== null) return undefined;
  return new TextEncoder().encode(template.personalization);
}

/** RFC 9110 §13.2.2: If-None-Match decides if it is there, and only else does If-Modified-Since. */
function isNotModified(version: Version, conditions: Conditions): boolean {
  const { ifNoneMatch, ifModifiedSince, updatedSince } = conditions;
  if (ifNoneMatch !== undefined) return namesEtag(ifNoneMatch, version.etag);
  // Date.parse alone takes a bare number for a year, and the client would be told "not modified" for ever.
  if (ifModifiedSince === undefined) return updatedSince !== undefined && updatedSince >= version.tag;
  if (!HTTP_DATE.test(ifModifiedSince)) return false;
  const since = Date.parse(ifModifiedSince);
  return !Number.isNaN(since) && since >= version.lastModifiedAt;
}

/** Whether an If-None-Match has this entity tag. @param etag with its quotation marks */
export function namesEtag(ifNoneMatch: string, etag: string): boolean {
  const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}
