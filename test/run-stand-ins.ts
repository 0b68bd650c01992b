/**
 * A process that runs the stand-ins for Apple and Google for the tests in workerd (global-setup.ts). It is started with an IPC
 * channel, to which it sends their addresses once. It ends when the channel closes, so that nothing remains if vitest is killed.
 */
import { startApple } from "./apple/server.ts";
import { startGoogle } from "./google/stand-in/server.ts";
import { onFirstSignal } from "./tools/local/signals.ts";

export interface StandIns {
  readonly apple: { readonly origin: string; readonly apnsOrigin: string; readonly rootFingerprint: string };
  readonly google: { readonly origin: string };
}

const ended = Promise.withResolvers<void>();
process.once("disconnect", ended.resolve);
onFirstSignal(ended.resolve);

const [apple, google] = await Promise.all([startApple(), startGoogle()]);
const { origin, apnsOrigin, ca } = apple;
const { rootFingerprint } = ca;
const standIns: StandIns = {
  apple: { origin, apnsOrigin, rootFingerprint },
  google: { origin: google.origin },
};
process.send?.(standIns);
await ended.promise;
await Promise.all([apple.close(), google.close()]);
