/**
 * Pass types: creates them, with the signing key and the certificate signing request (CSR) for Apple's portal, changes
 * them, and shows them with the state of their certificates. Certificates are installed by install-certificate.ts.
 *
 * Private keys are generated here and stored sealed. No function returns a private key.
 */
import "reflect-metadata";
import { Pkcs10CertificateRequestGenerator } from "@peculiar/x509";
import { asc, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { batchOf, repeatableBatchOf } from "../db/batch.ts";
import { type Database, isUniqueViolation } from "../db/client.ts";
import { writeOnce } from "../db/repeat.ts";
import { markIf, markRequest } from "../db/requests.ts";
import { certificates, type OFFERED_WALLETS, passTypes, signingKeys } from "../db/schema.ts";
import { selectInto } from "../db/select-into.ts";
import { ApiError } from "../errors.ts";
import type { KeyAlgorithm } from "../pkpass/build/cms.ts";
import type { Secrets } from "../secrets/secrets.ts";
import { sha256, WEBCRYPTO_IMPORT } from "./pem.ts";

/**
 * Among the certificates whose activeFrom is not in the future, the latest one is active and signs. The earlier ones
 * are superseded.
 */
export type CertificateState = "active" | "standby" | "superseded" | "expired";

export interface PassType {
  readonly passTypeIdentifier: string;
  readonly teamIdentifier: string | null;
  /** In which Wallets its passes are offered, unless their template says otherwise. */
  readonly wallets: Wallets;
  /** PEM of the newest CSR. Every pass type is created with one. */
  readonly csr: string;
  /** In the order in which they become active. */
  readonly certificates: readonly {
    readonly fingerprint: string;
    readonly state: CertificateState;
    readonly notBefore: string;
    readonly notAfter: string;
    readonly activeFrom: string;
  }[];
  readonly createdAt: string;
}

type Wallets = (typeof OFFERED_WALLETS)[number];
type Writer = Pick<Context, "db" | "config" | "actor" | "now" | "request">;

/**
 * Creates the pass type with a new key.
 * @param input without teamIdentifier, the first certificate determines the team
 * @throws ApiError pass_type_exists
 */
export async function createPassType(
  context: Writer,
  input: {
    passTypeIdentifier: string;
    teamIdentifier?: string | undefined;
    keyAlgorithm: KeyAlgorithm;
    wallets?: Wallets | undefined;
  },
): Promise<PassType> {
  const { db, config, now } = context;
  const { passTypeIdentifier } = input;
  const [existing] = await db
    .select({ passTypeIdentifier: passTypes.passTypeIdentifier })
    .from(passTypes)
    .where(eq(passTypes.passTypeIdentifier, passTypeIdentifier));
  if (existing !== undefined) throw passTypeExists(passTypeIdentifier);
  const key = await generateKey(config.secrets, passTypeIdentifier, input.keyAlgorithm, now);
  const { teamIdentifier = null, wallets } = input;
  const row = { passTypeIdentifier, teamIdentifier, wallets, createdAt: now };
  try {
    await writeOnce(
      async () => {
        const passType = db.insert(passTypes).values(row);
        const mark = markIf(context, passTypeIdentifier);
        await batchOf(db, { passType, key: db.insert(signingKeys).values(key), mark });
        return key.publicKeyHash;
      },
      () => findKey(db, key.publicKeyHash), // the key is new, so its row is of this request
    );
  } catch (error) {
    if (isUniqueViolation(error)) throw passTypeExists(passTypeIdentifier);
    throw error;
  }
  return showPassType(db, passTypeIdentifier, now);
}

/**
 * Changes where its passes are offered. No pass changes: phones that have one keep it, and nothing is pushed.
 * @throws ApiError pass_type_not_found
 */
export async function changePassType(
  context: Writer,
  passTypeIdentifier: string,
  { wallets }: { readonly wallets?: Wallets | undefined },
): Promise<PassType> {
  const { db, now } = context;
  const isPassType = eq(passTypes.passTypeIdentifier, passTypeIdentifier);
  await repeatableBatchOf(db, {
    mark: markRequest(context, passTypeIdentifier, passTypes, isPassType),
    change: db
      .update(passTypes)
      .set({ wallets: wallets ?? sql`wallets` })
      .where(isPassType),
  });
  return showPassType(db, passTypeIdentifier, now);
}

/**
 * Creates a new key and CSR for an existing pass type, to renew its certificate.
 * @throws ApiError pass_type_not_found
 */
export async function renewKey(
  context: Writer,
  passTypeIdentifier: string,
  keyAlgorithm: KeyAlgorithm,
): Promise<PassType> {
  const { db, config, now } = context;
  await showPassType(db, passTypeIdentifier, now);
  const key = await generateKey(config.secrets, passTypeIdentifier, keyAlgorithm, now);
  await repeatableBatchOf(db, {
    // The pass type may have been deleted meanwhile.
    key: db
      .insert(signingKeys)
      .select(selectInto(signingKeys, key, sql`WHERE ${existsPassType(passTypeIdentifier)}`))
      .onConflictDoNothing(),
    mark: markIf(context, passTypeIdentifier, sql`WHERE ${existsPassType(passTypeIdentifier)}`),
  });
  return showPassType(db, passTypeIdentifier, now);
}

/** SQL: whether the pass type exists. */
export function existsPassType(passTypeIdentifier: string): SQL {
  return sql`EXISTS (SELECT 1 FROM ${passTypes} WHERE ${eq(passTypes.passTypeIdentifier, passTypeIdentifier)})`;
}

/** @throws ApiError pass_type_not_found */
export async function showPassType(db: Database, passTypeIdentifier: string, now: number): Promise<PassType> {
  const [found] = await selectPassTypes(db, now, passTypeIdentifier);
  if (found === undefined) throw passTypeNotFound(passTypeIdentifier);
  return found;
}

/** All pass types, ordered by identifier. */
export async function listPassTypes(db: Database, now: number): Promise<PassType[]> {
  return selectPassTypes(db, now, undefined);
}

/** Without the certificates themselves, because the list of pass types has no pages. */
const { certificate: _, intermediate: __, ...certificateColumns } = getTableColumns(certificates);

async function selectPassTypes(
  db: Database,
  now: number,
  passTypeIdentifier: string | undefined,
): Promise<PassType[]> {
  const ofPassType = (table: typeof passTypes | typeof signingKeys | typeof certificates) =>
    passTypeIdentifier === undefined ? undefined : eq(table.passTypeIdentifier, passTypeIdentifier);
  const { types, keys, rows } = await batchOf(db, {
    types: db
      .select()
      .from(passTypes)
      .where(ofPassType(passTypes))
      .orderBy(asc(passTypes.passTypeIdentifier)),
    keys: db
      .select({ passTypeIdentifier: signingKeys.passTypeIdentifier, csr: signingKeys.csr })
      .from(signingKeys)
      .where(ofPassType(signingKeys))
      .orderBy(asc(signingKeys.createdAt)),
    rows: db
      .select(certificateColumns)
      .from(certificates)
      .where(ofPassType(certificates))
      .orderBy(asc(certificates.activeFromAt), asc(certificates.createdAt)),
  });
  return types.map((type) => {
    const own = rows.filter((row) => row.passTypeIdentifier === type.passTypeIdentifier);
    const active = own.findLast((row) => row.activeFromAt <= now);
    const requests = keys.filter(
      (key) => key.passTypeIdentifier === type.passTypeIdentifier && key.csr !== null,
    );
    return {
      passTypeIdentifier: type.passTypeIdentifier,
      teamIdentifier: type.teamIdentifier,
      wallets: type.wallets,
      csr: requests.at(-1)?.csr ?? "",
      certificates: own.map((row) => ({
        fingerprint: row.fingerprint,
        state: certificateState(row, active, now),
        notBefore: new Date(row.notBeforeAt).toISOString(),
        notAfter: new Date(row.notAfterAt).toISOString(),
        activeFrom: new Date(row.activeFromAt).toISOString(),
      })),
      createdAt: new Date(type.createdAt).toISOString(),
    };
  });
}

type CertificateRow = Pick<typeof certificates.$inferSelect, keyof typeof certificateColumns>;

function certificateState(
  row: CertificateRow,
  active: CertificateRow | undefined,
  now: number,
): CertificateState {
  if (row.notAfterAt <= now) return "expired";
  if (row.activeFromAt > now) return "standby";
  return row === active ? "active" : "superseded";
}

async function findKey(db: Database, publicKeyHash: string): Promise<string | undefined> {
  const [row] = await db
    .select({ publicKeyHash: signingKeys.publicKeyHash })
    .from(signingKeys)
    .where(eq(signingKeys.publicKeyHash, publicKeyHash));
  return row?.publicKeyHash;
}

/** A new key with its CSR, as a row of signing_keys. */
async function generateKey(
  secrets: Secrets,
  passTypeIdentifier: string,
  algorithm: KeyAlgorithm,
  now: number,
): Promise<typeof signingKeys.$inferSelect> {
  const parameters = {
    ...WEBCRYPTO_IMPORT[algorithm],
    ...(algorithm === "RSA" ? { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) } : {}),
  };
  const keys = (await crypto.subtle.generateKey(parameters, true, ["sign", "verify"])) as CryptoKeyPair;
  const spki = (await crypto.subtle.exportKey("spki", keys.publicKey)) as ArrayBuffer;
  const pkcs8 = new Uint8Array((await crypto.subtle.exportKey("pkcs8", keys.privateKey)) as ArrayBuffer);
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [passTypeIdentifier] }], // Apple's portal replaces the subject
    keys,
    signingAlgorithm: { ...WEBCRYPTO_IMPORT[algorithm], hash: "SHA-256" },
  });
  const publicKeyHash = await sha256(spki);
  return {
    publicKeyHash,
    passTypeIdentifier,
    algorithm,
    privateKey: await secrets.seal("signing_keys.private_key", { passTypeIdentifier, publicKeyHash }, pkcs8),
    csr: `${request.toString("pem")}\n`,
    createdAt: now,
  };
}

/** For a path that names the pass type. */
export function passTypeNotFound(passTypeIdentifier: string): ApiError {
  return new ApiError(
    "pass_type_not_found",
    `There is no pass type "${passTypeIdentifier}". Create it (POST /admin/v1/pass-types).`,
  );
}

function passTypeExists(passTypeIdentifier: string): ApiError {
  return new ApiError(
    "pass_type_exists",
    `"${passTypeIdentifier}" already exists. You can make a new key and CSR for it (POST /admin/v1/pass-types/${encodeURIComponent(passTypeIdentifier)}/csr).`,
    { pointer: "/passTypeIdentifier" },
  );
}
