/**
 * The stand-in Apple of an instance: the same authority and, if possible, the same port at every start, so that the
 * addresses in the certificates stay valid.
 */
import { type StandInApple, startApple } from "../../apple/server.ts";
import { isPortTaken } from "./ports.ts";
import type { State } from "./state.ts";

/** The same authority as before, or a new one, which is stored. */
export async function startKnownApple(state: State): Promise<StandInApple> {
  const apple = await start(state);
  const port = Number(new URL(apple.origin).port);
  if (port !== state.savedApple?.port) {
    await state.keepApple({ port, ca: await apple.ca.save() }, apple.ca.rootPem);
  }
  return apple;
}

async function start({ savedApple }: State): Promise<StandInApple> {
  if (savedApple === undefined) return startApple();
  try {
    return await startApple({ savedCa: savedApple.ca, port: savedApple.port });
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    return startApple({ savedCa: savedApple.ca }); // by another program, because only this process can use the state folder
  }
}
