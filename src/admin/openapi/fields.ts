/**
 * What the members of bodies and answers mean. A name has the same meaning wherever it occurs, so it is described once.
 * A description in a schema comes first. pass.json is described by Apple, and not here.
 */

/** By name. A name that one component uses in another sense is written `Component.name`. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  // Every resource
  id: "Made by Edgepass, and unique among resources of its kind",
  externalId: "An id from your own system, unique among resources of its kind",
  name: "For people. Wallet does not show it",
  createdAt: "When it was created",
  updatedAt: "When it was last changed by the API",
  receivedAt: "When Edgepass received it",
  items: "The page, newest first",
  passId: "The `id` of the pass",
  passIds: "The `id`s of the passes",
  templateId: "The `id` of the template",
  projectId: "The `id` of the project",
  eventId: "The `id` of the event",

  // Pass types, certificates and APNs keys
  passTypeIdentifier: "The pass type, as in Apple's portal",
  teamIdentifier: "The id of the Apple developer team",
  "PassType.teamIdentifier": "The id of the Apple developer team. Null before the first certificate",
  certificates: "Its certificates, newest first",
  keyAlgorithm: "The kind of the private key",
  keyId: "The id of the key",
  fingerprint: "SHA-256 of the certificate, in hexadecimal",
  state:
    "active: signs passes now. standby: will sign them from `activeFrom`. superseded: another one signs them",
  notBefore: "The certificate is valid from this time",
  notAfter: "The certificate expires at this time",
  activeFrom: "When it starts to sign passes",
  verdict: "What the answer of APNs means",

  // Issuers of Google Wallet
  issuerId:
    "The id of the issuer in the Google Pay & Wallet Console, as text: it has more digits than a double holds",
  clientEmail: "The service account that acts for the issuer",
  privateKeyId: "The id of its key, as in the Google Cloud Console. The key itself is never returned",
  lastCheck: "What the last check found. Null: it was not checked since its key was sent",
  checkedAt: "When it was checked",
  "GoogleCheck.cure": "What to do. Null: nothing",
  "GoogleCheck.code": "What is wrong. Null: nothing",
  "GoogleCheck.detail": "What that means, or Google's own words",

  "GoogleFailure.type": "The type of the pass in Google Wallet",
  resourceId: "Google's id of the class or the object",
  "GoogleFailure.code": "What is wrong",
  "GoogleFailure.detail": "Google's own words",
  refusedAt: "When Google refused it",
  retried: "How many are tried again",
  "GoogleFailureList.items": "Those of templates first, the oldest first",

  "KeyResources.projects": "Those of the scope, by id",
  "KeyResources.events": "Those of the scope, by id",
  "KeyResources.templates": "Those of the scope, by id",

  // Templates, events and passes
  serialNumber: "Unique within the pass type, forever",
  pass: "The content of pass.json that is stored here. In a pass or an event, it overrides the template's",
  values: "Field key → what this resource overrides in the field",
  value: "The value that the field shows",
  label: "The label that the field shows",
  changeMessage: "The notification when the value changes. %@ is replaced by the new value",
  hidden: "Whether the field is left out of the pass",
  barcodeMessage:
    "The message of the barcodes. Null: the template's, or else the serial number. Empty: no barcode",
  barcodeAltText: "The text below the barcodes. Null: the template's",
  barcodeText: "message: the text below a barcode without an altText is its message. Null: no text",
  images: "Path in the .pkpass → the image",
  strings: "Language → {text in pass.json: its translation}",
  personalization: "The content of personalization.json: what people are asked when they sign up in Wallet",
  webService: "The webServiceURL of its passes: / for PUBLIC_ORIGIN itself, /api for PUBLIC_ORIGIN/api",
  without: "Keys of pass.json that phones get neither from here nor from the layers below",
  contact: "Whom holders can ask, as the page of a pass says. Null: nobody",
  wallets: "In which Wallets passes are offered. Null: as the pass type says",
  scan: "What a scan of a pass does. Default: redeem it",
  google: "What Google Wallet needs and pass.json does not have. Default: nothing",
  "GooglePart.type": "The type of Google's pass, instead of the one that follows from the style",
  "GooglePart.language": "The language of texts that `strings` does not translate (BCP 47). Default: English",
  "GooglePart.hints":
    "What Google wants to know → the key of the field that has it. A semantic tag comes first",
  "GooglePart.venueAddress":
    "The address of the venue, if no field has it: Google shows a venue only with its address",
  "GooglePart.ownImages":
    "Whether Google may show the pass's own strip image. It is then public to everybody who has its address. Default: false",
  "GooglePart.class": "Members of Google's class, merged over those of the template. null removes one",
  "GooglePart.object": "Members of Google's object, merged over those of the pass. null removes one",
  join: "The page on which people get a pass of their own. Default: none",
  tags: "Words of your own, to find passes by",
  "query.tag": "Only passes that have this tag",
  "query.templateId": "Only passes of this template",
  "query.eventId": "Only passes of this event",
  sha256: "SHA-256 of the file, in hexadecimal",
  bytes: "The size of the file",
  width: "In pixels",
  height: "In pixels",

  // The life of a pass
  redeemedAt: "When it was redeemed. Null if it was not",
  redemptionId: "Your own id of the redemption, which makes it safe to repeat",
  voidReason: "Why it was voided. Phones do not show it",
  installedAt:
    "When it was added to a Wallet: the newest install that still lasts, or else the one that ended last",
  uninstalledAt: "When this install ended. Null while the pass is in a Wallet",
  webToken: "The secret in `downloadUrl` and `landingUrl`. Keys with the role reader get none of the three",
  downloadUrl: "The .pkpass, for its holder. Anyone with the link can download it",
  landingUrl: "A page that shows the pass and downloads it, for its holder. Anyone with the link can open it",
  fullName: "As the holder entered it",
  givenName: "As the holder entered it",
  familyName: "As the holder entered it",
  emailAddress: "As the holder entered it",
  postalCode: "As the holder entered it",
  ISOCountryCode: "Two letters, as the holder's phone sent it",
  phoneNumber: "As the holder entered it",

  // Scans
  scans: "What scanners read, at most 50",
  scanId: "The scanner's own id for the scan",
  outcome: "The result of the scan",
  "ScanResult.outcome":
    "The result of the scan. scan_id_reused: another scan had this scanId, and nothing was stored",
  "query.outcome": "Only scans with this outcome",
  "query.place": "Only scans that were made at this place",
  field: "The key of the field that the scan added to. Null if it added to none",
  max: "The largest allowed sum",
  min: "The smallest allowed sum",
  conflict: "Whether the scan was made before the one that redeemed the pass, but arrived after it",
  at: "When the scan was made",
  place: "Where the scanner was",
  actor: "The key that sent the scan",
  undoneAt: "When the scan was undone. Null if it was not",
  undone: "How many scans were undone",
  byOutcome: "Outcome → how many scans have it",
  results: "The outcomes, in the order of the request",
  templateName: "The name of the template",
  status: "The status of the pass: of several, the first of voided, redeemed, expired, active",
  voidedAt: "When it was voided. Null if it was not, or if only its content voids it",
  expiresAt: "When it expires. Null: never",

  // Findings, health and the push queue
  findings: "Errors first",
  message: "For people. It may change",
  cure: "How to correct it",
  method: "The method of the request",
  path: "The path of the request",
  "DeadLetter.message": "The message of the push queue",
  paused: "Whether pushes wait",
  pausedAt: "When they were paused. Null if they are not",
  pushesPerSecond: "The limit for each change of a template or an event. Null: no limit",
  replayed: "The number of messages that were sent again",
  older: "The entries besides the newest one",
};

/** The description of a member of a component, or of an object without a name. */
export function describeField(component: string, name: string): string | undefined {
  return DESCRIPTIONS[`${component}.${name}`] ?? DESCRIPTIONS[name];
}
