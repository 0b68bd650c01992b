/**
 * A template's `google`: what Google Wallet needs and pass.json does not have (google/google-part.ts).
 *
 * A change of it is merged by key (RFC 7396), except inside `class` and `object`: each of them is replaced as a whole, because null
 * means something there, namely that Google's resource has no such member.
 */

import { gt } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { googleIssuers, type templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { findGoogleFaults, type GoogleSubject } from "../google/faults.ts";
import { type GooglePart, googlePart } from "../google/google-part.ts";
import { type JsonObject, parseJson, pointerTo, writeJson } from "../json.ts";
import { MAX_CHARACTERS } from "../limits.ts";
import { type Finding, reportFindings } from "../pkpass/finding.ts";
import type { FieldKind } from "../pkpass/schema/field-kinds.ts";
import { findTemplateFaults, type Lintable, type LintReport } from "./lint.ts";
import { mergeRule, parseRule } from "./merge-rule.ts";

export const googleRule = googlePart
  .refine((part) => writeJson(part).length <= MAX_CHARACTERS.google, {
    error: `may have at most ${MAX_CHARACTERS.google} characters as JSON`,
  })
  .meta({
    id: "GooglePart",
    description: "What Google Wallet needs and pass.json does not have. Phones of Apple do not show it",
  });

/**
 * The part after the change. @param patch null removes it
 * @throws ApiError invalid_body, with a pointer into the request
 */
export function mergeGooglePart(stored: GooglePart | null, patch: JsonObject | null): GooglePart | null {
  if (patch === null) return null;
  const { class: ofClass, object: ofObject, ...members } = patch;
  const raw = { class: stored?.class, object: stored?.object };
  const { class: _class, object: _object, ...others } = stored ?? {};
  const merged = mergeRule("google", googlePart, others, members);
  const whole = {
    ...merged,
    ...chooseRaw("class", raw.class, ofClass),
    ...chooseRaw("object", raw.object, ofObject),
  };
  return parseRule("google", googleRule, whole);
}

/** @param given undefined changes nothing, and null removes it */
function chooseRaw(name: "class" | "object", stored: unknown, given: unknown) {
  const chosen = given === undefined ? stored : given;
  return chosen === undefined || chosen === null ? {} : { [name]: chosen };
}

/** @throws ApiError unknown_field if a hint names a field that the template does not have */
export function refuseUnfitHints(
  part: GooglePart | null | undefined,
  kinds: Readonly<Record<string, FieldKind>>,
): void {
  for (const [hint, key] of Object.entries(part?.hints ?? {})) {
    if (key === undefined || Object.hasOwn(kinds, key)) continue;
    const known = Object.keys(kinds).join(", ") || "none";
    throw new ApiError(
      "unknown_field",
      `The hint ${hint} names the field "${key}", but the template has no such field. Its fields are: ${known}.`,
      { pointer: pointerTo(["google", "hints", hint]) },
    );
  }
}

/** The part of a row. */
export function googleOfRow({ google }: Pick<typeof templates.$inferSelect, "google">): GooglePart | null {
  return google === null ? null : parseJson(google);
}

/** A template, as the linter for Google reads it. */
type GoogleLintable = Lintable & Pick<GoogleSubject, "google" | "template">;

/** The report of a template for both Wallets. Without an issuer and a `google` part, Google is not mentioned. */
export async function lintForWallets(
  db: Database,
  template: Omit<GoogleLintable, "template"> & { readonly pass: GoogleSubject["template"] },
  hasIssuer?: boolean,
): Promise<LintReport> {
  const google = await findForGoogle(db, { ...template, template: template.pass }, hasIssuer);
  return { findings: reportFindings([...findTemplateFaults(template), ...google]) };
}

/** The findings about Google Wallet alone. @param hasIssuer undefined if the caller has not looked */
export async function findForGoogle(
  db: Database,
  { template, strings, google, images }: Omit<GoogleLintable, "pass">,
  hasIssuer?: boolean,
): Promise<Finding[]> {
  if (google === null && !(hasIssuer ?? (await hasGoogleIssuer(db)))) return [];
  return findGoogleFaults({ template, strings, google, images });
}

/** Whether Google Wallet is set up. One row is read. */
export async function hasGoogleIssuer(db: Database): Promise<boolean> {
  const rows = await db
    .select({ issuerId: googleIssuers.issuerId })
    .from(googleIssuers)
    .where(gt(googleIssuers.issuerId, "")) // a search in the index, which ends with its first row
    .limit(1);
  return rows.length > 0;
}
