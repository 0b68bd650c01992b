/**
 * Who is signed in. The key is in sessionStorage: it is in this tab only, survives a reload, and ends with the tab. There is no
 * cookie, so no request of another site can use it. Pure: use-session.ts asks the server and the other tabs.
 */
import type { Me } from "../me.ts";
import type { Answer } from "../request.ts";
import { readText, type TextStore, writeText } from "../text-store.ts";
import { problemOf } from "./problem.ts";

export type Session =
  /** isRefused: the server refused the key, and no person signed out. Then what was typed stays for the next key. */
  | { readonly kind: "signed_out"; readonly reason: string | null; readonly isRefused: boolean }
  /** The server is asked what the key may do. */
  | { readonly kind: "checking"; readonly key: string }
  | { readonly kind: "unreachable"; readonly key: string; readonly detail: string }
  | { readonly kind: "signed_in"; readonly key: string; readonly me: Me };

export type SessionEvent =
  | { readonly kind: "key_entered"; readonly key: string }
  /** What GET /me says of a key. */
  | { readonly kind: "key_checked"; readonly key: string; readonly answer: Answer<Me> }
  /** A request of this tab was answered with 401. */
  | { readonly kind: "key_refused"; readonly key: string; readonly code: string; readonly detail: string }
  | { readonly kind: "left" }
  /** Somebody signed out in another tab. */
  | { readonly kind: "left_elsewhere"; readonly actor: string };

const KEY = "edgepass-dashboard-key";

/** What the tab begins with. */
export function storedSession(store: TextStore): Session {
  const key = readText(store, KEY);
  return key === "" ? { kind: "signed_out", reason: null, isRefused: false } : { kind: "checking", key };
}

/** Keeps or removes the key. */
export function storeSession(store: TextStore, session: Session): void {
  writeText(store, KEY, session.kind === "signed_out" ? "" : session.key);
}

/**
 * Reads a key as a person types or pastes it. ADMIN_TOKEN is any text without spaces.
 * @returns undefined if it cannot be in a header
 */
export function readTypedKey(text: string): string | undefined {
  const key = text.trim().replace(/^Bearer\s+/i, "");
  return /^[\x21-\x7e]{1,500}$/.test(key) ? key : undefined;
}

export function sessionAfter(session: Session, event: SessionEvent): Session {
  switch (event.kind) {
    case "key_entered":
      return { kind: "checking", key: event.key };
    case "key_checked": {
      if (session.kind === "signed_out" || session.key !== event.key) return session;
      const { answer, key } = event;
      if (answer.kind === "ok") return { kind: "signed_in", key, me: answer.body };
      if (answer.kind === "refused" && answer.status === 401)
        return { kind: "signed_out", reason: refusalWords(answer.code, answer.detail), isRefused: true };
      // A key that has worked stays signed in while there is no network.
      if (session.kind === "signed_in") return session;
      return { kind: "unreachable", key, detail: problemOf(answer).detail };
    }
    case "key_refused":
      if (session.kind === "signed_out" || session.key !== event.key) return session;
      return { kind: "signed_out", reason: refusalWords(event.code, event.detail), isRefused: true };
    case "left":
      return { kind: "signed_out", reason: null, isRefused: false };
    case "left_elsewhere":
      if (session.kind === "signed_out") return session;
      // A tab without an answer does not know whose key it has. It may be the same.
      if (session.kind === "signed_in" && session.me.actor !== event.actor) return session;
      return { kind: "signed_out", reason: "You signed out in another tab.", isRefused: false };
  }
}

function refusalWords(code: string, detail: string): string {
  switch (code) {
    case "key_revoked":
      return "This key was revoked. Ask for another one.";
    case "key_expired":
      return "This key has expired. Ask for another one.";
    case "unauthorized":
      return "This service does not know the key. Check that it is complete.";
    default:
      return detail;
  }
}
