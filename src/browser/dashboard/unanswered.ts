/**
 * The requests of this tab that change something and have no answer yet. A repeat has the same Idempotency-Key, so that it takes
 * effect once, also after a reload: nobody knows whether the service has done what was asked.
 */
import { writeJson } from "../../json.ts";
import type { Call } from "../request.ts";
import { readText, type TextStore, writeText } from "../text-store.ts";

const NAME = "edgepass-unanswered";
/** The oldest are forgotten first. */
const MAX_KEPT = 20;

/** Two calls with the same digest ask for the same. */
export async function digestOfCall({ method, path, body, file }: Call): Promise<string> {
  const text = new TextEncoder().encode(`${method} ${path} ${writeJson(body)}`);
  const digests = await Promise.all([text, ...(file === undefined ? [] : [file])].map(sha256));
  return digests.join("-");
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The key of the call with this digest, which is kept until it is answered. */
export function keyOfCall(store: TextStore, digest: string): string {
  const kept = keptIn(store);
  const known = kept.find(([each]) => each === digest)?.[1];
  if (known !== undefined) return known;
  const key = crypto.randomUUID();
  keep(store, [...kept, [digest, key]]);
  return key;
}

export function callAnswered(store: TextStore, digest: string): void {
  const kept = keptIn(store);
  const left = kept.filter(([each]) => each !== digest);
  if (left.length < kept.length) keep(store, left);
}

/** Forgets all requests, after a sign-out. */
export function forgetUnanswered(store: TextStore): void {
  keep(store, []);
}

type Kept = readonly (readonly [digest: string, key: string])[];

function keptIn(store: TextStore): Kept {
  return readText(store, NAME)
    .split("\n")
    .flatMap((line) => {
      const [digest = "", key = ""] = line.split(" ");
      return key === "" ? [] : [[digest, key] as const];
    });
}

function keep(store: TextStore, kept: Kept): void {
  const lines = kept.slice(-MAX_KEPT).map((each) => each.join(" "));
  writeText(store, NAME, lines.join("\n"));
}
