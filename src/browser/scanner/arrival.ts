/**
 * How a key comes to this page, and what the server says of it.
 */

import { canScan } from "../key-words.ts";
import type { TextStore } from "../text-store.ts";
import { createApi } from "./api.ts";
import { isAboutSession, openSession, type Session } from "./session.ts";
import type { KeyState } from "./state-types.ts";

export interface Arrival {
  readonly hasKey: boolean;
  readonly session: Session | undefined;
}

/** Takes over a key in the address, and removes it there. */
export function readAddress(store: TextStore): Arrival {
  const hasKey = new URLSearchParams(location.hash.slice(1)).has("key");
  return { hasKey, session: openSession(store, location, history) };
}

/**
 * Another tab has signed in or out, or this page comes back from the cache of the button Back, which no events reach.
 * @param listener called when the stored key may be another one
 */
export function onStoredKey(listener: () => void): void {
  addEventListener("storage", ({ key }) => {
    if (isAboutSession(key)) listener();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) listener();
  });
}

/**
 * @param onTime called with the time of the server, if it answers
 * @returns undefined if the server cannot be reached
 */
export async function askKey(
  key: string,
  onTime: (serverTime: number | null) => void,
): Promise<KeyState | undefined> {
  const answer = await createApi(key).me();
  if (answer.kind !== "unreachable") onTime(answer.serverTime);
  switch (answer.kind) {
    case "ok":
      return canScan(answer.body)
        ? { kind: "known", me: answer.body }
        : { kind: "refused", code: "forbidden_role" };
    case "refused":
      return { kind: "refused", code: answer.code };
    case "unreachable":
      return undefined;
  }
}
