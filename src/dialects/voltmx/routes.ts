/**
 * Routes for clients of VoltMX Engagement, mounted at /api/v1: Apple's web service for passes whose webServiceURL is
 * `https://host/api`. Registrations, lists and logs are the routes of wallet/routes.ts, because iPhones insist on Apple's
 * statuses. Only the latest version of a pass has VoltMX's statuses.
 *
 * Follows VoltMX's "Getting the Latest Version of a Pass": 400 for a pass that is not found or not delivered, 500 if
 * the pkPass file cannot be built. We accept that this reveals whether a serial number exists; DIALECTS can disable it.
 */
import { Hono } from "hono";
import { ApiError, type ErrorCode } from "../../errors.ts";
import { type Conditions, conditionsOf, isConditional } from "../../http/conditions.ts";
import type { AppEnv } from "../../http/context.ts";
import { passResponse } from "../../http/pass-response.ts";
import { openPass, unauthorized } from "../../wallet/authorization.ts";
import { walletRoutes } from "../../wallet/routes.ts";
import { requireDialect } from "../enabled.ts";
import { findIssuedTag, loadBothReadings } from "./queries.ts";

export const voltmxRoutes = new Hono<AppEnv>();

for (const path of ["/devices/*", "/passes/:passTypeIdentifier/:serialNumber/*", "/log"]) {
  voltmxRoutes.use(path, requireDialect("voltmx"));
}

/** Get the latest version of a pass: 200, 304, 400, 401, 500. */
voltmxRoutes.get("/passes/:passTypeIdentifier/:serialNumber{[^]+}", async (c) => {
  const { context } = c.var;
  const { db, config, now } = context;
  const { passTypeIdentifier, serialNumber } = c.req.param();
  const candidates = await loadBothReadings(db, passTypeIdentifier, serialNumber, now);
  if (candidates.length === 0) throw notDelivered();
  // The token determines which of the two readings is meant: it is valid for only one of them.
  const opened = await openPass(config, c.req.header("authorization"), passTypeIdentifier, serialNumber);
  const loaded = candidates.find(({ pass }) => pass.serialNumber === opened.serialNumber);
  if (loaded?.pass.tokenKeyId !== opened.tokenKeyId) throw unauthorized();
  const conditions = convertMilliseconds(conditionsOf(c.req.raw));
  const since = isConditional(conditions)
    ? undefined
    : await findIssuedTag(db, c.req.query("passesUpdatedSince"));
  const isCurrent = ({ tag }: { tag: number }) => since !== undefined && since >= tag;
  return passResponse(context, loaded, conditions, c.executionCtx, isCurrent).catch(throwAsNotBuilt);
});

voltmxRoutes.route("/", walletRoutes);

function notDelivered(): ApiError {
  return new ApiError("pass_not_delivered", "Pass is not found or pass is not delivered.");
}

/** VoltMX clients also send If-Modified-Since in milliseconds. Digits that are not a valid time are ignored. */
function convertMilliseconds(conditions: Conditions): Conditions {
  const { ifModifiedSince } = conditions;
  if (ifModifiedSince === undefined || !/^\d+$/.test(ifModifiedSince)) return conditions;
  const at = new Date(Number(ifModifiedSince));
  return { ...conditions, ifModifiedSince: Number.isNaN(at.getTime()) ? undefined : at.toUTCString() };
}

const NOT_BUILT: readonly ErrorCode[] = ["no_certificate", "signing_certificate_expired"];

/** Errors that are 503 in Apple's web service are 500 here. */
function throwAsNotBuilt(error: unknown): never {
  if (!(error instanceof ApiError && NOT_BUILT.includes(error.code))) throw error;
  throw new ApiError("pass_not_built", `Unable to get the pkPass file: ${error.detail}`);
}
