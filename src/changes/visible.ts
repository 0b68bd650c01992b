/**
 * Whether phones see a change: compares what they get before and after it.
 *
 * A change that nobody can see moves the tag like any other, but pushes nothing (outbox.ts). A phone that asks for updates
 * for another reason fetches the same content again, which is harmless. So when in doubt, a change counts as visible.
 */
import type { InvisibleChange, RecordedChange } from "../context.ts";
import type { ImagesFacts } from "../db/schema.ts";
import { isExactNumber, isObject, memberOf, pointerTo } from "../json.ts";

/** One place at which two JSON values differ. An absent value is undefined. */
export interface Difference {
  /** RFC 6901. */
  readonly pointer: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * The places at which two JSON values differ, one at a time, so that the first one costs little. The order of an object's
 * keys has no meaning; the order of an array's items has.
 */
export function* findDifferences(
  before: unknown,
  after: unknown,
  path: readonly PropertyKey[] = [],
): Generator<Difference> {
  if (isSameScalar(before, after)) return;
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after)) {
    yield { pointer: pointerTo(path), before, after };
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    yield* findDifferences(memberOf(before, key), memberOf(after, key), [...path, key]);
  }
}

/**
 * Marks a change as invisible if phones get the same before and after it.
 * @param change undefined if nothing was written
 * @param target what was changed, and its pushAt before that
 * @param shown computes what phones get of it. It is called only if there was a change
 */
export function markIfInvisible(
  change: RecordedChange | undefined,
  target: InvisibleChange,
  shown: { readonly before: () => unknown; readonly after: () => unknown },
): RecordedChange | undefined {
  if (change === undefined) return undefined;
  const isVisible = findDifferences(shown.before(), shown.after()).next().done !== true;
  return isVisible ? change : { ...change, invisible: target };
}

/** Path in the pass → SHA-256: what phones get of images. Whether one was derived from another does not matter. */
export function imageHashes(images: ImagesFacts): Record<string, string> {
  return Object.fromEntries(Object.entries(images).map(([path, { sha256 }]) => [path, sha256]));
}

function isSameScalar(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (isExactNumber(a) && isExactNumber(b) && a.rawJSON === b.rawJSON);
}

function isContainer(value: unknown): value is object {
  return Array.isArray(value) || isObject(value);
}
