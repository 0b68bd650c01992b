/**
 * Loads passes with everything that is needed to serve them, in one query. Passes are found in several ways.
 */
import { and, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { effectiveModifiedAt, effectiveTag } from "../changes/effective.ts";
import type { Database } from "../db/client.ts";
import { joinedColumns } from "../db/joined-columns.ts";
import { certificates, events, passes, signingKeys, templates } from "../db/schema.ts";
import { activeFingerprint } from "../identities/signer.ts";
import { type OfferedWallets, offeredWallets } from "../templates/offered-wallets.ts";
import { templateColumns } from "./content.ts";
import { livingPass, passNotFound } from "./show.ts";

export type LoadedPass = Awaited<ReturnType<typeof loadPasses>>[number];
/** A pass, with the Wallets in which it is offered to people who do not have it yet. */
export type OfferedPass = LoadedPass & { readonly wallets: OfferedWallets };

/** For a phone that has the pass: it gets the pass in any case, so the Wallets are not read. */
const NOT_READ: SQL<OfferedWallets | null> = sql`NULL`;

async function loadOffered(db: Database, condition: SQL | undefined, now: number): Promise<OfferedPass[]> {
  const found = await loadPasses(db, condition, now, offeredWallets);
  return found.map((loaded) => ({ ...loaded, wallets: loaded.wallets ?? "both" }));
}

/** Deleted passes are found too: `pass.deletedAt` says so. */
function loadPasses(
  db: Database,
  condition: SQL | undefined,
  now: number,
  wallets: SQL<OfferedWallets | null>,
) {
  return db
    .select({
      pass: passes,
      template: templateColumns,
      event: joinedColumns(events, "id"),
      certificate: joinedColumns(certificates, "fingerprint"),
      key: joinedColumns(signingKeys, "publicKeyHash"),
      tag: effectiveTag,
      modifiedAt: effectiveModifiedAt,
      wallets,
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
    .where(condition);
}

/** The pass with this serial number; undefined if there never was one. It may be deleted. */
export async function loadBySerialNumber(
  db: Database,
  passTypeIdentifier: string,
  serialNumber: string,
  now: number,
): Promise<LoadedPass | undefined> {
  const condition = and(
    eq(passes.passTypeIdentifier, passTypeIdentifier),
    eq(passes.serialNumber, serialNumber),
  );
  const [loaded] = await loadPasses(db, condition, now, NOT_READ);
  return loaded;
}

/** The living pass with this id. @throws ApiError pass_not_found */
export async function loadById(db: Database, id: number, now: number): Promise<OfferedPass> {
  const [loaded] = await loadOffered(db, livingPass(id), now);
  if (loaded === undefined) throw passNotFound(id);
  return loaded;
}

/**
 * The living pass whose link has this secret; undefined if there is none. The timing of the index lookup reveals at
 * most how many of the 160 random bits are correct, which does not help an attacker.
 */
export async function loadByWebToken(
  db: Database,
  webToken: string,
  now: number,
): Promise<OfferedPass | undefined> {
  const condition = and(eq(passes.webToken, webToken), isNull(passes.deletedAt));
  const [loaded] = await loadOffered(db, condition, now);
  return loaded;
}

/** The passes with these ids, in the order of the ids. Unknown ids are left out; deleted passes are included. */
export async function loadByIds(db: Database, ids: readonly number[], now: number): Promise<OfferedPass[]> {
  const found = await loadOffered(db, inArray(passes.id, [...ids]), now);
  return found.sort((a, b) => ids.indexOf(a.pass.id) - ids.indexOf(b.pass.id));
}
