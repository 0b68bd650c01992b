/**
 * Routes for clients of VoltMX Engagement, mounted at /api/v1: Apple's web service for passes whose webServiceURL is
 * `https://host/api`. Registrations, lists and logs are the routes of wallet/routes.ts, because iPhones insist on Apple's
 * statuses. Only the latest version of a pass has VoltMX's statuses.
 *
 * Follows VoltMX's "Getting the Latest Version of a Pass": 400 for a pass that is not found or not delivered, 500 if
 * the pkPass file cannot be built. We accept that this reveals whether a serial number exists; DIALECTS can disable it.
 */
import { Hono, type Context as HonoContext } from "hono";
import type { Env } from "../../config.ts";
import { ApiError, type ErrorCode } from "../../errors.ts";
import { type Conditions, conditionsOf, isConditional } from "../../http/conditions.ts";
import type { AppEnv, RequestContext } from "../../http/context.ts";
import { countMiss, refuseLimited } from "../../http/misses.ts";
import { passResponse } from "../../http/pass-response.ts";
import { refusalOf } from "../../http/refusals.ts";
import { loadBySerialNumber } from "../../passes/load.ts";
import { openPass, unauthorized } from "../../wallet/authorization.ts";
import { walletRoutes } from "../../wallet/routes.ts";
import { requireDialect } from "../enabled.ts";
import { existsInEitherReading, findIssuedTag } from "./queries.ts";

export const voltmxRoutes = new Hono<AppEnv>();

for (const path of ["/devices/*", "/passes/:passTypeIdentifier/:serialNumber/*", "/log"]) {
  voltmxRoutes.use(path, requireDialect("voltmx"));
}

/** Get the latest version of a pass: 200, 304, 400, 401, 429 (never with the pass's token), 500. */
voltmxRoutes.get("/passes/:passTypeIdentifier/:serialNumber{[^]+}", (c) =>
  fetchLatest(c, c.req.param()).catch((error: unknown) => throwAsNotBuilt(error, c.env)),
);

voltmxRoutes.route("/", walletRoutes);

async function fetchLatest(
  c: HonoContext<AppEnv>,
  { passTypeIdentifier, serialNumber }: { passTypeIdentifier: string; serialNumber: string },
): Promise<Response> {
  const { context } = c.var;
  const { db, config, now } = context;
  const authorization = c.req.header("authorization");
  // The token is checked first, without a query. Phones send it, so they are never limited.
  const opened = await openPass(config, authorization, passTypeIdentifier, serialNumber).catch((refusal) =>
    refuseWithoutToken(c, { passTypeIdentifier, serialNumber }, refusal),
  );
  const loaded = await loadBySerialNumber(db, passTypeIdentifier, opened.serialNumber, now);
  if (loaded === undefined || loaded.pass.deletedAt !== null) throw notDelivered();
  if (loaded.pass.tokenKeyId !== opened.tokenKeyId) throw unauthorized();
  const conditions = convertMilliseconds(conditionsOf(c.req.raw));
  const since = isConditional(conditions)
    ? undefined
    : await findIssuedTag(db, c.req.query("passesUpdatedSince"));
  const isCurrent = ({ tag }: { tag: number }) => since !== undefined && since >= tag;
  return passResponse(context, loaded, conditions, c.executionCtx, isCurrent);
}

/**
 * Without the pass's token, a request can only find out whether the pass exists. It is counted before the query.
 * @param refusal what is thrown if there is such a pass
 * @throws ApiError unauthorized, pass_not_delivered or too_many_misses
 */
async function refuseWithoutToken(
  c: RequestContext,
  { passTypeIdentifier, serialNumber }: { passTypeIdentifier: string; serialNumber: string },
  refusal: unknown,
): Promise<never> {
  refuseLimited(c, "serial number");
  await countMiss(c, "serial number");
  if (await existsInEitherReading(c.var.context.db, passTypeIdentifier, serialNumber)) throw refusal;
  throw notDelivered();
}

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

const NOT_BUILT: readonly ErrorCode[] = [
  "no_certificate",
  "signing_certificate_expired",
  "database_unavailable",
  "service_unavailable",
];

/** Errors that are 503 in Apple's web service are 500 here, with the same Retry-After. */
function throwAsNotBuilt(error: unknown, env: Env): never {
  const refusal = refusalOf(error, env);
  if (refusal === undefined || !NOT_BUILT.includes(refusal.code)) throw error;
  const { detail, headers, cause } = refusal;
  throw new ApiError("pass_not_built", `Unable to get the pkPass file: ${detail}`, {
    headers: { ...headers },
    cause,
  });
}
