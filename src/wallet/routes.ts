/**
 * Apple's Wallet web service for iPhones, mounted at /v1.
 *
 * The exact statuses are important: an iPhone treats every status except the listed successes as a failure and repeats
 * the request (a 204 on DELETE or log, a 401 on the list, any redirect). Follows Apple's "Adding a web service to
 * update passes".
 */
import { Hono } from "hono";
import { parseLogLines, storeLogs } from "../devices/device-logs.ts";
import { register } from "../devices/register.ts";
import { unregister } from "../devices/unregister.ts";
import { serialNumbersUpdatedSince } from "../devices/updates.ts";
import { ApiError } from "../errors.ts";
import { jsonBody, readBody } from "../http/body.ts";
import { conditionsOf } from "../http/conditions.ts";
import { MAX_BODY_BYTES } from "../http/limits.ts";
import { networkOf } from "../http/network.ts";
import { passResponse } from "../http/pass-response.ts";
import { parsePassState, saveLifecycleState } from "../passes/lifecycle.ts";
import { personalizePass } from "../passes/personalize.ts";
import {
  authorize,
  detectClient,
  loadOpenedPass,
  passDeleted,
  unauthorized,
  type WalletEnv,
} from "./authorization.ts";
import { decodeAgain, parseIdentifier, parsePushToken } from "./parse.ts";
import { parseSignUp } from "./sign-up.ts";
import { parseOptionalJson, writeWithinRate } from "./unauthenticated.ts";

const REGISTRATIONS = "/devices/:deviceLibraryIdentifier/registrations/:passTypeIdentifier";
/** A serial number may have several segments, because iOS sends its slashes as they are. */
const REGISTRATION = `${REGISTRATIONS}/:serialNumber{[^]+}` as const;
const PASS = "/passes/:passTypeIdentifier/:serialNumber{[^]+}";

export const walletRoutes = new Hono<WalletEnv>();

/** Register a device: 201 if it is new, 200 if it was already registered (a new pushToken is saved). */
walletRoutes.post(REGISTRATION, authorize, async (c) => {
  const pushToken = parsePushToken(jsonBody(await readBody(c, MAX_BODY_BYTES.registration)));
  const { context, opened } = c.var;
  const deviceLibraryIdentifier = parseIdentifier(c.req.param("deviceLibraryIdentifier"));
  const client = detectClient(c.req.raw.headers, pushToken);
  const device = { ...opened, deviceLibraryIdentifier, pushToken, client };
  const outcome = await register(context, device);
  switch (outcome) {
    case "registered":
      return c.body(null, 201);
    case "already_registered":
      return c.body(null, 200);
    case "full":
      throw new ApiError(
        "registration_limit",
        "Raise REGISTRATIONS_PER_PASS if this pass is meant for so many devices.",
      );
    case "deleted":
      throw passDeleted();
    case "unknown":
      throw unauthorized();
  }
});

/**
 * Unregister a device: 200, even if it was not registered, because a phone repeats a request if it did not receive the
 * response.
 */
walletRoutes.delete(REGISTRATION, authorize, async (c) => {
  const { context, opened } = c.var;
  const deviceLibraryIdentifier = parseIdentifier(c.req.param("deviceLibraryIdentifier"));
  const isKnown = await unregister(context, { ...opened, deviceLibraryIdentifier });
  if (!isKnown) throw unauthorized();
  return c.body(null, 200);
});

/**
 * List the updated passes of a device: 200, or 204 if there are none. Only the device identifier authenticates the
 * request.
 */
walletRoutes.get(REGISTRATIONS, async (c) => {
  const device = {
    deviceLibraryIdentifier: parseIdentifier(c.req.param("deviceLibraryIdentifier")),
    passTypeIdentifier: parseIdentifier(c.req.param("passTypeIdentifier")),
  };
  const since = c.req.query("passesUpdatedSince");
  const updates = await serialNumbersUpdatedSince(c.var.context.db, device, since);
  if (updates === undefined) return c.body(null, 204);
  return c.json(updates, 200, { "Cache-Control": "private, no-store" });
});

/** Get the latest version of a pass: 200, 304, 401. The device need not be registered: many wallets only poll. */
walletRoutes.get(PASS, authorize, async (c) => {
  const { context, opened } = c.var;
  const loaded = await loadOpenedPass(context, opened);
  return passResponse(context, loaded, conditionsOf(c.req.raw), c.executionCtx);
});

/** Sign up for a rewards pass: 200 with the signature of the phone's token. Later versions have no personalization.json. */
walletRoutes.post(`${PASS}/personalize`, authorize, async (c) => {
  const signUp = parseSignUp(await readBody(c, MAX_BODY_BYTES.signUp));
  const { context, opened } = c.var;
  const signature = await personalizePass(context, await loadOpenedPass(context, opened), signUp);
  return c.body(signature, 200, { "Content-Type": "application/octet-stream" });
});

/** Store the state of a pass on a device: always 200. iOS sends it without a token, and Apple does not document it. */
walletRoutes.post(`${PASS}/passLifecycleUpdate`, async (c) => {
  const { passTypeIdentifier, serialNumber } = c.req.param();
  const state = parsePassState(await parseOptionalJson(c, MAX_BODY_BYTES.lifecycle));
  if (state === undefined) return c.body(null, 200);
  const readings = [serialNumber, decodeAgain(serialNumber)];
  const { SHARED_LIMIT, ANONYMOUS_LIMIT, LOCATION_LIMIT } = c.env;
  const limits = [
    // After a push many phones send this at once, and some share an address: so this limit is higher than that of logs.
    { limiter: SHARED_LIMIT, key: `lifecycle ${networkOf(c.req.raw)}` },
    { limiter: ANONYMOUS_LIMIT, key: `lifecycle ${passTypeIdentifier} ${readings[1]}` },
    { limiter: LOCATION_LIMIT, key: "lifecycle" },
  ];
  await writeWithinRate(limits, () => saveLifecycleState(c.var.context, passTypeIdentifier, readings, state));
  return c.body(null, 200);
});

/** Store log messages of a device: always 200. */
walletRoutes.post("/log", async (c) => {
  const lines = parseLogLines(await parseOptionalJson(c, MAX_BODY_BYTES.deviceLog));
  if (lines.length === 0) return c.body(null, 200);
  const limits = [
    { limiter: c.env.ANONYMOUS_LIMIT, key: `log ${networkOf(c.req.raw)}` },
    { limiter: c.env.SHARED_LIMIT, key: "log" },
  ];
  const userAgent = c.req.header("user-agent") ?? "";
  await writeWithinRate(limits, () => storeLogs(c.var.context, userAgent, lines));
  return c.body(null, 200);
});
