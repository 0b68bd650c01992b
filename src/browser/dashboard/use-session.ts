/**
 * The session of this tab: the server is asked what the key may do at the start, after sign-in, and when the tab becomes visible
 * again. When a key is refused, other tabs check their own keys. A sign-out counts for all tabs with the same key.
 */
import { useCallback, useEffect, useLayoutEffect, useMemo, useReducer } from "preact/hooks";
import { type AdminApi, createAdminApi } from "./admin-api.ts";
import { imageCache } from "./card/image-cache.ts";
import { forgetDrafts } from "./drafts.ts";
import { type Session, type SessionEvent, sessionAfter, storedSession, storeSession } from "./session.ts";
import { tabStore } from "./tab-store.ts";

/** What tabs tell each other. It never contains the key. */
type Message = { readonly kind: "left"; readonly actor: string } | { readonly kind: "refused" };

const channel = new BroadcastChannel("edgepass-dashboard");

export interface SessionControl {
  readonly session: Session;
  /** The API with the key of the session. Undefined: nobody has signed in. */
  readonly api: AdminApi | undefined;
  signIn(key: string): void;
  signOut(): void;
  retry(): void;
}

export function useSession(): SessionControl {
  const [session, dispatch] = useReducer<Session, SessionEvent, undefined>(sessionAfter, undefined, () =>
    storedSession(tabStore),
  );
  const key = session.kind === "signed_out" ? undefined : session.key;
  const api = useMemo(
    () =>
      key === undefined
        ? undefined
        : createAdminApi(key, ({ code, detail }) => {
            dispatch({ kind: "key_refused", key, code, detail });
            broadcast({ kind: "refused" });
          }),
    [key],
  );
  const check = useCallback(async () => {
    if (api === undefined || key === undefined) return;
    dispatch({ kind: "key_checked", key, answer: await api.me() });
  }, [api, key]);
  // A layout effect: when a person reads that they are signed out, the key is already deleted.
  useLayoutEffect(() => {
    storeSession(tabStore, session);
    if (session.kind === "signed_out") imageCache.clear();
    if (session.kind === "signed_out" && !session.isRefused) forgetDrafts(tabStore);
  }, [session]);
  useEffect(() => {
    if (key === undefined) return;
    const onVisible = () => {
      if (document.visibilityState === "visible") void check();
    };
    const onMessage = ({ data }: MessageEvent<Message>) => {
      if (data.kind === "refused") void check();
      else dispatch({ kind: "left_elsewhere", actor: data.actor });
    };
    void check();
    document.addEventListener("visibilitychange", onVisible);
    channel.addEventListener("message", onMessage);
    return () => {
      document.removeEventListener("visibilitychange", onVisible);
      channel.removeEventListener("message", onMessage);
    };
  }, [check, key]);
  return {
    session,
    api,
    signIn: (entered) => dispatch({ kind: "key_entered", key: entered }),
    signOut: () => {
      if (session.kind === "signed_in") broadcast({ kind: "left", actor: session.me.actor });
      dispatch({ kind: "left" });
    },
    retry: () => {
      if (key === undefined) return;
      dispatch({ kind: "key_entered", key });
      void check();
    },
  };
}

function broadcast(message: Message): void {
  channel.postMessage(message);
}
