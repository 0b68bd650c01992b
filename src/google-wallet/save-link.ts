/**
 * The address at which people save a pass in Google Wallet: a signed JWT that names the object, or has all of it.
 *
 * It is made at the click, and never stored. Follows https://developers.google.com/wallet/reference/rest/v1/Jwt.
 */
import { SignJWT } from "jose";
import type { Config } from "../config.ts";
import type { GoogleType } from "../google/types.ts";
import type { JsonObject } from "../json.ts";
import { signWith } from "./access-token.ts";
import { failed } from "./answers.ts";
import type { IssuerRow } from "./issuers.ts";
import type { GoogleFailure } from "./problems.ts";

/**
 * Google recommends at most 1,800 characters, because some browsers do not open longer ones. This is what servers usually take as an
 * address; a longer one would be an error page of Google, or none at all.
 */
const MAX_JWT = 16_000;
const VALID_SECONDS = 15 * 60;
/** When nobody can open a link any more, with the difference between clocks. */
export const LINK_ENDS_WITHIN_MS = (VALID_SECONDS + 60) * 1000;

/** What is saved. `{id, classId}` is enough for an object that Google has; classes are only needed if Google may lack them. */
export interface SavedResources {
  readonly type: GoogleType;
  readonly object: JsonObject;
  readonly class?: JsonObject | undefined;
}

export type SaveLink = { readonly ok: true; readonly url: string } | ({ readonly ok: false } & GoogleFailure);

/** @param now milliseconds */
export async function makeSaveLink(
  config: Pick<Config, "secrets" | "google" | "publicOrigin">,
  issuer: IssuerRow,
  { type, object, class: ofClass }: SavedResources,
  now: number,
): Promise<SaveLink> {
  const issuedAt = Math.floor(now / 1000);
  const payload = {
    ...(ofClass === undefined ? {} : { [`${type}Classes`]: [ofClass] }),
    [`${type}Objects`]: [withoutSecrets(object)],
  };
  const signed = await signWith(config, issuer, (key) =>
    new SignJWT({ typ: "savetowallet", origins: [config.publicOrigin], payload })
      .setProtectedHeader({ alg: "RS256", typ: "JWT" })
      .setIssuer(issuer.clientEmail)
      .setAudience("google")
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + VALID_SECONDS)
      .sign(key),
  );
  if (!signed.ok) return signed;
  const { text } = signed;
  if (text.length > MAX_JWT)
    return failed(
      "unavailable",
      null,
      `A link that has all of the pass would have ${text.length} characters, and ${MAX_JWT} are the most. Once Google takes calls again, it is short`,
    );
  return { ok: true, url: `${config.google.save}/gp/v/save/${text}` };
}

/**
 * The object without the key of a rotating barcode and without the value that terminals read over NFC: somebody who reads the address
 * could copy the pass with them. Google gets both when the object is sent.
 */
function withoutSecrets({
  rotatingBarcode: _codes,
  smartTapRedemptionValue: _value,
  ...shown
}: JsonObject): JsonObject {
  return shown;
}
