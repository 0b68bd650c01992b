/**
 * A template's `google`: what Google Wallet needs and pass.json does not have (google/google-part.ts).
 *
 * A change of it is merged by key (RFC 7396), except inside `class` and `object`: each of them is replaced as a whole,
 * because a null inside them means that Google's resource has no such member.
 */

import type { Database } from "../db/client.ts";
import type { templates } from "../db/schema.ts";
import { ApiError } from "../errors.ts";
import { findGoogleFaults, type GoogleSubject } from "../google/faults.ts";
import { type GooglePart, googlePart } from "../google/google-part.ts";
import { isKnownMember } from "../google/raw-parts.ts";
import { rawValueFaults } from "../google/raw-values.ts";
import { GOOGLE_TYPES } from "../google/types.ts";
import { type JsonObject, parseJson, pointerTo, writeJson } from "../json.ts";
import { MAX_CHARACTERS } from "../limits.ts";
import type { ContentCode } from "../pkpass/codes.ts";
import { type Finding, reportFindings } from "../pkpass/finding.ts";
import type { FieldKind } from "../pkpass/schema/field-kinds.ts";
import { findTemplateFaults, isError, type Lintable, type LintReport } from "./lint.ts";
import { mergeRule, parseRule } from "./merge-rule.ts";
import { findOffer, type Offer, offersApple, offersGoogle } from "./offered-wallets.ts";

const limitedPart = googlePart.refine((part) => writeJson(part).length <= MAX_CHARACTERS.google, {
  error: `may have at most ${MAX_CHARACTERS.google} characters as JSON`,
});

export const googleRule = limitedPart
  .superRefine((part, context) => {
    for (const name of RAW_PARTS)
      for (const { kind, path, expected } of rawValueFaults(part[name] ?? {}, isRawMember(name)))
        if (kind === "type")
          context.addIssue({
            code: "custom",
            path: [name, ...path],
            message: `must be ${expected} for Google`,
          });
  })
  .meta({
    id: "GooglePart",
    description: "What Google Wallet needs and pass.json does not have. iPhones do not show it",
  });

const RAW_PARTS = ["class", "object"] as const;

/** Of any type: which one it is depends on the template and its events. */
function isRawMember(part: (typeof RAW_PARTS)[number]) {
  return (name: string) => GOOGLE_TYPES.some((type) => isKnownMember(type, part, name));
}

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
  // Only what is given: an earlier version did not refuse what is stored.
  parseRule("google", googleRule, {
    ...chooseRaw("class", undefined, ofClass),
    ...chooseRaw("object", undefined, ofObject),
  });
  const whole = {
    ...merged,
    ...chooseRaw("class", raw.class, ofClass),
    ...chooseRaw("object", raw.object, ofObject),
  };
  return parseRule("google", limitedPart, whole);
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

/** A template, as the linter for both Wallets reads it. */
interface LintedTemplate extends Omit<GoogleSubject, "template" | "isUnreachable">, Offered {
  readonly pass: GoogleSubject["template"];
  readonly images: Lintable["images"];
  readonly personalization?: unknown;
}

type Offered = Parameters<typeof findOffer>[1];

/** The report of a template for the Wallets in which its passes are offered. */
export async function lintForWallets(db: Database, template: LintedTemplate): Promise<LintReport> {
  return lintForOffer(await findOffer(db, template), template);
}

/** The same if it is known where they are offered. */
export function lintForOffer(offer: Offer, template: LintedTemplate): LintReport {
  const google = findForGoogle(offer, { ...template, template: template.pass });
  return {
    findings: reportFindings([...withoutAppleOnly(offer, findTemplateFaults(template)), ...google]),
  };
}

/** The findings about Google Wallet alone. Without an issuer and a `google` part, Google is not mentioned. */
export function findForGoogle({ wallets, hasIssuer }: Offer, subject: GoogleSubject): Finding[] {
  const isOnly = !offersApple(wallets);
  if (!offersGoogle(wallets) || (subject.google === null && !hasIssuer && !isOnly)) return [];
  return findGoogleFaults({ ...subject, isUnreachable: isOnly && !hasIssuer });
}

/**
 * The warnings for Apple Wallet that matter to Google Wallet too. If passes are offered in Google Wallet only, the other
 * warnings do not matter. Errors always do: such a template is refused, because its passes may be offered in both Wallets
 * later.
 */
const MATTER_TO_BOTH: ReadonlySet<string> = new Set<ContentCode>([
  "barcode_empty",
  "duplicate_field_key",
  "event_dates_reversed",
  "expires_too_early",
  "field_empty",
  "findings_truncated",
  "interval_reversed",
  "key_without_scheme",
  "low_contrast",
  "number_not_exact",
  "semantic_tag_empty",
  "string_missing",
  "string_unused",
  "translation_without_placeholder",
  "unknown_key",
  "unknown_value",
  "url_invalid",
  "value_not_a_date",
  "value_not_a_number",
]);

/** The findings without those that concern Apple Wallet only, if the passes are not offered there. */
export function withoutAppleOnly(
  { wallets }: Pick<Offer, "wallets">,
  findings: readonly Finding[],
): Finding[] {
  return findings.filter(
    (finding) => offersApple(wallets) || isError(finding) || MATTER_TO_BOTH.has(finding.code),
  );
}
