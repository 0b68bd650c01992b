/**
 * Rewards sign-up: Wallet shows a form for a pass with personalization.json, and sends what the holder entered. The pass's
 * certificate signs the phone's token, the data is stored sealed, and from then on the pass is built without
 * personalization.json. That is recorded as a change of the pass.
 *
 * iOS sends the request once, accepts only 200, and does not retry. The user may retry, so a repeated request gets 200
 * again, and its data replaces the stored data, until the operator takes it (personal-data.ts). In this protocol, only
 * the pass's token authenticates the sender. So a copy of the pass may sign up first, but it cannot replace data that
 * the operator has taken. Follows Apple's "Return a Personalized Pass" and "Rewards Enrollment".
 */
import { and, isNull } from "drizzle-orm";
import { recordChange, recordedChange } from "../changes/log.ts";
import type { Context } from "../context.ts";
import { repeatableBatchOf } from "../db/batch.ts";
import { passes } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { parseJson, pointerTo } from "../json.ts";
import { MAX_CHARACTERS } from "../limits.ts";
import type { Personalization } from "../pkpass/schema/schema.ts";
import type { LoadedPass } from "./load.ts";
import { type PersonalInfo, type PersonalKey, sealPersonalData, storePersonalData } from "./personal-data.ts";
import { signerFor } from "./serve.ts";
import { livingPass, passNotFound } from "./show.ts";

/** What a phone sent (wallet/sign-up.ts). The members of `info` are not validated yet. */
export interface SignUp {
  readonly token: string;
  readonly info: Readonly<Record<string, unknown>>;
}

/** Control characters: no name contains one, and a terminal may interpret them. */
const CONTROL_CHARACTER = /\p{Cc}/u;
/** The keys that a phone sends for each requested field. */
const KEYS: ReadonlyMap<string, readonly PersonalKey[]> = new Map([
  ["PKPassPersonalizationFieldName", ["fullName", "givenName", "familyName"]],
  ["PKPassPersonalizationFieldPostalCode", ["postalCode", "ISOCountryCode"]],
  ["PKPassPersonalizationFieldEmailAddress", ["emailAddress"]],
  ["PKPassPersonalizationFieldPhoneNumber", ["phoneNumber"]],
]);

/**
 * @param loaded the living pass whose token the sender has
 * @returns DER: detached CMS over the token
 * @throws ApiError personalization_not_found, invalid_body, pass_not_found, no_certificate, signing_certificate_expired or
 *   not_configured
 */
export async function personalizePass(
  context: Context,
  loaded: LoadedPass,
  { token, info }: SignUp,
): Promise<Uint8Array<ArrayBuffer>> {
  const { db, config, now } = context;
  const { id } = loaded.pass;
  if (loaded.template.personalization === null)
    throw new ApiError("personalization_not_found", "This pass's template has no personalization.");
  const requested = pickRequested(parseJson(loaded.template.personalization), info);
  // Sign before writing, so that nothing is stored if signing fails.
  const sign = await signerFor(config.secrets, loaded, now);
  const signature = Uint8Array.from(await sign(new TextEncoder().encode(token), now));
  const sealed = await sealPersonalData(config.secrets, id, requested);
  const write = db
    .update(passes)
    .set({ personalizedAt: now })
    .where(and(livingPass(id), isNull(passes.personalizedAt)));
  // A phone raises no revision, so an operator's repeat must still find the `writeId` of its first attempt.
  const writer = { ...context, writeId: undefined };
  const { change, rows } = await repeatableBatchOf(db, {
    change: recordChange(writer, write, { kind: "pass", id }, { kind: "personalized" }, (wrote) =>
      storePersonalData(db, id, sealed, wrote, now),
    ),
    rows: db.select({ tag: passes.tag, pushAt: passes.pushAt }).from(passes).where(livingPass(id)),
  });
  const [row] = rows;
  if (row === undefined) throw passNotFound(id);
  context.announce(recordedChange(change, row));
  return signature;
}

/** The requested members of the sent data. @throws ApiError invalid_body */
function pickRequested(
  { requiredPersonalizationFields }: Personalization,
  info: SignUp["info"],
): PersonalInfo {
  const keys = requiredPersonalizationFields.flatMap((field) => KEYS.get(field) ?? []);
  const entries = keys.flatMap((key) => {
    const value = info[key] ?? "";
    if (!isText(value))
      throw new ApiError(
        "invalid_body",
        `${key} must be text of at most ${MAX_CHARACTERS.signUp} characters, without control characters.`,
        { pointer: pointerTo(["requiredPersonalizationInfo", key]) },
      );
    return value === "" ? [] : [[key, value] as const];
  });
  if (entries.length > 0) return Object.fromEntries(entries);
  const wanted = keys.join(", ") || "(no field that Edgepass knows)";
  throw new ApiError(
    "invalid_body",
    `requiredPersonalizationInfo contains none of the requested fields: ${wanted}.`,
    {
      pointer: "/requiredPersonalizationInfo",
    },
  );
}

function isText(value: unknown): value is string {
  if (typeof value !== "string" || value.length > MAX_CHARACTERS.signUp) return false;
  return value.isWellFormed() && !CONTROL_CHARACTER.test(value);
}
