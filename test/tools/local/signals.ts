/**
 * Ctrl-C, SIGTERM and a closed terminal, for a process that runs wrangler and wants to end in order.
 *
 * Miniflare listens to these signals too, and ends the process at once, before its children have been waited for:
 * where process 1 does not reap orphans, as in many containers, they stay as zombies. So its listeners are taken away.
 */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls `end` for the first signal. Ctrl-C comes twice: from the terminal, and once more through npm. */
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
