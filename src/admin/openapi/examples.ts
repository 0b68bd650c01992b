/**
 * One example of each JSON body and answer, by the name of its schema. A test validates all of them. A route can have an
 * example of its own instead (operation.ts), if the same schema is used in different ways.
 */
import { ERRORS, type ErrorCode, phraseOf } from "../../errors.ts";

const CREATED = { createdAt: "2026-11-02T09:30:00.000Z", updatedAt: "2026-11-28T17:05:12.340Z" };
const PASS_TYPE = "pass.com.example.card";
const TEAM = "A1B2C3D4E5";

const card = {
  description: "Stamp card",
  organizationName: "Corner Roasters",
  storeCard: {
    primaryFields: [{ key: "stamps", label: "STAMPS", value: 0, changeMessage: "You now have %@ stamps" }],
  },
  barcodes: [{ format: "PKBarcodeFormatQR" }],
};
/** A PNG of one pixel. */
const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIF…\n-----END CERTIFICATE-----\n";
const token = "3f1c9a7be0d24865a1f0c2b98e7d6a5b4c3f2e1d";

const Project = { id: 1, name: "Concerts", externalId: "season-2027", ...CREATED };
const Event = {
  id: 4,
  projectId: 1,
  name: "Opening night",
  externalId: null,
  values: { gate: { value: "B" } },
  pass: { relevantDates: [{ date: "2027-03-05T19:00:00+01:00" }] },
  revision: 2,
  ...CREATED,
};
const image = { sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", bytes: 1830 };
const Template = {
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
  revision: 1,
  ...CREATED,
};
const Pass = {
  id: 7,
  templateId: 3,
  eventId: null,
  passTypeIdentifier: PASS_TYPE,
  serialNumber: "42",
  externalId: "customer-1041",
  values: { stamps: { value: 4 } },
  pass: {},
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
  lifecycleState: null,
  revision: 5,
  webToken: token,
  downloadUrl: `https://passes.example.com/passes/7/${token}.pkpass`,
  landingUrl: `https://passes.example.com/p/7/${token}`,
  ...CREATED,
};
const finding = {
  severity: "warning",
  code: "unknown_key",
  pointer: "/pass/logotext",
  message: '"logotext" is not a documented key of pass.json. Did you mean "logoText"?',
  cure: "Rename it to logoText.",
};

const ApiKey = {
  id: 5,
  name: "Gate 2",
  role: "scanner",
  scope: { projects: [], events: [4], templates: [] },
  createdAt: CREATED.createdAt,
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: CREATED.updatedAt,
};

const EXAMPLES: Readonly<Record<string, unknown>> = {
  Project,
  NewProject: { name: "Concerts", externalId: "season-2027" },
  ProjectChange: { name: "Concerts 2027" },
  Event,
  NewEvent: { name: "Opening night", values: { gate: "B" } },
  EventChange: { values: { gate: "C" } },
  Template,
  NewTemplate: {
    name: "Stamp card",
    passTypeIdentifier: PASS_TYPE,
    pass: card,
    images: { "icon@3x.png": PNG },
    strings: { de: { STAMPS: "STEMPEL" } },
  },
  TemplateChange: { name: "Stamp card 2027" },
  Pass,
  NewPass: { serialNumber: "42", values: { stamps: 3 }, barcodeMessage: "42" },
  PassChange: { values: { stamps: { add: 1, max: 10 } } },
  Redemption: { redemptionId: "till-3/1041" },
  UndoneRedemption: { redemptionId: "till-3/1041" },
  Voiding: { reason: "refunded" },
  PersonalDataRequest: { keep: true },
  PersonalData: {
    passId: 7,
    receivedAt: "2026-11-02T09:33:00.000Z",
    fullName: "Ada Lovelace",
    emailAddress: "ada@example.com",
  },
  NewBundle: { passIds: [7, 8] },
  BundleLink: { url: `https://passes.example.com/bundles/7,8/${token}.pkpasses`, passIds: [7, 8] },
  LintReport: { findings: [finding] },

  PassType: {
    passTypeIdentifier: PASS_TYPE,
    teamIdentifier: TEAM,
    csr: "-----BEGIN CERTIFICATE REQUEST-----\nMIIC…\n-----END CERTIFICATE REQUEST-----\n",
    certificates: [
      {
        fingerprint: image.sha256,
        state: "active",
        notBefore: "2026-10-30T00:00:00.000Z",
        notAfter: "2027-11-29T00:00:00.000Z",
        activeFrom: "2026-11-02T09:30:00.000Z",
      },
    ],
    createdAt: CREATED.createdAt,
  },
  NewPassType: { passTypeIdentifier: PASS_TYPE },
  NewKey: { keyAlgorithm: "RSA" },
  CertificateUpload: { certificate: CERTIFICATE },
  ApnsKey: { keyId: "ABCDEFGHIJ", teamIdentifier: TEAM, createdAt: CREATED.createdAt },
  NewApnsKey: {
    keyId: "ABCDEFGHIJ",
    teamIdentifier: TEAM,
    privateKey: "-----BEGIN PRIVATE KEY-----\nMIGT…\n-----END PRIVATE KEY-----\n",
  },
  PushCheck: {
    status: 400,
    reason: "BadDeviceToken",
    verdict: "bad_token",
    ok: true,
    detail: "APNs accepted the key and the pass type, and refused only the token. Pushes get out.",
  },

  ApiKey,
  NewApiKey: { name: "Gate 2", role: "scanner", scope: { events: [4] } },
  MadeApiKey: { ...ApiKey, key: `epkey_1_5_${"0".repeat(32)}_${"0".repeat(64)}` },
  Me: { actor: "key:5 Gate 2", role: "scanner", scope: ApiKey.scope },
  LookUp: {
    outcome: "found",
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
    firstRedemption: null,
  },

  Health: {
    status: "warning",
    findings: [
      {
        severity: "warning",
        code: "certificate_expires",
        message: "The certificate of pass.com.example.card expires in 12 days.",
        cure: "Create a new signing request with POST /admin/v1/pass-types/{passTypeIdentifier}/csr.",
      },
    ],
    nextSteps: [],
  },
  DeviceLog: {
    id: 12,
    client: "passd/1.0 CFNetwork/3860.100.1 Darwin/26.0.0",
    messages: ["[2026-11-28 18:05:12 +0100] Web service error for pass.com.example.card"],
    receivedAt: CREATED.updatedAt,
  },
  DeadLetter: { id: 2, message: { changeId: 118 }, receivedAt: CREATED.updatedAt },
  Replayed: { replayed: 12, left: 0 },
  Restored: { tag: 118_000_000 },
  MasterSecret: { newest: "2", older: [{ keyId: "1", present: true, passes: 1204, sealed: 2, keys: 1 }] },
  PushControl: { paused: false, pausedAt: null, pushesPerSecond: 200 },
  PushControlChange: { paused: true },
};

/** The example of a named schema. That of a list, or of a resource with the linter's report, is made from the resource. */
export function exampleOf(name: string): unknown {
  if (name in EXAMPLES) return EXAMPLES[name];
  const [, prefix, resource = "", suffix] = /^(Linted)?(.+?)(List)?$/.exec(name) ?? [];
  const example = EXAMPLES[resource];
  if (example === undefined) return undefined;
  if (suffix !== undefined) return { items: [example], nextCursor: null };
  return prefix === undefined ? undefined : { ...example, lint: { findings: [] } };
}

/** A refusal with this code. */
export function exampleProblem(code: ErrorCode) {
  const [status, meaning] = ERRORS[code];
  return { type: "about:blank", title: phraseOf(status), status, code, detail: `${meaning}.` };
}
