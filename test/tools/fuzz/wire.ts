/**
 * The requests and responses that the attack suite makes, sends and judges, in the Workers runtime and in Node.
 *
 * A request may refer to things of the world (world.ts) by name: `@{pass.3.webToken}`. So a request that found a fault
 * can be printed and sent again, without printing a secret.
 */
import type { Damage } from "./damage.ts";

export const APIS = [
  "wallet",
  "voltmx",
  "airship",
  "passdock",
  "admin",
  "pages",
  "google",
  "nowhere",
] as const;
export type Api = (typeof APIS)[number];

/** `pkpass`: a pass of the world, and the damage to it. */
export type Body =
  | { readonly text: string }
  | { readonly base64: string }
  | { readonly pkpass: readonly Damage[] };

export interface Sent {
  readonly method: string;
  /** The request target: path and query, as they are written. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Body | undefined;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Sends a request unchanged. Undefined if this client cannot send it. */
export type Send = (sent: Sent) => Promise<Answered | undefined>;

/**
 * The bytes of the body; undefined for a pass that was not replaced yet. An unpaired surrogate becomes U+FFFD, as in
 * every UTF-8 encoder.
 */
export function bytesOf(body: Body | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (body === undefined || "pkpass" in body) return undefined;
  return "text" in body ? Uint8Array.from(new TextEncoder().encode(body.text)) : fromBase64(body.base64);
}

/** Base64 with functions that both Node and the Workers runtime have. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** The path of a request target as the routes see it: decoded, without doubled slashes and dot segments. */
export function pathOf(target: string): string {
  const [path = ""] = target.split(/[?#]/);
  const url = URL.parse(path.replace(/^[/\\]+/, "/"), "http://host/");
  return decoded(url?.pathname ?? path)
    .replace(/\/{2,}/g, "/")
    .replace(/^(\/api)?\/v1\/v1(?=\/)/, "$1/v1")
    .replace(/(?<=.)\/$/, "");
}

const PREFIXES: readonly (readonly [Api, RegExp])[] = [
  ["admin", /^\/admin\//],
  ["passdock", /^\/api\/v1\/(templates(\/|$)|passes\/search(\.json)?$)/],
  ["voltmx", /^\/api\/v1\//],
  ["airship", /^\/v1\/(events|pass)\//],
  ["wallet", /^\/v1\//],
  ["google", /^\/(g|google)\//],
  ["pages", /^\/(p\/|passes\/|bundles\/|join\/|badges\/|favicon\.|$)/],
];

/** Which API a request target belongs to. */
export function findApi(target: string): Api {
  const path = pathOf(target);
  return PREFIXES.find(([, prefix]) => prefix.test(path))?.[0] ?? "nowhere";
}

/** For people: one line, which can be parsed as JSON. Long parts are truncated. */
export function shown(sent: Sent): string {
  return JSON.stringify(sent, (_key, value) =>
    typeof value === "string" && value.length > 2000
      ? `${value.slice(0, 2000)}… (${value.length} characters)`
      : value,
  );
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
