/**
 * The `google` part of a draft as the panel edits it: the type, the hints and single texts. Pure. The draft may be wrong, as people
 * type it: what is not understood is left as it is.
 */
import type { Hint } from "../../../../google/hints.ts";
import { isObject, type JsonObject, memberOf } from "../../../../json.ts";
import { memberText, templateFields } from "../../change/template-fields.ts";
import type { TemplateDraft } from "../draft/draft.ts";
import { withMember } from "../draft/pass-members.ts";
import type { LintFinding } from "../panel.ts";
import { classicStyle, shownStyle } from "../panels/style-change.ts";
import { GOOGLE_TYPE_WORDS, type GoogleTypeName, HINTS_OF_TYPE } from "./google-words.ts";

type Google = TemplateDraft["google"];
type WithGoogle = Pick<TemplateDraft, "pass" | "google">;

/** Google's type of the style, as the service chooses it (src/google/choose-type.ts). */
export function automaticType(pass: JsonObject): GoogleTypeName {
  switch (classicStyle(pass) ?? shownStyle(pass)) {
    case "boardingPass":
      return memberOf(pass.boardingPass, "transitType") === "PKTransitTypeAir" ? "flight" : "transit";
    case "coupon":
      return "offer";
    case "eventTicket":
      return "eventTicket";
    case "storeCard":
      return "loyalty";
    default:
      return "generic";
  }
}

/** The type that was chosen, or else that of the style. */
export function googleTypeOf({ pass, google }: WithGoogle): GoogleTypeName {
  const chosen = memberText(google, "type");
  return isGoogleType(chosen) ? chosen : automaticType(pass);
}

function isGoogleType(text: string): text is GoogleTypeName {
  return Object.hasOwn(GOOGLE_TYPE_WORDS, text);
}

/** @param value empty removes the member, and the last one the whole part */
export function withGoogleText(
  google: Google,
  member: "type" | "language" | "venueAddress",
  value: string,
): Google {
  return emptyAsNull(withMember(google ?? {}, member, value === "" ? undefined : value));
}

/** @param isOn whether Google may show the pictures of single passes */
export function withOwnImages(google: Google, isOn: boolean): Google {
  return emptyAsNull(withMember(google ?? {}, "ownImages", isOn ? true : undefined));
}

/** @param key of a field. Empty: Google gets what the service finds by itself */
export function withHint(google: Google, hint: Hint, key: string): Google {
  const before = memberOf(google, "hints");
  const hints = withMember(isObject(before) ? before : {}, hint, key === "" ? undefined : key);
  return emptyAsNull(withMember(google ?? {}, "hints", Object.keys(hints).length === 0 ? undefined : hints));
}

function emptyAsNull(google: JsonObject): Google {
  return Object.keys(google).length === 0 ? null : google;
}

export interface HintChoice {
  readonly hint: Hint;
  /** The key of the field, or empty. */
  readonly value: string;
  readonly options: readonly (readonly [key: string, name: string])[];
}

/** The hints that the type uses, each with the fields to choose from. */
export function hintChoices(draft: WithGoogle): readonly HintChoice[] {
  const fields = templateFields(draft.pass);
  const isShared = (name: string) => fields.filter((field) => field.name === name).length > 1;
  const options = fields.map(
    ({ key, name }) => [key, name === key || !isShared(name) ? name : `${name} (${key})`] as const,
  );
  const hints = memberOf(draft.google, "hints");
  return HINTS_OF_TYPE[googleTypeOf(draft)].map((hint) => {
    const value = memberText(hints, hint);
    const isKnown = value === "" || fields.some(({ key }) => key === value);
    const unknown = isKnown ? [] : [[value, `${value} (there is no such field)`] as const];
    return { hint, value, options: [["", "Automatic"], ...options, ...unknown] };
  });
}

/** The findings about Google that belong to no field of the panel, such as that a row is too long. */
export function otherGoogleFindings(
  findings: readonly LintFinding[],
  shown: readonly string[],
): readonly LintFinding[] {
  const isShown = (pointer: string) =>
    pointer.startsWith("/images/google~1") ||
    shown.some((each) => pointer === each || pointer.startsWith(`${each}/`));
  return findings.filter(({ code, pointer }) => {
    const isAboutGoogle =
      code.startsWith("google_") || pointer === "/google" || pointer.startsWith("/google/");
    return isAboutGoogle && !isShown(pointer);
  });
}
