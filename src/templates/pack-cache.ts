/**
 * The packs that this isolate holds in memory, so that requests for passes of one template share them. A pack never changes.
 *
 * The bound counts what is really held: also the packs that were removed from the cache while a download still sends them. If
 * many requests need the same pack at once, one of them reads it and the others wait for it.
 */
import { lengthOf } from "../bytes.ts";
import { PACK_CACHE_BYTES } from "../memory.ts";
import type { Pack } from "../pkpass/build/pack.ts";

/** How often a waiting request looks whether the pack is there. */
const POLL_MS = 10;
/** A request that is cancelled while it reads a pack does not report that. After this time another request reads the pack. */
const PATIENCE_MS = 2000;

/** Whether a pack that was removed from the cache is still in memory. */
type Weaken = (pack: Pack) => { deref(): Pack | undefined };
/** The pack with this key, from memory or else from `read`. */
export type SharePack = (key: string, read: () => Promise<Pack>) => Promise<Pack>;

/**
 * Only packs are shared, never promises: workerd does not continue a request that waits for the I/O of another request, if that
 * one was cancelled.
 */
export function createPackCache(
  maxBytes = PACK_CACHE_BYTES,
  weaken: Weaken = (pack) => new WeakRef(pack),
): SharePack {
  /** By key. The least recently used one is first. */
  const cache = new Map<string, Pack>();
  /** Those that are not in the cache, but perhaps still used. */
  const removed = new Map<string, ReturnType<Weaken>>();
  /** The keys that a request is reading. */
  const reading = new Set<string>();

  /** Makes this pack the most recently used one, and removes others until all fit. */
  function keep(key: string, pack: Pack): Pack {
    const isNew = !cache.delete(key);
    removed.delete(key);
    const bytes = bytesOf(pack);
    if (isNew) makeRoom(bytes);
    if (bytes <= maxBytes) cache.set(key, pack);
    else removed.set(key, weaken(pack));
    return pack;
  }

  function makeRoom(bytes: number): void {
    let total = bytes;
    for (const pack of cache.values()) total += bytesOf(pack);
    for (const [key, reference] of removed) {
      const pack = reference.deref();
      if (pack === undefined) removed.delete(key);
      else total += bytesOf(pack);
    }
    for (const [key, pack] of cache) {
      if (total <= maxBytes) return;
      cache.delete(key);
      removed.set(key, weaken(pack));
      total -= bytesOf(pack);
    }
  }

  return async (key, read) => {
    for (let waited = 0; ; waited += POLL_MS) {
      const pack = cache.get(key) ?? removed.get(key)?.deref();
      if (pack !== undefined) return keep(key, pack);
      if (!reading.has(key) || waited >= PATIENCE_MS) break;
      await new Promise((resume) => setTimeout(resume, POLL_MS));
    }
    reading.add(key);
    try {
      return keep(key, await read());
    } finally {
      reading.delete(key);
    }
  };
}

/** The images are most of it. A character of the manifest has up to two bytes in memory. */
function bytesOf({ locals, centrals, manifest }: Pack): number {
  return lengthOf(locals) + centrals.length + 2 * manifest.length;
}
