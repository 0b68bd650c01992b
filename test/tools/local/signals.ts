/**
 * Handles Ctrl-C, SIGTERM and a closed terminal, for a process that runs wrangler and has to end cleanly. Miniflare
 * listens to these signals too, and ends the process immediately, before its children have ended. If process 1 does not
 * reap orphans, as in many containers, these children stay as zombies. So miniflare's listeners are removed.
 */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls `end` for the first signal. Ctrl-C arrives twice: from the terminal, and once more through npm. */
export function onFirstSignal(end: () => void): void {
  let ending = false;
  const listener = () => {
    if (ending) return;
    ending = true;
    end();
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  process.on("newListener", (event, other) => {
    if (!SIGNALS.some((signal) => signal === event)) return;
    process.nextTick(() => process.off(event, other));
  });
}
