/**
 * The nonce in the form of a join page. GET makes it and stores nothing; the identity of the issued pass is derived from it.
 * So a double tap, a reload and a repeat after a lost answer give the same pass: its serial number is unique.
 *
 * key id + `.` + time + `.` + 128 random bits + `.` + HMAC-SHA-256 over these and the template. No part of the nonce is
 * secret from the person who has the form. The values of the pass are HMACs of the nonce, so the nonce does not reveal the
 * secret of the pass, and the serial number does not reveal the nonce.
 */
import { completeWebToken } from "../passes/web-token.ts";
import type { KeyId, Secrets } from "../secrets/secrets.ts";

const NONCE_PURPOSE = "nonce of a join form";
const PASS_PURPOSE = "pass of a join form";
const VALID_FOR_MS = 2 * 60 * 60_000;
const RANDOM_BYTES = 16;
const SERIAL_NUMBER_BYTES = 16;
const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;
const FORMAT = /^(\d{1,6})\.(\d{1,15})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** The pass that is derived from a nonce, whether it was issued or not. */
export interface PassOfNonce {
  readonly serialNumber: string;
  readonly webToken: string;
}

interface JoinNonce extends PassOfNonce {
  /** An expired nonce issues no new pass, but it still finds the pass that it issued. */
  readonly isExpired: boolean;
}

export async function createNonce(secrets: Secrets, templateId: number, now: number): Promise<string> {
  const random = crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)).toBase64(BASE64URL);
  const keyId = secrets.newestKeyId;
  const code = await secrets.mac(keyId, NONCE_PURPOSE, writtenParts(templateId, now, random));
  return `${keyId}.${now}.${random}.${code.toBase64(BASE64URL)}`;
}

/** @returns undefined for a nonce that this service did not make for this template */
export async function readNonce(
  secrets: Secrets,
  templateId: number,
  nonce: string,
  now: number,
): Promise<JoinNonce | undefined> {
  const [, keyId = "", time = "", random = "", code = ""] = FORMAT.exec(nonce) ?? [];
  if (code === "") return undefined;
  const madeAt = Number(time);
  const parts = writtenParts(templateId, madeAt, random);
  if (!(await secrets.verify(keyId, NONCE_PURPOSE, parts, Uint8Array.fromBase64(code, BASE64URL))))
    return undefined;
  return { ...(await derivePass(secrets, keyId, parts)), isExpired: now - madeAt > VALID_FOR_MS };
}

async function derivePass(secrets: Secrets, keyId: KeyId, parts: string): Promise<PassOfNonce> {
  const code = await secrets.mac(keyId, PASS_PURPOSE, parts);
  const hex = code.subarray(0, SERIAL_NUMBER_BYTES).toHex();
  const serialNumber = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"); // looks like a UUID
  const webToken = await completeWebToken(secrets, keyId, code.subarray(SERIAL_NUMBER_BYTES));
  return { serialNumber, webToken };
}

/** What both codes are computed from. */
function writtenParts(templateId: number, madeAt: number, random: string): string {
  return JSON.stringify([templateId, madeAt, random]);
}
