/**
 * What is found wrong with a pass before a phone finds it: an error makes Wallet refuse the pass, a warning makes it
 * look wrong, stay silent or fall back.
 *
 * The pointer is RFC 6901, into the body that was sent: /pass/eventTicket/primaryFields/0/dateStyle,
 * /images/fr.lproj~1logo.png, /strings/fr/Terms, /personalization/description.
 */

import type { FileCode } from "./codes.ts";

/** Stable: callers switch on these. */
export type LintCode =
  | FileCode
  | "action_target"
  | "alignment_not_applied"
  | "app_launch_without_app"
  | "barcode_dense"
  | "barcode_empty"
  | "barcode_needs_fallback"
  | "barcode_not_on_watch"
  | "barcode_on_poster"
  | "barcode_unfit"
  | "boarding_semantics_missing"
  | "boarding_without_fields"
  | "certificate_mismatch"
  | "change_message_empty"
  | "change_message_silent"
  | "currency_with_number_style"
  | "date_option_without_style"
  | "default_language_missing"
  | "deprecated_key"
  | "detectors_not_applied"
  | "duplicate_key"
  | "expires_too_early"
  | "field_empty"
  | "findings_cut"
  | "grouping_not_applied"
  | "image_aspect"
  | "image_blurred"
  | "image_densities_differ"
  | "image_density_missing"
  | "image_not_shown"
  | "image_too_large"
  | "image_unknown"
  | "images_heavy"
  | "interval_reversed"
  | "interval_too_long"
  | "invalid_value"
  | "key_without_scheme"
  | "language_unknown"
  | "localized_image_missing"
  | "logo_text_not_shown"
  | "low_contrast"
  | "max_distance_without_locations"
  | "message_encoding_unfit"
  | "message_encoding_unknown"
  | "missing_icon"
  | "missing_key"
  | "nfc_needs_entitlement"
  | "own_key"
  | "pass_type_prefix"
  | "personalization_ignored"
  | "poster_artwork_missing"
  | "poster_generic_without_fallback"
  | "poster_semantics_missing"
  | "poster_without_nfc"
  | "relevant_text_missing"
  | "root_image_hides_localized"
  | "row_not_applied"
  | "scheme_order"
  | "scheme_without_style"
  | "section_not_shown"
  | "semantic_boarding_not_air"
  | "string_missing"
  | "string_unused"
  | "strip_with_background"
  | "style_count"
  | "too_many_actions"
  | "too_many_fields"
  | "translation_drops_value"
  | "unknown_key"
  | "unknown_value"
  | "unsupported_markup"
  | "upcoming_repeated"
  | "upcoming_without_poster"
  | "value_no_date"
  | "value_no_number"
  | "web_service_insecure"
  | "web_service_version"
  | "wrong_type";

export interface Finding {
  readonly severity: "error" | "warning";
  readonly code: LintCode;
  readonly pointer: string;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it, as an imperative sentence. */
  readonly cure: string;
}

/** What makes Wallet refuse the pass. */
export function error(code: LintCode, pointer: string, message: string, cure: string): Finding {
  return { severity: "error", code, pointer, message, cure };
}

/** What makes the pass look wrong, stay silent or fall back. */
export function warning(code: LintCode, pointer: string, message: string, cure: string): Finding {
  return { severity: "warning", code, pointer, message, cure };
}

/** Nobody reads more at once, and a hostile file would make an answer of many times its size. */
const MOST_FINDINGS = 200;

/** By pointer, then errors first, then by code; of two with the same code and pointer the first. */
export function sorted(findings: readonly Finding[]): Finding[] {
  const distinct = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.pointer}`;
    if (!distinct.has(key)) distinct.set(key, finding);
  }
  return [...distinct.values()].sort(
    (a, b) => compare(a.pointer, b.pointer) || compare(a.severity, b.severity) || compare(a.code, b.code),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The first 200 in their order, errors before warnings where some have to go, and a `findings_cut` in front that tells
 * of the others. One that is there already stays: "at least" is true of it still.
 */
export function cut(findings: readonly Finding[]): readonly Finding[] {
  const own = findings.filter(({ code }) => code !== "findings_cut");
  if (own.length <= MOST_FINDINGS) return findings;
  const errorsFirst = [
    ...own.filter(({ severity }) => severity === "error"),
    ...own.filter(({ severity }) => severity === "warning"),
  ];
  const kept = new Set(errorsFirst.slice(0, MOST_FINDINGS));
  const more = warning(
    "findings_cut",
    "/pass",
    `There are at least ${own.length - MOST_FINDINGS} more findings than these ${MOST_FINDINGS}.`,
    "Mend these, and look again.",
  );
  return [
    findings.find(({ code }) => code === "findings_cut") ?? more,
    ...own.filter((finding) => kept.has(finding)),
  ];
}

/** The path of keys as a pointer: `["images", "fr.lproj/logo.png"]` → `/images/fr.lproj~1logo.png`. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
