/**
 * What Google's classes and objects consist of: the members of each part, and their types. It is a text for each part, because the
 * Worker carries it. test/google/raw-shapes.test.ts compares it with Google's own description of its API.
 *
 * A member is its name and its type: `a` is a text, `a*` a text with translations, `a?` a boolean, `a#` a number, `a~` an integer of
 * 64 bits, which JSON writes as text. `a:Part` is an object, `a:` one whose part has the name of the member, and `a=A|B` one of these
 * words. `[]` at the end makes a list, and `!` after it means that Google requires the member. Names like `localizedHeader` and
 * `customRowLabel` are texts with translations without a mark, and names like `logo` and `heroImage` are images.
 *
 * Follows https://developers.google.com/wallet/reference/rest.
 */
const PARTS: Readonly<Record<string, string>> = {
  // The members of classes and objects themselves. Those that are texts without a mark are in class-members.ts and object-members.ts.
  Resource: `appLinkData: callbackOptions: classTemplateInfo: enableSmartTap? allowBarcodeRedemption?
    enableSingleLegItinerary? disableExpirationNotification? imageModulesData:ImageModule[] linksModuleData:
    merchantLocations:Place[] messages:Message[] redemptionIssuers~[] linkedObjectIds[] linkedOfferIds[]
    securityAnimation: textModulesData:TextModule[] valueAddedModuleData:ValueModule[] homepageUri:Uri helpUri:Uri
    eventName* transitOperatorName* cardTitle* header* subheader* ticketType*
    dateTime: venue: boardingAndSeatingPolicy: destination:Airport origin:Airport
    flightHeader: discoverableProgram: activationOptions: barcode: groupingInfo:
    passConstraints: rotatingBarcode: saveRestrictions: validTimeInterval:Interval
    notifications: faceValue:Money balance:Money seatInfo: boardingAndSeatingInfo:
    loyaltyPoints:Points secondaryLoyaltyPoints:Points balanceUpdateTime:Moment activationStatus:
    deviceContext: purchaseDetails: ticketLeg:Leg ticketLegs:Leg[] ticketRestrictions:
    reservationInfo: notifyPreference=NOTIFY_ON_UPDATE
    multipleDevicesAndHoldersAllowedStatus=MULTIPLE_HOLDERS|ONE_USER_ALL_DEVICES|ONE_USER_ONE_DEVICE
    viewUnlockRequirement=UNLOCK_NOT_REQUIRED|UNLOCK_REQUIRED_TO_VIEW
    confirmationCodeLabel=CONFIRMATION_CODE|CONFIRMATION_NUMBER|ORDER_NUMBER|RESERVATION_NUMBER seatLabel=SEAT rowLabel=ROW
    sectionLabel=SECTION|THEATER gateLabel=GATE|DOOR|ENTRANCE
    flightStatus=SCHEDULED|ACTIVE|LANDED|CANCELLED|REDIRECTED|DIVERTED
    redemptionChannel=INSTORE|ONLINE|BOTH|TEMPORARY_PRICE_REDUCTION transitType=BUS|RAIL|TRAM|FERRY|OTHER
    genericType=GENERIC_SEASON_PASS|GENERIC_UTILITY_BILLS|GENERIC_PARKING_PASS|GENERIC_VOUCHER|GENERIC_GYM_MEMBERSHIP|GENERIC_LIBRARY_MEMBERSHIP|GENERIC_RESERVATIONS|GENERIC_AUTO_INSURANCE|GENERIC_HOME_INSURANCE|GENERIC_ENTRY_TICKET|GENERIC_RECEIPT|GENERIC_LOYALTY_CARD|GENERIC_OTHER
    concessionCategory=ADULT|CHILD|SENIOR passengerType=SINGLE_PASSENGER|MULTIPLE_PASSENGERS
    ticketStatus=USED|REFUNDED|EXCHANGED tripType=ROUND_TRIP|ONE_WAY`,
  Texts: "defaultValue:Text! translatedValues:Text[]",
  Text: "language! value!",
  Image: "contentDescription* privateImageId sourceUri:",
  sourceUri: "description localizedDescription uri!",
  Uri: "description id localizedDescription uri!",
  Money: "currencyCode! micros~!",
  Moment: "date!",
  Interval: "end:Moment start:Moment",
  TextModule: "body header id localizedBody localizedHeader",
  ImageModule: "id mainImage!",
  linksModuleData: "uris:Uri[]",
  ValueModule: "body* header*! image sortIndex# uri! viewConstraints:",
  viewConstraints: "displayInterval:Interval",
  Place: "latitude#! longitude#!",
  appLinkData: "androidAppLinkInfo:AppLink displayText* iosAppLinkInfo:AppLink webAppLinkInfo:AppLink",
  AppLink: "appLogoImage appTarget: description* title*",
  appTarget: "packageName targetUri:Target",
  Target: "description! id localizedDescription uri!",
  Message:
    "body displayInterval:Interval header id localizedBody localizedHeader messageType=TEXT|TEXT_AND_NOTIFY|EXPIRATION_NOTIFICATION",
  callbackOptions: "updateRequestUrl url",
  securityAnimation: "animationType=FOIL_SHIMMER!",
  classTemplateInfo:
    "cardBarcodeSectionDetails: cardTemplateOverride: detailsTemplateOverride: listTemplateOverride:",
  cardBarcodeSectionDetails: "firstBottomDetail:Side firstTopDetail:Side secondTopDetail:Side",
  Side: "fieldSelector:Fields!",
  cardTemplateOverride: "cardRowTemplateInfos:Row[]!",
  Row: "oneItem:One threeItems:Three twoItems:Two",
  One: "item:Item!",
  Two: "endItem:Item! startItem:Item!",
  Three: "endItem:Item! middleItem:Item! startItem:Item!",
  Item: "firstValue:Fields predefinedItem=FREQUENT_FLYER_PROGRAM_NAME_AND_NUMBER|FLIGHT_NUMBER_AND_OPERATING_FLIGHT_NUMBER secondValue:Fields",
  Fields: "fields:Field[]!",
  Field: "dateFormat=DATE_TIME|DATE_ONLY|TIME_ONLY|DATE_TIME_YEAR|DATE_YEAR fieldPath!",
  detailsTemplateOverride: "detailsItemInfos:One[]!",
  listTemplateOverride: "firstRowOption: secondRowOption:Fields thirdRowOption:Fields",
  firstRowOption:
    "fieldOption:Fields transitOption=ORIGIN_AND_DESTINATION_NAMES|ORIGIN_AND_DESTINATION_CODES|ORIGIN_NAME",
  barcode:
    "alternateText renderEncoding=UTF_8 showCodeText* type=AZTEC|CODE_39|CODE_128|CODABAR|DATA_MATRIX|EAN_8|EAN_13|ITF_14|PDF_417|QR_CODE|UPC_A|TEXT_ONLY! value",
  rotatingBarcode:
    "alternateText initialRotatingBarcodeValues: renderEncoding=UTF_8 showCodeText* totpDetails: type=AZTEC|CODE_128|DATA_MATRIX|PDF_417|QR_CODE! valuePattern",
  initialRotatingBarcodeValues: "periodMillis~! startDateTime! values[]!",
  totpDetails: "algorithm=TOTP_SHA1! parameters:TotpKey[]! periodMillis~!",
  TotpKey: "key! valueLength#!",
  groupingInfo: "groupingId sortIndex#",
  passConstraints:
    "nfcConstraint=BLOCK_PAYMENT|BLOCK_CLOSED_LOOP_TRANSIT[] screenshotEligibility=ELIGIBLE|INELIGIBLE",
  saveRestrictions: "restrictToEmailSha256",
  notifications: "expiryNotification:Reminder upcomingNotification:Reminder",
  Reminder: "enableNotification?",
  dateTime: "customDoorsOpenLabel doorsOpen doorsOpenLabel=DOORS_OPEN|GATES_OPEN end start",
  venue: "address*! name*!",
  seatInfo: "gate* row* seat* section*",
  Airport: "airportIataCode! airportNameOverride* gate terminal",
  boardingAndSeatingPolicy:
    "boardingPolicy=ZONE_BASED|GROUP_BASED|BOARDING_POLICY_OTHER seatClassPolicy=CABIN_BASED|CLASS_BASED|TIER_BASED|SEAT_CLASS_POLICY_OTHER",
  flightHeader:
    "carrier:Carrier! flightNumber! flightNumberDisplayOverride operatingCarrier:Carrier operatingFlightNumber",
  Carrier: "airlineAllianceLogo airlineLogo airlineName* carrierIataCode carrierIcaoCode wideAirlineLogo",
  reservationInfo: "confirmationCode eticketNumber frequentFlyerInfo:",
  frequentFlyerInfo: "frequentFlyerNumber frequentFlyerProgramName*",
  boardingAndSeatingInfo:
    "boardingDoor=FRONT|BACK boardingGroup boardingPosition boardingPrivilegeImage seatAssignment* seatClass seatNumber sequenceNumber",
  discoverableProgram: "merchantSigninInfo: merchantSignupInfo: state=TRUSTED_TESTERS|LIVE|DISABLED",
  merchantSigninInfo: "signinWebsite:Uri",
  merchantSignupInfo: "signupSharedDatas[] signupWebsite:Uri",
  Points: "balance:Balance label localizedLabel",
  Balance: "double# int# money:Money string",
  activationOptions: "activationUrl allowReactivation?",
  activationStatus: "state=NOT_ACTIVATED|ACTIVATED",
  deviceContext: "deviceToken",
  Leg: `arrivalDateTime carriage departureDateTime destinationName* destinationStationCode fareName* originName*
    originStationCode platform ticketSeat:Seat ticketSeats:Seat[] transitOperatorName* transitTerminusName* zone`,
  Seat: "coach customFareClass fareClass=ECONOMY|FIRST|BUSINESS seat seatAssignment*",
  purchaseDetails: "accountId confirmationCode purchaseDateTime purchaseReceiptNumber ticketCost:",
  ticketCost: "discountMessage* faceValue:Money purchasePrice:Money",
  ticketRestrictions: "otherRestrictions* routeRestrictions* routeRestrictionsDetails* timeRestrictions*",
};

export interface RawMember {
  readonly isList: boolean;
  readonly isRequired: boolean;
  readonly type: "text" | "boolean" | "number" | "int64" | "part" | "enum";
  /** The name of its part; otherwise empty. */
  readonly part: string;
  /** Of an enum; otherwise empty. */
  readonly words: readonly string[];
}
export type RawShape = ReadonlyMap<string, RawMember>;

const MARKS = { "": "text", "?": "boolean", "#": "number", "~": "int64", "=": "enum" } as const;
const MEMBER = /^(\w+)(?:([*?#~:=])([\w|]*))?(\[\])?(!)?$/;

function readMember(text: string): readonly [string, RawMember] {
  const [, name = "", mark = "", rest = "", list, required] = MEMBER.exec(text) ?? [];
  const part = partOf(name, mark, rest);
  const type = part === "" ? MARKS[mark as keyof typeof MARKS] : "part";
  const words = type === "enum" ? rest.split("|") : [];
  return [name, { type, part, words, isList: list !== undefined, isRequired: required !== undefined }];
}

function partOf(name: string, mark: string, part: string): string {
  if (mark === ":") return part || name;
  if (mark === "*" || (mark === "" && /^(localized|custom)[A-Z]/.test(name))) return "Texts";
  return mark === "" && /(logo|image|watermark)$/i.test(name) ? "Image" : "";
}

const shapes = new Map<string, RawShape>();

/** The members of a part, read when it is first asked for. */
export function rawShape(part: string): RawShape {
  const known = shapes.get(part);
  if (known !== undefined) return known;
  const shape = new Map((PARTS[part] ?? "").split(/\s+/).map(readMember));
  shapes.set(part, shape);
  return shape;
}

/**
 * The type of a member of a class or an object. @param type undefined if it is not known yet
 * @returns undefined if it depends on the type
 */
export function rawMemberOf(name: string, type: string | undefined): RawMember | undefined {
  // The only member that is not the same everywhere.
  if (name === "finePrint" && type !== "offer")
    return type === undefined ? undefined : readMember("finePrint*")[1];
  return rawShape("Resource").get(name) ?? readMember(name)[1];
}
