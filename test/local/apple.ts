/**
 * The stand-in Apple of an instance: the same authority and, if it can be had, the same port at every start, so that
 * the addresses in the certificates stay right.
 */
import { type StandInApple, startApple } from "../apple/server.ts";
import { CannotStart } from "./cannot-start.ts";
import { isPortTaken } from "./ports.ts";
import type { State } from "./state.ts";

/** @throws CannotStart when another instance is running on this state */
export async function startKnownApple(state: State): Promise<StandInApple> {
  const apple = await start(state);
  const port = Number(new URL(apple.origin).port);
  if (port !== state.savedApple?.port) {
    await state.keepApple({ port, ca: await apple.ca.save() }, apple.ca.rootPem);
  }
  return apple;
}

async function start({ savedApple, folder }: State): Promise<StandInApple> {
  if (savedApple === undefined) return startApple();
  try {
    return await startApple({ savedCa: savedApple.ca, port: savedApple.port });
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    // Two Workers on one database would overwrite each other. The port tells, and unlike a lock file it is never stale.
    const elsewhere = await startApple({ savedCa: savedApple.ca });
    if ((await rootServedAt(savedApple.port)) !== elsewhere.ca.rootPem) return elsewhere;
    await elsewhere.close();
    throw new CannotStart(
      `${folder} is in use by another start. End that one, or choose another folder for this: EDGEPASS_STATE=.edgepass-2 npm start`,
    );
  }
}

/** The root that a stand-in Apple on this port hands out; undefined when something else listens there. */
async function rootServedAt(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/root.pem`, { signal: AbortSignal.timeout(2000) });
    return await response.text();
  } catch {
    return undefined;
  }
}
