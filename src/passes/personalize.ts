/**
 * Rewards sign-up: what somebody entered into the sheet that Wallet shows for a pass with personalization.json. The
 * pass's certificate signs the phone's token, the data is kept sealed, and the pass is from then on built without
 * personalization.json: a change like any other.
 *
 * iOS asks once, takes 200 alone, and does not repeat what failed: its owner does. So the same again is 200 again, and
 * what is sent then replaces what was kept, until that is taken (devices/personal-data.ts): the pass's token is all that
 * this protocol knows of who asks, so a copy of the pass may sign up first, but not into what the operator has already.
 * Follows Apple's "Return a Personalized Pass" and "Rewards Enrollment".
 */
import { and, eq, isNull } from "drizzle-orm";
import { parseJson } from "../body.ts";
import { passChanged, type RecordedChange, recordedChange } from "../changes/log.ts";
import type { Config } from "../config.ts";
import type { Database } from "../db/client.ts";
import { passes } from "../db/schema.ts";
import { infoKept, type PersonalInfo, type PersonalKey, sealInfo } from "../devices/personal-data.ts";
import { ApiError, pointerTo } from "../errors.ts";
import type { Personalization } from "../pkpass/schema.ts";
import { type LoadedPass, signerFor } from "./serve.ts";
import { livingPass, passNotFound } from "./show.ts";

/** What a phone sent: the shape is checked, `info` is not. */
export interface SignUp {
  readonly token: string;
  readonly info: Readonly<Record<string, unknown>>;
}

export interface Personalized {
  /** DER: detached CMS over the token. */
  readonly signature: Uint8Array<ArrayBuffer>;
  /** Undefined if the pass asked for nothing any more. */
  readonly change: RecordedChange | undefined;
}

/**
 * The same certificate signs manifests, in the same way: a holder who sends one as his token would be given the signature
 * of a pass that he made up. A manifest is a JSON object, and has this character in each of JSON's encodings.
 */
const MANIFEST_OPENS_WITH = "{";
const MAX_CHARACTERS = 200;
/** No name has any, and no terminal that shows one wants any. */
const CONTROL_CHARACTER = /\p{Cc}/u;
/** What a phone sends for each field that a pass asks for. */
const KEYS: ReadonlyMap<string, readonly PersonalKey[]> = new Map([
  ["PKPassPersonalizationFieldName", ["fullName", "givenName", "familyName"]],
  ["PKPassPersonalizationFieldPostalCode", ["postalCode", "ISOCountryCode"]],
  ["PKPassPersonalizationFieldEmailAddress", ["emailAddress"]],
  ["PKPassPersonalizationFieldPhoneNumber", ["phoneNumber"]],
]);

/** @throws ApiError malformed_json or invalid_body, with nothing in it of what was sent */
export function signUpIn(bytes: Uint8Array): SignUp {
  const body = jsonIn(bytes);
  const token = memberOf(body, "personalizationToken");
  if (typeof token !== "string" || token === "" || !token.isWellFormed())
    throw new ApiError("invalid_body", "The token that is to be signed must be text.", {
      pointer: "/personalizationToken",
    });
  if (token.includes(MANIFEST_OPENS_WITH))
    throw new ApiError("invalid_body", "A token that could be read as JSON is not signed.", {
      pointer: "/personalizationToken",
    });
  const info = memberOf(body, "requiredPersonalizationInfo");
  if (!isObject(info))
    throw new ApiError("invalid_body", "What the pass asks for must be an object.", {
      pointer: "/requiredPersonalizationInfo",
    });
  return { token, info };
}

/**
 * @param loaded a living pass, of whoever sent this
 * @throws ApiError personalization_not_found, invalid_body, pass_not_found, no_certificate, signing_certificate_expired or
 *   not_configured
 */
export async function personalizePass(
  { db, config: { secrets } }: { db: Database; config: Config },
  loaded: LoadedPass,
  { token, info }: SignUp,
  now: number,
): Promise<Personalized> {
  const { id } = loaded.pass;
  if (loaded.template.personalization === null)
    throw new ApiError("personalization_not_found", "This pass asks its holder for nothing.");
  const asked = askedFor(JSON.parse(loaded.template.personalization), info);
  // Signed before anything is written: a pass that nobody can sign for is not signed up with.
  const sign = await signerFor(secrets, loaded, now);
  const signature = Uint8Array.from(await sign(new TextEncoder().encode(token), now));
  const [, inserted, , , rows] = await db.batch([
    db
      .update(passes)
      .set({ personalizedAt: now })
      .where(and(livingPass(id), isNull(passes.personalizedAt))),
    ...passChanged(db, id, { kind: "personalized", actor: "holder", now }),
    infoKept(db, id, await sealInfo(secrets, id, asked), now),
    db
      .select({ tag: passes.tag, pushAt: passes.pushAt })
      .from(passes)
      .where(and(eq(passes.id, id), isNull(passes.deletedAt))),
  ]);
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  return { signature, change: recordedChange(inserted, row) };
}

/** Of what was sent, what the pass asks for. @throws ApiError invalid_body */
function askedFor({ requiredPersonalizationFields }: Personalization, info: SignUp["info"]): PersonalInfo {
  const keys = requiredPersonalizationFields.flatMap((field) => KEYS.get(field) ?? []);
  const entries = keys.flatMap((key) => {
    const value = memberOf(info, key) ?? "";
    if (!isText(value))
      throw new ApiError(
        "invalid_body",
        `${key} must be text of at most ${MAX_CHARACTERS} characters, without control characters.`,
        { pointer: pointerTo(["requiredPersonalizationInfo", key]) },
      );
    return value === "" ? [] : [[key, value] as const];
  });
  if (entries.length > 0) return Object.fromEntries(entries);
  const wanted = keys.length === 0 ? "nothing that is known here" : keys.join(", ");
  throw new ApiError("invalid_body", `Nothing is here of what the pass asks for: ${wanted}.`, {
    pointer: "/requiredPersonalizationInfo",
  });
}

function isText(value: unknown): value is string {
  if (typeof value !== "string" || value.length > MAX_CHARACTERS) return false;
  return value.isWellFormed() && !CONTROL_CHARACTER.test(value);
}

/** The parser's own words quote what stands around the fault, and that is somebody's name. */
function jsonIn(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.code, "The body cannot be read as JSON.");
  }
}

function memberOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
