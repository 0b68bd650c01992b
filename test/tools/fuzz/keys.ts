/** Private keys, hashes and random texts for the world of the attack suite. */
import { bytesOf, toBase64 } from "./wire.ts";

type Algorithm = Parameters<typeof crypto.subtle.generateKey>[0];

export async function sha256Of(base64: string): Promise<string> {
  const bytes = bytesOf({ base64 }) ?? new Uint8Array();
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** As PEM. */
export async function makePrivateKey(algorithm: Algorithm): Promise<string> {
  const keys = (await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"])) as CryptoKeyPair;
  const pkcs8 = new Uint8Array((await crypto.subtle.exportKey("pkcs8", keys.privateKey)) as ArrayBuffer);
  // The line breaks as in environment variables, because a request refers to the key within JSON.
  return `-----BEGIN PRIVATE KEY-----\\n${toBase64(pkcs8)}\\n-----END PRIVATE KEY-----\\n`;
}

/** The middle and the end of the key's base64, which no other key shares. */
export function fragmentsOf(pem: string): string[] {
  const base64 = pem.split("\\n")[1] ?? "";
  return [base64.slice(48, 88), base64.slice(-40)];
}

export function randomHex(bytes: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
