/**
 * Whether a pass is on a phone: in Apple Wallet as far as registrations show it (a phone with automatic updates turned off counts as
 * one that removed the pass), in Google Wallet as Google's callbacks say. The rule is here in TypeScript and in SQL, and
 * test/passes/find.test.ts compares the two.
 */
import { type SQL, sql } from "drizzle-orm";

export const INSTALL_STATUSES = ["not_been_installed", "installed", "uninstalled"] as const;
export type InstallStatus = (typeof INSTALL_STATUSES)[number];

export const WALLETS = ["apple", "google"] as const;
export type Wallet = (typeof WALLETS)[number];

/** The columns of a pass. */
export interface InstallColumns {
  readonly installedAt: number | null;
  readonly uninstalledAt: number | null;
  readonly googleInstalledAt: number | null;
  readonly googleUninstalledAt: number | null;
}

/** In one Wallet, or in both together. */
export interface Install {
  readonly status: InstallStatus;
  /** Null if it never was there. */
  readonly installedAt: number | null;
  /** Null while it is there. */
  readonly uninstalledAt: number | null;
}

export function installIn(wallet: Wallet, pass: InstallColumns): Install {
  const isApple = wallet === "apple";
  const installedAt = isApple ? pass.installedAt : pass.googleInstalledAt;
  const uninstalledAt = isApple ? pass.uninstalledAt : pass.googleUninstalledAt;
  if (installedAt === null) return { status: "not_been_installed", installedAt, uninstalledAt: null };
  return { status: uninstalledAt === null ? "installed" : "uninstalled", installedAt, uninstalledAt };
}

/** The newest install that still lasts, of the two Wallets; if none lasts, the one that ended last. */
export function newestInstall(pass: InstallColumns): Install & { readonly wallet: Wallet } {
  const apple = { wallet: "apple", ...installIn("apple", pass) } as const;
  const google = { wallet: "google", ...installIn("google", pass) } as const;
  if (apple.installedAt === null) return google.installedAt === null ? apple : google;
  if (google.installedAt === null) return apple;
  const [ofApple, ofGoogle] = [apple.uninstalledAt, google.uninstalledAt];
  if (ofApple === null || ofGoogle === null) {
    if (ofApple !== null) return google;
    return ofGoogle === null && google.installedAt > apple.installedAt ? google : apple;
  }
  return ofGoogle > ofApple ? google : apple;
}

/**
 * SQL: whether the pass has this install status, for a WHERE on passes.
 * @param wallet the Wallet that is meant; undefined for both together
 */
export function hasInstallStatus(status: InstallStatus, wallet?: Wallet): SQL {
  return sql`(${STATUS_IN_SQL[wallet ?? "both"]}) = ${status}`;
}

/** SQL: whether the pass was ever on a phone. For a WHERE on passes. */
export const WAS_INSTALLED = sql`coalesce(passes.installed_at, passes.google_installed_at) IS NOT NULL`;

const statusIn = (never: string, lasts: string) =>
  sql.raw(
    `CASE WHEN ${never} THEN 'not_been_installed' WHEN ${lasts} THEN 'installed' ELSE 'uninstalled' END`,
  );
const [NEVER, LASTS] = [
  "passes.installed_at IS NULL",
  "(passes.installed_at IS NOT NULL AND passes.uninstalled_at IS NULL)",
];
const [NEVER_GOOGLE, LASTS_GOOGLE] = [
  "passes.google_installed_at IS NULL",
  "(passes.google_installed_at IS NOT NULL AND passes.google_uninstalled_at IS NULL)",
];
const STATUS_IN_SQL: Readonly<Record<Wallet | "both", SQL>> = {
  apple: statusIn(NEVER, LASTS),
  google: statusIn(NEVER_GOOGLE, LASTS_GOOGLE),
  both: statusIn(`${NEVER} AND ${NEVER_GOOGLE}`, `${LASTS} OR ${LASTS_GOOGLE}`),
};
