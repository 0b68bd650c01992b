/**
 * The images that cards show, as addresses of blobs in this tab: each is loaded once, and is shared by all cards. An address that no
 * card uses is revoked when others need its memory, and all of them are when the person signs out.
 */

export type ImageBytes = Uint8Array<ArrayBuffer>;

interface Entry {
  /** How many cards show it. */
  uses: number;
  /** Undefined while it is loaded. */
  url: string | undefined;
  size: number;
  /** It was not requested yet, or could not be loaded: the next use requests it. The entry stays, so that all uses are counted. */
  isMissing: boolean;
  arrived: Promise<void>;
}

export interface ImageCache {
  /**
   * Begins a use, and loads the image if it is not there.
   * @param load undefined: it could not be loaded, and the next use tries again
   * @returns when it is there, or could not be loaded
   */
  hold(key: string, load: () => Promise<ImageBytes | undefined> | ImageBytes): Promise<void>;
  release(key: string): void;
  /** Undefined: it is not there. */
  urlOf(key: string): string | undefined;
  /** Revokes all addresses. What is being loaded is not kept. */
  clear(): void;
}

/** What the browser does. Tests have their own. */
export interface BlobUrls {
  make(bytes: ImageBytes): string;
  revoke(url: string): void;
}

const BROWSER_URLS: BlobUrls = {
  make: (bytes) => URL.createObjectURL(new Blob([bytes], { type: "image/png" })),
  revoke: (url) => URL.revokeObjectURL(url),
};

const MAX_BYTES = 24_000_000;

function newEntry(): Entry {
  return { uses: 0, url: undefined, size: 0, isMissing: true, arrived: Promise.resolve() };
}

export function createImageCache(urls: BlobUrls = BROWSER_URLS, maxBytes = MAX_BYTES): ImageCache {
  /** The one that was used least recently is first. */
  const entries = new Map<string, Entry>();

  const remove = (key: string, { url }: Entry) => {
    if (url !== undefined) urls.revoke(url);
    entries.delete(key);
  };

  const makeSpace = () => {
    let total = 0;
    for (const { size } of entries.values()) total += size;
    for (const [key, entry] of entries) {
      if (total <= maxBytes) return;
      if (entry.uses > 0) continue;
      total -= entry.size;
      remove(key, entry);
    }
  };

  const keep = (key: string, entry: Entry, bytes: ImageBytes | undefined) => {
    if (entries.get(key) !== entry) return; // cleared meanwhile
    entry.isMissing = bytes === undefined;
    if (bytes === undefined) {
      if (entry.uses === 0) remove(key, entry);
      return;
    }
    entry.url = urls.make(bytes);
    entry.size = bytes.length;
    makeSpace();
  };

  return {
    hold(key, load) {
      const entry: Entry = entries.get(key) ?? newEntry();
      entry.uses += 1;
      entries.delete(key);
      entries.set(key, entry);
      if (!entry.isMissing) return entry.arrived;
      entry.isMissing = false;
      const loaded = load();
      if (loaded instanceof Promise) entry.arrived = loaded.then((bytes) => keep(key, entry, bytes));
      else keep(key, entry, loaded);
      return entry.arrived;
    },
    release(key) {
      const entry = entries.get(key);
      if (entry === undefined || entry.uses === 0) return;
      entry.uses -= 1;
      if (entry.uses === 0 && entry.isMissing) remove(key, entry);
    },
    urlOf: (key) => entries.get(key)?.url,
    clear() {
      for (const [key, entry] of [...entries]) remove(key, entry);
    },
  };
}

/** The cache of this tab. */
export const imageCache = createImageCache();
