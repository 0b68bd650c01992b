/**
 * The door for clients of VoltMX Engagement, mounted at /api/v1: Apple's web service, as the webServiceURL
 * `https://host/api` calls it. Registrations, lists and logs are Apple's own (wallet/door.ts), so that iPhones find
 * here the codes that they insist on. The latest version of a pass has statuses of its own.
 *
 * Follows VoltMX's "Getting the Latest Version of a Pass": 400 for a pass that is not found or not delivered, 500 if
 * the pkPass file cannot be built. Accepted: so this door tells who asks whether a serial number exists.
 */
import { Hono } from "hono";
import { answerPass, conditionsIn } from "../answer.ts";
import { knownTag } from "../changes/effective.ts";
import type { Database } from "../db/client.ts";
import type { DoorEnv } from "../door.ts";
import { ApiError, type ErrorCode } from "../errors.ts";
import { type Conditions, type LoadedPass, passBySerialNumber } from "../passes/serve.ts";
import { decodedAgain, openPass, unauthorized } from "../wallet/authorization.ts";
import { walletDoor } from "../wallet/door.ts";
import { open } from "./open.ts";

export const voltmxDoor = new Hono<DoorEnv>();

for (const path of ["/devices/*", "/passes/:passTypeIdentifier/:serialNumber/*", "/log"]) {
  voltmxDoor.use(path, open("voltmx"));
}

/** The latest version: 200, 304, 400, 401, 500. */
voltmxDoor.get("/passes/:passTypeIdentifier/:serialNumber", async (c) => {
  const now = Date.now();
  const { db, config } = c.var;
  const { passTypeIdentifier, serialNumber } = c.req.param();
  const delivered = await passesMeant(db, passTypeIdentifier, serialNumber, now);
  if (delivered.length === 0) throw notDelivered();
  // The token says which reading is meant: it never opens the other.
  const opened = await openPass(config, c.req.header("authorization"), passTypeIdentifier, serialNumber);
  const loaded = delivered.find(({ pass }) => pass.serialNumber === opened.serialNumber);
  if (loaded?.pass.tokenKeyId !== opened.tokenKeyId) throw unauthorized();
  const conditions = withMilliseconds(conditionsIn(c.req.raw.headers));
  const unconditional = conditions.ifNoneMatch === undefined && conditions.ifModifiedSince === undefined;
  const updatedSince = unconditional ? await knownTag(db, c.req.query("passesUpdatedSince")) : undefined;
  const parts = { db, config, bucket: c.env.BUCKET };
  return answerPass(loaded, { ...conditions, updatedSince }, parts, c.executionCtx, now).catch(notBuilt);
});

voltmxDoor.route("/", walletDoor);

/** The living passes of both readings of a serial number: iOS percent-encodes it twice, other clients once. */
async function passesMeant(db: Database, passTypeIdentifier: string, serialNumber: string, now: number) {
  const readings = [...new Set([serialNumber, decodedAgain(serialNumber)])];
  const found = await Promise.all(
    readings.map((reading) => passBySerialNumber(db, passTypeIdentifier, reading, now)),
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
