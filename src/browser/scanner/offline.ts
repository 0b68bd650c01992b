/**
 * Makes the page work without a network: registers the service worker, which keeps the page's files.
 */
import type { WorkerMessage } from "./worker/message.ts";

/**
 * Loads the page again if the server can be reached. A browser does not ask again for a part of a page that it could not load, and
 * without a network the page might not come back.
 * @returns whether the page is loaded again
 */
export async function loadAgain(): Promise<boolean> {
  try {
    // The service worker answers no HEAD.
    const { ok } = await fetch(location.pathname, { method: "HEAD", cache: "no-store" });
    if (ok) location.reload();
    return ok;
  } catch {
    return false;
  }
}

/**
 * Without a service worker, as in a private window of some browsers, the page works while there is a network.
 * @param script the path of the page's script
 */
export async function keepForOffline(script: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/scan-sw.js", { scope: "/scan" });
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ started: script } satisfies WorkerMessage);
  } catch {
    // The browser refused, or the network failed. The next start tries it again.
  }
}
