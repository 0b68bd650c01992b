/**
 * What a new template starts with: a card of each style that looks like a real one. Pure.
 */
import type { JsonObject } from "../../../../json.ts";
import type { Style } from "../../../../pkpass/styles.ts";
import type { TemplateDraft } from "../draft/draft.ts";

export interface Start {
  readonly style: Style;
  readonly title: string;
  /** What the card is for. */
  readonly words: string;
  readonly pass: JsonObject;
  /** What a scan does. Absent: it redeems the pass. */
  readonly scan?: JsonObject;
}

const QR = [{ format: "PKBarcodeFormatQR" }];
/** The value of fields that show the holder. */
export const SAMPLE_NAME = "Your name";
const SHOW = { action: "show" };
const NEWS = { key: "news", label: "NEWS", value: "No news today.", changeMessage: "%@" };

export const STARTS: readonly Start[] = [
  {
    style: "storeCard",
    title: "Stamp card",
    words: "A scan adds a stamp, and gives the reward for ten.",
    scan: { action: "add", field: "stamps", by: 1, max: 10, reward: { resetTo: 0, label: "A coffee" } },
    pass: {
      description: "Stamp card",
      organizationName: "Corner Café",
      logoText: "Corner Café",
      backgroundColor: "rgb(43, 26, 18)",
      foregroundColor: "rgb(255, 244, 224)",
      labelColor: "rgb(222, 178, 129)",
      storeCard: {
        headerFields: [
          { key: "level", label: "LEVEL", value: "Regular", changeMessage: "Welcome to level %@" },
        ],
        primaryFields: [
          { key: "stamps", label: "STAMPS", value: 0, changeMessage: "You now have %@ stamps" },
        ],
        secondaryFields: [
          { key: "name", label: "NAME", value: SAMPLE_NAME },
          { key: "reward", label: "REWARD", value: "10 stamps: a coffee" },
        ],
        backFields: [NEWS, { key: "terms", label: "TERMS", value: "One stamp for each coffee." }],
      },
      barcodes: QR,
    },
  },
  {
    style: "coupon",
    title: "Coupon",
    words: "A discount that is used once.",
    pass: {
      description: "Coupon for 20% off",
      organizationName: "Corner Shop",
      logoText: "Corner Shop",
      backgroundColor: "rgb(176, 24, 52)",
      foregroundColor: "rgb(255, 255, 255)",
      labelColor: "rgb(255, 214, 220)",
      coupon: {
        primaryFields: [
          { key: "offer", label: "ON EVERYTHING", value: "20% off", changeMessage: "Your coupon: %@" },
        ],
        secondaryFields: [
          { key: "until", label: "VALID UNTIL", value: "31 December", changeMessage: "Valid until %@" },
          { key: "where", label: "WHERE", value: "All shops" },
        ],
        backFields: [NEWS, { key: "terms", label: "TERMS", value: "One coupon for each purchase." }],
      },
      barcodes: QR,
    },
  },
  {
    style: "eventTicket",
    title: "Event ticket",
    words: "A concert, a match, a conference.",
    pass: {
      description: "Concert ticket",
      organizationName: "City Hall",
      logoText: "City Hall",
      backgroundColor: "rgb(28, 24, 68)",
      foregroundColor: "rgb(255, 255, 255)",
      labelColor: "rgb(190, 184, 255)",
      eventTicket: {
        headerFields: [{ key: "gate", label: "GATE", value: "2", changeMessage: "Your gate is now %@" }],
        primaryFields: [{ key: "event", label: "EVENT", value: "Summer concert" }],
        secondaryFields: [
          { key: "date", label: "DATE", value: "12 June, 20:00", changeMessage: "The new date is %@" },
          { key: "place", label: "PLACE", value: "City Hall", changeMessage: "The new place is %@" },
        ],
        auxiliaryFields: [
          { key: "seat", label: "SEAT", value: "Row 4, 12", changeMessage: "Your seat is now %@" },
          { key: "name", label: "NAME", value: SAMPLE_NAME },
        ],
        backFields: [NEWS, { key: "entrance", label: "ENTRANCE", value: "The doors open at 19:00." }],
      },
      barcodes: QR,
    },
  },
  {
    style: "boardingPass",
    title: "Boarding pass",
    words: "A train, a bus, a boat or a flight.",
    pass: {
      description: "Train ticket",
      organizationName: "Coast Railway",
      logoText: "Coast Railway",
      backgroundColor: "rgb(0, 71, 98)",
      foregroundColor: "rgb(255, 255, 255)",
      labelColor: "rgb(168, 219, 238)",
      boardingPass: {
        transitType: "PKTransitTypeTrain",
        headerFields: [
          {
            key: "platform",
            label: "PLATFORM",
            value: "5",
            changeMessage: "The train leaves from platform %@",
          },
        ],
        primaryFields: [
          { key: "origin", label: "HARBOUR", value: "HBR" },
          { key: "destination", label: "LIGHTHOUSE", value: "LTH" },
        ],
        auxiliaryFields: [
          { key: "departure", label: "DEPARTURE", value: "09:41", changeMessage: "New departure: %@" },
          { key: "coach", label: "COACH", value: "3", changeMessage: "Your coach is now %@" },
          { key: "seat", label: "SEAT", value: "12A", changeMessage: "Your seat is now %@" },
        ],
        secondaryFields: [{ key: "name", label: "PASSENGER", value: SAMPLE_NAME }],
        backFields: [NEWS],
      },
      barcodes: [{ format: "PKBarcodeFormatAztec" }],
    },
  },
  {
    style: "generic",
    title: "Membership card",
    words: "A member, a guest, a library, a gym.",
    scan: SHOW,
    pass: {
      description: "Membership card",
      organizationName: "City Library",
      logoText: "City Library",
      backgroundColor: "rgb(17, 75, 58)",
      foregroundColor: "rgb(255, 255, 255)",
      labelColor: "rgb(176, 226, 207)",
      generic: {
        headerFields: [
          { key: "status", label: "STATUS", value: "Active", changeMessage: "Your status is %@" },
        ],
        primaryFields: [{ key: "name", label: "MEMBER", value: SAMPLE_NAME }],
        secondaryFields: [
          { key: "number", label: "NUMBER", value: "0001" },
          { key: "since", label: "MEMBER SINCE", value: "2026" },
        ],
        backFields: [
          NEWS,
          { key: "hours", label: "OPENING HOURS", value: "Monday to Saturday, 10:00 to 19:00" },
        ],
      },
      barcodes: QR,
    },
  },
  {
    style: "posterGeneric",
    title: "Poster card",
    words: "A large picture, from iOS 27. Older phones show a generic card.",
    scan: SHOW,
    pass: {
      description: "Museum card",
      organizationName: "Harbour Museum",
      logoText: "Harbour Museum",
      backgroundColor: "rgb(36, 36, 40)",
      foregroundColor: "rgb(255, 255, 255)",
      labelColor: "rgb(214, 214, 220)",
      posterGeneric: {
        headerFields: [{ key: "year", label: "YEAR", value: "2026" }],
        primaryFields: [
          { key: "name", label: "MEMBER", value: SAMPLE_NAME },
          { key: "kind", label: "CARD", value: "Friend", changeMessage: "Your card is now %@" },
        ],
        backFields: [NEWS],
      },
      generic: {
        headerFields: [{ key: "year", label: "YEAR", value: "2026" }],
        primaryFields: [{ key: "name", label: "MEMBER", value: SAMPLE_NAME }],
        secondaryFields: [
          { key: "kind", label: "CARD", value: "Friend", changeMessage: "Your card is now %@" },
        ],
        backFields: [NEWS],
      },
      barcodes: QR,
    },
  },
];

export function draftOfStart(
  { title, pass, scan }: Start,
  passTypeIdentifier: string,
  projectId: number | null = null,
): TemplateDraft {
  return {
    name: title,
    passTypeIdentifier,
    projectId,
    externalId: null,
    webService: "/",
    barcodeText: null,
    contact: null,
    wallets: null,
    pass,
    strings: {},
    personalization: null,
    scan: scan ?? null,
    join: null,
    google: null,
    images: {},
  };
}
