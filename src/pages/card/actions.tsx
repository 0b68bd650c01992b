/**
 * The buttons that Wallet shows below a pass: featured actions (iOS 27), and the links of the event guide (iOS 18) and of
 * the semantic boarding pass (iOS 26).
 *
 * Follows Apple's "Pass", "Creating a poster event pass" and WWDC 2026, session 209.
 */
import type { TemplatePass } from "../../pkpass/schema/schema.ts";
import { hrefOfContact } from "../../templates/contact.ts";
import type { Marks } from "../own-words.ts";
import { linkWordsOf } from "./link-words.ts";
import type { Look } from "./looks.ts";

export interface PassLink {
  readonly title: string;
  readonly href: string;
}

/** Wallet shows two. */
const MAX_ACTIONS = 2;

/** The featured actions. A place without a url cannot be opened outside of Apple Maps. */
export function featuredLinks(pass: TemplatePass, locale: string): PassLink[] {
  const titles = new Map(Object.entries(linkWordsOf(locale).actions));
  return (pass.featuredActions ?? []).slice(0, MAX_ACTIONS).flatMap(({ type, url }) => {
    const href = toSafeHref(url ?? "");
    const title = titles.get(type);
    return href === undefined || title === undefined ? [] : { title, href };
  });
}

/** The links of the layout, in Wallet's order as far as it is known. */
export function linksOf(pass: TemplatePass, { layout }: Look, locale: string): PassLink[] {
  const section = sectionOf(layout);
  if (section === undefined) return [];
  const titles: Readonly<Record<string, string>> = linkWordsOf(locale)[section];
  const values: Readonly<Record<string, unknown>> = pass;
  // The order is that of the English words.
  return Object.keys(linkWordsOf("en")[section]).flatMap((key) => {
    const title = titles[key] ?? key;
    const value = values[key];
    if (typeof value !== "string" || value === "") return [];
    const href = toSafeHref(toAddress(key, value));
    return href === undefined ? [] : { title, href };
  });
}

function sectionOf(layout: Look["layout"]): "eventGuide" | "flightServices" | undefined {
  if (layout === "posterEventTicket") return "eventGuide";
  return layout === "semanticBoardingPass" ? "flightServices" : undefined;
}

/** The link of a value. Its key says whether it is an e-mail address, a phone number or a web address. Empty: it has no link. */
function toAddress(key: string, value: string): string {
  if (key.endsWith("Email")) return hrefOfContact(value) ?? "";
  if (!key.endsWith("PhoneNumber")) return value;
  // With letters in it, the digits alone would be another number.
  return /\p{L}/u.test(value) ? "" : `tel:${value.replaceAll(/[^\d+]/g, "")}`;
}

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

function toSafeHref(text: string): string | undefined {
  const url = URL.parse(text.toWellFormed());
  return url !== null && SAFE_SCHEMES.has(url.protocol) ? url.href : undefined;
}

/** Two large buttons below the card. @param marks the language of the words on them */
export function Actions({ links, marks }: { links: readonly PassLink[]; marks: Marks }) {
  if (links.length === 0) return null;
  return (
    <p class="actions" {...marks}>
      {links.map(({ title, href }) => (
        <a href={href} rel="noopener noreferrer nofollow">
          {title}
        </a>
      ))}
    </p>
  );
}
