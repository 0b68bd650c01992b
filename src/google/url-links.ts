/**
 * The links of pass.json's own keys: those of the event guide, of a flight, and the featured actions. Google has no keys for them,
 * so they are links below the card. Their words are a guess, and English: the keys have no texts. Follows Apple's "Pass".
 */
import type { TemplatePass } from "../pkpass/schema/schema.ts";
import { compact } from "./compact.ts";
import { toUri } from "./field-links.ts";
import { toSafeUri } from "./markup.ts";
import { toModuleId } from "./text-modules.ts";
import type { AppLinkData, Uri } from "./types.ts";

const WEB = {
  managementURL: "Manage booking",
  changeSeatURL: "Change seat",
  upgradeURL: "Upgrade",
  purchaseAdditionalBaggageURL: "Add bags",
  trackBagsURL: "Track bags",
  reportLostBagURL: "Report lost bag",
  purchaseWifiURL: "Buy Wi-Fi",
  purchaseLoungeAccessURL: "Lounge access",
  entertainmentURL: "Entertainment",
  requestWheelchairURL: "Request wheelchair",
  registerServiceAnimalURL: "Service animal",
  transitProviderWebsiteURL: "Website",
  transferURL: "Transfer ticket",
  sellURL: "Sell ticket",
  addOnURL: "Add-ons",
  bagPolicyURL: "Bag policy",
  directionsInformationURL: "Directions",
  parkingInformationURL: "Parking",
  purchaseParkingURL: "Buy parking",
  transitInformationURL: "Public transit",
  orderFoodURL: "Order food",
  merchandiseURL: "Merchandise",
  accessibilityURL: "Accessibility",
  contactVenueWebsite: "Venue website",
} as const satisfies Partial<Record<keyof TemplatePass, string>>;

const CONTACTS = {
  contactVenuePhoneNumber: ["tel:", "Call venue"],
  contactVenueEmail: ["mailto:", "E-mail to venue"],
  transitProviderPhoneNumber: ["tel:", "Call"],
  transitProviderEmail: ["mailto:", "E-mail"],
} as const satisfies Partial<Record<keyof TemplatePass, readonly [string, string]>>;

const ACTIONS: Readonly<Record<string, string>> = {
  viewSchedule: "Schedule",
  watchTrailer: "Trailer",
  listenToMusic: "Music",
  call: "Call",
  place: "Map",
  addToBalance: "Add money",
  order: "Order",
  shop: "Shop",
  membershipBenefits: "Benefits",
  bookAppointment: "Book appointment",
  bookCar: "Book a car",
  bookFlight: "Book a flight",
  bookStay: "Book a stay",
  viewOffersRewards: "Offers and rewards",
};

/** @param takes whether the link of this key is wanted */
export function urlLinks(pass: TemplatePass, takes: (key: string) => boolean): Uri[] {
  const links: Uri[] = [];
  const add = (id: string, address: string | undefined, words: string) => {
    const uri = address === undefined ? undefined : toSafeUri(address);
    if (uri !== undefined) links.push(toUri(id, uri, english(words)));
  };
  for (const key of Object.keys(WEB) as (keyof typeof WEB)[]) if (takes(key)) add(key, pass[key], WEB[key]);
  for (const key of Object.keys(CONTACTS) as (keyof typeof CONTACTS)[]) {
    const [scheme, words] = CONTACTS[key];
    const contact = pass[key]?.replaceAll(/\s/g, "");
    if (takes(key) && contact) add(key, `${scheme}${contact}`, words);
  }
  const actions = takes("featuredActions") ? (pass.featuredActions ?? []) : [];
  const button = buttonOf(pass);
  for (const action of actions) {
    if (action === button) continue;
    const { identifier, type, url } = action;
    add(`action-${toModuleId(identifier)}`, url, ACTIONS[type] ?? "Open");
  }
  return links;
}

/** The button of the card: the first featured action on the web, or else the app's address if it is one of the web. */
export function appLinkOf(pass: TemplatePass): AppLinkData | undefined {
  const action = buttonOf(pass);
  const uri = webAddress(action?.url) ?? webAddress(pass.appLaunchURL);
  if (uri === undefined) return undefined;
  const words = action === undefined ? "Open app" : (ACTIONS[action.type] ?? "Open");
  return compact<AppLinkData>({
    webAppLinkInfo: { appTarget: { targetUri: { uri, description: words } } },
    displayText: english(words),
  });
}

function buttonOf({ featuredActions = [] }: TemplatePass) {
  return featuredActions.find(({ url }) => webAddress(url) !== undefined);
}

/** As Google takes it, with special characters encoded. */
function webAddress(url: string | undefined): string | undefined {
  const uri = url === undefined ? undefined : toSafeUri(url);
  return uri?.startsWith("https://") ? uri : undefined;
}

const english = (value: string) => ({ defaultValue: { language: "en", value } });
