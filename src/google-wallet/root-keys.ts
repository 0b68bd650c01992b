/**
 * The root keys that Google's callbacks are verified with: in the memory of the isolate, in the table google_root_keys, or fetched
 * from Google.
 *
 * Anyone can send a callback, so a bad signature never fetches them, one isolate fetches at a time, and a failure is remembered for
 * some seconds. Without them nothing is believed, and 503 makes Google repeat the callback.
 */
import { eq, sql } from "drizzle-orm";
import { batchOf } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { selectAnyGoogleIssuer } from "../db/has-google-issuer.ts";
import { repeatable } from "../db/repeat.ts";
import { googleRootKeys } from "../db/schema.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../durations.ts";
import { ApiError } from "../errors.ts";
import { parseJson, writeJson } from "../json.ts";
import type { GoogleCaller } from "./access-token.ts";
import { failed } from "./answers.ts";
import { CALLBACK_PROTOCOL, type RootKey, readRootKeys } from "./callback.ts";
import { type GoogleFetch, requestGoogle } from "./transport.ts";

const PATH = "/gp/m/issuer/keys";
/** A key that Google adds is known after this time, and one that it takes back is not accepted any longer. */
const KEPT_AT_MOST_MS = DAY_MS;
const KEPT_AT_LEAST_MS = 5 * MINUTE_MS;
const MARGIN_MS = HOUR_MS;
/** How long nobody fetches again after a failure, or while another isolate fetches. It is longer than the time-out of a call. */
const PAUSE_MS = 15_000;
/** How long an isolate that does not fetch waits before it looks again whether another one has the keys. */
const LOOK_AGAIN_MS = 3000;
const ROW = 1;

interface Remembered {
  readonly keys: readonly RootKey[];
  readonly until: number;
}

/** Why no key is known, remembered too. */
interface Refusal {
  readonly refusal: "no_issuer" | "unavailable";
  readonly until: number;
}

/** Of this isolate, by the origin that they are fetched from. */
const remembered = new Map<string, Remembered | Refusal>();

type Caller = Pick<GoogleCaller, "db" | "fetch" | "config" | "now">;

/** @throws ApiError google_keys_unavailable; or google_issuer_not_found if there is no issuer: then nothing is fetched */
export async function rootKeys(caller: Caller): Promise<readonly RootKey[]> {
  const { config, now } = caller;
  const origin = config.google.keys;
  const found = knownAt(origin, now) ?? (await findKeys(caller));
  // Another request may have got them meanwhile.
  const latest = knownAt(origin, now);
  if (latest === undefined || "refusal" in latest) remembered.set(origin, found);
  if ("keys" in found) return found.keys;
  throw found.refusal === "no_issuer" ? noIssuer() : keysUnavailable(found.until - now);
}

function knownAt(origin: string, now: number): Remembered | Refusal | undefined {
  const known = remembered.get(origin);
  return known !== undefined && now < known.until ? known : undefined;
}

async function findKeys({ db, fetch, config, now }: Caller): Promise<Remembered | Refusal> {
  const origin = config.google.keys;
  const { issuers, rows } = await batchOf(db, {
    issuers: selectAnyGoogleIssuer(db),
    rows: db.select().from(googleRootKeys).where(eq(googleRootKeys.id, ROW)),
  });
  if (issuers.length === 0) return { refusal: "no_issuer", until: now + PAUSE_MS };
  const [row] = rows;
  const stored = row && parseJson(row.keys);
  // Those of a stand-in are not accepted any more once the setting is Google's.
  const isOfOrigin = stored?.origin === origin;
  const keys = (isOfOrigin && readRootKeys(stored, now)) || [];
  if (row !== undefined && now < row.expiresAt && keys.length > 0) return { keys, until: row.expiresAt };
  if (row !== undefined && isOfOrigin && now < row.fetchedAt + PAUSE_MS)
    return { refusal: "unavailable", until: Math.min(row.fetchedAt + PAUSE_MS, now + LOOK_AGAIN_MS) };
  if (!(await claim(db, origin, row?.fetchedAt ?? null, now)))
    return { refusal: "unavailable", until: now + LOOK_AGAIN_MS };
  const answer = await fetchKeys(fetch, origin, now);
  if (!answer.ok) return { refusal: "unavailable", until: now + PAUSE_MS };
  const until = keptUntil(answer.keys, now);
  const text = writeJson({ origin, ...answer.body });
  await repeatable(() =>
    db.update(googleRootKeys).set({ keys: text, expiresAt: until }).where(eq(googleRootKeys.id, ROW)),
  );
  return { keys: answer.keys, until };
}

/** Compare-and-swap: whether this isolate fetches. @param old `fetchedAt` of the row; null without a row */
async function claim(db: Database, origin: string, old: number | null, now: number): Promise<boolean> {
  const row = { keys: writeJson({ origin }), fetchedAt: now, expiresAt: 0 };
  const { meta } = await repeatable(() =>
    db
      .insert(googleRootKeys)
      .values({ id: ROW, ...row })
      .onConflictDoUpdate({
        target: googleRootKeys.id,
        set: row,
        setWhere: sql`${googleRootKeys.fetchedAt} IS ${old}`,
      }),
  );
  return meta.changes > 0;
}

function fetchKeys(fetch: GoogleFetch, origin: string, now: number) {
  return requestGoogle(fetch, origin + PATH, {}, (status, text) => {
    try {
      const body = parseJson(text);
      const keys = status === 200 ? readRootKeys(body, now) : undefined;
      if (keys !== undefined && keys.length > 0)
        return { ok: true, keys, body: { keys: keys.map(toPublished) } } as const;
    } catch {
      // The answer is not JSON. It is refused below, like an answer without keys.
    }
    return failed("unavailable", status, "The answer has no key");
  });
}

/** As `readRootKeys` reads it. */
function toPublished({ keyValue, expiresAt }: RootKey) {
  return { keyValue, protocolVersion: CALLBACK_PROTOCOL, keyExpiration: String(expiresAt) };
}

/** Until the first key expires, less a margin. */
function keptUntil(keys: readonly RootKey[], now: number): number {
  const first = Math.min(...keys.map(({ expiresAt }) => expiresAt));
  return Math.max(now + KEPT_AT_LEAST_MS, Math.min(now + KEPT_AT_MOST_MS, first - MARGIN_MS));
}

function noIssuer(): ApiError {
  return new ApiError("google_issuer_not_found", "This service has no issuer of Google Wallet.");
}

function keysUnavailable(leftMs: number): ApiError {
  const seconds = Math.ceil(leftMs / 1000);
  return new ApiError(
    "google_keys_unavailable",
    `Google's keys could not be fetched. Send the callback again in ${seconds} seconds.`,
    { headers: { "Retry-After": String(seconds) } },
  );
}
