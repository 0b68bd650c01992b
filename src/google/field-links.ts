/**
 * The links of fields: values on the back that are an address, an e-mail address or a phone number, and the links of an
 * attributedValue. Google shows them as links below the card.
 *
 * Follows Apple's "PassFieldContent" (dataDetectorTypes) and https://developers.google.com/wallet/reference/rest/v1/LinksModuleData.
 */
import { toText } from "../json.ts";
import type { Field } from "../pkpass/schema/schema.ts";
import { translateField } from "../pkpass/translate.ts";
import { compact } from "./compact.ts";
import { defaultText, ifTranslated, type Languages, localize, localizeText } from "./localized.ts";
import { readLinkMarkup, toSafeUri } from "./markup.ts";
import type { LocalizedString, Uri } from "./types.ts";

export interface FieldLinks {
  readonly uris: readonly Uri[];
  /** Whether the field is nothing but a link, so that no text of it is left. */
  readonly isLink: boolean;
}

/** @param id of the field's module; the links have it too */
export function fieldLinks(languages: Languages, id: string, field: Field): FieldLinks {
  if (typeof field.attributedValue === "string")
    return markedLinks(languages, id, field, field.attributedValue);
  const text = toText(field.value ?? "").trim();
  const uri = wholeLink(text, field.dataDetectorTypes);
  if (uri === undefined) return { uris: [], isLink: false };
  const description = localizeText(languages, field.label || text);
  return { uris: [toUri(id, uri, description)], isLink: true };
}

function markedLinks(languages: Languages, id: string, field: Field, attributed: string): FieldLinks {
  const { text, links } = readLinkMarkup(attributed);
  const uris = links.map(({ uri }, index) => {
    const description = localize(languages, (strings) => {
      const { attributedValue } = translateField(field, strings);
      return readLinkMarkup(String(attributedValue)).links[index]?.text ?? "";
    });
    const linkId = index === 0 ? id : `${id}-${index + 1}`;
    return toUri(linkId, uri, description ?? localizeText(languages, field.label));
  });
  return { uris, isLink: links.length === 1 && links[0]?.text.trim() === text.trim() };
}

/** A link of the links module. Its description is what people tap. */
export function toUri(id: string, uri: string, description: LocalizedString | undefined): Uri {
  return compact<Uri>({
    id,
    uri,
    description: defaultText(description),
    localizedDescription: ifTranslated(description),
  });
}

const EMAIL = /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}$/;
const PHONE = /^[+(\d][\d ().\u00a0/-]{5,24}\d$/;

/** The address of a text that is a link as a whole. Without types, Wallet uses all detectors, and with none no detector. */
function wholeLink(text: string, types: readonly string[] | undefined): string | undefined {
  const detects = (name: string) => types?.includes(`PKDataDetectorType${name}`) ?? true;
  if (detects("Link")) {
    if (EMAIL.test(text)) return `mailto:${text}`;
    if (/^https?:\/\/\S+$/i.test(text)) return toSafeUri(text);
  }
  if (!detects("PhoneNumber") || !PHONE.test(text)) return undefined;
  // Without being named a phone number, one has to look like it: a card has a number too.
  const isNamed = types !== undefined;
  const digits = text.replaceAll(/\D/g, "");
  if (digits.length < 7 || digits.length > 15 || (!isNamed && !text.startsWith("+"))) return undefined;
  return `tel:${text.startsWith("+") ? "+" : ""}${digits}`;
}
