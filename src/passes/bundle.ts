/**
 * A bundle (`.pkpasses`): several passes in one download. The passes are found by their ids or by a link.
 *
 * Each pass is the same as in its own download (serve.ts); one query loads all of them. All passes are checked before
 * the first byte is sent: if one of them is refused, the whole bundle is refused. Follows Apple's "Distributing and
 * updating a pass".
 */
import { and, eq, inArray, isNull } from "drizzle-orm";
import { inChunks } from "../bytes.ts";
import type { Config } from "../config.ts";
import type { ReadContext } from "../context.ts";
import type { Database } from "../db/client.ts";
import { passes, templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { certificateTimes } from "../identities/active-certificate.ts";
import { lintCertificates } from "../identities/expiry.ts";
import { parseJson, pointerTo } from "../json.ts";
import {
  bytesOfPkpasses,
  MAX_PKPASSES_BYTES,
  type PkpassFile,
  writePkpasses,
} from "../pkpass/build/pkpasses.ts";
import { checksumOf } from "../pkpass/build/zip.ts";
import { sortFindings, warning } from "../pkpass/finding.ts";
import type { Secrets } from "../secrets/secrets.ts";
import type { LintReport } from "../templates/lint.ts";
import { offeredWallets, offersApple, refuseWithoutApple } from "../templates/offered-wallets.ts";
import type { StoredPass } from "./built-passes.ts";
import { bundlePath, isLinkTo, readBundleLink } from "./bundle-link.ts";
import { refuseRepeatedIds } from "./listed-ids.ts";
import { type LoadedPass, loadByIds, type OfferedPass } from "./load.ts";
import {
  type BuiltPass,
  demandCredentials,
  lengthOfVersion,
  openVersion,
  type Version,
  versionOf,
} from "./serve.ts";
import { passNotFound, pkpassFileName } from "./show.ts";

/** The current version of a bundle, with the versions of its passes. */
export interface BundleVersion {
  /** With its quotation marks. */
  readonly etag: string;
  readonly passes: readonly { readonly loaded: LoadedPass; readonly version: Version }[];
}

/**
 * Stores a built pass in the background. The promise never rejects: a pass that could not be stored is built again
 * later.
 */
export type StoreLater = (store: () => Promise<void>) => Promise<void>;

export interface BundleLink {
  readonly url: string;
  /** Findings about missing or expired certificates, which make the download fail, and about passes that it leaves out. */
  readonly lint: LintReport;
}

/**
 * The URL from which anyone who has it can download these passes together.
 * @throws ApiError duplicate_pass or pass_not_found, with a pointer to the id
 */
export async function linkToBundle(
  { db, config: { secrets, publicOrigin }, now }: Pick<ReadContext, "db" | "config" | "now">,
  passIds: readonly number[],
): Promise<BundleLink> {
  refuseRepeatedIds(passIds);
  const { id, webToken, passTypeIdentifier } = passes;
  const found = await db
    .select({
      ...{ id, webToken, passTypeIdentifier },
      certificates: certificateTimes("passes"),
      wallets: offeredWallets,
    })
    .from(passes)
    .innerJoin(templates, eq(templates.id, passes.templateId))
    .where(and(inArray(passes.id, [...passIds]), isNull(passes.deletedAt)));
  const byId = new Map(found.map((pass) => [pass.id, pass]));
  const linked = demandEach(passIds, byId);
  const url = publicOrigin + (await bundlePath(secrets, linked));
  const indexed = linked.map((pass, index) => ({ ...pass, index }));
  const inBundle = indexed.filter(({ wallets }) => offersApple(wallets ?? "both"));
  const left = indexed.filter((pass) => !inBundle.includes(pass)).map(({ index }) => leftOut(index));
  // One finding for each pass type, at its first pass.
  const first = new Map(inBundle.map((pass) => [pass.passTypeIdentifier, pass] as const).toReversed());
  const findings = [...first.values()].flatMap(({ passTypeIdentifier, certificates, index }) =>
    lintCertificates(passTypeIdentifier, parseJson(certificates), pointerTo(["passIds", index]), now),
  );
  return { url, lint: { findings: sortFindings([...findings, ...left]) } };
}

function leftOut(index: number) {
  return warning(
    "apple_not_offered",
    pointerTo(["passIds", index]),
    "The pass is offered in Google Wallet only, so the download leaves it out.",
    "Give its landingUrl to its holder, or offer the pass in Apple Wallet too (`wallets` of its template or of its pass type).",
  );
}

/** The living passes with these ids, in this order. @throws ApiError as linkToBundle, and apple_not_offered */
export async function loadBundleByIds(
  db: Database,
  passIds: readonly number[],
  now: number,
): Promise<LoadedPass[]> {
  refuseRepeatedIds(passIds);
  const living = (await loadByIds(db, passIds, now)).filter(isLiving);
  const found = demandEach(passIds, new Map(living.map((loaded) => [loaded.pass.id, loaded])));
  for (const [at, { wallets }] of found.entries()) refuseWithoutApple(wallets, pointerTo(["passIds", at]));
  return found;
}

/**
 * The living passes of a bundle's link, in its order, without those that are offered in Google Wallet only: their holder cannot change
 * the link, and the other passes are theirs. For an invalid link the list is empty, whatever the reason.
 * @throws ApiError apple_not_offered if all of them are offered in Google Wallet only
 */
export async function loadBundleByLink(
  db: Database,
  secrets: Secrets,
  ids: string,
  token: string,
  now: number,
): Promise<LoadedPass[]> {
  const link = await readBundleLink(secrets, ids, token);
  if (link === undefined) return [];
  const found = await loadByIds(db, link.passIds, now);
  const isValid = await isLinkTo(
    secrets,
    link,
    found.map(({ pass }) => pass),
  );
  return isValid ? onlyApples(found.filter(isLiving)) : [];
}

function onlyApples(found: readonly OfferedPass[]): OfferedPass[] {
  const offered = found.filter(({ wallets }) => offersApple(wallets));
  const [first] = found;
  if (offered.length === 0 && first !== undefined) refuseWithoutApple(first.wallets);
  return offered;
}

/** The version that a download would get now. It does not build the pass. @throws ApiError no_certificate */
export async function versionOfBundle(config: Config, loaded: readonly LoadedPass[]): Promise<BundleVersion> {
  const versions = await Promise.all(
    loaded.map(async (one) => ({ loaded: one, version: await versionOf(config, one) })),
  );
  return { etag: await etagOf(versions), passes: versions };
}

/** @throws ApiError signing_certificate_expired or not_configured, for the first pass that cannot be built */
export async function demandBuildable(context: ReadContext, { passes }: BundleVersion): Promise<void> {
  for (const { loaded } of passes) await demandCredentials(context, loaded);
}

/**
 * The length of the bundle in bytes. It is known without building it, so that a browser can show the progress, and can see
 * that a file is incomplete. It takes one HEAD request to R2 for each template that this isolate has not seen.
 * @throws ApiError bundle_too_large
 */
export async function lengthOfBundle(context: ReadContext, { passes }: BundleVersion): Promise<number> {
  const files: { name: string; length: number }[] = [];
  for (const [index, { loaded }] of passes.entries())
    files.push({ name: fileName(index, loaded), length: await lengthOfVersion(context, loaded) });
  const length = bytesOfPkpasses(files);
  if (length <= MAX_PKPASSES_BYTES) return length;
  throw new ApiError(
    "bundle_too_large",
    `The passes have ${length} bytes in total. Apple allows ${MAX_PKPASSES_BYTES}: download fewer at once.`,
  );
}

/**
 * The bytes of the bundle, piece by piece. The first pass is built before this returns: if a file is missing in R2, it
 * is usually one of the template's, so this finds the failure while the response can still be an error.
 */
export async function openBundle(
  context: ReadContext,
  { passes }: BundleVersion,
  storeLater: StoreLater,
): Promise<AsyncGenerator<Uint8Array>> {
  return withFirstReady(writePkpasses(buildFiles(context, passes, storeLater)));
}

/** One pass after the other. The next one is built when this one has been sent and stored, so only one is in memory. */
async function* buildFiles(
  context: ReadContext,
  versions: BundleVersion["passes"],
  storeLater: StoreLater,
): AsyncGenerator<PkpassFile> {
  for (const [index, { loaded, version }] of versions.entries()) {
    const opened = await openVersion(context, loaded, version);
    const stored = "store" in opened && opened.store ? storeLater(opened.store) : undefined;
    yield { name: fileName(index, loaded), ...(await toContent(opened)) };
    await stored;
  }
}

/** The content of a file with its checksum, which comes before the content. */
async function toContent(opened: StoredPass | BuiltPass): Promise<Omit<PkpassFile, "name">> {
  const { length } = opened;
  if ("pieces" in opened)
    return { length, checksum: checksumOf(opened.pieces), content: inChunks(opened.pieces) };
  const { stream, checksum } = opened;
  if (checksum !== undefined) return { length, checksum, content: stream };
  const pieces = [new Uint8Array(await new Response(stream).arrayBuffer())];
  return { length, checksum: checksumOf(pieces), content: inChunks(pieces) };
}

/** Begins with its place in the bundle, so that no two names are the same. */
function fileName(index: number, { pass }: LoadedPass): string {
  return `${index + 1}-${pkpassFileName(pass)}`;
}

/** The digest includes the ids, because passes of one template may have the same entity tag. */
async function etagOf(versions: BundleVersion["passes"]): Promise<string> {
  const parts = JSON.stringify(versions.map(({ loaded, version }) => [loaded.pass.id, version.etag]));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts));
  return `"${new Uint8Array(digest, 0, 16).toHex()}"`;
}

async function withFirstReady(pieces: AsyncGenerator<Uint8Array>): Promise<AsyncGenerator<Uint8Array>> {
  const first = await pieces.next();
  return (async function* () {
    if (!first.done) yield first.value;
    yield* pieces;
  })();
}

function isLiving({ pass }: LoadedPass): boolean {
  return pass.deletedAt === null;
}

/** In the order of the ids. @throws ApiError pass_not_found */
function demandEach<Found>(passIds: readonly number[], found: ReadonlyMap<number, Found>): Found[] {
  return passIds.map((id, at) => {
    const one = found.get(id);
    if (one === undefined) throw passNotFound(id, pointerTo(["passIds", at]));
    return one;
  });
}
