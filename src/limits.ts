/**
 * The limits for what Edgepass stores: the lengths of texts, the numbers of items and the sizes of rows. Also the limits of scans.
 * The sizes of bodies are in http/limits.ts, and what is held in memory is in memory.ts.
 *
 * D1 refuses a row, or one text in a statement, of more than 2,000,000 bytes. So every text has a limit, and the texts of a
 * row together stay below that (test/limits.test.ts). A character is at most three bytes in UTF-8. Text in a JSON column is
 * limited as it is stored, because a control character takes six bytes there.
 */

/** Lengths in characters, as JavaScript counts them (UTF-16). */
export const MAX_CHARACTERS = {
  /** An identifier in a path of Apple's web service. Apple's own have 32 to 64 characters. */
  pathIdentifier: 200,
  /** An Idempotency-Key. */
  idempotencyKey: 255,
  serialNumber: 200,
  externalId: 200,
  redemptionId: 200,
  voidReason: 1000,
  /** A scanner's id for a scan: a UUID has 36. */
  scanId: 100,
  /** Where a scanner is. */
  place: 200,
  rewardLabel: 100,
  /** The name of a template, a project or an event. */
  name: 200,
  /** A pass type identifier as Apple's portal allows it. */
  passTypeIdentifier: 155,
  tag: 100,
  /** What is sought in the values of passes. */
  soughtText: 100,
  /** A key of pass.json that a pass or an event removes (`without`). */
  withoutKey: 100,
  /** Each text that a holder enters to sign up. */
  signUp: 200,
  /** Whom the holder of a pass can ask. */
  contact: 300,
  /** The part of a join page's address. */
  joinSlug: 64,
  /** A title, a label, a hint or an option of a join page. */
  joinLabel: 200,
  /** A text of a join page: below its heading, or what people agree to. */
  joinText: 1000,
  joinAnswer: 500,
  /** A BCP 47 language tag, as long as RFC 5646 §4.4.1 recommends to support. */
  language: 35,
  venueAddress: 500,
  /** The key of a template's field. */
  fieldKey: 200,
  /** The value, the label or the change message of a field that a pass or an event sets: as long as a whole template. */
  fieldText: 100_000,
  /** A QR code holds 2953 bytes, and the other barcodes hold less. */
  barcodeMessage: 4000,
  /**
   * What a scanner read: a QR code holds 7089 digits. No pass has such a long code, but a scan of one must not make Edgepass
   * refuse the whole request.
   */
  scannedCode: 7089,
  barcodeAltText: 1000,
  /** A number that no double equals: it is stored as it was sent. */
  exactNumber: 1000,
  /** pass.json of a template, or the overrides of a pass or an event, as JSON. */
  passJson: 100_000,
  /** All translations of a template, as JSON. */
  strings: 400_000,
  /** Every download contains this text until the holder has signed up. For longer terms, use a link. */
  personalization: 20_000,
  /** What a join page asks, as JSON. */
  join: 15_000,
  /** What a template says for Google Wallet, as JSON. */
  google: 10_000,
} as const;

/** Numbers of items. */
export const MAX_ITEMS = {
  tagsOfPass: 100,
  /** The projects, the events or the templates in the scope of a key. */
  idsOfScope: 100,
  /** The questions of a join page. */
  joinFields: 20,
  /** The options of one question. */
  joinOptions: 50,
  /** The images of a template or a pass: eleven slots in three densities, in several languages. */
  images: 200,
} as const;

/** The longest side of an image: far above any slot of a pass, and approximately what phones and browsers decode. */
export const MAX_IMAGE_PIXELS = 8192;

/** Sizes in bytes, as stored. */
export const MAX_STORED_BYTES = {
  /**
   * The values, overrides and barcode texts of one pass. Half a row, because SQLite merges a change (at most as
   * large) with what is stored before it can compare the size.
   */
  pass: 1_000_000,
  /** The values of an event, because every fetch of a pass reads the row of its event. */
  eventValues: 256_000,
} as const;

/** What a scanner may send, for the server and for the page that scans. */
export const SCAN_LIMITS = {
  /** Scans in a request. Each costs a batch of D1. */
  perRequest: 50,
  /** How long a scanner may be offline. */
  ageDays: 7,
} as const;
