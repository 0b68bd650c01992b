/**
 * The door for iPhones: Apple's Wallet web service, mounted at /v1.
 *
 * The exact codes matter: an iPhone takes everything but the listed successes for a failure and repeats it (a 204 on
 * DELETE or log, a 401 on the list, any redirect). Follows Apple's "Adding a web service to update passes".
 */
import { Hono, type MiddlewareHandler } from "hono";
import { type Database, loggable } from "../db/client.ts";
import { keepLogs, linesIn } from "../devices/device-logs.ts";
import { register, unregister } from "../devices/register.ts";
import { serialNumbersUpdatedSince } from "../devices/updates.ts";
import { ApiError } from "../errors.ts";
import { jsonBody, readBody } from "../http/body.ts";
import { conditionsOf } from "../http/conditions.ts";
import type { AppEnv } from "../http/context.ts";
import { passResponse } from "../http/pass-response.ts";
import { parsePassState, saveLifecycleState } from "../passes/lifecycle.ts";
import { type LoadedPass, loadBySerialNumber } from "../passes/load.ts";
import { personalizePass } from "../passes/personalize.ts";
import { clientOf, decodedAgain, type OpenedPass, openPass, unauthorized } from "./authorization.ts";
import { parseSignUp } from "./sign-up.ts";

const MAX_REGISTRATION_BYTES = 4096;
const MAX_LOG_BYTES = 128 * 1024;
const MAX_LIFECYCLE_BYTES = 4096;
/** Seven texts of 200 characters, and the token. */
const MAX_SIGN_UP_BYTES = 16 * 1024;
const MAX_IDENTIFIER_CHARACTERS = 200;
const PUSH_TOKEN = /^[A-Za-z0-9:_.-]{1,512}$/;

const REGISTRATION = "/devices/:deviceLibraryIdentifier/registrations/:passTypeIdentifier/:serialNumber";
const PASS = "/passes/:passTypeIdentifier/:serialNumber";
const PERSONALIZE = `${PASS}/personalize`;

interface WalletEnv {
  Bindings: AppEnv["Bindings"];
  Variables: AppEnv["Variables"] & { opened: OpenedPass };
}

export const walletRoutes = new Hono<WalletEnv>();

/** Checks the pass's token: sets `c.var.opened`. @throws ApiError unauthorized */
const authorize: MiddlewareHandler<WalletEnv, typeof PASS> = async (c, next) => {
  const { passTypeIdentifier, serialNumber } = c.req.param();
  const { context } = c.var;
  const authorization = c.req.header("authorization");
  c.set("opened", await openPass(context.config, authorization, passTypeIdentifier, serialNumber));
  c.set("context", { ...context, actor: "holder" });
  await next();
};

/** Register: 201 new, 200 already registered (and the new pushToken is saved). */
walletRoutes.post(REGISTRATION, authorize, async (c) => {
  const { opened } = c.var;
  const pushToken = pushTokenIn(jsonBody(await readBody(c.req.raw, MAX_REGISTRATION_BYTES)));
  const deviceLibraryIdentifier = identifier(c.req.param("deviceLibraryIdentifier"));
  const device = { ...opened, deviceLibraryIdentifier, pushToken };
  const client = clientOf(c.req.raw.headers, pushToken);
  const outcome = await register(
    c.var.context.db,
    { ...device, client },
    c.var.context.config.registrationsPerPass,
    c.var.context.now,
  );
  switch (outcome) {
    case "registered":
      return c.body(null, 201);
    case "already_registered":
      return c.body(null, 200);
    case "full":
      throw new ApiError(
        "registration_limit",
        "Raise REGISTRATIONS_PER_PASS if so many devices share this pass.",
      );
    case "deleted":
      throw new ApiError("pass_not_found", "This pass was deleted.");
    case "unknown":
      throw unauthorized();
  }
});

/** Unregister: 200, also if nothing was registered: the phone repeats what it thinks has failed. */
walletRoutes.delete(REGISTRATION, authorize, async (c) => {
  const { opened } = c.var;
  const device = { ...opened, deviceLibraryIdentifier: identifier(c.req.param("deviceLibraryIdentifier")) };
  if (!(await unregister(c.var.context.db, device, c.var.context.now))) throw unauthorized();
  return c.body(null, 200);
});

/** What changed: no authorisation, since the device identifier is the shared secret here. 200, or 204 for nothing. */
walletRoutes.get("/devices/:deviceLibraryIdentifier/registrations/:passTypeIdentifier", async (c) => {
  const device = {
    deviceLibraryIdentifier: identifier(c.req.param("deviceLibraryIdentifier")),
    passTypeIdentifier: identifier(c.req.param("passTypeIdentifier")),
  };
  const updates = await serialNumbersUpdatedSince(
    c.var.context.db,
    device,
    c.req.query("passesUpdatedSince"),
  );
  return updates === undefined
    ? c.body(null, 204)
    : c.json(updates, 200, { "Cache-Control": "private, no-store" });
});

/** The newest version: 200 with Last-Modified and ETag, 304, 401. No registration is needed: many wallets only poll. */
walletRoutes.get(PASS, authorize, async (c) => {
  const { context, opened } = c.var;
  const loaded = await heldPass(context.db, opened, context.now);
  return passResponse(context, loaded, conditionsOf(c.req.raw.headers), c.executionCtx);
});

/** Rewards sign-up: 200 with the signature of the phone's token. The pass comes without personalization.json then. */
walletRoutes.post(PERSONALIZE, authorize, async (c) => {
  const { context, opened } = c.var;
  const signUp = parseSignUp(await readBody(c.req.raw, MAX_SIGN_UP_BYTES));
  const loaded = await heldPass(context.db, opened, context.now);
  return c.body(await personalizePass(context, loaded, signUp), 200, {
    "Content-Type": "application/octet-stream",
  });
});

/** What a device says has become of a pass (iOS sends it without a token, undocumented): 200, kept, never believed. */
walletRoutes.post("/passes/:passTypeIdentifier/:serialNumber/passLifecycleUpdate", async (c) => {
  const { passTypeIdentifier, serialNumber } = c.req.param();
  const state = parsePassState(await strangersJson(c.req.raw, MAX_LIFECYCLE_BYTES));
  if (state === undefined) return c.body(null, 200);
  const readings = [serialNumber, decodedAgain(serialNumber)];
  // By pass, not by address: after a push many phones come at once, and some of them share an address.
  await keepFromStranger(c.env.ANONYMOUS_LIMIT, `lifecycle ${passTypeIdentifier} ${readings[1]}`, () =>
    saveLifecycleState(c.var.context.db, passTypeIdentifier, readings, state),
  );
  return c.body(null, 200);
});

/** What went wrong on a device: 200 always, since an iPhone would send the same again. Bounded and rate-limited. */
walletRoutes.post("/log", async (c) => {
  const lines = linesIn(await strangersJson(c.req.raw, MAX_LOG_BYTES));
  const userAgent = (c.req.header("user-agent") ?? "").slice(0, 100);
  await keepFromStranger(
    c.env.ANONYMOUS_LIMIT,
    `log ${networkOf(c.req.header("cf-connecting-ip") ?? "unknown")}`,
    () => keepLogs(c.var.context.db, userAgent, lines, c.var.context.now),
  );
  return c.body(null, 200);
});

/**
 * Writes what came without a key, if its sender may write so much. A failure is logged and no more: the answer would
 * make each phone send the same again, to a database that is down already.
 */
async function keepFromStranger(limit: RateLimit, key: string, write: () => Promise<void>): Promise<void> {
  try {
    const { success } = await limit.limit({ key });
    if (success) await write();
  } catch (error) {
    console.error(JSON.stringify({ event: "strangers_not_kept", error: String(loggable(error)) }));
  }
}

/** Whose address it is: of IPv6 the first 64 bits, since the others are one subscriber's to choose (RFC 4291 §2.5.1). */
function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [front = [], back = []] = address.split("::").map((half) => half.split(":").filter(Boolean));
  const zeros = Array<string>(Math.max(0, 8 - front.length - back.length)).fill("0");
  const groups = [...front, ...zeros, ...back].slice(0, 4);
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(":");
}

/** The body of a route that answers 200 whatever it is sent: undefined where it cannot be read. */
async function strangersJson(request: Request, maxBytes: number): Promise<unknown> {
  try {
    return jsonBody(await readBody(request, maxBytes));
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** @throws ApiError invalid_body */
function pushTokenIn(body: unknown): string {
  const token = typeof body === "object" && body !== null && "pushToken" in body ? body.pushToken : undefined;
  if (typeof token === "string" && PUSH_TOKEN.test(token)) return token;
  throw new ApiError("invalid_body", 'Send {"pushToken": "…"}, the token of the device as text.', {
    pointer: "/pushToken",
  });
}

/** The living pass that the token has opened. @throws ApiError unauthorized, or pass_not_found to who has its token */
async function heldPass(db: Database, opened: OpenedPass, now: number): Promise<LoadedPass> {
  const loaded = await loadBySerialNumber(db, opened.passTypeIdentifier, opened.serialNumber, now);
  if (loaded === undefined || loaded.pass.tokenKeyId !== opened.tokenKeyId) throw unauthorized();
  if (loaded.pass.deletedAt !== null) throw new ApiError("pass_not_found", "This pass was deleted.");
  return loaded;
}

/** @throws ApiError invalid_parameter */
function identifier(text: string): string {
  const decoded = decodedAgain(text);
  if (decoded.length <= MAX_IDENTIFIER_CHARACTERS) return decoded;
  throw new ApiError(
    "invalid_parameter",
    `Identifiers have at most ${MAX_IDENTIFIER_CHARACTERS} characters.`,
  );
}
