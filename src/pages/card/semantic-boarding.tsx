/**
 * The semantic boarding pass of iOS 26: a flight drawn from its semantic tags, with times at the airports' own clocks.
 *
 * Which tags it needs follows Apple's "Creating an airline boarding pass using semantic tags". Where each of them is, and in
 * which size, is a guess from the picture there.
 */
import { toText } from "../../json.ts";
import { collectSemantics, type Semantics } from "../../pkpass/collect-semantics.ts";
import { formatMoment } from "../../pkpass/format-value.ts";
import { CODE_LINE } from "./boarding.tsx";
import { type Fact, Primary, Row } from "./fields.tsx";
import { Foot, type LayoutProps, PosterBrand } from "./parts.tsx";
import { TransitSymbol } from "./transit.tsx";
import type { Words } from "./words.ts";

export function SemanticBoardingPass({ pass, style, pictures, locale, words, code }: LayoutProps) {
  const tags = collectSemantics(pass, style);
  const { departure, arrival, boarding, day } = timesOf(tags, locale);
  const flight = [tags.airlineCode, toText(tags.flightNumber ?? "")].filter(Boolean).join(" ");
  const origin = facts([tags.departureCityName, tags.departureAirportCode]);
  const destination = facts([tags.destinationCityName, tags.destinationAirportCode]);
  return (
    <>
      <div class="part">
        <header>
          <PosterBrand
            pass={pass}
            logo={pictures.primaryLogo ?? pictures.logo}
            text={pass.organizationName}
          />
          <Row name="heading" facts={facts([day, flight])} />
        </header>
        <div class="journey">
          <Primary facts={origin} among={[...origin, ...destination]} line={CODE_LINE} />
          <TransitSymbol type="PKTransitTypeAir" />
          <Primary facts={destination} among={[...origin, ...destination]} line={CODE_LINE} />
        </div>
        <div class="times">
          <span>{departure}</span>
          {tags.transitStatus && <b dir="auto">{tags.transitStatus}</b>}
          <span>{arrival}</span>
        </div>
      </div>
      <div class="part">
        <Row
          name="secondary"
          facts={facts(
            [words.terminal, tags.departureTerminal],
            [words.gate, tags.departureGate],
            [words.boarding, boarding],
          )}
        />
        <Row name="auxiliary" facts={passengerFacts(tags, words)} />
        <Row
          name="auxiliary"
          facts={facts([words.cabin, tags.ticketFareClass], [words.confirmation, tags.confirmationNumber])}
        />
        <Foot code={code} footer={pictures.footer} />
      </div>
    </>
  );
}

function passengerFacts(tags: Semantics, words: Words): Fact[] {
  const { givenName, familyName } = tags.passengerName ?? {};
  return facts(
    [words.passenger, [givenName, familyName].filter(Boolean).join(" ")],
    [words.seat, seatOf(tags)],
    [words.group, tags.boardingGroup],
    [words.zone, tags.boardingZone],
  );
}

function seatOf({ seats = [] }: Semantics): string {
  return seats.map(({ seatRow = "", seatNumber = "" }) => `${seatRow}${seatNumber}`).join(", ");
}

/** The current times come before the original ones. */
function timesOf(tags: Semantics, locale: string) {
  const from = tags.departureLocationTimeZone ?? tags.departureAirportTimeZone;
  const to = tags.destinationLocationTimeZone ?? tags.destinationAirportTimeZone;
  const time = (date: string | undefined, zone: string | undefined) =>
    formatMoment(date, zone, locale, { timeStyle: "short" });
  const leaves = tags.currentDepartureDate ?? tags.originalDepartureDate;
  return {
    departure: time(leaves, from),
    arrival: time(tags.currentArrivalDate ?? tags.originalArrivalDate, to),
    boarding: time(tags.currentBoardingDate ?? tags.originalBoardingDate, from),
    day: formatMoment(leaves, from, locale, { weekday: "short", day: "numeric", month: "short" }),
  };
}

/** The facts that have a value. */
function facts(
  ...pairs: readonly (readonly [label: string | undefined, value: string | undefined])[]
): Fact[] {
  return pairs.flatMap(([label = "", value = ""]) => (value === "" ? [] : { label, value }));
}
