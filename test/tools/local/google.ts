/**
 * The stand-in Google of an instance. Its issuers, classes and objects are stored in the state folder, because the Worker's database
 * refers to them after the next start.
 */
import { type StandInGoogle, startGoogle } from "../../google/stand-in/server.ts";
import type { State } from "./state.ts";

/** @param callbackUrl where it sends its callbacks. Classes name no address, because Google's is https and this machine's is not */
export async function startKnownGoogle(state: State, callbackUrl: string): Promise<StandInGoogle> {
  let isKept = true;
  let keeping = Promise.resolve();
  const google = await startGoogle({
    saved: state.savedGoogle,
    callbackUrl,
    onChange(changed) {
      isKept = false;
      keeping = keeping.then(async () => {
        if (isKept) return; // by an earlier turn, which stored this change too
        isKept = true;
        await state.keepGoogle(changed.save());
      });
    },
  });
  return {
    ...google,
    async close() {
      await google.close();
      await keeping;
    },
  };
}
