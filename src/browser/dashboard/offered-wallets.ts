/**
 * In which Wallets passes are offered: the values of the API, and words for them. Pure.
 */
import * as z from "zod/mini";

export const walletChoice = z.enum(["both", "apple", "google"]);
export type OfferedWallets = z.infer<typeof walletChoice>;

export const OFFERED_WORDS: Readonly<Record<OfferedWallets, string>> = {
  both: "Apple Wallet and Google Wallet",
  apple: "Apple Wallet only",
  google: "Google Wallet only",
};

/** The options of a select. */
export const WALLET_OPTIONS = walletChoice.options.map((value) => [value, OFFERED_WORDS[value]] as const);

/** The Wallet whose card is shown: the one that was chosen, if both can be. */
export function walletShown<Chosen extends string>(
  offered: OfferedWallets | null,
  chosen: Chosen,
): Chosen | "Apple Wallet" | "Google Wallet" {
  if (offered === "apple") return "Apple Wallet";
  return offered === "google" ? "Google Wallet" : chosen;
}
