/**
 * The stand-in Google of an instance. Its issuers, classes and objects are stored in the state folder, because the Worker's database
 * refers to them after the next start.
 */
import { type StandInGoogle, startGoogle } from "../../google/stand-in/server.ts";
import type { State } from "./state.ts";

export async function startKnownGoogle(state: State): Promise<StandInGoogle> {
  let isKept = true;
  let keeping = Promise.resolve();
  const google = await startGoogle({
    saved: state.savedGoogle,
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
