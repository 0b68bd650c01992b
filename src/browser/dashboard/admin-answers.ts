/**
 * Schemas of what the dashboard reads of the admin API (src/admin). They demand only what a view cannot do without (parse-answer.ts).
 */
import * as z from "zod/mini";
import { lenient, listOf, orNull, parserOf, storableNumber } from "../parse-answer.ts";
import { walletChoice } from "./offered-wallets.ts";

const text = z.catch(z.string(), "");
const count = z.catch(z.number(), 0);

/** A page of a list. An item that is not understood is left out. */
export const pageShape = <T>(item: z.ZodMiniType<T>) => ({
  items: listOf(item),
  nextCursor: orNull(z.string()),
});
export const parsePage = <T>(item: z.ZodMiniType<T>) => parserOf(z.object(pageShape(item)));

const finding = z.object({ severity: z.string(), code: z.string(), message: text, cure: text });
const nextStep = z.object({ code: z.string(), message: text, method: text, path: text });
const health = z.object({ status: z.string(), findings: listOf(finding), nextSteps: listOf(nextStep) });
export type Health = z.infer<typeof health>;
export type NextStep = z.infer<typeof nextStep>;
export type Finding = z.infer<typeof finding>;
export const parseHealth = parserOf(health);

const certificate = z.object({
  fingerprint: z.string(),
  /** active, standby, superseded or expired. */
  state: z.string(),
  notAfter: z.string(),
  activeFrom: text,
});
const passType = z.object({
  passTypeIdentifier: z.string(),
  teamIdentifier: orNull(z.string()),
  wallets: z.catch(walletChoice, "both"),
  csr: text,
  certificates: listOf(certificate),
});
export type PassType = z.infer<typeof passType>;
export type Certificate = z.infer<typeof certificate>;
export const parsePassType = parserOf(passType);
export const parsePassTypes = parsePage(passType);

const apnsKey = z.object({ keyId: z.string(), teamIdentifier: text, createdAt: text });
export type ApnsKey = z.infer<typeof apnsKey>;
export const parseApnsKey = parserOf(apnsKey);
export const parseApnsKeys = parsePage(apnsKey);

const googleCheck = z.object({
  checkedAt: text,
  ok: z.boolean(),
  /** What is wrong. Null: nothing. */
  code: orNull(z.string()),
  detail: text,
  cure: orNull(z.string()),
});
const googleIssuer = z.object({
  issuerId: z.string(),
  clientEmail: text,
  privateKeyId: text,
  /** Null: it was not checked since its key was stored. */
  lastCheck: orNull(googleCheck),
});
export type GoogleCheck = z.infer<typeof googleCheck>;
export type GoogleIssuer = z.infer<typeof googleIssuer>;
export const parseGoogleCheck = parserOf(googleCheck);
export const parseGoogleIssuer = parserOf(googleIssuer);
export const parseGoogleIssuers = parsePage(googleIssuer);

const googleFailure = z.object({
  resourceId: z.string(),
  templateId: orNull(z.number()),
  eventId: orNull(z.number()),
  passId: orNull(z.number()),
  detail: text,
  cure: text,
  refusedAt: text,
});
export type GoogleFailure = z.infer<typeof googleFailure>;
export const parseGoogleFailures = parsePage(googleFailure);
export const parseRetried = parserOf(z.object({ retried: count }));

const pushCheck = z.object({ ok: z.boolean(), detail: text });
export type PushCheck = z.infer<typeof pushCheck>;
export const parsePushCheck = parserOf(pushCheck);

const ids = listOf(z.number());
const scope = z.object({ projects: ids, events: ids, templates: ids });
export type KeyScope = z.infer<typeof scope>;
const key = z.object({
  id: z.number(),
  name: text,
  role: text,
  scope: orNull(scope),
  expiresAt: orNull(z.string()),
  revokedAt: orNull(z.string()),
  lastUsedAt: orNull(z.string()),
});
export type ListedKey = z.infer<typeof key>;
export const parseKeys = parsePage(key);

const madeKey = z.object({
  id: z.number(),
  name: text,
  role: text,
  key: z.string(),
  expiresAt: orNull(z.string()),
  scanner: lenient(z.object({ url: z.string(), qrCode: z.string() })),
});
export type MadeKey = z.infer<typeof madeKey>;
export const parseMadeKey = parserOf(madeKey);

/** What a key can be limited to. */
const named = z.object({ id: z.number(), name: text });
export type Named = z.infer<typeof named>;
export const parseNamed = parsePage(named);

const join = z.object({ title: lenient(z.string()), closesAt: lenient(z.string()) });
const summary = z.object({ id: z.number(), name: text, joinUrl: orNull(z.string()), join: orNull(join) });
export type TemplateSummary = z.infer<typeof summary>;
export const parseTemplateSummaries = parsePage(summary);

const joinState = z.object({
  /** open, closed, full or none. */
  state: z.string(),
  issued: z.number(),
  today: z.object({ count: z.number(), isExact: z.catch(z.boolean(), true) }),
  cap: orNull(z.number()),
});
export type JoinState = z.infer<typeof joinState>;
export const parseJoinState = parserOf(joinState);

const scan = z.object({
  scanId: z.string(),
  outcome: z.string(),
  passId: orNull(z.number()),
  field: orNull(z.string()),
  value: orNull(storableNumber),
  conflict: z.catch(z.boolean(), false),
  at: z.string(),
  place: orNull(z.string()),
  actor: text,
  undoneAt: orNull(z.string()),
});
const counts = z.object({
  total: count,
  undone: count,
  byOutcome: z.catch(z.record(z.string(), z.number()), {}),
  byPlace: listOf(z.object({ place: orNull(z.string()), count: z.number() })),
  isExact: z.catch(z.boolean(), true),
});
const scans = z.object({ ...pageShape(scan), counts: orNull(counts) });
export type ListedScan = z.infer<typeof scan>;
export type ScanCounts = z.infer<typeof counts>;
export const parseScans = parserOf(scans);

const hourCount = z.object({
  hour: z.string(),
  place: orNull(z.string()),
  outcome: z.string(),
  count: z.number(),
});
export type HourCount = z.infer<typeof hourCount>;
export const parseHourCounts = parserOf(
  z.object({
    items: listOf(hourCount),
    isExact: z.catch(z.boolean(), true),
    countedFrom: orNull(z.string()),
  }),
);

const deviceLog = z.object({ id: z.number(), client: text, messages: listOf(z.string()), receivedAt: text });
export type DeviceLog = z.infer<typeof deviceLog>;
export const parseDeviceLogs = parsePage(deviceLog);

const deadLetter = z.object({
  id: z.number(),
  receivedAt: text,
  message: z.object({
    /** change, or push. */
    kind: text,
    changeId: lenient(z.number()),
    passTypeIdentifier: lenient(z.string()),
    tokens: lenient(z.array(z.string())),
    reason: lenient(z.string()),
  }),
});
export type DeadLetter = z.infer<typeof deadLetter>;
export const parseDeadLetters = parsePage(deadLetter);
export const parseReplayed = parserOf(z.object({ replayed: count, left: count }));

const pushControl = z.object({
  paused: z.boolean(),
  pausedAt: orNull(z.string()),
  pushesPerSecond: orNull(z.number()),
});
export type PushControl = z.infer<typeof pushControl>;
export const parsePushControl = parserOf(pushControl);
