/**
 * A strict reader of Google's resources, as Google is: it refuses members that a type does not have, and resources that lack a
 * required one. It shares nothing with src/google. Written by hand from the reference of Google's REST API
 * (https://developers.google.com/wallet/reference/rest).
 */

type Check = (value: unknown, at: string) => string[];

const shape =
  (expected: string, matches: (value: unknown) => boolean): Check =>
  (value, at) =>
    matches(value) ? [] : [`${at} is not ${expected}: ${JSON.stringify(value)}`];
const matching = (expected: string, pattern: RegExp) =>
  shape(expected, (value) => typeof value === "string" && pattern.test(value));

const text = shape("a text", (value) => typeof value === "string" && value.trim() !== "");
const flag = shape("true or false", (value) => typeof value === "boolean");
const number = shape("a number", (value) => typeof value === "number" && Number.isFinite(value));
const oneOf = (...values: string[]) => shape(values.join(" or "), (value) => values.includes(String(value)));

const list =
  (item: Check, most = Number.POSITIVE_INFINITY): Check =>
  (value, at) => {
    if (!Array.isArray(value)) return [`${at} is no list`];
    if (value.length === 0 || value.length > most) return [`${at} has ${value.length} items`];
    return value.flatMap((each, index) => item(each, `${at}[${index}]`));
  };

/** Members by name. A name that ends with `*` is required. */
const members =
  (
    known: Readonly<Record<string, Check>>,
    rule: (value: Record<string, unknown>) => string[] = () => [],
  ): Check =>
  (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${at} is no object`];
    const given = value as Record<string, unknown>;
    const checks = new Map(Object.entries(known).map(([name, check]) => [name.replace("*", ""), check]));
    const required = Object.keys(known).flatMap((name) => (name.endsWith("*") ? name.slice(0, -1) : []));
    return [
      ...required.filter((name) => !Object.hasOwn(given, name)).map((name) => `${at}.${name} is missing`),
      ...Object.entries(given).flatMap(([name, member]) => {
        return checks.get(name)?.(member, `${at}.${name}`) ?? [`${at}.${name} is unknown`];
      }),
      ...rule(given).map((fault) => `${at}: ${fault}`),
    ];
  };

const id = matching("an id", /^\d+\.[A-Za-z0-9._-]+$/);
const moduleId = matching("the id of a module", /^[A-Za-z0-9_-]+$/);
const language = matching("a language tag", /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/);
const colour = matching("a colour", /^#[0-9a-f]{6}$/);
const https = matching("an https address", /^https:\/\/[^\s]+$/);
const dated = matching("a date with an offset", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/);
const local = matching("a local date", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);

const translation = members({ "language*": language, "value*": text });
const texts = members({ "defaultValue*": translation, translatedValues: list(translation) });
const image = members({ "sourceUri*": members({ "uri*": https }), contentDescription: texts });
const uri = members({
  "uri*": matching("an address with a scheme", /^(https?|tel|mailto|geo):.+/),
  ...{ id: moduleId, description: text, localizedDescription: texts },
});
const money = members({
  "currencyCode*": matching("a currency", /^[A-Z]{3}$/),
  "micros*": matching("micros", /^-?\d+$/),
});
const textModule = members(
  { "id*": moduleId, header: text, body: text, localizedHeader: texts, localizedBody: texts },
  ({ body, localizedBody }) => ((body === undefined) === (localizedBody === undefined) ? ["one body"] : []),
);
const points = members({
  ...{ label: text, localizedLabel: texts },
  "balance*": members({ string: text, int: number, double: number, money }, (balance) =>
    Object.keys(balance).length === 1 ? [] : ["a balance is exactly one of four"],
  ),
});

const path = matching(
  "a path",
  /^(class|object)\.(textModulesData\['[A-Za-z0-9_-]+'\]|linksModuleData\.uris\['[A-Za-z0-9_-]+'\])$/,
);
const item = members({ "firstValue*": members({ "fields*": list(members({ "fieldPath*": path }), 2) }) });
const row = members(
  {
    oneItem: members({ "item*": item }),
    twoItems: members({ "startItem*": item, "endItem*": item }),
    threeItems: members({ "startItem*": item, "middleItem*": item, "endItem*": item }),
  },
  (given) => (Object.keys(given).length === 1 ? [] : ["a row is exactly one of three"]),
);
const layout = members({
  cardTemplateOverride: members({ "cardRowTemplateInfos*": list(row, 3) }),
  detailsTemplateOverride: members({ "detailsItemInfos*": list(members({ "item*": item })) }),
});

const target = members({ "targetUri*": members({ "uri*": https, "description*": text }) });
const everywhere = {
  appLinkData: members({ webAppLinkInfo: members({ "appTarget*": target }), displayText: texts }),
  linksModuleData: members({ "uris*": list(uri) }),
  merchantLocations: list(members({ "latitude*": number, "longitude*": number }), 10),
  textModulesData: list(textModule),
};
const everyClass = {
  ...everywhere,
  "id*": id,
  classTemplateInfo: layout,
  multipleDevicesAndHoldersAllowedStatus: oneOf("MULTIPLE_HOLDERS", "ONE_USER_ALL_DEVICES"),
};
const branded = {
  ...everyClass,
  ...{ "issuerName*": text, localizedIssuerName: texts, "reviewStatus*": oneOf("UNDER_REVIEW") },
  ...{ hexBackgroundColor: colour, heroImage: image },
};
const airport = members({
  "airportIataCode*": matching("an airport", /^[A-Z]{3}$/),
  ...{ terminal: text, gate: text, airportNameOverride: texts },
});
const carrier = members(
  {
    carrierIataCode: matching("an IATA code", /^[A-Z0-9]{2}$/),
    carrierIcaoCode: matching("an ICAO code", /^[A-Z]{3}$/),
    ...{ airlineName: texts, airlineLogo: image, wideAirlineLogo: image },
  },
  ({ carrierIataCode, carrierIcaoCode }) =>
    (carrierIataCode === undefined) === (carrierIcaoCode === undefined) ? ["one code of the carrier"] : [],
);

const CLASSES: Readonly<Record<string, Check>> = {
  generic: members(everyClass),
  eventTicket: members({
    ...branded,
    "eventName*": texts,
    venue: members({ "name*": texts, "address*": texts }),
    dateTime: members({
      ...{ start: dated, end: dated, doorsOpen: dated },
      doorsOpenLabel: oneOf("DOORS_OPEN", "GATES_OPEN"),
    }),
    ...{ finePrint: texts, logo: image, wideLogo: image },
  }),
  flight: members({
    ...branded,
    "flightHeader*": members({ "carrier*": carrier, "flightNumber*": matching("digits", /^\d+$/) }),
    ...{ "origin*": airport, "destination*": airport, "localScheduledDepartureDateTime*": local },
    ...{ localBoardingDateTime: local, localScheduledArrivalDateTime: local },
    ...{ localEstimatedOrActualDepartureDateTime: local, localEstimatedOrActualArrivalDateTime: local },
  }),
  loyalty: members({
    ...branded,
    ...{ "programName*": text, localizedProgramName: texts, "programLogo*": image, wideProgramLogo: image },
  }),
  offer: members({
    ...branded,
    ...{ "title*": text, localizedTitle: texts, "provider*": text, localizedProvider: texts },
    "redemptionChannel*": oneOf("INSTORE", "ONLINE", "BOTH", "TEMPORARY_PRICE_REDUCTION"),
    ...{ titleImage: image, wideTitleImage: image, details: text, localizedDetails: texts },
    ...{ finePrint: text, localizedFinePrint: texts },
  }),
  giftCard: members({
    ...branded,
    ...{ merchantName: text, localizedMerchantName: texts, programLogo: image, wideProgramLogo: image },
    allowBarcodeRedemption: flag,
  }),
  transit: members({
    ...branded,
    "transitType*": oneOf("BUS", "RAIL", "TRAM", "FERRY", "OTHER"),
    ...{ "logo*": image, wideLogo: image, transitOperatorName: texts },
  }),
};

const barcode = members(
  {
    "type*": oneOf(
      ...["AZTEC", "CODE_39", "CODE_128", "CODABAR", "DATA_MATRIX", "EAN_8", "EAN_13", "ITF_14"],
      ...["PDF_417", "QR_CODE", "UPC_A", "TEXT_ONLY"],
    ),
    ...{ "value*": text, alternateText: text, renderEncoding: oneOf("UTF_8") },
  },
  ({ type, value, renderEncoding }) => [
    ...(type === "ITF_14" && !/^\d{14}$/.test(String(value)) ? ["an ITF has 14 digits"] : []),
    ...(type !== "QR_CODE" && renderEncoding !== undefined ? ["only a QR code has an encoding"] : []),
  ],
);
const moment = members({ "date*": dated });
const everyObject = {
  ...everywhere,
  ...{ "id*": id, "classId*": id, barcode, heroImage: image },
  "state*": oneOf("ACTIVE", "COMPLETED", "EXPIRED", "INACTIVE"),
  validTimeInterval: members({ start: moment, end: moment }),
  groupingInfo: members({ "groupingId*": text }),
};
const leg = members(
  {
    ...{ originName: texts, destinationName: texts, departureDateTime: dated, arrivalDateTime: dated },
    ...{ platform: text, carriage: text, ticketSeat: members({ coach: text, seat: text }) },
  },
  ({ originName }) => (originName === undefined ? ["a leg has an origin"] : []),
);

const OBJECTS: Readonly<Record<string, Check>> = {
  generic: members({
    ...everyObject,
    ...{ "cardTitle*": texts, "header*": texts, subheader: texts, logo: image, wideLogo: image },
    hexBackgroundColor: colour,
    notifications: members({ upcomingNotification: members({ "enableNotification*": flag }) }),
  }),
  eventTicket: members({
    ...everyObject,
    seatInfo: members({ seat: texts, row: texts, section: texts, gate: texts }),
    reservationInfo: members({ confirmationCode: text }),
    ...{ ticketHolderName: text, ticketNumber: text, ticketType: texts, faceValue: money },
    hexBackgroundColor: colour,
  }),
  flight: members({
    ...everyObject,
    "passengerName*": text,
    "reservationInfo*": members({
      ...{ confirmationCode: text, eticketNumber: text },
      frequentFlyerInfo: members({ frequentFlyerNumber: text, frequentFlyerProgramName: texts }),
    }),
    boardingAndSeatingInfo: members({
      ...{ boardingGroup: text, sequenceNumber: text, seatNumber: text, seatClass: text },
    }),
    hexBackgroundColor: colour,
  }),
  loyalty: members({
    ...everyObject,
    ...{ accountId: text, accountName: text, loyaltyPoints: points, secondaryLoyaltyPoints: points },
  }),
  offer: members(everyObject),
  giftCard: members({ ...everyObject, "cardNumber*": text, pin: text, balance: money }),
  transit: members(
    {
      ...everyObject,
      "tripType*": oneOf("ROUND_TRIP", "ONE_WAY"),
      ...{ ticketLeg: leg, passengerNames: text, ticketNumber: text, hexBackgroundColor: colour },
      passengerType: oneOf("SINGLE_PASSENGER", "MULTIPLE_PASSENGERS"),
      purchaseDetails: members({ confirmationCode: text }),
    },
    ({ ticketLeg, validTimeInterval }) => {
      const { departureDateTime } = (ticketLeg ?? {}) as Record<string, unknown>;
      const isUndated = ticketLeg !== undefined && (departureDateTime ?? validTimeInterval) === undefined;
      return isUndated ? ["a leg has a departure, or its ticket a validity"] : [];
    },
  ),
};

/** Why Google would refuse the class. Empty if it would not. */
export function classRefusals(type: string, resource: unknown): string[] {
  return CLASSES[type]?.(resource, "class") ?? [`no type ${type}`];
}

/** Why Google would refuse the object, which belongs to a class of this id. */
export function objectRefusals(type: string, resource: unknown): string[] {
  return OBJECTS[type]?.(resource, "object") ?? [`no type ${type}`];
}
