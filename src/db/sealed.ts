/**
 * The type of encrypted columns. Only secrets/secrets.ts makes a value of this type, and for one column only, so code
 * that writes plain text, or text that was sealed for another column, does not compile.
 */

/** Table and column of every encrypted column. secrets/sealed-columns.ts describes them. */
export type SealedColumnName =
  | "signing_keys.private_key"
  | "apns_keys.private_key"
  | "provider_tokens.token"
  | "personalizations.info"
  | "google_issuers.private_key"
  | "google_tokens.token";

declare const column: unique symbol;

/** Text that was encrypted for this column. At run time it is a plain string. */
export type Sealed<Name extends SealedColumnName> = string & { readonly [column]: Name };
