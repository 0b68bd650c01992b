/**
 * The sender with what a browser gives: its clock, its locks between tabs, and the events after which the network may be back.
 */
import { KEPT_MS, type ScanLog } from "./scan-log.ts";
import { createSender, type Sender } from "./sender.ts";

const LOCK = "edgepass-scanner";
/** How long another tab may send before this one does so too. */
const LOCK_WAIT_MS = 30_000;

/** @returns the sender, which tries by itself from now on */
export function startSender(log: ScanLog): Sender {
  const sender = createSender({
    log,
    now: () => Date.now(),
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    newScanId,
    isOffline: () => !navigator.onLine,
    inOneTab: (work) => inOneTab(navigator.locks, work),
  });
  void log.forgetOlder(Date.now() - KEPT_MS).catch(() => {});
  const flush = () => void sender.flush();
  addEventListener("online", flush);
  // The page comes back from the background, or from the cache of the button Back.
  addEventListener("pageshow", flush);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") flush();
  });
  return sender;
}

/**
 * Two tabs that send the same scans would only waste requests, because the server counts each scan once. So a tab that has
 * waited too long sends without the lock: browsers may freeze the tab that holds it.
 *
 * Follows Web Locks API (W3C).
 */
export async function inOneTab(
  locks: Pick<LockManager, "request"> | undefined,
  work: () => Promise<void>,
  waitMs = LOCK_WAIT_MS,
): Promise<void> {
  if (locks === undefined) return work();
  const signal = AbortSignal.timeout(waitMs);
  let hasBegun = false;
  try {
    await locks.request(LOCK, { signal }, () => {
      hasBegun = true;
      return work();
    });
  } catch (error) {
    if (hasBegun) throw error;
    await work();
  }
}

/** As random as a UUID. crypto.randomUUID is only there on pages with https. */
function newScanId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
