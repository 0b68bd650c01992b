/**
 * Installs a certificate from Apple's portal for a pass type, with its private key if the key was generated elsewhere.
 * A pass type can have several certificates, so that the next one can be installed before it becomes active.
 */
import { eq, type SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { markIf } from "../db/requests.ts";
import { certificates, passTypes, signingKeys } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { ApiError } from "../errors.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { checkCertificate } from "./certificate.ts";
import type { Fetch } from "./chain.ts";
import { existsPassType, type PassType, showPassType } from "./pass-types.ts";
import { type ImportedKey, readPrivateKey } from "./pem.ts";

export interface CertificateUpload {
  readonly certificate: string | Uint8Array;
  readonly intermediate?: string | undefined;
  /** The private key, if Edgepass did not generate it. */
  readonly privateKey?: string | undefined;
  /** When the certificate starts to sign, in milliseconds. Default: now. */
  readonly activeFromAt?: number | undefined;
}

/**
 * Checks and stores a certificate, and its key if one is sent.
 * @param fetch for certificates of the chain that were not uploaded
 * @throws ApiError with the first fault (certificate.ts), pass_type_not_found, or invalid_body for a bad activeFrom
 */
export async function installCertificate(
  context: Pick<Context, "db" | "config" | "actor" | "now" | "request">,
  passTypeIdentifier: string,
  upload: CertificateUpload,
  fetch: Fetch,
): Promise<PassType> {
  const { db, config, now } = context;
  const passType = await showPassType(db, passTypeIdentifier, now);
  const imported =
    upload.privateKey === undefined ? undefined : await readPrivateKey(upload.privateKey, "/privateKey");
  const expected = {
    passTypeIdentifier,
    teamIdentifier: passType.teamIdentifier ?? undefined,
    publicKeyHashes:
      imported === undefined ? await storedKeyHashes(db, passTypeIdentifier) : [imported.publicKeyHash],
  };
  const checked = await checkCertificate(upload, expected, config, now, fetch);
  const activeFromAt = upload.activeFromAt ?? now;
  if (activeFromAt >= checked.notAfterAt) {
    throw new ApiError("invalid_body", "The certificate expires before it would become active.", {
      pointer: "/activeFrom",
    });
  }
  const row = {
    fingerprint: checked.fingerprint,
    passTypeIdentifier,
    teamIdentifier: checked.teamIdentifier,
    publicKeyHash: checked.publicKeyHash,
    certificate: checked.certificate.toBase64(),
    intermediate: checked.intermediate.toBase64(),
    notBeforeAt: checked.notBeforeAt,
    notAfterAt: checked.notAfterAt,
    activeFromAt,
    createdAt: now,
  };
  const key = imported && (await sealKey(config.secrets, passTypeIdentifier, imported, now));
  // The pass type may be deleted meanwhile.
  const ifItExists = sql`WHERE ${existsPassType(passTypeIdentifier)}`;
  const { intermediate } = row;
  // Uploading a certificate again can make it active earlier, but never later, so an active certificate stays active.
  const earlier = sql`min(${certificates.activeFromAt}, ${activeFromAt})`;
  await repeatableBatchOf(db, {
    key: key && storeKey(db, key, ifItExists),
    certificate: db
      .insert(certificates)
      .select(selectInto(certificates, row, ifItExists))
      .onConflictDoUpdate({
        target: certificates.fingerprint,
        set: { intermediate, activeFromAt: earlier },
      }),
    team: db
      .update(passTypes)
      .set({ teamIdentifier: checked.teamIdentifier })
      .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier)),
    mark: markIf(context, passTypeIdentifier, ifItExists),
  });
  return showPassType(db, passTypeIdentifier, now);
}

async function storedKeyHashes(db: Database, passTypeIdentifier: string): Promise<string[]> {
  const keys = await db
    .select({ publicKeyHash: signingKeys.publicKeyHash })
    .from(signingKeys)
    .where(eq(signingKeys.passTypeIdentifier, passTypeIdentifier));
  return keys.map((key) => key.publicKeyHash);
}

/** The row of signing_keys for an imported key. */
async function sealKey(
  secrets: Secrets,
  passTypeIdentifier: string,
  { algorithm, publicKeyHash, pkcs8 }: ImportedKey,
  now: number,
): Promise<typeof signingKeys.$inferSelect> {
  const id = { passTypeIdentifier, publicKeyHash };
  const privateKey = await secrets.seal("signing_keys.private_key", id, pkcs8);
  return { ...id, algorithm, privateKey, csr: null, createdAt: now };
}

/**
 * The statement that stores the key. If the key is already stored, it is sealed again, because its old MASTER_SECRET
 * entry may have been removed.
 */
function storeKey(db: Database, key: typeof signingKeys.$inferSelect, condition: SQL) {
  return db
    .insert(signingKeys)
    .select(selectInto(signingKeys, { ...key }, condition))
    .onConflictDoUpdate({
      target: [signingKeys.passTypeIdentifier, signingKeys.publicKeyHash],
      set: { privateKey: key.privateKey },
    });
}
