/**
 * Which of Google's types the passes of a template have: the one that its `google` part names, or else the one of its style. If
 * template and event lack what this type requires, it is generic: Google would refuse the pass, and a plainer pass is better
 * than none.
 *
 * It depends on template and event only, because both resources of a pass must have one type.
 */
import type { CardContent } from "./card-content.ts";
import { eventTicket } from "./event-ticket.ts";
import { flight } from "./flight.ts";
import { generic } from "./generic.ts";
import { giftCard } from "./gift-card.ts";
import { loyalty } from "./loyalty.ts";
import type { MissingData, TypeMapping } from "./mapping.ts";
import { offer } from "./offer.ts";
import { transit } from "./transit.ts";
import type { GoogleType } from "./types.ts";

export const MAPPINGS: { readonly [Type in GoogleType]: TypeMapping<Type> } = {
  generic,
  eventTicket,
  flight,
  loyalty,
  offer,
  giftCard,
  transit,
};

export interface ChosenType {
  readonly type: GoogleType;
  /** What the template asks for. It differs from `type` if something is missing. */
  readonly wanted: GoogleType;
  readonly missing: readonly MissingData[];
}

/** @param asked the type of the template's `google` part */
export function chooseType(shared: CardContent, asked: GoogleType | undefined): ChosenType {
  const wanted = asked ?? typeOfStyle(shared);
  const missing = MAPPINGS[wanted].missing(shared);
  return { type: missing.length === 0 ? wanted : "generic", wanted, missing };
}

function typeOfStyle({ pass, style }: CardContent): GoogleType {
  switch (style) {
    case "boardingPass":
      return pass.boardingPass?.transitType === "PKTransitTypeAir" ? "flight" : "transit";
    case "coupon":
      return "offer";
    case "eventTicket":
      return "eventTicket";
    case "storeCard":
      return "loyalty";
    case "generic":
    case "posterGeneric":
      return "generic";
  }
}
