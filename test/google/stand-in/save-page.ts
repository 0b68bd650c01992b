/** The pages that the stand-in shows a visitor: the saved card's title, or why it could not be saved. */
import type { Accounts } from "./accounts.ts";
import { isMembers, type Json, type JsonMembers } from "./shapes.ts";
import type { Store, Stored } from "./store.ts";

const members = (value: Json): JsonMembers => (isMembers(value) ? value : {});
const textOf = (value: Json): string | undefined => (typeof value === "string" ? value : undefined);
/** The default text of a LocalizedString. */
const localized = (value: Json) => textOf(members(members(value).defaultValue).value);

/** What is at the top of the card. In demo mode Google writes [TEST ONLY] before it. */
export function cardTitle({ type, resource }: Stored, accounts: Accounts, store: Store): string {
  const owner = store.find("Class", String(resource.classId))?.resource ?? {};
  const [issuerId = ""] = String(resource.id).split(".");
  const title = titleOf(type, resource, owner) ?? String(owner.issuerName ?? resource.id);
  return accounts.issuers.get(issuerId)?.demoMode ? `[TEST ONLY] ${title}` : title;
}

function titleOf(type: Stored["type"], object: JsonMembers, owner: JsonMembers): string | undefined {
  switch (type) {
    case "generic":
      return localized(object.header);
    case "eventTicket":
      return localized(owner.eventName);
    case "flight": {
      const { carrier, flightNumber } = members(owner.flightHeader);
      const { carrierIataCode, carrierIcaoCode } = members(carrier);
      return `${carrierIataCode ?? carrierIcaoCode} ${flightNumber}`;
    }
    case "loyalty":
      return textOf(owner.programName);
    case "offer":
      return textOf(owner.title);
    case "giftCard":
      return textOf(owner.merchantName);
    case "transit": {
      const [first] = Array.isArray(object.ticketLegs) ? object.ticketLegs : [object.ticketLeg];
      const { originName, destinationName } = members(first);
      const names = [localized(originName), localized(destinationName)].filter((name) => name !== undefined);
      return names.length === 0 ? localized(owner.transitOperatorName) : names.join(" – ");
    }
  }
}

/** @param cards the ids and titles of the saved cards */
export function savedPage(cards: readonly { readonly id: string; readonly title: string }[]): string {
  const items = cards.map(({ id, title }) => `<li data-object-id="${escaped(id)}">${escaped(title)}</li>`);
  return page("Added to Google Wallet", `<ul>${items.join("")}</ul>`);
}

export function refusedPage(reason: string): string {
  return page("Something went wrong", `<p>${escaped(reason)}</p>`);
}

function page(heading: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${heading}</title>
<h1>${heading}</h1>
${content}
<p>This page is from a stand-in for Google on this machine.</p>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
