/**
 * The nonce in the form of a join page. GET makes it and stores nothing; the pass that the form gives is derived from it. So a
 * double tap, a reload and a repeat after a lost answer give the same pass: its serial number is unique.
 *
 * key id + `.` + time + `.` + 128 random bits + `.` + HMAC-SHA-256 over these and the template. Nothing of it is secret from
 * the person who has the form. What the pass gets from it is an HMAC too, so the nonce reveals no other secret of the pass,
 * and the serial number does not reveal the nonce.
 */
import { completeWebToken } from "../passes/web-token.ts";
import type { KeyId, Secrets } from "../secrets/secrets.ts";

const SEAL = "nonce of a join form";
const IDENTITY = "pass of a join form";
const VALID_FOR_MS = 2 * 60 * 60_000;
const RANDOM_BYTES = 16;
const SERIAL_NUMBER_BYTES = 16;
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;
const FORMAT = /^(\d{1,6})\.(\d{1,15})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** The pass that a nonce gives. */
export interface JoinIdentity {
  readonly serialNumber: string;
  readonly webToken: string;
}

export interface JoinNonce extends JoinIdentity {
  /** An expired nonce gives no new pass, but it still finds the one that it gave. */
  readonly isExpired: boolean;
}

export async function createNonce(secrets: Secrets, templateId: number, now: number): Promise<string> {
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)).toBase64(BASE64URL);
  const keyId = secrets.newestKeyId;
  const seal = await secrets.mac(keyId, SEAL, sealed(templateId, now, random));
  return `${keyId}.${now}.${random}.${seal.toBase64(BASE64URL)}`;
}

/** @returns undefined for a nonce that this service did not make for this template */
export async function readNonce(
  secrets: Secrets,
  templateId: number,
  nonce: string,
  now: number,
): Promise<JoinNonce | undefined> {
  const [, keyId = "", time = "", random = "", seal = ""] = FORMAT.exec(nonce) ?? [];
  if (seal === "") return undefined;
  const madeAt = Number(time);
  const isOwn = await secrets.verify(
    keyId,
    SEAL,
    sealed(templateId, madeAt, random),
    Uint8Array.fromBase64(seal, BASE64URL),
  );
  if (!isOwn) return undefined;
  const identity = await identityOf(secrets, keyId, sealed(templateId, madeAt, random));
  return { ...identity, isExpired: now - madeAt > VALID_FOR_MS };
}

async function identityOf(secrets: Secrets, keyId: KeyId, nonce: string): Promise<JoinIdentity> {
  const code = await secrets.mac(keyId, IDENTITY, nonce);
  const hex = code.subarray(0, SERIAL_NUMBER_BYTES).toHex();
  const serialNumber = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"); // looks like a UUID
  const webToken = await completeWebToken(secrets, keyId, code.subarray(SERIAL_NUMBER_BYTES));
  return { serialNumber, webToken };
}

function sealed(templateId: number, madeAt: number, random: string): string {
  return JSON.stringify([templateId, madeAt, random]);
}
