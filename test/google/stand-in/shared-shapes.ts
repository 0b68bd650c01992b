/**
 * The parts of Google's resources that several types share. The syntax is that of shapes.ts. Written by hand from the reference of
 * Google's REST API (https://developers.google.com/wallet/reference/rest). `kind`, which Google ignores, is not in the tables.
 */

export const SHARED_SHAPES: Readonly<Record<string, string>> = {
  TranslatedString: "language*:language value*:text",
  LocalizedString: "defaultValue*:TranslatedString translatedValues:TranslatedString[]",
  ImageUri: "uri*:https description:string localizedDescription:LocalizedString",
  Image: "sourceUri:ImageUri contentDescription:LocalizedString privateImageId:text",
  Uri: "uri*:address description:string localizedDescription:LocalizedString id:moduleId",
  Money: "currencyCode*:currency micros*:int64",
  Moment: "date*:date",
  TimeInterval: "start:Moment end:Moment",

  TextModuleData:
    "id:moduleId header:string body:string localizedHeader:LocalizedString localizedBody:LocalizedString",
  ImageModuleData: "id:moduleId mainImage*:Image",
  LinksModuleData: "uris:Uri[]",
  InfoModuleData: "labelValueRows:LabelValueRow[] showLastUpdateTime:boolean",
  LabelValueRow: "columns:LabelValue[]",
  LabelValue: "label:string value:string localizedLabel:LocalizedString localizedValue:LocalizedString",
  ValueAddedModuleData:
    "header*:LocalizedString body:LocalizedString image:Image uri*:https sortIndex:int viewConstraints:ViewConstraints",
  ViewConstraints: "displayInterval:TimeInterval",
  MerchantLocation: "latitude*:number longitude*:number",
  LatLongPoint: "latitude*:number longitude*:number",
  AppLinkData:
    "androidAppLinkInfo:AppLinkInfo iosAppLinkInfo:AppLinkInfo webAppLinkInfo:AppLinkInfo displayText:LocalizedString",
  AppLinkInfo: "appLogoImage:Image title:LocalizedString description:LocalizedString appTarget:AppTarget",
  AppTarget: "packageName:text targetUri:Uri",
  Message: `id:string header:string body:string localizedHeader:LocalizedString localizedBody:LocalizedString
    displayInterval:TimeInterval messageType:TEXT|TEXT_AND_NOTIFY|EXPIRATION_NOTIFICATION`,
  CallbackOptions: "url:https updateRequestUrl:https",
  SecurityAnimation: "animationType*:FOIL_SHIMMER",
  Review: "comments:string",

  Barcode: `type*:AZTEC|CODE_39|CODE_128|CODABAR|DATA_MATRIX|EAN_8|EAN_13|ITF_14|PDF_417|QR_CODE|UPC_A|TEXT_ONLY
    value:string alternateText:string renderEncoding:UTF_8 showCodeText:LocalizedString`,
  RotatingBarcode: `type*:QR_CODE|PDF_417|AZTEC|CODE_128|DATA_MATRIX valuePattern:text renderEncoding:UTF_8 totpDetails:Totp
    alternateText:string showCodeText:LocalizedString initialRotatingBarcodeValues:RotatingValues`,
  Totp: "algorithm*:TOTP_SHA1 periodMillis*:int64 parameters*:TotpParameter[]",
  TotpParameter: "key*:text valueLength*:int",
  RotatingValues: "startDateTime*:offsetDate periodMillis*:int64 values*:text[]",
  GroupingInfo: "groupingId:text sortIndex:int",
  PassConstraints:
    "screenshotEligibility:ELIGIBLE|INELIGIBLE nfcConstraint:BLOCK_PAYMENT|BLOCK_CLOSED_LOOP_TRANSIT[]",
  SaveRestrictions: "restrictToEmailSha256:text",
  Notifications: "expiryNotification:Switch upcomingNotification:Switch",
  Switch: "enableNotification:boolean",

  ClassTemplateInfo: `cardTemplateOverride:CardTemplate cardBarcodeSectionDetails:BarcodeSection
    detailsTemplateOverride:DetailsTemplate listTemplateOverride:ListTemplate`,
  CardTemplate: "cardRowTemplateInfos*:CardRow[]",
  CardRow: "oneItem:OneItem twoItems:TwoItems threeItems:ThreeItems",
  OneItem: "item*:Item",
  TwoItems: "startItem*:Item endItem*:Item",
  ThreeItems: "startItem*:Item middleItem*:Item endItem*:Item",
  Item: "firstValue:FieldSelector secondValue:FieldSelector predefinedItem:FREQUENT_FLYER_PROGRAM_NAME_AND_NUMBER|FLIGHT_NUMBER_AND_OPERATING_FLIGHT_NUMBER",
  FieldSelector: "fields*:FieldReference[]",
  FieldReference: "fieldPath*:fieldPath dateFormat:DATE_TIME|DATE_ONLY|TIME_ONLY|DATE_TIME_YEAR|DATE_YEAR",
  BarcodeSection:
    "firstTopDetail:BarcodeDetail firstBottomDetail:BarcodeDetail secondTopDetail:BarcodeDetail",
  BarcodeDetail: "fieldSelector*:FieldSelector",
  DetailsTemplate: "detailsItemInfos*:DetailsItem[]",
  DetailsItem: "item*:Item",
  ListTemplate: "firstRowOption:FirstRow secondRowOption:FieldSelector thirdRowOption:FieldSelector",
  FirstRow:
    "fieldOption:FieldSelector transitOption:ORIGIN_AND_DESTINATION_NAMES|ORIGIN_AND_DESTINATION_CODES|ORIGIN_NAME",
};
