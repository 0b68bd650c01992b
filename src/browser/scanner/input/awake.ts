/**
 * Keeps the screen on. Follows the W3C's "Screen Wake Lock API". A browser without it, or a phone that saves energy, turns the
 * screen off as usual; that is no error.
 */

/** @returns a function that lets the screen turn off again */
export function keepAwake(): () => void {
  let isEnded = false;
  let lock: WakeLockSentinel | undefined;
  const request = async () => {
    if (isEnded || document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    try {
      const requested = await navigator.wakeLock.request("screen");
      if (isEnded) await requested.release();
      else lock = requested;
    } catch {
      // The battery is low, or the page has just been hidden: then it is requested when the page is shown again.
    }
  };
  // The browser takes the lock away whenever the page is hidden.
  document.addEventListener("visibilitychange", request);
  void request();
  return () => {
    isEnded = true;
    document.removeEventListener("visibilitychange", request);
    void lock?.release();
  };
}
