/**
 * In which Wallets passes are offered: the values of the API, and words for them. Pure.
 */
import * as z from "zod/mini";

export const offeredWallets = z.enum(["both", "apple", "google"]);
export type OfferedWallets = z.infer<typeof offeredWallets>;

export const WALLET_WORDS: Readonly<Record<OfferedWallets, string>> = {
  both: "Apple Wallet and Google Wallet",
  apple: "Apple Wallet only",
  google: "Google Wallet only",
};

/** The options of a select. */
export const WALLET_OPTIONS = offeredWallets.options.map((value) => [value, WALLET_WORDS[value]] as const);

/** The Wallet whose card is shown: the one that was chosen, if both can be. */
export function walletShown<Chosen extends string>(
  offered: OfferedWallets | null,
  chosen: Chosen,
): Chosen | "Apple Wallet" | "Google Wallet" {
  if (offered === "apple") return "Apple Wallet";
  return offered === "google" ? "Google Wallet" : chosen;
}
