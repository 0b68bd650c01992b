/**
 * The limits that keep an isolate within its memory, in one table. A Worker has 128 MB for everything that runs in it at
 * the same time: its own code, its caches, and all concurrent requests. If it needs more, all of these requests fail.
 *
 * Code imports its limit from here. test/memory.test.ts adds up what may be held at once, with a margin. The limits for what
 * is stored are in limits.ts.
 */

const MB = 1024 * 1024;

/** Cloudflare's limit for an isolate: JavaScript's heap and the buffers outside it. */
export const ISOLATE_BYTES = 128 * MB;

/**
 * What is held without a request: the modules with their source, and the OpenAPI document and its reference once they were asked for
 * (admin/published.ts). test/tools/deployable.ts measures it.
 */
export const WORKER_BYTES = 17 * MB;

/**
 * Packs that this isolate keeps between requests, and those that downloads still use (templates/pack-cache.ts). A larger pack is
 * not kept.
 */
export const PACK_CACHE_BYTES = 13 * MB;

/**
 * A heavy request takes a template with images, or an archive. In one isolate they run one after another (turns.ts), so only
 * one of the sums below is held at a time, and the largest counts.
 *
 * - A body of JSON: its text with two bytes for each character, and what is parsed from it.
 * - An archive: its bytes, and the files in it, and what the inflater has ready. Afterwards only the files are held, and
 *   what is parsed from them.
 * - Pixels: the images that were sent, those that are derived from them (half as many bytes), a copy of one file, its
 *   pixels three times and the smaller image three times (images/read-png.ts).
 */
export const HEAVY = {
  atOnce: 1,
  /** Requests that wait for their turn. They hold nothing, because their bodies are not read yet. */
  waiting: 20,
  /** 8 MB of images are 10.7 MB in base64. */
  bodyBytes: 12 * MB,
  /** The images of a template. iPhones refuse a pass above 15 MiB, and images are most of it. */
  imageBytes: 8 * MB,
  /** The file that is linted or imported. iPhones refuse a pass above 15 MiB. */
  archiveBytes: 16 * MB,
  /** Its files together. Images hardly become larger. */
  unpackedBytes: 24 * MB,
} as const;

/** Decoding, of one image after another. */
export const PIXELS = {
  /** The largest image of a pass has 358 × 448 points, which are 1.44 million pixels at @3x. */
  perImage: 1_600_000,
  /** This bounds the time, not the memory: it takes a few of the 30 seconds of CPU time that a Worker has. */
  perRequest: 24_000_000,
  /** Red, green, blue and alpha. */
  bytesEach: 4,
} as const;

/**
 * The body of one pass, which may have images of its own. Bodies up to `smallBytes` never wait, because phones send them too.
 * Only a few of the longer ones are read at the same time.
 */
export const PASS_BODY = {
  atOnce: 2,
  /** 1 MB of a pass's own images is 1.4 MB in base64, and more if a form percent-encodes it. */
  bodyBytes: 2 * MB,
  imageBytes: MB,
  /** The largest body of a phone is a log. */
  smallBytes: 128 * 1024,
} as const;

/** Long bodies of passes that are read before their sender is known, because the key may be in them (Passdock's API). */
export const UNAUTHENTICATED_BODY = {
  atOnce: 1,
  /** Requests that wait for their turn. */
  waiting: 10,
} as const;

/** How many small bodies the sum assumes at one time. A phone's body has a few hundred bytes, an event's up to 256 KB. */
export const SMALL_BODIES_AT_ONCE = 16;

/** JSON and texts as they are parsed: without these limits, a small file becomes large objects. */
export const PARSED = {
  /** Objects, arrays and members of a JSON body or of a JSON file in an archive. */
  values: 10_000,
  /** The same for a template's body, which may have 20,000 translations. */
  templateValues: 30_000,
  /** Levels of nesting. No pass.json is nested deeper. JSON.stringify overflows the stack at a few thousand levels. */
  depth: 64,
  /** One JSON or strings file in an archive. A pass.json has a few KB. */
  fileBytes: 512 * 1024,
  /** All JSON and strings files of an archive together. */
  archiveTextBytes: 2 * MB,
  /** The translations of an archive. */
  translations: 20_000,
} as const;

/** What a linter collects before it reports. */
export const FINDINGS = {
  /** It stops after this many errors, and after this many warnings, */
  collected: 2000,
  /** or when those of one severity have this many characters together. */
  characters: 1_000_000,
  /** Characters of a pointer, and of each text of a finding. */
  pointerCharacters: 2000,
  textCharacters: 1000,
} as const;

/**
 * The rows of one page of a list, as texts in bytes. The response of D1, its texts, the parsed values and the answer are in
 * memory at the same time. One row may be larger: up to 2,000,000 bytes, the largest row of D1.
 */
export const PAGE_BYTES = MB / 2;

/**
 * The rows of a page that a run for Google Wallet sends together: classes (google-sync/due.ts), or objects (passes/google-claims.ts),
 * with templates, events and passes, as texts in bytes. Runs of several issuers at the same time divide it. One class or object may be larger.
 */
export const GOOGLE_PAGE_BYTES = MB / 4;

/**
 * A download is sent in chunks of this size, and one chunk at a time is copied: the rest is in R2, or in packs that all
 * downloads share. A smaller pass is one chunk.
 */
export const CHUNK_BYTES = 64 * 1024;

/**
 * How many downloads the sum assumes at one time. A slow reader can make each of them last for minutes. Each holds a chunk, and
 * the files that are not shared: pass.json, the manifest and the signature, a few KB (at most about 1.5 MB).
 *
 * A pass has at most 12 MB of its template's images (imageBytes, and half of that derived), 1.5 MB of its own, and its texts. All
 * downloads of a template share its pack, so what they hold together is bounded by PACK_CACHE_BYTES, unless more packs than
 * fit are downloaded slowly at one time.
 */
export const DOWNLOADS = { atOnce: 64, unsharedBytes: 16 * 1024 } as const;

/** The drawings of barcodes that this isolate keeps for the pages of passes (pages/drawn-barcodes.ts). */
export const DRAWINGS_BYTES = MB;

/** An image in the page of a pass. A larger one is replaced by a smaller density, or left out. */
export const PAGE_IMAGE_BYTES = 512 * 1024;
