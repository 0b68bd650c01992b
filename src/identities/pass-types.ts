/**
 * Pass types: who issues. Makes the key and the request for Apple's portal, takes the certificate that comes back,
 * keeps several so that one can stand ready, and says which one signs.
 *
 * Private keys enter and are made here, and rest sealed; nothing here ever answers with one.
 */
import "reflect-metadata";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import { and, asc, eq, sql } from "drizzle-orm";
import { type Database, isUniqueViolation } from "../db/client.ts";
import { certificates, passTypes, signingKeys } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import type { KeyAlgorithm } from "../pkpass/build/cms.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { checkCertificate } from "./certificate.ts";
import type { ChainRules, Fetch } from "./chain.ts";
import { readPrivateKey, sha256, WEBCRYPTO_IMPORT } from "./pem.ts";

export type CertificateState = "active" | "standby" | "superseded" | "expired";

export interface PassType {
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string | null;
  /** PEM of the newest request. Every pass type is made with one. */
  readonly csr: string;
  readonly certificates: readonly {
    readonly fingerprint: string;
    readonly state: CertificateState;
    readonly notBefore: string;
    readonly notAfter: string;
    readonly activeFrom: string;
  }[];
  readonly createdAt: string;
}

export interface CertificateUpload {
  readonly certificate: string | Uint8Array;
  readonly intermediate?: string | undefined;
  /** A key that was made elsewhere. */
  readonly privateKey?: string | undefined;
  /** Milliseconds; from when on it signs. Now, if absent. */
  readonly activeFromAt?: number | undefined;
}

/** Where a sealed signing key rests: authenticated with it. */
export function keyPlace(passTypeIdentifier: string, publicKeyHash: string): string[] {
  return ["signing_keys", passTypeIdentifier, publicKeyHash, "private_key"];
}

/** Makes the pass type with a fresh key. @throws ApiError pass_type_exists */
export async function createPassType(
  db: Database,
  secrets: Secrets,
  input: { passTypeIdentifier: string; teamIdentifier?: string | undefined; keyAlgorithm: KeyAlgorithm },
  now: number,
): Promise<PassType> {
  const { passTypeIdentifier } = input;
  const taken = await db.query.passTypes.findFirst({
    where: eq(passTypes.passTypeIdentifier, passTypeIdentifier),
  });
  if (taken !== undefined) throw exists(passTypeIdentifier);
  const key = await makeKey(secrets, passTypeIdentifier, input.keyAlgorithm, now);
  const row = { passTypeIdentifier, teamIdentifier: input.teamIdentifier ?? null, createdAt: now };
  try {
    await db.batch([db.insert(passTypes).values(row), db.insert(signingKeys).values(key)]);
  } catch (error) {
    if (isUniqueViolation(error)) throw exists(passTypeIdentifier);
    throw error;
  }
  return showPassType(db, passTypeIdentifier, now);
}

/** A fresh key and request for a pass type that exists: to renew with a new key. */
export async function renewKey(
  db: Database,
  secrets: Secrets,
  passTypeIdentifier: string,
  keyAlgorithm: KeyAlgorithm,
  now: number,
): Promise<PassType> {
  await showPassType(db, passTypeIdentifier, now);
  await db.insert(signingKeys).values(await makeKey(secrets, passTypeIdentifier, keyAlgorithm, now));
  return showPassType(db, passTypeIdentifier, now);
}

/** Checks and stores a certificate (with its key, if that was made elsewhere). @throws ApiError that names the fault */
export async function installCertificate(
  db: Database,
  secrets: Secrets,
  rules: ChainRules,
  passTypeIdentifier: string,
  upload: CertificateUpload,
  now: number,
  fetch: Fetch,
): Promise<PassType> {
  const passType = await showPassType(db, passTypeIdentifier, now);
  const imported =
    upload.privateKey === undefined ? undefined : await readPrivateKey(upload.privateKey, "/privateKey");
  const keys = await db
    .select({ publicKeyHash: signingKeys.publicKeyHash })
    .from(signingKeys)
    .where(eq(signingKeys.passTypeIdentifier, passTypeIdentifier));
  const publicKeyHashes =
    imported === undefined ? keys.map((key) => key.publicKeyHash) : [imported.publicKeyHash];
  const expected = {
    passTypeIdentifier,
    teamIdentifier: passType.teamIdentifier ?? undefined,
    publicKeyHashes,
  };
  const checked = await checkCertificate(upload, expected, rules, now, fetch);
  if ((upload.activeFromAt ?? now) >= checked.notAfterAt) {
    throw new ApiError("invalid_body", "The certificate ends before it would become active.", {
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
    activeFromAt: upload.activeFromAt ?? now,
    createdAt: now,
  };
  const { intermediate } = row;
  // Sent again, a certificate may begin earlier and never later: what signs now goes on signing.
  const earlier = sql`min(${certificates.activeFromAt}, ${row.activeFromAt})`;
  const storeCertificate = db
    .insert(certificates)
    .values(row)
    .onConflictDoUpdate({ target: certificates.fingerprint, set: { intermediate, activeFromAt: earlier } });
  const learnTeam = db
    .update(passTypes)
    .set({ teamIdentifier: checked.teamIdentifier })
    .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier));
  if (imported === undefined) {
    await db.batch([storeCertificate, learnTeam]);
  } else {
    const { algorithm, publicKeyHash } = imported;
    const privateKey = await secrets.seal(imported.pkcs8, keyPlace(passTypeIdentifier, publicKeyHash));
    const key = { publicKeyHash, passTypeIdentifier, algorithm, privateKey, csr: null, createdAt: now };
    await db.batch([
      db
        .insert(signingKeys)
        .values(key)
        .onConflictDoUpdate({
          target: [signingKeys.passTypeIdentifier, signingKeys.publicKeyHash],
          set: { privateKey }, // sealed anew: the old seal may have lost its MASTER_SECRET entry
        }),
      storeCertificate,
      learnTeam,
    ]);
  }
  return showPassType(db, passTypeIdentifier, now);
}

/** @throws ApiError pass_type_not_found */
export async function showPassType(db: Database, passTypeIdentifier: string, now: number): Promise<PassType> {
  const [found] = await select(db, now, passTypeIdentifier);
  if (found === undefined) {
    throw new ApiError(
      "pass_type_not_found",
      `"${passTypeIdentifier}" is not known here. Make it with POST /admin/v1/pass-types.`,
    );
  }
  return found;
}

/** All pass types, by name. */
export async function listPassTypes(db: Database, now: number): Promise<PassType[]> {
  return select(db, now, undefined);
}

async function select(
  db: Database,
  now: number,
  passTypeIdentifier: string | undefined,
): Promise<PassType[]> {
  const only = <T extends typeof passTypes | typeof signingKeys | typeof certificates>(table: T) =>
    passTypeIdentifier === undefined ? undefined : eq(table.passTypeIdentifier, passTypeIdentifier);
  const [types, keys, rows] = await db.batch([
    db.select().from(passTypes).where(only(passTypes)).orderBy(asc(passTypes.passTypeIdentifier)),
    db.select().from(signingKeys).where(only(signingKeys)).orderBy(asc(signingKeys.createdAt)),
    db
      .select()
      .from(certificates)
      .where(and(only(certificates)))
      .orderBy(asc(certificates.activeFromAt), asc(certificates.createdAt)),
  ]);
  return types.map((type) => {
    const own = rows.filter((row) => row.passTypeIdentifier === type.passTypeIdentifier);
    const active = own.findLast((row) => row.activeFromAt <= now);
    const requests = keys.filter(
      (key) => key.passTypeIdentifier === type.passTypeIdentifier && key.csr !== null,
    );
    return {
      passTypeIdentifier: type.passTypeIdentifier,
      teamIdentifier: type.teamIdentifier,
      csr: requests.at(-1)?.csr ?? "",
      certificates: own.map((row) => ({
        fingerprint: row.fingerprint,
        state: stateOf(row, active, now),
        notBefore: new Date(row.notBeforeAt).toISOString(),
        notAfter: new Date(row.notAfterAt).toISOString(),
        activeFrom: new Date(row.activeFromAt).toISOString(),
      })),
      createdAt: new Date(type.createdAt).toISOString(),
    };
  });
}

function stateOf(
  row: typeof certificates.$inferSelect,
  active: typeof certificates.$inferSelect | undefined,
  now: number,
): CertificateState {
  if (row.notAfterAt <= now) return "expired";
  if (row.activeFromAt > now) return "standby";
  return row === active ? "active" : "superseded";
}

async function makeKey(secrets: Secrets, passTypeIdentifier: string, algorithm: KeyAlgorithm, now: number) {
  const parameters = {
    ...WEBCRYPTO_IMPORT[algorithm],
    ...(algorithm === "RSA" ? { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) } : {}),
  };
  const keys = (await crypto.subtle.generateKey(parameters, true, ["sign", "verify"])) as CryptoKeyPair;
  const spki = (await crypto.subtle.exportKey("spki", keys.publicKey)) as ArrayBuffer;
  const pkcs8 = new Uint8Array((await crypto.subtle.exportKey("pkcs8", keys.privateKey)) as ArrayBuffer);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [passTypeIdentifier] }], // Apple's portal writes a subject of its own
    keys,
    signingAlgorithm: { ...WEBCRYPTO_IMPORT[algorithm], hash: "SHA-256" },
  });
  const publicKeyHash = await sha256(spki);
  return {
    publicKeyHash,
    passTypeIdentifier,
    algorithm,
    privateKey: await secrets.seal(pkcs8, keyPlace(passTypeIdentifier, publicKeyHash)),
    csr: `${request.toString("pem")}\n`,
    createdAt: now,
  };
}

function exists(passTypeIdentifier: string): ApiError {
  return new ApiError(
    "pass_type_exists",
    `"${passTypeIdentifier}" is here already. A new key for it comes from POST /admin/v1/pass-types/${encodeURIComponent(passTypeIdentifier)}/csr.`,
    { pointer: "/passTypeIdentifier" },
  );
}
