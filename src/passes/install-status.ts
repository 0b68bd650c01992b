/**
 * Whether a pass is on a phone, as far as registrations show it: a phone with automatic updates turned off counts as one that
 * removed the pass. The rule is here in TypeScript and in SQL, and test/passes/find.test.ts compares the two.
 */
import { type SQL, sql } from "drizzle-orm";

export const INSTALL_STATUSES = ["not_been_installed", "installed", "uninstalled"] as const;
export type InstallStatus = (typeof INSTALL_STATUSES)[number];

export function toInstallStatus(pass: {
  installedAt: number | null;
  uninstalledAt: number | null;
}): InstallStatus {
  if (pass.installedAt === null) return "not_been_installed";
  return pass.uninstalledAt === null ? "installed" : "uninstalled";
}

/** SQL: whether the pass has this install status. For a WHERE on passes. */
export function hasInstallStatus(status: InstallStatus): SQL {
  return sql`CASE WHEN passes.installed_at IS NULL THEN 'not_been_installed'
    WHEN passes.uninstalled_at IS NULL THEN 'installed'
    ELSE 'uninstalled' END = ${status}`;
}
