/**
 * The door for clients of VoltMX Engagement, mounted at /api/v1: Apple's web service, as the webServiceURL
 * `https://host/api` calls it. Registrations, lists and logs are Apple's own (wallet/routes.ts), so that iPhones find
 * here the codes that they insist on. The latest version of a pass has statuses of its own.
 *
 * Follows VoltMX's "Getting the Latest Version of a Pass": 400 for a pass that is not found or not delivered, 500 if
 * the pkPass file cannot be built. Accepted: so this door tells who asks whether a serial number exists.
 */
import { Hono } from "hono";
import { knownTag } from "../../changes/effective.ts";
import type { Database } from "../../db/client.ts";
import { ApiError, type ErrorCode } from "../../errors.ts";
import { type Conditions, conditionsOf } from "../../http/conditions.ts";
import type { AppEnv } from "../../http/context.ts";
import { passResponse } from "../../http/pass-response.ts";
import { type LoadedPass, loadBySerialNumber } from "../../passes/load.ts";
import { openPass, unauthorized } from "../../wallet/authorization.ts";
import { decodeAgain } from "../../wallet/parse.ts";
import { walletRoutes } from "../../wallet/routes.ts";
import { open } from "../enabled.ts";

export const voltmxRoutes = new Hono<AppEnv>();

for (const path of ["/devices/*", "/passes/:passTypeIdentifier/:serialNumber/*", "/log"]) {
  voltmxRoutes.use(path, open("voltmx"));
}

/** The latest version: 200, 304, 400, 401, 500. */
voltmxRoutes.get("/passes/:passTypeIdentifier/:serialNumber", async (c) => {
  const { db, config, now } = c.var.context;
  const { passTypeIdentifier, serialNumber } = c.req.param();
  const delivered = await passesMeant(db, passTypeIdentifier, serialNumber, now);
  if (delivered.length === 0) throw notDelivered();
  // The token says which reading is meant: it never opens the other.
  const opened = await openPass(config, c.req.header("authorization"), passTypeIdentifier, serialNumber);
  const loaded = delivered.find(({ pass }) => pass.serialNumber === opened.serialNumber);
  if (loaded?.pass.tokenKeyId !== opened.tokenKeyId) throw unauthorized();
  const conditions = withMilliseconds(conditionsOf(c.req.raw.headers));
  const unconditional = conditions.ifNoneMatch === undefined && conditions.ifModifiedSince === undefined;
  const updatedSince = unconditional ? await knownTag(db, c.req.query("passesUpdatedSince")) : undefined;
  return passResponse(
    c.var.context,
    loaded,
    conditions,
    c.executionCtx,
    ({ tag }) => updatedSince !== undefined && updatedSince >= tag,
  ).catch(notBuilt);
});

voltmxRoutes.route("/", walletRoutes);

/** The living passes of both readings of a serial number: iOS percent-encodes it twice, other clients once. */
async function passesMeant(db: Database, passTypeIdentifier: string, serialNumber: string, now: number) {
  const readings = [...new Set([serialNumber, decodeAgain(serialNumber)])];
  const found = await Promise.all(
    readings.map((reading) => loadBySerialNumber(db, passTypeIdentifier, reading, now)),
  );
  return found.filter((loaded): loaded is LoadedPass => loaded?.pass.deletedAt === null);
}

function notDelivered(): ApiError {
  return new ApiError("pass_not_delivered", "Pass is not found or pass is not delivered.");
}

/** Clients of this door send If-Modified-Since in milliseconds, too. Digits that are no time say nothing. */
function withMilliseconds(conditions: Conditions): Conditions {
  const { ifModifiedSince } = conditions;
  if (ifModifiedSince === undefined || !/^\d+$/.test(ifModifiedSince)) return conditions;
  const at = new Date(Number(ifModifiedSince));
  return { ...conditions, ifModifiedSince: Number.isNaN(at.getTime()) ? undefined : at.toUTCString() };
}

const NOT_BUILT: readonly ErrorCode[] = ["no_certificate", "signing_certificate_expired"];

/** What Apple's own path calls 503 is 500 here. */
function notBuilt(error: unknown): never {
  if (!(error instanceof ApiError && NOT_BUILT.includes(error.code))) throw error;
  throw new ApiError("pass_not_built", `Unable to get the pkPass file: ${error.detail}`);
}
