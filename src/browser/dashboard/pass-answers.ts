/**
 * Schemas of what the dashboard reads of passes: the pass, its phones and its changes (src/admin/passes, src/admin/history).
 */
import * as z from "zod/mini";
import { type ExactNumber, isNumber, isObject, type JsonObject } from "../../json.ts";
import { lenient, listOf, orNull, parserOf } from "../parse-answer.ts";
import { pageShape, parsePage } from "./admin-answers.ts";
import { walletChoice } from "./offered-wallets.ts";
import { storedImages } from "./template-answers.ts";

const text = z.catch(z.string(), "");

/** Own values of a pass or an event, by the key of the field. Numbers keep all of their digits. */
export const fieldValues = z.catch(
  z.record(
    z.string(),
    z.object({ value: lenient(z.union([z.string(), z.custom<number | ExactNumber>(isNumber)])) }),
  ),
  {},
);

const install = z.object({
  status: text,
  installedAt: orNull(z.string()),
  uninstalledAt: orNull(z.string()),
});
export type Install = z.infer<typeof install>;

const googleState = z.object({
  /** up_to_date, waiting or failed. */
  state: z.string(),
  sentAt: orNull(z.string()),
  problem: orNull(z.object({ detail: text, cure: text })),
});
export type GoogleState = z.infer<typeof googleState>;

const pass = z.object({
  id: z.number(),
  templateId: z.number(),
  eventId: orNull(z.number()),
  revision: z.number(),
  serialNumber: text,
  externalId: orNull(z.string()),
  values: fieldValues,
  /** What it overrides of pass.json. */
  pass: z.catch(z.custom<JsonObject>(isObject), {}),
  barcodeMessage: orNull(z.string()),
  tags: listOf(z.string()),
  /** active, redeemed, voided or expired. */
  status: z.string(),
  redeemedAt: orNull(z.string()),
  voidedAt: orNull(z.string()),
  voidReason: orNull(z.string()),
  expiresAt: orNull(z.string()),
  registrations: z.catch(z.number(), 0),
  /** The status in both Wallets together. */
  installStatus: text,
  installs: lenient(z.object({ apple: install, google: install })),
  /** Only in the answer for a single pass. Null: nobody has tried to save it in Google Wallet. */
  google: lenient(googleState),
  /** The address of the holder's page. A reader does not get it. */
  landingUrl: lenient(z.string()),
  createdAt: text,
  updatedAt: text,
});
export type ListedPass = z.infer<typeof pass>;
export const parsePass = parserOf(pass);
export const parsePasses = parsePage(pass);

const passCount = z.object({ count: z.number(), isExact: z.catch(z.boolean(), true) });
export type PassCount = z.infer<typeof passCount>;
export const parsePassCount = parserOf(passCount);

export const parseName = parserOf(z.object({ name: text }));
/** Events are found by the project of the template. */
export const parseTemplateName = parserOf(z.object({ name: text, projectId: orNull(z.number()) }));

const phone = z.object({
  id: z.number(),
  device: text,
  wallet: text,
  registeredAt: text,
  /** done, waiting, unconfirmed, gave_up or none. */
  push: z.string(),
  nextPushAt: orNull(z.string()),
  lastAnswer: orNull(z.object({ at: z.string(), accepted: z.boolean(), reason: orNull(z.string()) })),
  doubted: z.catch(z.boolean(), false),
});
export type Phone = z.infer<typeof phone>;
export const parsePhones = parserOf(
  z.object({
    ...pageShape(phone),
    paused: z.catch(z.boolean(), false),
    failure: orNull(z.object({ reason: text, cure: text })),
  }),
);

const change = z.object({
  id: z.number(),
  kind: z.string(),
  passId: orNull(z.number()),
  templateId: orNull(z.number()),
  eventId: orNull(z.number()),
  actor: text,
  at: text,
  /** silent, waiting, queued or dispatched. */
  push: text,
  dueAt: orNull(z.string()),
});
export type LoggedChange = z.infer<typeof change>;
const googleTimes = z.object({ installedAt: orNull(z.string()), uninstalledAt: orNull(z.string()) });
export type GoogleTimes = z.infer<typeof googleTimes>;
export const parseChanges = parserOf(z.object({ ...pageShape(change), google: lenient(googleTimes) }));

/** What phones get of a pass (GET /passes/{id}/content). */
const passContent = z.object({
  pass: z.record(z.string(), z.unknown()),
  images: storedImages,
  strings: z.catch(z.record(z.string(), z.record(z.string(), z.string())), {}),
  wallets: z.catch(walletChoice, "both"),
});
export type PassContent = z.infer<typeof passContent>;
export const parsePassContent = parserOf(passContent);
