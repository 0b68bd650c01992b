/** The objects of Google's seven types, by the names of their types. The syntax is that of shapes.ts. */

const EVERY = `id*:id classId*:id barcode:Barcode rotatingBarcode:RotatingBarcode validTimeInterval:TimeInterval heroImage:Image
  textModulesData:TextModuleData[] linksModuleData:LinksModuleData imageModulesData:ImageModuleData[] appLinkData:AppLinkData
  merchantLocations:MerchantLocation[] messages:Message[] groupingInfo:GroupingInfo passConstraints:PassConstraints
  saveRestrictions:SaveRestrictions linkedObjectIds:id[] smartTapRedemptionValue:string
  valueAddedModuleData:ValueAddedModuleData[]`;
const STATE = "ACTIVE|COMPLETED|EXPIRED|INACTIVE";
/** All but generic. What is in the second line is deprecated, but accepted. */
const BRANDED = `${EVERY} state*:${STATE} notifyPreference:NOTIFY_ON_UPDATE disableExpirationNotification:boolean
  locations:LatLongPoint[] infoModuleData:InfoModuleData version:int64`;

const GENERIC_TYPES = [
  ...["SEASON_PASS", "UTILITY_BILLS", "PARKING_PASS", "VOUCHER", "GYM_MEMBERSHIP", "LIBRARY_MEMBERSHIP"],
  ...["RESERVATIONS", "AUTO_INSURANCE", "HOME_INSURANCE", "ENTRY_TICKET", "RECEIPT", "LOYALTY_CARD", "OTHER"],
].map((type) => `GENERIC_${type}`);

export const OBJECT_SHAPES: Readonly<Record<string, string>> = {
  genericObject: `${EVERY} state:${STATE} cardTitle*:LocalizedString header*:LocalizedString subheader:LocalizedString
    logo:Image wideLogo:Image hexBackgroundColor:colour genericType:${GENERIC_TYPES.join("|")} notifications:Notifications`,
  eventTicketObject: `${BRANDED} seatInfo:EventSeat reservationInfo:EventReservationInfo ticketHolderName:string
    ticketNumber:string ticketType:LocalizedString faceValue:Money linkedOfferIds:id[] hexBackgroundColor:colour`,
  EventSeat: "seat:LocalizedString row:LocalizedString section:LocalizedString gate:LocalizedString",
  EventReservationInfo: "confirmationCode:string",
  flightObject: `${BRANDED} passengerName*:text reservationInfo*:ReservationInfo
    boardingAndSeatingInfo:BoardingAndSeatingInfo securityProgramLogo:Image hexBackgroundColor:colour`,
  ReservationInfo: "confirmationCode:string eticketNumber:string frequentFlyerInfo:FrequentFlyerInfo",
  FrequentFlyerInfo: "frequentFlyerNumber:string frequentFlyerProgramName:LocalizedString",
  BoardingAndSeatingInfo: `boardingGroup:string boardingPosition:string boardingDoor:FRONT|BACK seatNumber:string
    seatAssignment:LocalizedString seatClass:string sequenceNumber:string boardingPrivilegeImage:Image`,
  loyaltyObject: `${BRANDED} accountId:string accountName:string loyaltyPoints:LoyaltyPoints
    secondaryLoyaltyPoints:LoyaltyPoints linkedOfferIds:id[]`,
  LoyaltyPoints: "label:string localizedLabel:LocalizedString balance:Balance",
  Balance: "string:string int:int double:number money:Money",
  offerObject: BRANDED,
  giftCardObject: `${BRANDED} cardNumber*:text pin:string balance:Money balanceUpdateTime:OffsetMoment eventNumber:string`,
  OffsetMoment: "date*:offsetDate",
  transitObject: `${BRANDED} tripType*:ROUND_TRIP|ONE_WAY ticketLeg:TicketLeg ticketLegs:TicketLeg[]
    passengerType:SINGLE_PASSENGER|MULTIPLE_PASSENGERS passengerNames:string ticketNumber:string tripId:string
    ticketStatus:USED|REFUNDED|EXCHANGED customTicketStatus:LocalizedString concessionCategory:ADULT|CHILD|SENIOR
    customConcessionCategory:LocalizedString purchaseDetails:PurchaseDetails ticketRestrictions:TicketRestrictions
    hexBackgroundColor:colour activationStatus:ActivationStatus deviceContext:DeviceContext`,
  TicketLeg: `originStationCode:string originName:LocalizedString destinationStationCode:string
    destinationName:LocalizedString departureDateTime:date arrivalDateTime:date platform:string carriage:string zone:string
    fareName:LocalizedString ticketSeat:TicketSeat ticketSeats:TicketSeat[] transitOperatorName:LocalizedString
    transitTerminusName:LocalizedString`,
  TicketSeat: `coach:string seat:string seatAssignment:LocalizedString fareClass:ECONOMY|FIRST|BUSINESS
    customFareClass:LocalizedString`,
  PurchaseDetails: `accountId:string confirmationCode:string purchaseDateTime:date purchaseReceiptNumber:string
    ticketCost:TicketCost`,
  TicketCost: "faceValue:Money purchasePrice:Money discountMessage:LocalizedString",
  TicketRestrictions: `routeRestrictions:LocalizedString routeRestrictionsDetails:LocalizedString
    timeRestrictions:LocalizedString otherRestrictions:LocalizedString`,
  ActivationStatus: "state:NOT_ACTIVATED|ACTIVATED",
  DeviceContext: "deviceToken:string",
};
