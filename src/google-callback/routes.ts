/**
 * `POST /google/callback`: Google says that somebody has saved a pass in Google Wallet, or removed it. One address for all issuers;
 * each class names it.
 *
 * No sender is limited by its network, because strangers can send from Google's networks too, and would stop Google's own. A forged
 * callback costs no query while the root keys are in memory, and never a write. Follows the page that callback.ts names.
 */
import { Hono } from "hono";
import * as z from "zod";
import { ApiError } from "../errors.ts";
import {
  CALLBACK_FAULTS,
  CALLBACK_PROTOCOL,
  MAX_SIGNATURES,
  verifyCallback,
} from "../google-wallet/callback.ts";
import { recordInstall } from "../google-wallet/installs.ts";
import { rootKeys } from "../google-wallet/root-keys.ts";
import { jsonBody, readBody } from "../http/body.ts";
import type { AppEnv } from "../http/context.ts";
import { MAX_BODY_BYTES } from "../http/limits.ts";
import { validate } from "../http/validate.ts";
import { parseRounded } from "../json.ts";
import { logEvent } from "../log-events.ts";

/** The outer members. What is signed is inside of texts. */
const MAX_VALUES = 50;

const signedCallback = z.object({
  signature: z.string(),
  protocolVersion: z.literal(CALLBACK_PROTOCOL),
  intermediateSigningKey: z.object({
    signedKey: z.string(),
    signatures: z.array(z.string()).min(1).max(MAX_SIGNATURES),
  }),
  signedMessage: z.string(),
});

export const googleCallbackRoutes = new Hono<AppEnv>();

/** 200 also for one that came before; 400, 403, 404, 413; 503 with Retry-After if Google's keys cannot be had. */
googleCallbackRoutes.post("/callback", async (c) => {
  const body = await readBody(c, MAX_BODY_BYTES.googleCallback);
  const callback = validate(signedCallback, jsonBody(body, MAX_VALUES, parseRounded), "invalid_body");
  const { db, config, now } = c.var.context;
  const caller = { db, config, now, fetch: (url: string, init: RequestInit) => fetch(url, init) };
  const verified = await verifyCallback(callback, await rootKeys(caller), now);
  if (!verified.ok) {
    const { fault, isSigned } = verified;
    // What Google has signed is not from a stranger, so the operator should know.
    if (isSigned) logEvent("google_callback_refused", { reason: fault });
    throw fault === "message_malformed"
      ? new ApiError("invalid_body", CALLBACK_FAULTS[fault], { pointer: "/signedMessage" })
      : new ApiError("google_callback_refused", CALLBACK_FAULTS[fault]);
  }
  const { message } = verified;
  const outcome = await recordInstall(db, message, now);
  if (outcome === "unknown_issuer") {
    logEvent("google_callback_refused", { reason: outcome });
    throw new ApiError("google_issuer_not_found", `There is no issuer ${message.issuerId} here.`);
  }
  if (outcome === "unknown_object") logEvent("google_callback_ignored", { reason: outcome });
  return c.body(null, 200, { "Cache-Control": "no-store" });
});

googleCallbackRoutes.all("/callback", () => {
  throw new ApiError(
    "method_not_allowed",
    "Google Wallet sends with POST that a pass was saved or removed. There is nothing to read here.",
    { headers: { Allow: "POST" } },
  );
});
