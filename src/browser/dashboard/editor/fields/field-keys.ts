/**
 * The keys of fields. Passes store their values by key, and the scan rule, the join page and hints for Google name fields by
 * key, so they follow when a key changes. Pure.
 */
import { isObject, type JsonObject, memberOf } from "../../../../json.ts";
import { MAX_CHARACTERS } from "../../../../limits.ts";
import { SECTIONS, STYLES } from "../../../../pkpass/styles.ts";
import type { TemplateDraft } from "../draft/draft.ts";
import { textAt, withMember } from "../draft/pass-members.ts";
import {
  allFields,
  asField,
  changeField,
  entriesOf,
  type FieldPlace,
  fieldAt,
  fieldsIn,
} from "./field-list.ts";

type WithFields = Pick<TemplateDraft, "pass" | "scan" | "join"> & Partial<Pick<TemplateDraft, "google">>;

/** The longest key that is made from a label. */
const MADE_LENGTH = 40;

/** A key that no field has: "Member since" becomes `member_since`. @param place of the field itself, whose key it may have */
export function keyForLabel(pass: JsonObject, label: string, place?: FieldPlace): string {
  const own = place === undefined ? undefined : textAt(fieldAt(pass, place), "key");
  const base =
    label
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim()
      .replaceAll(" ", "_")
      .slice(0, MADE_LENGTH) || "field";
  const keys = allFields(pass).map((field) => textAt(field, "key"));
  const taken = new Set(keys.filter((key) => key !== own));
  let key = base;
  for (let count = 2; taken.has(key); count += 1) key = `${base}_${count}`;
  return key;
}

/** Why the field cannot have this key, or an empty text. */
export function keyFault(pass: JsonObject, place: FieldPlace, key: string): string {
  if (key === "") return "A field needs a key.";
  if (key.length > MAX_CHARACTERS.fieldKey) return `A key has at most ${MAX_CHARACTERS.fieldKey} characters.`;
  if (key === "__proto__") return "This key is not possible. Choose another one.";
  const others = fieldsIn(pass, place.style).filter((field) => field !== fieldAt(pass, place));
  return others.some((field) => field.key === key) ? `Another field has the key “${key}”.` : "";
}

export type KeyUse = "scan" | "join" | "google";

/** What else names the field. */
export function keyUses({ scan, join, google }: Omit<WithFields, "pass">, key: string): readonly KeyUse[] {
  const isAsked = questionsOf(join).some((question) => memberOf(question, "key") === key);
  return [
    ...(scan?.field === key ? ["scan" as const] : []),
    ...(isAsked ? ["join" as const] : []),
    ...(Object.values(hintsOf(google)).includes(key) ? ["google" as const] : []),
  ];
}

/** "Scans add to this field. The join page asks for it." */
export function keyUseWords(uses: readonly KeyUse[]): string {
  const words = {
    scan: "Scans add to this field.",
    join: "The join page asks for this field.",
    google: "Google Wallet shows this field in a place of its own.",
  };
  return uses.map((use) => words[use]).join(" ");
}

/**
 * Another key for the field. The same field of another style gets it too, and so do the scan rule, the join page and
 * the hints for Google, unless another field with the old key is left.
 */
export function renameField(draft: WithFields, place: FieldPlace, key: string): WithFields {
  const field = fieldAt(draft.pass, place);
  const before = textAt(field, "key");
  let pass = changeField(draft.pass, place, withMember(field, "key", key));
  if (before === "" || fieldsIn(pass, place.style).some((other) => other.key === before))
    return { ...draft, pass };
  for (const style of STYLES) {
    for (const section of SECTIONS) {
      for (const [index, entry] of entriesOf(pass, style, section).entries()) {
        const other = asField(entry);
        if (other.key === before)
          pass = changeField(pass, { style, section, index }, withMember(other, "key", key));
      }
    }
  }
  const { scan, join, google } = draft;
  const questions = questionsOf(join).map((question) =>
    isObject(question) && question.key === before ? { ...question, key } : question,
  );
  return {
    pass,
    scan: scan?.field === before ? { ...scan, field: key } : scan,
    join: join === null || !keyUses(draft, before).includes("join") ? join : { ...join, fields: questions },
    ...(keyUses(draft, before).includes("google") && {
      google: { ...google, hints: withHintedKey(hintsOf(google), before, key) },
    }),
  };
}

function hintsOf(google: JsonObject | null | undefined): JsonObject {
  const hints = google?.hints;
  return isObject(hints) ? hints : {};
}

function withHintedKey(hints: JsonObject, before: string, key: string): JsonObject {
  return Object.fromEntries(Object.entries(hints).map(([hint, of]) => [hint, of === before ? key : of]));
}

function questionsOf(join: JsonObject | null): readonly unknown[] {
  return Array.isArray(join?.fields) ? join.fields : [];
}
