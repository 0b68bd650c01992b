/**
 * R2: objects in memory, strongly consistent, listed page by page. Each key allows one write per second; more writes
 * are refused, as on the platform. Conditions, ranges and multipart uploads are missing, because the Worker does not
 * use them. Follows Cloudflare's "R2 Workers API reference" and R2's limits.
 */
import type { Schedule } from "./schedule.ts";
import type { Stop } from "./world.ts";

export interface StoredObject {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly uploadedAt: number;
}

const BETWEEN_WRITES_MS = 1000;
const LIST_LIMIT = 1000;

/** The binding for these objects. A put replaces the entry, so a copy of the map is a snapshot. */
export function openR2(objects: Map<string, StoredObject>, schedule: Schedule, stop: Stop): R2Bucket {
  const described = (key: string, { bytes, uploadedAt }: StoredObject) => ({
    key,
    size: bytes.length,
    uploaded: new Date(uploadedAt),
    etag: key,
    httpEtag: `"${key}"`,
  });

  const bucket = {
    get: (key: string) =>
      stop("r2", `get ${short(key)}`, () => {
        const object = objects.get(key);
        if (object === undefined) return null;
        const body = new Response(object.bytes.slice()).body;
        return { ...described(key, object), body, arrayBuffer: async () => object.bytes.slice().buffer };
      }),
    head: (key: string) =>
      stop("r2", `head ${short(key)}`, () => {
        const object = objects.get(key);
        return object === undefined ? null : described(key, object);
      }),
    put: (key: string, value: Uint8Array) =>
      stop("r2", `put ${short(key)}`, () => {
        const before = objects.get(key);
        if (before !== undefined && schedule.now - before.uploadedAt < BETWEEN_WRITES_MS) {
          throw new Error("put: Reduce your concurrent request rate for the same object. (10058)");
        }
        const object = { bytes: new Uint8Array(value), uploadedAt: schedule.now };
        objects.set(key, object);
        return described(key, object);
      }),
    delete: (keys: string | string[]) =>
      stop("r2", `delete ${short([keys].flat().join(" "))}`, () => {
        for (const key of [keys].flat()) objects.delete(key);
      }),
    list: ({ prefix = "", limit = LIST_LIMIT, cursor = "" }: R2ListOptions = {}) =>
      stop("r2", `list ${prefix}`, () => {
        const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > cursor).sort();
        const page = keys.slice(0, limit).flatMap((key) => {
          const object = objects.get(key);
          return object === undefined ? [] : [described(key, object)];
        });
        const more = keys.length > page.length;
        return {
          objects: page,
          delimitedPrefixes: [],
          truncated: more,
          cursor: more ? page.at(-1)?.key : undefined,
        };
      }),
  };
  return bucket as unknown as R2Bucket;
}

/** The key for a trace, without the part of an ETag that differs between processes because of the certificate. */
function short(key: string): string {
  if (key.startsWith("built/")) return key.replace(/-[0-9a-f]{16}$/, "");
  return key.length <= 24 ? key : `${key.slice(0, 7)}…${key.slice(-12)}`;
}
