/**
 * Serves the newest version of a pass: finds it with one query, says 304 where the client has it, else takes the kept
 * bundle or renders and signs.
 *
 * The version is known without building: ETag = effective tag and what else its bytes depend on (certificates, address,
 * renderer); Last-Modified = the `at` of the effective change, which rises with the tag (changes/log.ts).
 * Follows RFC 9110 §13.2.2 for the order of conditions.
 */
import { and, eq, isNull, type SQL } from "drizzle-orm";
import { effectiveModifiedAt, effectiveTag } from "../changes/effective.ts";
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { certificates, events, passes, signingKeys, templates } from "../db/schema.ts";
import {
  activeFingerprint,
  type CertificateRow,
  installedCertificate,
  refuseExpired,
  signerOf,
} from "../identities/signer.ts";
import { buildPass, RENDERER_VERSION } from "../pkpass/build.ts";
import { hex } from "../pkpass/pack.ts";
import { renderPass } from "../pkpass/render.ts";
import { keepBundle, loadBundle } from "./bundles.ts";
import { contentOf } from "./content.ts";
import { packOf } from "./own-images.ts";
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

export type Served =
  | ({ readonly outcome: "not_modified" } & Version)
  | ({
      readonly outcome: "bundle";
      readonly bytes: Uint8Array;
      readonly serialNumber: string;
      /** To be run after the answer is sent. */
      readonly keep: (() => Promise<void>) | undefined;
    } & Version);

export type LoadedPass = NonNullable<Awaited<ReturnType<typeof loadPass>>>;

/** RFC 9110 §5.6.7: each of its three forms begins with the name of a day and holds a time of day. */
const HTTP_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/;

/** All that serving a pass needs, in one query. A deleted pass is found too: `pass.deletedAt` says so. */
async function loadPass(db: Database, which: SQL | undefined, now: number) {
  const [row] = await db
    .select({
      pass: passes,
      template: templates,
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
  return row;
}

/** The pass that Wallet means; undefined if there never was one. */
export function passBySerialNumber(
  db: Database,
  passTypeIdentifier: string,
  serialNumber: string,
  now: number,
) {
  return loadPass(
    db,
    and(eq(passes.passTypeIdentifier, passTypeIdentifier), eq(passes.serialNumber, serialNumber)),
    now,
  );
}

/** The living pass with this id. @throws ApiError pass_not_found */
export async function passById(db: Database, id: number, now: number): Promise<LoadedPass> {
  const loaded = await loadPass(db, livingPass(id), now);
  if (loaded === undefined) throw passNotFound(id);
  return loaded;
}

/**
 * The pass that a link opens, by the secret in it; undefined if there is none or it was deleted. The index tells by
 * its timing at most whether 160 random bits are right so far, and nobody gets far.
 */
export function passByWebToken(db: Database, webToken: string, now: number) {
  return loadPass(db, and(eq(passes.webToken, webToken), isNull(passes.deletedAt)), now);
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
  const { pass } = loaded;
  const certificate = installedCertificate(loaded.certificate, pass.passTypeIdentifier);
  const version: Version = {
    tag: loaded.tag,
    etag: `"${loaded.tag}-${await appearance(certificate, webServiceURL(loaded, config))}"`,
    lastModifiedAt: loaded.modifiedAt,
  };
  if (isNotModified(version, conditions)) return { outcome: "not_modified", ...version };
  refuseExpired(certificate, now);

  const { serialNumber } = pass;
  if (config.keepBundles && pass.bundle === version.etag) {
    const bytes = await loadBundle(bucket, pass.id, version.etag);
    if (bytes !== undefined) return { outcome: "bundle", bytes, serialNumber, keep: undefined, ...version };
  }
  const bytes = await build(bucket, config, loaded, version);
  const keep = config.keepBundles
    ? () => keepBundle(db, bucket, pass.id, pass.bundle, version.etag, bytes)
    : undefined;
  return { outcome: "bundle", bytes, serialNumber, keep, ...version };
}

/** What the bytes of a version depend on beside its change: who signs, the address in it, and this program. */
async function appearance(certificate: CertificateRow, address: string): Promise<string> {
  const { fingerprint, intermediate } = certificate;
  const parts = JSON.stringify([fingerprint, intermediate, address, RENDERER_VERSION]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts));
  return hex(new Uint8Array(digest, 0, 8));
}

/** Where phones ask for updates. A path whose door is closed would cut them off: then it is Apple's. */
function webServiceURL({ template }: LoadedPass, { publicOrigin, doors }: Config): string {
  return template.webService === "/api" && doors.has("voltmx") ? `${publicOrigin}/api` : publicOrigin;
}

async function build(
  bucket: R2Bucket,
  config: Config,
  loaded: LoadedPass,
  version: Version,
): Promise<Uint8Array> {
  const { pass, template, certificate, key } = loaded;
  if (certificate === null || key === null)
    throw new Error(`pass type ${pass.passTypeIdentifier} lost its key`);
  const { passTypeIdentifier, serialNumber, tokenKeyId } = pass;
  const token = await authenticationToken(config.secrets, tokenKeyId, passTypeIdentifier, serialNumber);
  const passJson = renderPass(JSON.parse(template.pass), contentOf(loaded), {
    passTypeIdentifier,
    teamIdentifier: certificate.teamIdentifier,
    serialNumber,
    authenticationToken: token,
    webServiceURL: webServiceURL(loaded, config),
  });
  const [pack, sign] = await Promise.all([
    packOf(bucket, template.pack, pass.pack),
    signerOf(config.secrets, certificate, key),
  ]);
  // Of the version, not of the clock: the same version gives the same bytes wherever it is built.
  return buildPass(pack, passJson, sign, Math.max(version.lastModifiedAt, certificate.notBeforeAt));
}

/** RFC 9110 §13.2.2: If-None-Match decides if it is there, and only else does If-Modified-Since. */
function isNotModified(version: Version, conditions: Conditions): boolean {
  const { ifNoneMatch, ifModifiedSince, updatedSince } = conditions;
  if (ifNoneMatch !== undefined) {
    const tags = ifNoneMatch.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
    return tags.includes("*") || tags.includes(version.etag);
  }
  // Date.parse alone takes a bare number for a year, and the client would be told "not modified" for ever.
  if (ifModifiedSince === undefined) return updatedSince !== undefined && updatedSince >= version.tag;
  if (!HTTP_DATE.test(ifModifiedSince)) return false;
  const since = Date.parse(ifModifiedSince);
  return !Number.isNaN(since) && since >= version.lastModifiedAt;
}
