/**
 * The buttons that Wallet shows below a pass: featured actions (iOS 27), and the links of the event guide (iOS 18) and of
 * the semantic boarding pass (iOS 26).
 *
 * Follows Apple's "Pass", "Creating a poster event pass" and WWDC 2026, session 209. The words on the buttons are a guess,
 * and are English on every page.
 */
import type { TemplatePass } from "../../pkpass/schema/schema.ts";
import { hrefOfContact } from "../../templates/contact.ts";
import type { Look } from "./looks.ts";

export interface PassLink {
  readonly title: string;
  readonly href: string;
}

const ACTIONS: Readonly<Record<string, string>> = {
  viewSchedule: "Schedule",
  watchTrailer: "Trailer",
  listenToMusic: "Music",
  call: "Call",
  place: "Map",
  addToBalance: "Add Money",
  order: "Order",
  shop: "Shop",
  membershipBenefits: "Benefits",
  bookAppointment: "Book Appointment",
  bookCar: "Book a Car",
  bookFlight: "Book a Flight",
  bookStay: "Book a Stay",
  viewOffersRewards: "Offers & Rewards",
};
/** Wallet shows two. */
const MAX_ACTIONS = 2;

const EVENT_GUIDE = {
  transferURL: "Transfer Ticket",
  sellURL: "Sell Ticket",
  addOnURL: "Add-Ons",
  bagPolicyURL: "Bag Policy",
  directionsInformationURL: "Directions",
  parkingInformationURL: "Parking",
  purchaseParkingURL: "Buy Parking",
  transitInformationURL: "Public Transit",
  orderFoodURL: "Order Food",
  merchandiseURL: "Merchandise",
  accessibilityURL: "Accessibility",
  contactVenueWebsite: "Venue Website",
  contactVenuePhoneNumber: "Call Venue",
  contactVenueEmail: "Email Venue",
} as const;

const FLIGHT_SERVICES = {
  managementURL: "Manage Booking",
  changeSeatURL: "Change Seat",
  upgradeURL: "Upgrade",
  purchaseAdditionalBaggageURL: "Add Bags",
  trackBagsURL: "Track Bags",
  reportLostBagURL: "Report Lost Bag",
  purchaseWifiURL: "Buy Wi-Fi",
  purchaseLoungeAccessURL: "Lounge Access",
  entertainmentURL: "Entertainment",
  requestWheelchairURL: "Request Wheelchair",
  registerServiceAnimalURL: "Service Animal",
  transitProviderWebsiteURL: "Airline Website",
  transitProviderPhoneNumber: "Call Airline",
  transitProviderEmail: "Email Airline",
} as const;

/** The featured actions. A place without a url cannot be opened outside of Apple Maps. */
export function featuredActions(pass: TemplatePass): PassLink[] {
  return (pass.featuredActions ?? []).slice(0, MAX_ACTIONS).flatMap(({ type, url }) => {
    const href = toSafeHref(url ?? "");
    const title = Object.hasOwn(ACTIONS, type) ? ACTIONS[type] : undefined;
    return href === undefined || title === undefined ? [] : { title, href };
  });
}

/** The links of the layout, in Wallet's order as far as it is known. */
export function linksOf(pass: TemplatePass, { layout }: Look): PassLink[] {
  const titles: Readonly<Record<string, string>> =
    layout === "posterEventTicket" ? EVENT_GUIDE : layout === "semanticBoardingPass" ? FLIGHT_SERVICES : {};
  const values: Readonly<Record<string, unknown>> = pass;
  return Object.entries(titles).flatMap(([key, title]) => {
    const value = values[key];
    if (typeof value !== "string" || value === "") return [];
    const href = toSafeHref(toAddress(key, value));
    return href === undefined ? [] : { title, href };
  });
}

/** The link of a value that is an address, a phone number or an e-mail address by its key; empty if it has no link. */
function toAddress(key: string, value: string): string {
  if (key.endsWith("Email")) return hrefOfContact(value) ?? "";
  if (!key.endsWith("PhoneNumber")) return value;
  // Digits next to letters would be another number.
  return /\p{L}/u.test(value) ? "" : `tel:${value.replaceAll(/[^\d+]/g, "")}`;
}

const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

function toSafeHref(text: string): string | undefined {
  const url = URL.parse(text.toWellFormed());
  return url !== null && SAFE_SCHEMES.has(url.protocol) ? url.href : undefined;
}

/** Two large buttons below the card. */
export function Actions({ links }: { links: readonly PassLink[] }) {
  if (links.length === 0) return null;
  return (
    <p class="actions" lang="en">
      {links.map(({ title, href }) => (
        <a href={href} rel="noopener noreferrer nofollow">
          {title}
        </a>
      ))}
    </p>
  );
}
