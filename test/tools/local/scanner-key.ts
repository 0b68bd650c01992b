/**
 * The key of a scanner on this machine, and its link. A key is shown once, so it is kept in the state folder.
 */
import { scannerLink } from "../../../src/keys/scanner-link.ts";
import { adminOf, Refused } from "./admin.ts";
import type { State } from "./state.ts";

const NAME = "Local scanner";

/** A key, and the link that opens the scanner with it. */
export interface ScannerKey {
  readonly key: string;
  readonly url: string;
}

/** The stored key, or a new one if there is none or it no longer works: it expires after some days. */
export async function scannerKey(
  origin: string,
  adminToken: string,
  state: Pick<State, "savedScannerKey" | "keepScannerKey">,
): Promise<ScannerKey> {
  const { savedScannerKey } = state;
  if (savedScannerKey !== undefined && (await isValid(origin, savedScannerKey)))
    return withLink(origin, savedScannerKey);
  const body = { name: NAME, role: "scanner" };
  const { key } = await adminOf(origin, adminToken).send<{ key: string }>("POST", "/keys", body);
  await state.keepScannerKey(key);
  return withLink(origin, key);
}

/** The port may be another one than when the key was made. */
function withLink(origin: string, key: string): ScannerKey {
  return { key, url: scannerLink(origin, key) };
}

/** Somebody may have revoked it, or deleted the database. */
async function isValid(origin: string, key: string): Promise<boolean> {
  try {
    await adminOf(origin, key).get("/me");
    return true;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return false;
    throw error;
  }
}
