/** The classes of Google's seven types, by the names of their types. The syntax is that of shapes.ts. */

const EVERY = `id*:id callbackOptions:CallbackOptions classTemplateInfo:ClassTemplateInfo imageModulesData:ImageModuleData[]
  textModulesData:TextModuleData[] linksModuleData:LinksModuleData appLinkData:AppLinkData merchantLocations:MerchantLocation[]
  messages:Message[] valueAddedModuleData:ValueAddedModuleData[] securityAnimation:SecurityAnimation
  viewUnlockRequirement:UNLOCK_NOT_REQUIRED|UNLOCK_REQUIRED_TO_VIEW enableSmartTap:boolean redemptionIssuers:int64[]
  multipleDevicesAndHoldersAllowedStatus:MULTIPLE_HOLDERS|ONE_USER_ALL_DEVICES|ONE_USER_ONE_DEVICE`;
/** All but generic. What follows the colour is deprecated, but accepted. */
const BRANDED = `${EVERY} issuerName*:text localizedIssuerName:LocalizedString
  reviewStatus*:DRAFT|UNDER_REVIEW|APPROVED|REJECTED hexBackgroundColor:colour heroImage:Image homepageUri:Uri
  countryCode:country notifyPreference:NOTIFY_ON_UPDATE review:Review
  locations:LatLongPoint[] infoModuleData:InfoModuleData allowMultipleUsersPerObject:boolean version:int64 wordMark:Image`;

/** `rowLabel` and `customRowLabel`, and so on. */
const LABEL_OF_SEATS = `confirmationCodeLabel:CONFIRMATION_CODE|CONFIRMATION_NUMBER|ORDER_NUMBER|RESERVATION_NUMBER
  customConfirmationCodeLabel:LocalizedString seatLabel:SEAT customSeatLabel:LocalizedString rowLabel:ROW
  customRowLabel:LocalizedString sectionLabel:SECTION|THEATER customSectionLabel:LocalizedString
  gateLabel:GATE|DOOR|ENTRANCE customGateLabel:LocalizedString`;

const TRANSIT_LABELS = [
  ...[
    "Carriage",
    "Coach",
    "ConcessionCategory",
    "ConfirmationCode",
    "DiscountMessage",
    "FareClass",
    "FareName",
  ],
  ...["OtherRestrictions", "Platform", "PurchaseFaceValue", "PurchasePrice", "PurchaseReceiptNumber"],
  ...["RouteRestrictionsDetails", "RouteRestrictions", "Seat", "TicketNumber", "TimeRestrictions"],
  ...["TransitTerminusName", "Zone"],
].map((label) => `custom${label}Label:LocalizedString`);

const localized = (...names: string[]) =>
  names
    .map((name) => `${name}:string localized${name[0]?.toUpperCase()}${name.slice(1)}:LocalizedString`)
    .join(" ");

export const CLASS_SHAPES: Readonly<Record<string, string>> = {
  genericClass: EVERY,
  eventTicketClass: `${BRANDED} ${LABEL_OF_SEATS} eventName*:LocalizedString eventId:string logo:Image wideLogo:Image
    venue:EventVenue dateTime:EventDateTime finePrint:LocalizedString`,
  EventVenue: "name*:LocalizedString address*:LocalizedString",
  EventDateTime: `doorsOpen:date start:date end:date doorsOpenLabel:DOORS_OPEN|GATES_OPEN
    customDoorsOpenLabel:LocalizedString`,
  flightClass: `${BRANDED} flightHeader*:FlightHeader origin*:AirportInfo destination*:AirportInfo
    localScheduledDepartureDateTime*:localDate localBoardingDateTime:localDate localScheduledArrivalDateTime:localDate
    localEstimatedOrActualDepartureDateTime:localDate localEstimatedOrActualArrivalDateTime:localDate
    localGateClosingDateTime:localDate flightStatus:SCHEDULED|ACTIVE|LANDED|CANCELLED|REDIRECTED|DIVERTED
    boardingAndSeatingPolicy:BoardingAndSeatingPolicy languageOverride:language`,
  FlightHeader: `carrier*:FlightCarrier flightNumber*:digits operatingCarrier:FlightCarrier operatingFlightNumber:digits
    flightNumberDisplayOverride:string`,
  FlightCarrier: `carrierIataCode:iata carrierIcaoCode:icao airlineName:LocalizedString airlineLogo:Image
    wideAirlineLogo:Image airlineAllianceLogo:Image`,
  AirportInfo: "airportIataCode*:airport terminal:string gate:string airportNameOverride:LocalizedString",
  BoardingAndSeatingPolicy: `boardingPolicy:ZONE_BASED|GROUP_BASED|BOARDING_POLICY_OTHER
    seatClassPolicy:CABIN_BASED|CLASS_BASED|TIER_BASED|SEAT_CLASS_POLICY_OTHER`,
  loyaltyClass: `${BRANDED} programName*:text localizedProgramName:LocalizedString programLogo*:Image wideProgramLogo:Image
    discoverableProgram:DiscoverableProgram
    ${localized("accountNameLabel", "accountIdLabel", "rewardsTier", "rewardsTierLabel")}
    ${localized("secondaryRewardsTier", "secondaryRewardsTierLabel")}`,
  DiscoverableProgram: `merchantSignupInfo:SignupInfo merchantSigninInfo:SigninInfo
    state:TRUSTED_TESTERS|LIVE|DISABLED`,
  SignupInfo: "signupWebsite:Uri signupSharedDatas:string[]",
  SigninInfo: "signinWebsite:Uri",
  offerClass: `${BRANDED} title*:text localizedTitle:LocalizedString provider*:text localizedProvider:LocalizedString
    redemptionChannel*:INSTORE|ONLINE|BOTH|TEMPORARY_PRICE_REDUCTION titleImage:Image wideTitleImage:Image helpUri:Uri
    ${localized("shortTitle", "details", "finePrint")}`,
  giftCardClass: `${BRANDED} programLogo:Image wideProgramLogo:Image allowBarcodeRedemption:boolean
    ${localized("merchantName", "pinLabel", "cardNumberLabel", "eventNumberLabel")}`,
  transitClass: `${BRANDED} transitType*:BUS|RAIL|TRAM|FERRY|OTHER logo*:Image wideLogo:Image watermark:Image
    transitOperatorName:LocalizedString languageOverride:language enableSingleLegItinerary:boolean
    activationOptions:ActivationOptions ${TRANSIT_LABELS.join(" ")}`,
  ActivationOptions: "activationUrl:https allowReactivation:boolean",
};
