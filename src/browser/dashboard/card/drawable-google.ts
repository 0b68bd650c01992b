/**
 * What the card in Google Wallet needs of a pass.json that a person types, besides what drawable-pass.ts takes: dates, and keys that
 * become links. Pure.
 */
import { isObject, type JsonObject } from "../../../json.ts";
import type { Semantics } from "../../../pkpass/collect-semantics.ts";
import type { TemplatePass } from "../../../pkpass/schema/schema.ts";
import { drawablePass } from "./drawable-pass.ts";

/** Names of keys with a text that Google's card or its details need. */
const TEXT_KEYS = /URL$|^(?:expirationDate|relevantDate)$|(?:Email|PhoneNumber|Website)$/;
/** Tags that are objects of texts. */
const MONEY_TAGS = ["balance", "totalPrice"];

/** Never throws, whatever the JSON is. */
export function drawableGooglePass(json: JsonObject): TemplatePass {
  const pass = drawablePass(json);
  const texts = Object.entries(json).filter(
    ([key, value]) => TEXT_KEYS.test(key) && typeof value === "string",
  );
  const actions = objectsOf(json.featuredActions).filter(({ identifier, type, url = "" }) =>
    [identifier, type, url].every((each) => typeof each === "string"),
  );
  const dates = objectsOf(json.relevantDates).filter((each) =>
    Object.values(each).every((date) => typeof date === "string"),
  );
  Object.assign(pass, Object.fromEntries(texts));
  if (actions.length > 0) Object.assign(pass, { featuredActions: actions });
  if (dates.length > 0) Object.assign(pass, { relevantDates: dates });
  const { semantics } = json;
  if (isObject(semantics)) {
    const money = MONEY_TAGS.flatMap((tag) => (isObject(semantics[tag]) ? [[tag, semantics[tag]]] : []));
    const tags: Semantics = Object.assign({}, pass.semantics, Object.fromEntries(money));
    pass.semantics = tags;
  }
  return pass;
}

function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
