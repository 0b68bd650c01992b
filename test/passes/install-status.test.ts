/**
 * The install status of a pass that may be in two Wallets: which of the two its times and Airship's platform are from.
 */
import { expect, test } from "vitest";
import { newestInstall } from "../../src/passes/install-status.ts";

type Times = readonly [installedAt: number | null, uninstalledAt: number | null];
const NEVER: Times = [null, null];

test.each<[what: string, apple: Times, google: Times, expected: readonly unknown[]]>([
  ["in none", NEVER, NEVER, ["apple", "not_been_installed", null, null]],
  ["only in Apple Wallet", [1, null], NEVER, ["apple", "installed", 1, null]],
  ["only in Google Wallet", NEVER, [1, null], ["google", "installed", 1, null]],
  ["only in Google Wallet, and removed", NEVER, [1, 2], ["google", "uninstalled", 1, 2]],
  ["in both, Apple's newer", [2, null], [1, null], ["apple", "installed", 2, null]],
  ["in both, Google's newer", [1, null], [2, null], ["google", "installed", 2, null]],
  ["in both at the same time", [1, null], [1, null], ["apple", "installed", 1, null]],
  ["removed from the newer one", [1, null], [2, 3], ["apple", "installed", 1, null]],
  ["removed from the older one", [1, 3], [2, null], ["google", "installed", 2, null]],
  ["removed from the newer one, Google's", [3, 4], [1, null], ["google", "installed", 1, null]],
  ["removed from both, Google last", [3, 4], [1, 5], ["google", "uninstalled", 1, 5]],
  ["removed from both, Apple last", [1, 5], [3, 4], ["apple", "uninstalled", 1, 5]],
])("%s", (_, [installedAt, uninstalledAt], [googleInstalledAt, googleUninstalledAt], expected) => {
  const newest = newestInstall({ installedAt, uninstalledAt, googleInstalledAt, googleUninstalledAt });
  const { wallet, status } = newest;
  expect([wallet, status, newest.installedAt, newest.uninstalledAt]).toEqual(expected);
});
