/**
 * The table of memory limits (src/memory.ts): what one isolate may hold at once stays below the 128 MB that it has.
 */
import { expect, test } from "vitest";
import {
  CHUNK_BYTES,
  DOWNLOADS,
  DRAWINGS_BYTES,
  FINDINGS,
  GOOGLE_PAGE_BYTES,
  HEAVY,
  ISOLATE_BYTES,
  PACK_CACHE_BYTES,
  PAGE_BYTES,
  PARSED,
  PASS_BODY,
  PIXELS,
  SMALL_BODIES_AT_ONCE,
  UNAUTHENTICATED_BODY,
  WORKER_BYTES,
} from "../src/memory.ts";

const MB = 1024 * 1024;
/** The memory for garbage that is not collected yet, and for everything that is not counted. */
const MARGIN = 8 * MB;

const sum = (parts: Readonly<Record<string, number>>) =>
  Object.values(parts).reduce((total, bytes) => total + bytes, 0);

/** A character has up to two bytes in memory. */
const text = (characters: number) => 2 * characters;
/** A value with the issues that a schema has about it. Measured: 340 bytes, and 600 with unions. */
const parsed = (values: number) => 600 * values;
/** A slice of 4 KB gives at most 4 MB (pkpass/read/inflate.ts). */
const INFLATER = 4 * MB;
const pixels = (images: number) => {
  const picture = PIXELS.perImage * PIXELS.bytesEach;
  const scaled = picture * (2 / 3) ** 2;
  return sum({ sent: images, derived: images / 2, copy: images, picture: 3 * picture, scaled: 3 * scaled });
};
const findings = 2 * text(FINDINGS.characters);

/** What one heavy request holds, one step after another. */
const heavySteps = {
  body: text(HEAVY.bodyBytes) + HEAVY.bodyBytes + parsed(PARSED.templateValues),
  // Chunks of a body are held together with their copy.
  arriving: 2 * HEAVY.archiveBytes,
  archive: HEAVY.archiveBytes + HEAVY.unpackedBytes + Math.max(INFLATER, text(PARSED.archiveTextBytes)),
  lint: HEAVY.unpackedBytes + text(PARSED.archiveTextBytes) + parsed(PARSED.values) + findings,
  pixels: pixels(HEAVY.imageBytes),
};

/** A page of a list: what D1 sends, its texts, what is parsed from them, the answer, and its bytes. */
const page = sum({
  sent: PAGE_BYTES,
  texts: text(PAGE_BYTES),
  parsed: text(PAGE_BYTES),
  answer: text(PAGE_BYTES),
  bytes: PAGE_BYTES,
});

/** A page of classes or objects: its texts, and in turn what D1 sends, or what is parsed from them, what is rendered, and the bodies of calls. */
const googlePage = sum({
  texts: text(GOOGLE_PAGE_BYTES),
  parsed: text(GOOGLE_PAGE_BYTES),
  rendered: text(GOOGLE_PAGE_BYTES),
  bodies: GOOGLE_PAGE_BYTES,
});

const passBody = PASS_BODY.bodyBytes + text(PASS_BODY.bodyBytes) + PASS_BODY.imageBytes;

/** What one isolate holds at most. */
const held = {
  worker: WORKER_BYTES,
  packs: PACK_CACHE_BYTES,
  drawings: DRAWINGS_BYTES,
  heavy: HEAVY.atOnce * Math.max(...Object.values(heavySteps)),
  passBodies: PASS_BODY.atOnce * passBody,
  unauthenticatedBodies: UNAUTHENTICATED_BODY.atOnce * passBody,
  smallBodies: SMALL_BODIES_AT_ONCE * text(PASS_BODY.smallBytes),
  // A bundle is one download: it holds the same of one of its passes.
  downloads: DOWNLOADS.atOnce * (CHUNK_BYTES + DOWNLOADS.unsharedBytes),
  page,
  // A consumer can run in the isolate of requests.
  googlePage,
};

test("what an isolate holds at once stays below its memory, with a margin", () => {
  expect(sum(held) + MARGIN).toBeLessThanOrEqual(ISOLATE_BYTES);
});
