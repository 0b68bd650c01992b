/**
 * The keys of fields. Passes store their values by key, and the scan rule and the join page name fields by key, so they follow
 * when a key changes. Pure.
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

type WithFields = Pick<TemplateDraft, "pass" | "scan" | "join">;

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

export type KeyUse = "scan" | "join";

/** What else names the field. */
export function keyUses({ scan, join }: Omit<WithFields, "pass">, key: string): readonly KeyUse[] {
  const isAsked = questionsOf(join).some((question) => memberOf(question, "key") === key);
  return [...(scan?.field === key ? ["scan" as const] : []), ...(isAsked ? ["join" as const] : [])];
}

/** "Scans add to this field. The join page asks for it." */
export function keyUseWords(uses: readonly KeyUse[]): string {
  const words = { scan: "Scans add to this field.", join: "The join page asks for this field." };
  return uses.map((use) => words[use]).join(" ");
}

/**
 * Another key for the field. The same field of another style gets it too, and so do the scan rule and the join page, unless
 * another field with the old key is left.
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
  const { scan, join } = draft;
  const questions = questionsOf(join).map((question) =>
    isObject(question) && question.key === before ? { ...question, key } : question,
  );
  return {
    pass,
    scan: scan?.field === before ? { ...scan, field: key } : scan,
    join: join === null || !keyUses(draft, before).includes("join") ? join : { ...join, fields: questions },
  };
}

function questionsOf(join: JsonObject | null): readonly unknown[] {
  return Array.isArray(join?.fields) ? join.fields : [];
}
