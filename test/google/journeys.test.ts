/**
 * Flights and journeys: local times without an offset, both airports, seats and passengers.
 */
import { expect, test } from "vitest";
import { toAirportTime, toInterval } from "../../src/google/dates.ts";
import { semanticFlight } from "../pkpass/samples/flight.ts";
import { trainTicket } from "../pkpass/samples/journeys.ts";
import { render, renderSample } from "./sources.ts";

const { pass: flight } = semanticFlight;
const withTags = (tags: object) => ({ ...flight, semantics: { ...flight.semantics, ...tags } });

test("flight times are local at the airport, and have no offset", () => {
  expect(toAirportTime("2027-05-22T11:05+02:00")).toBe("2027-05-22T11:05:00");
  expect(toAirportTime("2027-05-22T09:05:30Z", "Europe/Copenhagen")).toBe("2027-05-22T11:05:30");
  expect(toAirportTime("2027-05-22T11:05+02:00", "Nowhere/City")).toBe("2027-05-22T11:05:00");
  expect(toAirportTime("tomorrow")).toBeUndefined();
  expect(render(withTags({ originalArrivalDate: "2027-05-22T12:50Z" })).class).toMatchObject({
    localScheduledDepartureDateTime: "2027-05-22T11:05:00",
    localBoardingDateTime: "2027-05-22T10:25:00",
    localScheduledArrivalDateTime: "2027-05-22T13:50:00",
  });
});

test("a delay is in localEstimatedOrActualDepartureDateTime, and the schedule stays", () => {
  const tags = {
    currentDepartureDate: "2027-05-22T12:00+02:00",
    currentBoardingDate: "2027-05-22T11:20+02:00",
  };
  expect(render(withTags(tags)).class).toMatchObject({
    localScheduledDepartureDateTime: "2027-05-22T11:05:00",
    localEstimatedOrActualDepartureDateTime: "2027-05-22T12:00:00",
    localBoardingDateTime: "2027-05-22T11:20:00",
  });
});

test("what belongs to the flight is in the class, and what belongs to the passenger in the object", () => {
  const rendered = render(withTags({ membershipProgramNumber: "77", membershipProgramName: "Club" }));
  expect(rendered.class).toMatchObject({
    flightHeader: { carrier: { carrierIataCode: "NY" }, flightNumber: "482" },
    origin: { airportIataCode: "CPH", terminal: "2", gate: "B7" },
    destination: { airportIataCode: "LIS" },
  });
  expect(rendered.object).toMatchObject({
    passengerName: "Freja Andersen",
    reservationInfo: { confirmationCode: "K7PQ2M", frequentFlyerInfo: { frequentFlyerNumber: "77" } },
    boardingAndSeatingInfo: { seatNumber: "18A", boardingGroup: "2", sequenceNumber: "42", seatClass: "Y" },
  });
});

test("a code of three letters is an ICAO code, and a flight number is digits only", () => {
  expect(render(withTags({ airlineCode: "NDL", flightCode: "NDL 482A" })).class.flightHeader).toMatchObject({
    carrier: { carrierIcaoCode: "NDL" },
    flightNumber: "482",
  });
});

test("a code that is neither is missing", () => {
  expect(render(withTags({ airlineCode: "N12" })).missing.map(({ what }) => what)).toEqual([
    "the airline's code",
  ]);
});

test("fields have a flight's data, if hints name them", () => {
  const { semantics: _, ...template } = flight;
  const fields = [
    { key: "no", value: "NY 482" },
    { key: "off", value: "2027-05-22T11:05+02:00", dateStyle: "PKDateStyleShort" as const },
  ];
  const boardingPass = {
    ...template.boardingPass,
    transitType: "PKTransitTypeAir" as const,
    headerFields: fields,
  };
  const {
    type,
    class: shared,
    object,
  } = render(
    { ...template, boardingPass },
    { google: { hints: { flightNumber: "no", departure: "off", passenger: "passenger", seat: "seat" } } },
  );
  expect(type).toBe("flight");
  expect(shared).toMatchObject({
    flightHeader: { carrier: { carrierIataCode: "NY" }, flightNumber: "482" },
    localScheduledDepartureDateTime: "2027-05-22T11:05:00",
  });
  expect(object).toMatchObject({
    passengerName: "Freja Andersen",
    boardingAndSeatingInfo: { seatNumber: "18A" },
  });
});

test("a passenger without a name and a code has the members that Google requires", () => {
  const { object } = render(withTags({ passengerName: {}, confirmationNumber: undefined }));
  expect(object).toMatchObject({ passengerName: "–", reservationInfo: { confirmationCode: "–" } });
});

test("a passenger whose name and code are blank has them too", () => {
  const semantics = { ...semanticFlight.pass.semantics, passengerName: { givenName: " " } };
  const { object } = render({
    ...semanticFlight.pass,
    semantics: { ...semantics, confirmationNumber: " " },
  });
  expect(object).toMatchObject({ passengerName: "–", reservationInfo: { confirmationCode: "–" } });
});

test("the airports are in the title, so the rows do not repeat them", () => {
  expect(JSON.stringify(render(flight).class.classTemplateInfo)).not.toContain(
    "class.textModulesData['from']",
  );
});

test("a journey is one leg with full dates", () => {
  const { class: shared, object } = renderSample(trainTicket);
  expect(shared).toHaveProperty("transitOperatorName.defaultValue.value", "Sundbane");
  expect(object).toMatchObject({
    tripType: "ONE_WAY",
    passengerNames: "Freja Andersen",
    passengerType: "SINGLE_PASSENGER",
    ticketLeg: {
      originName: { defaultValue: { value: "København H" } },
      destinationName: { defaultValue: { value: "Malmö C" } },
      departureDateTime: "2027-05-22T11:05:00+02:00",
      arrivalDateTime: "2027-05-22T11:45:00+02:00",
      platform: "26",
      ticketSeat: { coach: "3", seat: "18" },
    },
  });
});

test("of an interval both ends have an offset, and a start that is not before the end is left out", () => {
  expect(toInterval("2027-01-01T10:00+01:00", "2027-01-01T12:00Z")).toEqual({
    start: { date: "2027-01-01T10:00:00+01:00" },
    end: { date: "2027-01-01T12:00:00Z" },
  });
  expect(toInterval("2027-01-01T12:00Z", "2027-01-01T12:00Z")).toEqual({
    end: { date: "2027-01-01T12:00:00Z" },
  });
  expect(toInterval(undefined, "soon")).toBeUndefined();
});
