/**
 * Several passes in one download: which they are, by their ids or by a link, and their bytes, one pass after the other.
 *
 * Each is what its own download would be (serve.ts), of one query for all. All are looked at before the first byte is
 * sent: where one of them is refused, the whole is. Follows Apple's "Distributing and updating a pass" (.pkpasses).
 */
import { and, inArray, isNull } from "drizzle-orm";
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { passes } from "../db/schema.ts";
import { ApiError, pointerTo } from "../errors.ts";
import { hex } from "../pkpass/pack.ts";
import { type PkpassFile, pkpasses } from "../pkpass/pkpasses.ts";
import type { Secrets } from "../secrets.ts";
import {
  bundleOf,
  demandBuildable,
  type LoadedPass,
  namesEtag,
  passesById,
  type Version,
  versionOf,
} from "./serve.ts";
import { isLinkTo, readSeveralLink, severalPath } from "./several-link.ts";
import { fileNameOf, passNotFound } from "./show.ts";

export type ServedSeveral =
  | { readonly outcome: "not_modified"; readonly etag: string }
  | { readonly outcome: "archive"; readonly etag: string; readonly pieces: AsyncGenerator<Uint8Array> };

/** Runs what keeps a bundle, beside the answer, and never fails: what is not kept is built again. */
export type KeepBeside = (keep: () => Promise<void>) => Promise<void>;

/**
 * The address at which whoever has it downloads these passes together.
 * @throws ApiError pass_repeated or pass_not_found, with a pointer to the id
 */
export async function linkToSeveral(
  db: Database,
  { secrets, publicOrigin }: Config,
  passIds: readonly number[],
): Promise<string> {
  refuseRepeated(passIds);
  const found = await db
    .select({ id: passes.id, webToken: passes.webToken })
    .from(passes)
    .where(and(inArray(passes.id, [...passIds]), isNull(passes.deletedAt)));
  const byId = new Map(found.map((pass) => [pass.id, pass]));
  return publicOrigin + (await severalPath(secrets, demandEach(passIds, byId)));
}

/** The living passes with these ids, in this order. @throws ApiError as linkToSeveral */
export async function severalById(
  db: Database,
  passIds: readonly number[],
  now: number,
): Promise<LoadedPass[]> {
  refuseRepeated(passIds);
  const living = (await passesById(db, passIds, now)).filter(isLiving);
  return demandEach(passIds, new Map(living.map((loaded) => [loaded.pass.id, loaded])));
}

/** The living passes that a link opens, in its order; none for a link that opens nothing, whatever the reason. */
export async function severalByLink(
  db: Database,
  secrets: Secrets,
  ids: string,
  token: string,
  now: number,
): Promise<LoadedPass[]> {
  const link = await readSeveralLink(secrets, ids, token);
  if (link === undefined) return [];
  const found = await passesById(db, link.passIds, now);
  const isTheirs = await isLinkTo(
    secrets,
    link,
    found.map(({ pass }) => pass),
  );
  return isTheirs ? found.filter(isLiving) : [];
}

/**
 * The passes as one archive, or that the client has it. The first pass is ready when this returns: what the bucket lacks
 * is mostly the template's, and so is found out while the answer can still say so.
 * @param loaded at least one, at most MOST_PASSES
 * @throws ApiError no_certificate, signing_certificate_expired, not_configured
 */
export async function serveSeveral(
  parts: { db: Database; bucket: R2Bucket; config: Config },
  loaded: readonly LoadedPass[],
  ifNoneMatch: string | undefined,
  keepBeside: KeepBeside,
  now: number,
): Promise<ServedSeveral> {
  const { config } = parts;
  const versioned = await Promise.all(
    loaded.map(async (one) => ({ loaded: one, version: await versionOf(config, one) })),
  );
  const etag = await etagOf(versioned);
  if (ifNoneMatch !== undefined && namesEtag(ifNoneMatch, etag)) return { outcome: "not_modified", etag };
  for (const { loaded, version } of versioned) await demandBuildable(config, loaded, version, now);
  const pieces = await begun(pkpasses(filesOf(parts, versioned, keepBeside)));
  return { outcome: "archive", etag, pieces };
}

interface VersionedPass {
  readonly loaded: LoadedPass;
  readonly version: Version;
}

/** One pass after the other. The next is built when this one was sent and kept: memory holds one. */
async function* filesOf(
  { db, bucket, config }: Parameters<typeof serveSeveral>[0],
  versioned: readonly VersionedPass[],
  keepBeside: KeepBeside,
): AsyncGenerator<PkpassFile> {
  for (const [index, { loaded, version }] of versioned.entries()) {
    const { bytes, keep } = await bundleOf(db, bucket, config, loaded, version);
    const kept = keep && keepBeside(keep);
    yield { name: `${index + 1}-${fileNameOf(loaded.pass)}`, bytes };
    await kept;
  }
}

/** The ids belong to it: passes of one template may have the same entity tag. */
async function etagOf(versioned: readonly VersionedPass[]): Promise<string> {
  const parts = JSON.stringify(versioned.map(({ loaded, version }) => [loaded.pass.id, version.etag]));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(parts));
  return `"${hex(new Uint8Array(digest, 0, 16))}"`;
}

/** With its first piece made already. */
async function begun(pieces: AsyncGenerator<Uint8Array>): Promise<AsyncGenerator<Uint8Array>> {
  const first = await pieces.next();
  return (async function* () {
    if (!first.done) yield first.value;
    yield* pieces;
  })();
}

function isLiving({ pass }: LoadedPass): boolean {
  return pass.deletedAt === null;
}

function refuseRepeated(passIds: readonly number[]): void {
  const at = passIds.findIndex((id, index) => passIds.indexOf(id) !== index);
  if (at < 0) return;
  throw new ApiError("pass_repeated", `Pass ${passIds[at]} stands here before: name it once.`, {
    pointer: pointerTo(["passIds", at]),
  });
}

/** In the order of the ids. @throws ApiError pass_not_found */
function demandEach<Found>(passIds: readonly number[], found: ReadonlyMap<number, Found>): Found[] {
  return passIds.map((id, at) => {
    const one = found.get(id);
    if (one === undefined) throw passNotFound(id, pointerTo(["passIds", at]));
    return one;
  });
}
