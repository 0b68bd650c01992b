/**
 * The resources of the examples (examples.ts), as one story: a stamp card, its pass and its scan, and an event.
 */
export const CREATED = { createdAt: "2026-11-02T09:30:00.000Z", updatedAt: "2026-11-28T17:05:12.340Z" };
export const PASS_TYPE = "pass.com.example.card";
export const TEAM = "A1B2C3D4E5";

export const card = {
  description: "Stamp card",
  organizationName: "Corner Roasters",
  storeCard: {
    primaryFields: [{ key: "stamps", label: "STAMPS", value: 0, changeMessage: "You now have %@ stamps" }],
    secondaryFields: [{ key: "name", label: "NAME", value: "Guest" }],
  },
  barcodes: [{ format: "PKBarcodeFormatQR" }],
};
/** A PNG of one pixel. */
export const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
export const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIF…\n-----END CERTIFICATE-----\n";
export const token = "3f1c9a7be0d24865a1f0c2b98e7d6a5b4c3f2e1d";

export const serviceAccount = {
  type: "service_account",
  project_id: "roasters",
  private_key_id: "0123456789abcdef0123456789abcdef01234567",
  private_key: "-----BEGIN PRIVATE KEY-----\nMIIE…\n-----END PRIVATE KEY-----\n",
  client_email: "edgepass@roasters.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
};
export const GoogleIssuer = {
  issuerId: "3388000000012345678",
  clientEmail: serviceAccount.client_email,
  privateKeyId: serviceAccount.private_key_id,
  lastCheck: {
    checkedAt: CREATED.updatedAt,
    ok: false,
    code: "not_invited",
    detail: "Permission denied.",
    cure: "In the Google Pay & Wallet Console, open the issuer 3388000000012345678 → Users, and invite edgepass@roasters.iam.gserviceaccount.com as a developer. It can take some minutes.",
  },
  ...CREATED,
};

export const GoogleFailure = {
  issuerId: GoogleIssuer.issuerId,
  kind: "object",
  type: "loyalty",
  resourceId: `${GoogleIssuer.issuerId}.3f1c9a7b-p7`,
  ...{ templateId: null, eventId: null, passId: 7 },
  code: "refused",
  detail: "Invalid value for field barcode.value.",
  cure: "Google's own words say what is wrong. Correct that in the template or in the pass. If neither has it, report the words as a bug.",
  refusedAt: CREATED.updatedAt,
};

export const Project = { id: 1, name: "Concerts", externalId: "season-2027", ...CREATED };
export const Event = {
  id: 4,
  projectId: 1,
  name: "Opening night",
  externalId: null,
  values: { gate: { value: "B" } },
  pass: { relevantDates: [{ date: "2027-03-05T19:00:00+01:00" }] },
  without: [],
  revision: 2,
  ...CREATED,
};
export const image = {
  sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  bytes: 1830,
};
export const Template = {
  id: 3,
  passTypeIdentifier: PASS_TYPE,
  projectId: null,
  name: "Stamp card",
  externalId: "stamp-card",
  webService: "/",
  pass: card,
  images: {
    "icon@3x.png": { ...image, width: 87, height: 87 },
    "icon@2x.png": { ...image, bytes: 1120, width: 58, height: 58, derivedFrom: "icon@3x.png" },
  },
  strings: { de: { STAMPS: "STEMPEL" } },
  personalization: null,
  barcodeText: null,
  contact: "hello@roasters.example.com",
  wallets: null,
  scan: {
    action: "add",
    field: "stamps",
    by: 1,
    max: 10,
    reward: { resetTo: 0, label: "A free coffee" },
  },
  join: {
    slug: "coffee",
    title: "Your tenth coffee is free",
    fields: [{ key: "name", label: "First name", type: "text", required: true, autocomplete: "given-name" }],
    perNetworkPerDay: 500,
  },
  google: { hints: { points: "stamps", accountName: "name" }, ownImages: true },
  joinUrl: "https://passes.example.com/join/coffee",
  revision: 1,
  ...CREATED,
};
export const Pass = {
  id: 7,
  templateId: 3,
  eventId: null,
  passTypeIdentifier: PASS_TYPE,
  serialNumber: "42",
  externalId: "customer-1041",
  values: { stamps: { value: 4 } },
  pass: {},
  without: [],
  barcodeMessage: "42",
  barcodeAltText: null,
  images: {},
  tags: ["berlin"],
  status: "active",
  redeemedAt: null,
  redemptionId: null,
  voidedAt: null,
  voidReason: null,
  expiresAt: null,
  personalizedAt: null,
  registrations: 1,
  installStatus: "installed",
  installedAt: "2026-11-02T09:31:40.000Z",
  uninstalledAt: null,
  installs: {
    apple: {
      status: "installed",
      installedAt: "2026-11-02T09:31:40.000Z",
      uninstalledAt: null,
      registrations: 1,
    },
    google: { status: "not_been_installed", installedAt: null, uninstalledAt: null },
  },
  lifecycleState: null,
  revision: 5,
  webToken: token,
  downloadUrl: `https://passes.example.com/passes/7/${token}.pkpass`,
  landingUrl: `https://passes.example.com/p/7/${token}`,
  ...CREATED,
};
export const finding = {
  severity: "warning",
  code: "unknown_key",
  pointer: "/pass/logotext",
  message: '"logotext" is not a documented key of pass.json. Did you mean "logoText"?',
  cure: "Rename it to logoText.",
};

export const notification = { kind: "text", field: "stamps", text: "You now have 4 stamps" };
const scanned = { scanId: "5f0c6d1e-6f0e-4a52-9f6c-0d6f3f1a7a11", outcome: "added" };
const scannedAt = "2026-11-28T17:05:12.000Z";
export const ScanResult = {
  ...scanned,
  at: scannedAt,
  undoneAt: null,
  field: "stamps",
  value: 4,
  max: 10,
  pass: {
    id: 7,
    serialNumber: "42",
    templateId: 3,
    templateName: "Stamp card",
    status: "active",
    redeemedAt: null,
    voidedAt: null,
    voidReason: null,
    expiresAt: null,
    fields: [{ section: "primary", key: "stamps", label: "STAMPS", value: 4 }],
  },
};
export const Scan = {
  ...scanned,
  passId: 7,
  field: "stamps",
  value: 4,
  conflict: false,
  at: scannedAt,
  receivedAt: CREATED.updatedAt,
  place: "Gate 2",
  actor: "admin",
  undoneAt: null,
};
export const Change = {
  id: 118,
  kind: "changed",
  passId: 7,
  templateId: null,
  eventId: null,
  actor: "key:5 Gate 2",
  redemptionId: null,
  at: "2026-11-28T17:05:13.000Z",
  push: "dispatched",
  dueAt: null,
  dispatchedAt: "2026-11-28T17:05:13.790Z",
};
export const Phone = {
  id: 31,
  device: "0f3c9a7be0d2",
  pushToken: "…7e6d5a",
  wallet: "apple",
  registeredAt: "2026-11-02T09:31:40.000Z",
  push: "done",
  nextPushAt: null,
  lastAnswer: { at: "2026-11-28T17:05:13.790Z", accepted: true, reason: null },
  doubted: false,
};
export const ScanCounts = {
  total: 1,
  undone: 0,
  byOutcome: { added: 1 },
  byPlace: [{ place: "Gate 2", count: 1 }],
  isExact: true,
};
