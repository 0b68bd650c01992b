/**
 * The key of a scanner on this machine. A key is shown once, so it is kept in the state folder.
 */
import { adminOf, Refused } from "./admin.ts";
import type { State } from "./state.ts";

const NAME = "Local scanner";

/** The stored key, or a new one if there is none or it no longer works. */
export async function scannerKey(
  origin: string,
  adminToken: string,
  state: Pick<State, "savedScannerKey" | "keepScannerKey">,
): Promise<string> {
  const { savedScannerKey } = state;
  if (savedScannerKey !== undefined && (await isValid(origin, savedScannerKey))) return savedScannerKey;
  const body = { name: NAME, role: "scanner" };
  const { key } = await adminOf(origin, adminToken).send<{ key: string }>("POST", "/keys", body);
  await state.keepScannerKey(key);
  return key;
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
