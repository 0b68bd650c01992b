/**
 * What holders of Google Wallet are notified of when a class or an object changes: the fields with a changeMessage whose value
 * differs from what was last sent. Pure.
 *
 * Google shows no text of a field by itself. A notice is either a message of ours (addMessage, TEXT_AND_NOTIFY), or Google's own
 * words for the few members of which it notifies (notifyPreference NOTIFY_ON_UPDATE).
 *
 * As on iPhones, only a different `value` counts. A value that is hidden or empty now is no notice: there is nothing to say.
 * Follows https://developers.google.com/wallet/generic/use-cases/trigger-push-notifications.
 */
import { isObject, type JsonObject, memberOf, toText } from "../json.ts";
import { type Layer, mergePass } from "../pkpass/build/render.ts";
import { wholeChangeText } from "../pkpass/change-text.ts";
import type { Field } from "../pkpass/schema/schema.ts";
import { translateField } from "../pkpass/translate.ts";
import { cardFields } from "./card-content.ts";
import { compact } from "./compact.ts";
import { defaultText, ifTranslated, type Languages, localize, localizeText } from "./localized.ts";
import { differsNotifying, hasNotifyingMembers } from "./notifying-members.ts";
import { type PassSource, renderClass, renderObject, type SharedSource, toSharedCard } from "./render.ts";
import type { Message } from "./types.ts";

/** Field key → its value as text, of all fields: one may get its changeMessage later. */
export type NoticeTexts = Readonly<Record<string, string>>;

export interface GoogleNotice {
  /** The key of the field. */
  readonly field: string;
  /** message: Google gets `message`. member: Google notifies in its own words, because a member differs of which it does so. */
  readonly kind: "message" | "member";
  /** Google's Message, without id and messageType: header, body, localizedHeader, localizedBody. */
  readonly message: JsonObject;
}

export interface Noticed {
  /** To be stored, for the next change. */
  readonly texts: NoticeTexts;
  readonly notices: readonly GoogleNotice[];
}

/**
 * The key of no field. It tells texts that were recorded, and may be none, from those of a row that was never recorded: then nobody
 * knows what the phones showed.
 */
const RECORDED = "";

/** @param before as stored; undefined, or without any key, if the class was never sent: then there are no notices */
export function noticesOfClass(source: SharedSource, before: NoticeTexts | undefined): Noticed {
  const card = toSharedCard(source);
  const { content, chosen } = card;
  const fields = cardFields(content.pass, content.style);
  const texts = Object.fromEntries([
    [RECORDED, ""],
    ...fields.map(({ key, field }) => [key, valueText(field)]),
  ]);
  if (!isRecorded(before)) return { texts, notices: [] };
  const changed = fields.filter(
    ({ key, field }) => getsNotice(field) && valueText(field) !== textOf(before, key),
  );
  const isMember = (key: string) => {
    if (!hasNotifyingMembers(chosen.type, "class")) return false;
    const earlier = { ...source, event: withValue(source.event ?? EMPTY, key, textOf(before, key)) };
    return differsNotifying(
      chosen.type,
      "class",
      renderClass(earlier).resource,
      renderClass(source).resource,
    );
  };
  return { texts, notices: changed.map(({ key, field }) => toNotice(content, field, isMember(key))) };
}

/**
 * Only the fields that the pass itself sets, or has set until now. What its event or its template say is a notice of the class.
 * @param before as stored of the object; undefined, or without any key, if it was never sent
 * @param ofClass as stored of its class: what the object showed of a field that it did not set
 */
export function noticesOfObject(
  source: SharedSource,
  pass: PassSource,
  before: NoticeTexts | undefined,
  ofClass: NoticeTexts,
): Noticed {
  const { content, chosen } = toSharedCard(source);
  const merged = mergePass(
    source.template,
    { ...pass.content, event: source.event, voided: false },
    pass.serialNumber,
  );
  const sets = (key: string) => setsValue(pass.content, key);
  const fields = cardFields(merged, content.style);
  const texts = Object.fromEntries([
    [RECORDED, ""],
    ...fields.flatMap(({ key, field }) => (sets(key) ? [[key, valueText(field)]] : [])),
  ]);
  // The state says what has become of such a pass, and its values no longer matter.
  const isActive = pass.status === "active" && merged.voided !== true;
  if (!isRecorded(before) || !isActive) return { texts, notices: [] };
  const shown = (key: string) => {
    if (Object.hasOwn(before, key)) return before[key];
    return isRecorded(ofClass) ? textOf(ofClass, key) : undefined;
  };
  const changed = fields.filter(({ key, field }) => {
    if (!getsNotice(field) || !(sets(key) || Object.hasOwn(before, key))) return false;
    const earlier = shown(key);
    return earlier !== undefined && earlier !== valueText(field);
  });
  const isMember = (key: string) => {
    if (!hasNotifyingMembers(chosen.type, "object")) return false;
    const layer = withValue(pass.content, key, shown(key) ?? "");
    const earlier = { ...pass, content: { ...pass.content, ...layer } };
    return differsNotifying(
      chosen.type,
      "object",
      renderObject(source, earlier).resource,
      renderObject(source, pass).resource,
    );
  };
  return { texts, notices: changed.map(({ key, field }) => toNotice(content, field, isMember(key))) };
}

/** Whether Google's own words are enough: it has some for each of the fields. Otherwise one message has all texts. */
export function hasGoogleWords(notices: readonly GoogleNotice[]): boolean {
  return notices.length > 0 && notices.every(({ kind }) => kind === "member");
}

const EMPTY: Layer = { values: {}, overrides: {}, without: [] };

/** The layer with another value of a field. */
function withValue(layer: Layer, key: string, value: string): Layer {
  return { ...layer, values: { ...layer.values, [key]: { ...layer.values[key], value } } };
}

function isRecorded(texts: NoticeTexts | undefined): texts is NoticeTexts {
  return texts !== undefined && Object.hasOwn(texts, RECORDED);
}

/** What was shown of a field; nothing if it did not exist or was hidden. */
function textOf(texts: NoticeTexts, key: string): string {
  return Object.hasOwn(texts, key) ? (texts[key] ?? "") : "";
}

/** Whether the layer has a value of the field, and not only another label. */
function setsValue({ values }: Pick<Layer, "values">, key: string): boolean {
  const override: unknown = Object.hasOwn(values, key) ? values[key] : undefined;
  return isObject(override) && memberOf(override, "value") !== undefined;
}

/** Whether a change of the field gets a notice: it has a changeMessage and a value. */
function getsNotice(field: Field): boolean {
  return (field.changeMessage ?? "").trim() !== "" && valueText(field).trim() !== "";
}

function valueText({ value = "" }: Field): string {
  return toText(value);
}

/** The header is the label; without one, Google shows the body alone. */
function toNotice(languages: Languages, field: Field, isMember: boolean): GoogleNotice {
  const header = localizeText(languages, field.label);
  const body = localize(languages, (strings, locale) =>
    wholeChangeText(translateField(field, strings), locale),
  );
  const message = compact<Message>({
    header: defaultText(header),
    body: defaultText(body),
    localizedHeader: ifTranslated(header),
    localizedBody: ifTranslated(body),
  });
  return { field: field.key, kind: isMember ? "member" : "message", message: { ...message } };
}
