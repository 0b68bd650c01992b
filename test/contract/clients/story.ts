/**
 * The life of a pass, as both generated clients live it: what they need for it, and what must come out.
 */
export interface Setting {
  readonly baseUrl: string;
  readonly token: string;
  readonly passTypeIdentifier: string;
  /** A PNG in base64. */
  readonly icon: string;
  /** Apple's portal: a certificate (PEM) for a signing request (PEM). */
  readonly certify: (csr: string) => Promise<string>;
}

export interface Story {
  readonly certificates: readonly string[];
  readonly stamps: unknown;
  /** The Idempotency-Replayed of an addition and of its repeat, which have the same key. */
  readonly replayed: readonly (string | null | undefined)[];
  /** From a dry run of one more addition: the stamps as they are, and as they would be. */
  readonly dryRun: readonly unknown[];
  /** The outcomes of a scan, of the same scan again, of its undo, and of a scan after the void. */
  readonly scans: readonly (string | undefined)[];
  /** How many scans the list counts. */
  readonly counted: number | undefined;
  readonly statuses: readonly string[];
  /** The code of the refusal of the second redemption. */
  readonly refused: string | undefined;
  /** From a scanner's key: its role, the outcome of its scan, and whether it was forbidden to issue a pass, by the typed code. */
  readonly gate: readonly unknown[];
  /** The count of redeemed passes. */
  readonly redeemed: unknown;
  /** The id of the first pass, found by its externalId. */
  readonly found: number;
  /** The ids of a list with `limit: 20`, newest first. */
  readonly listed: readonly number[];
  readonly issued: readonly number[];
  readonly missing: number;
}

/** The content of the template. */
export const card = {
  description: "Stamp card",
  organizationName: "Corner Roasters",
  storeCard: { primaryFields: [{ key: "stamps", label: "STAMPS", value: 0 }] },
  // The client of @hey-api types what it sends, so this is no string.
  barcodes: [{ format: "PKBarcodeFormatQR" as const }],
};
