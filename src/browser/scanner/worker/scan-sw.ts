/**
 * The service worker of the scanner: keeps the files of the page, so that it opens without a network. It answers for these
 * files only; the API is never among them. Follows the W3C's "Service Workers".
 *
 * A new version takes over at once, and the next start of the page is of it. A page that is open is still of the version
 * that it was loaded with, and may load a part of it later, so the files of older versions are kept until the only open
 * page is of this one.
 */
import type { WorkerMessage } from "./message.ts";

declare const self: ServiceWorkerGlobalScope;
/** The build writes these two: the paths of the files, and a hash over all of them and their headers. */
declare const FILES: readonly string[];
declare const VERSION: string;

const PREFIX = "scan-";
const CACHE = PREFIX + VERSION;

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

self.addEventListener("message", (event) => {
  const { started } = event.data as WorkerMessage;
  // Otherwise the page is of an older version, and was open when this one took over.
  if (FILES.includes(started)) event.waitUntil(removeOlder(1));
});

self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(keptOr(event.request, pathname, CACHE));
  else if (pathname.startsWith("/static/")) event.respondWith(keptOr(event.request, pathname));
});

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  // "reload": not what the browser's own cache has from an older version.
  await cache.addAll(FILES.map((path) => new Request(path, { cache: "reload" })));
  await self.skipWaiting();
}

async function activate(): Promise<void> {
  await self.clients.claim();
  await removeOlder(0);
}

/** The response from the cache of this name, or from that of any version, or else from the network. */
async function keptOr(request: Request, path: string, cacheName?: string): Promise<Response> {
  const kept = await caches.match(path, cacheName === undefined ? {} : { cacheName });
  return kept ?? fetch(request);
}

/** Removes the files of other versions, unless more pages than these are open. */
async function removeOlder(most: number): Promise<void> {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (pages.filter(({ url }) => new URL(url).pathname === "/scan").length > most) return;
  const older = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
}
