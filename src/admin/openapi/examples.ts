/**
 * One example of each JSON body and answer, by the name of its schema. A test validates all of them. A route can have an
 * example of its own instead (operation.ts), if the same schema is used in different ways.
 */
import { ERRORS, type ErrorCode, phraseOf } from "../../errors.ts";
import {
  CERTIFICATE,
  Change,
  CREATED,
  card,
  Event,
  finding,
  GoogleFailure,
  GoogleIssuer,
  image,
  notification,
  PASS_TYPE,
  Pass,
  Phone,
  PNG,
  Project,
  Scan,
  ScanCounts,
  ScanResult,
  serviceAccount,
  TEAM,
  Template,
  token,
} from "./example-resources.ts";
import type { Examples } from "./parts.ts";

/** Where a change of the stamps is found in what phones get. */
const POINTERS: Readonly<Record<string, string>> = {
  Event: "/values/stamps/value",
  Pass: "/pass/storeCard/primaryFields/0/value",
  Template: "/pass/storeCard/primaryFields/0/value",
};

const ApiKey = {
  id: 5,
  name: "Gate 2",
  role: "scanner",
  scope: { projects: [], events: [4], templates: [] },
  createdAt: CREATED.createdAt,
  expiresAt: "2027-03-06T04:00:00.000Z",
  revokedAt: null,
  lastUsedAt: CREATED.updatedAt,
};

const key = `epkey_1_5_${"0".repeat(32)}_${"0".repeat(64)}`;

const EXAMPLES: Readonly<Record<string, unknown>> = {
  Project,
  NewProject: { name: "Concerts", externalId: "season-2027" },
  ProjectChange: { name: "Concerts 2027" },
  Event,
  NewEvent: { name: "Opening night", values: { gate: "B" } },
  EventChange: { values: { gate: "C" } },
  Template,
  TemplateSummary: {
    ...{ id: Template.id, passTypeIdentifier: PASS_TYPE, projectId: null, name: Template.name },
    ...{ externalId: Template.externalId, join: { title: Template.join.title } },
    joinUrl: Template.joinUrl,
  },
  NewTemplate: {
    name: "Stamp card",
    passTypeIdentifier: PASS_TYPE,
    pass: card,
    images: { "icon@3x.png": PNG },
    strings: { de: { STAMPS: "STEMPEL" } },
  },
  TemplateChange: { name: "Stamp card 2027" },
  Pass,
  PassWithGoogle: {
    ...Pass,
    google: {
      objectId: GoogleFailure.resourceId,
      state: "failed",
      sentAt: CREATED.updatedAt,
      problem: { code: GoogleFailure.code, detail: GoogleFailure.detail, cure: GoogleFailure.cure },
    },
  },
  NewPass: { serialNumber: "42", values: { stamps: 3 }, barcodeMessage: "42" },
  PassChange: { values: { stamps: { add: 1, max: 10 } } },
  PassContent: {
    passId: Pass.id,
    templateId: Template.id,
    pass: {
      ...card,
      barcodes: [{ format: "PKBarcodeFormatQR", message: "42", messageEncoding: "iso-8859-1" }],
    },
    images: Template.images,
    strings: Template.strings,
    wallets: "both",
  },
  PassCount: { count: 312, isExact: true },
  Redemption: { redemptionId: "till-3/1041" },
  UndoneRedemption: { redemptionId: "till-3/1041" },
  Voiding: { reason: "refunded" },
  Moved: { changed: 2, unchanged: 0 },
  ScanResult: { ...ScanResult, undoneAt: "2026-11-28T17:06:00.000Z" },
  ScanResults: { results: [{ ...ScanResult, undoUntil: "2026-11-28T17:10:12.340Z" }] },
  JoinState: { state: "open", issued: 1312, today: { count: 41, isExact: true }, cap: 5000 },
  HourCounts: {
    items: [{ hour: "2026-11-28T17:00:00.000Z", place: "Gate 2", outcome: "added", count: 118 }],
    undone: 1,
    isExact: true,
    countedFrom: "2026-11-28T17:00:41.000Z",
  },
  ScanList: { items: [Scan], nextCursor: null, counts: ScanCounts },
  PersonalDataRequest: { keep: true },
  PersonalData: {
    passId: 7,
    receivedAt: "2026-11-02T09:33:00.000Z",
    fullName: "Ada Lovelace",
    emailAddress: "ada@example.com",
  },
  NewBundle: { passIds: [7, 8] },
  BundleLink: {
    url: `https://passes.example.com/bundles/7,8/${token}.pkpasses`,
    passIds: [7, 8],
    lint: { findings: [] },
  },
  Change,
  Progress: {
    change: { ...Change, passId: null, templateId: 3, push: "queued", dueAt: Change.at, dispatchedAt: null },
    phones: { count: 118_000, isExact: false },
    notified: 41_200,
    gaveUp: 0,
    paused: false,
    pushesPerSecond: 500,
    perSecond: 497.3,
    endsAt: "2026-11-28T17:07:49.000Z",
    google: {
      objects: { count: 100_000, isExact: false },
      waiting: 98_800,
      gaveUp: 0,
      classes: { waiting: 0, gaveUp: 0 },
      seconds: 6587,
    },
  },
  ChangeList: {
    items: [Change],
    nextCursor: null,
    google: { installedAt: "2026-11-02T09:31:40.000Z", uninstalledAt: null },
  },
  PhoneList: { items: [Phone], nextCursor: null, paused: false, failure: null },
  LintReport: { findings: [finding] },

  PassType: {
    passTypeIdentifier: PASS_TYPE,
    teamIdentifier: TEAM,
    wallets: "both",
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
  PassTypeChange: { wallets: "apple" },
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
  GoogleIssuer,
  NewGoogleIssuer: { issuerId: GoogleIssuer.issuerId, serviceAccount },
  GoogleIssuerChange: { serviceAccount },
  GoogleCheck: GoogleIssuer.lastCheck,
  GoogleFailure,
  GoogleRetry: { retried: 12 },

  ApiKey,
  NewApiKey: { name: "Gate 2", role: "scanner", scope: { events: [4] } },
  MadeApiKey: {
    ...ApiKey,
    key,
    scanner: {
      url: `https://passes.example.com/scan#key=${key}&place=Gate%202`,
      qrCode: "data:image/svg+xml;base64,PHN2ZyB4bWxucz0i…",
    },
  },
  Me: {
    actor: "key:5 Gate 2",
    name: "Gate 2",
    role: "scanner",
    expiresAt: ApiKey.expiresAt,
    scope: ApiKey.scope,
    resources: {
      projects: [],
      events: [{ id: 4, name: "Opening night", projectId: 2, date: "2027-03-05T19:00:00+01:00" }],
      templates: [],
    },
  },
  LookUp: {
    outcome: "found",
    pass: ScanResult.pass,
    firstRedemption: null,
  },

  Health: {
    status: "warning",
    findings: [
      {
        severity: "warning",
        code: "certificate_expires",
        message: "The certificate of pass.com.example.card expires in 12 days.",
        cure: "Create a new one in Apple's portal, and install it (PUT /admin/v1/pass-types/pass.com.example.card/certificate).",
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

/** The examples of the answer of a change: of the change, and of its dry run. Undefined for any other schema. */
export function changeExamplesOf(name: string): Examples | undefined {
  const [, resource = ""] = /^Changed(.+)$/.exec(name) ?? [];
  const example = EXAMPLES[resource];
  if (example === undefined) return undefined;
  const answer = {
    ...example,
    lint: { findings: [] },
    notifications: [notification],
    googleNotifications: [notification],
  };
  const report = {
    dryRun: true,
    differences: [{ pointer: POINTERS[resource] ?? "/pass", before: 3, after: 4 }],
    hasMoreDifferences: false,
    phones: { count: 1, googlePasses: 1, isExact: true },
    googleReach: { passes: 1, calls: 1, seconds: 1 },
  };
  return {
    changed: { summary: "The change", value: answer },
    dryRun: { summary: "With `dryRun=true`", value: { ...answer, ...report } },
  };
}

/** A refusal with this code. */
export function exampleProblem(code: ErrorCode) {
  const [status, meaning] = ERRORS[code];
  return { type: "about:blank", title: phraseOf(status), status, code, detail: `${meaning}.` };
}
