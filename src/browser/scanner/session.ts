/**
 * The key that this phone scans with, and where it is. Both come with the link of a key (`/scan#key=…&place=…`), or are typed.
 *
 * The key is in localStorage, where a script of this origin could read it. In return a phone whose battery died at the gate
 * scans again without another code. The page loads no script of others (its Content-Security-Policy), a scanner's key may
 * only scan, and it can expire and be revoked.
 */
import { MAX_CHARACTERS } from "../../limits.ts";
import { readText, type TextStore, writeText } from "../text-store.ts";

export interface Session {
  readonly key: string;
  /** Such as "Gate 2". Null: it is not known. */
  readonly place: string | null;
}

const KEY = "edgepass-scanner-key";
const PLACE = "edgepass-scanner-place";
const KEY_FORMAT = /^epkey_\w{1,200}$/;

/**
 * Reads a key as a person types it, or the link of a key as a scanner reads it.
 * @returns undefined if it is neither. The place is null if the text has none
 */
export function readKeyText(text: string): Session | undefined {
  const typed = text.trim();
  const fragment = typed.includes("#") ? typed.slice(typed.indexOf("#") + 1) : undefined;
  const parameters = new URLSearchParams(fragment ?? "");
  const key = fragment === undefined ? typed : (parameters.get("key") ?? "").trim();
  return KEY_FORMAT.test(key) ? { key, place: toPlace(parameters.get("place") ?? "") } : undefined;
}

/** A place as a person types it. */
export function toPlace(text: string): string | null {
  const place = text.trim().replaceAll(/\s+/g, " ").slice(0, MAX_CHARACTERS.place).trimEnd();
  return place === "" ? null : place;
}

/**
 * The session of this phone. A key in the address is taken over and removed from the address at once, so that it is neither in the
 * history nor in a picture of the screen. Call it at the start and at `hashchange`.
 * @returns undefined if nobody has signed in
 */
export function openSession(
  store: TextStore,
  address: Pick<Location, "hash" | "pathname" | "search">,
  history: Pick<History, "replaceState">,
): Session | undefined {
  // Read before it is removed: location changes with the history.
  const { hash } = address;
  const parameters = new URLSearchParams(hash.slice(1));
  if (parameters.has("key")) {
    history.replaceState(null, "", `${address.pathname}${address.search}`);
    const session = readKeyText(hash);
    // The link of a key that names no place leaves the place of this phone as it is.
    if (session !== undefined)
      return signIn(store, { ...session, place: session.place ?? toPlace(readText(store, PLACE)) });
  }
  const stored = readKeyText(readText(store, KEY));
  return stored && { ...stored, place: toPlace(readText(store, PLACE)) };
}

/** Remembers the key and the place. Scans that wait are sent with the new key. */
export function signIn(store: TextStore, session: Session): Session {
  writeText(store, KEY, session.key);
  writeText(store, PLACE, session.place ?? "");
  return session;
}

/**
 * Whether an event of localStorage may have changed the key, in another tab.
 * @param name what was changed. Null: everything was deleted
 */
export function isAboutSession(name: string | null): boolean {
  return name === null || name === KEY;
}

export type SignedOut =
  | { readonly kind: "signed_out" }
  /** Scans wait that only a key can send. They stay in the log, but a person has to confirm it. */
  | { readonly kind: "scans_wait"; readonly waiting: number };

/**
 * Forgets the key. The place stays.
 * @param waiting how many scans wait, as the log says
 */
export function signOut(store: TextStore, waiting: number, isConfirmed: boolean): SignedOut {
  if (waiting > 0 && !isConfirmed) return { kind: "scans_wait", waiting };
  writeText(store, KEY, "");
  return { kind: "signed_out" };
}

/** Whether this browser keeps the key. Where it does not, it has to be entered again after each start. */
export function isKept(store: TextStore, { key }: Session): boolean {
  return readText(store, KEY) === key;
}
