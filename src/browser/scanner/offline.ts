/**
 * Makes the page work without a network: registers the service worker, which keeps the page's files.
 */

import type { Started } from "./started.ts";

/**
 * Without a service worker, as in a private window of some browsers, the page works while there is a network.
 * @param script the path of the page's script
 */
export async function keepForOffline(script: string): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register("/scan-sw.js", { scope: "/scan" });
    const { active } = await navigator.serviceWorker.ready;
    active?.postMessage({ started: script } satisfies Started);
  } catch {
    // The browser refused, or the network failed. The next start tries it again.
  }
}
