/**
 * The configuration: the settings and secrets of the Worker's environment, parsed once and checked. The error for a
 * missing or wrong setting contains the cure, but not the value.
 *
 * Only this file reads settings from `env`. It does no I/O. All other code takes a Config, in which every setting has a
 * value. `Config` documents what each setting does.
 */
import * as z from "zod";
import { ApiError } from "./errors.ts";
import { LANGUAGE } from "./pkpass/images/names.ts";
import { createSecrets, type Secrets } from "./secrets/secrets.ts";
import { origin, originList, splitWords, wordList } from "./setting-kinds.ts";

/** The bindings in wrangler.toml. */
interface Bindings {
  DB: D1Database;
  BUCKET: R2Bucket;
  PUSH_QUEUE: Queue;
  DEAD_LETTERS: Queue;
  GOOGLE_QUEUE: Queue;
  ANONYMOUS_LIMIT: RateLimit;
  SHARED_LIMIT: RateLimit;
  LOCATION_LIMIT: RateLimit;
}

/** Each binding, with the section of wrangler.toml that defines it. */
const BINDING_SECTIONS: Readonly<Record<keyof Bindings, string>> = {
  DB: "d1_databases",
  BUCKET: "r2_buckets",
  PUSH_QUEUE: "queues.producers",
  DEAD_LETTERS: "queues.producers",
  GOOGLE_QUEUE: "queues.producers",
  ANONYMOUS_LIMIT: "ratelimits",
  SHARED_LIMIT: "ratelimits",
  LOCATION_LIMIT: "ratelimits",
};

/** The environment of the Worker. Settings and secrets are text and may be missing. */
export interface Env extends Bindings, Partial<Record<keyof typeof SETTINGS.shape, string>> {
  /** A binding that exists only if the operator wants counters. */
  COUNTERS?: AnalyticsEngineDataset;
}

export interface Config {
  /** PUBLIC_ORIGIN: `https://host` without a trailing slash. It is part of every pass and link. */
  readonly publicOrigin: string;
  /** The command that applies the migrations to this database. Follows from ENVIRONMENT and PUBLIC_ORIGIN. */
  readonly migrateCommand: string;
  /** ADMIN_TOKEN (secret): the bearer key of the admin API. */
  readonly adminToken: string;
  /** MASTER_SECRET (secret): seals columns, and derives authentication tokens and links. */
  readonly secrets: Secrets;
  /** APNS_ORIGIN: where pushes are sent. Default: Apple's production server. */
  readonly apnsOrigin: string;
  /** GOOGLE_{API,TOKEN,SAVE,KEYS}_ORIGIN: where Google Wallet is. Default: Google's servers. */
  readonly google: GoogleOrigins;
  /** TRUSTED_ROOTS: SHA-256 (hex) of the certificates at which a chain may end, in addition to Apple's. */
  readonly trustedRoots: ReadonlySet<string>;
  /** AIA_ORIGIN: an origin from which intermediates may be fetched, in addition to Apple's hosts. */
  readonly aiaOrigin: string | undefined;
  /** DIALECTS: the other systems whose clients are served. Default: all. */
  readonly dialects: ReadonlySet<Dialect>;
  /** LEGACY_AUTHORIZATION: how those clients may send their key, in addition to Authorization: Bearer. Default: all ways. */
  readonly legacyAuthorization: ReadonlySet<LegacyAuthorization>;
  /** The paths under which Apple's web service is served. Follows from DIALECTS. */
  readonly webServicePaths: ReadonlySet<WebServicePath>;
  /** Field keys that a template must not use, each with the reason and the cure. Follows from DIALECTS. */
  readonly reservedFieldKeys: ReadonlyMap<string, string>;
  /** CORS_ORIGINS: the origins whose pages may call the admin API from a browser. Default: none. */
  readonly corsOrigins: ReadonlySet<string>;
  /** KEEP_BUILT_PASSES: whether built passes are cached in R2. Default: yes. */
  readonly keepBuiltPasses: boolean;
  /** TOKENS_PER_MESSAGE: how many push tokens a queue message holds at most. */
  readonly tokensPerMessage: number;
  /** REGISTRATIONS_PER_PASS: how many devices may register for one pass. */
  readonly registrationsPerPass: number;
  /** AUDIT_DAYS: how long the change log keeps what is dispatched. Default: 90. */
  readonly auditDays: number;
  /** WALLET_BADGES: the languages in which Apple's badge is stored, in lower case (pages/badges.ts). Default: none. */
  readonly walletBadges: ReadonlySet<string>;
  /** GOOGLE_BADGES: the same for Google's badge. */
  readonly googleBadges: ReadonlySet<string>;
}

/** Google's servers, or a stand-in for them. */
export interface GoogleOrigins {
  /** Classes and objects. */
  readonly api: string;
  /** Access tokens. */
  readonly token: string;
  /** Where people save a pass. */
  readonly save: string;
  /** The root keys of callbacks. */
  readonly keys: string;
}

/** The systems whose clients Edgepass serves, in addition to its own API and Apple's. */
const DIALECT_NAMES = ["voltmx", "airship", "passdock"] as const;
export type Dialect = (typeof DIALECT_NAMES)[number];

/** Apple's web service is at the root of the origin; VoltMX's passes expect it under /api (dialects/voltmx). */
export type WebServicePath = "/" | "/api";

/**
 * Members of a pass in Passdock's API that are not fields. Clients of that API could not set a field with one of these
 * keys.
 */
export const PASSDOCK_MEMBERS = new Set<string>(["serial_number", "redeemed", "bar", "relevance"]);
const PASSDOCK_RESERVES =
  "has another meaning in Passdock's API. Choose another key, or remove passdock from the setting DIALECTS.";

/** Ways to send a key that expose it more than Authorization: Bearer does: in the URL, or as a Basic password. */
const LEGACY_AUTHORIZATIONS = ["api_token", "basic"] as const;
export type LegacyAuthorization = (typeof LEGACY_AUTHORIZATIONS)[number];

/** Apple Root CA, and the WWDR G4 that issues pass certificates: SHA-256 of the DER. */
const APPLE_PINS = [
  "b0b1730ecbc7ff4505142c49f1295e6eda6bcaed7e2c68c5be91b5a11001f024",
  "ea4757885538dd8cb59ff4556f676087d83c85e70902c122e42c0808b5bce14c",
];

const ENVIRONMENT_NAME = /^[\w-]+$/;

/** The languages in which a badge is stored, in lower case; by default none. */
const languageList = z
  .string()
  .default("")
  .transform((text) => new Set(splitWords(text)))
  .refine((tags) => [...tags].every((tag) => LANGUAGE.test(tag)), "must be languages such as en pt-BR");

const SETTINGS = z.object({
  PUBLIC_ORIGIN: origin,
  ADMIN_TOKEN: z.string().regex(/^\S*$/, "must not contain white space"),
  MASTER_SECRET: z.string().transform((text, context) => {
    try {
      return createSecrets(text);
    } catch (error) {
      const message = error instanceof Error ? error.message : "is malformed";
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }
  }),
  APNS_ORIGIN: origin.default("https://api.push.apple.com"),
  GOOGLE_API_ORIGIN: origin.default("https://walletobjects.googleapis.com"),
  GOOGLE_TOKEN_ORIGIN: origin.default("https://oauth2.googleapis.com"),
  GOOGLE_SAVE_ORIGIN: origin.default("https://pay.google.com"),
  GOOGLE_KEYS_ORIGIN: origin.default("https://pay.google.com"),
  TRUSTED_ROOTS: z
    .string()
    .default("")
    .transform((text) => new Set([...APPLE_PINS, ...splitWords(text)]))
    .refine(
      (pins) => [...pins].every((pin) => /^[0-9a-f]{64}$/.test(pin)),
      "must be SHA-256 fingerprints in hex",
    ),
  AIA_ORIGIN: origin.optional(),
  DIALECTS: wordList(DIALECT_NAMES),
  LEGACY_AUTHORIZATION: wordList(LEGACY_AUTHORIZATIONS),
  CORS_ORIGINS: originList,
  KEEP_BUILT_PASSES: z.enum(["yes", "no"]).default("yes"),
  // An invocation handles up to ten messages and may make 10,000 subrequests: one push per token, and a few dozen calls
  // to D1 and the queues per message.
  TOKENS_PER_MESSAGE: z.coerce.number().int().min(1).max(900).default(300),
  REGISTRATIONS_PER_PASS: z.coerce.number().int().min(1).max(1_000_000).default(1000),
  AUDIT_DAYS: z.coerce.number().int().min(1).max(36_500).default(90),
  WALLET_BADGES: languageList,
  GOOGLE_BADGES: languageList,
  // Only for the commands in errors, which must not be run for another environment.
  ENVIRONMENT: z
    .string()
    .regex(ENVIRONMENT_NAME, "must be the name of an environment in wrangler.toml")
    .optional(),
});

/** Whether only this machine can reach the origin. */
export function isLoopback(origin: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(origin).hostname);
}

/** How to set the setting or restore the binding with this name. */
function cureOf(name: string, env: Env): string {
  const section = environmentName(env) === undefined ? "" : `env.${environmentName(env)}.`;
  switch (name) {
    case "PUBLIC_ORIGIN":
      return `set it under [${section}vars] in wrangler.toml and deploy again`;
    case "ADMIN_TOKEN":
      return `run: openssl rand -hex 32 | npx wrangler secret put ADMIN_TOKEN${environmentOption(env)}`;
    case "MASTER_SECRET":
      // Never a command that makes a new secret: passes may have been issued with the old one, which may only be misspelt.
      return env.MASTER_SECRET
        ? `run: npx wrangler secret put MASTER_SECRET${environmentOption(env)}, and give it every old entry too: passes need the one that they were issued with`
        : `run: openssl rand -base64 32 | npx wrangler secret put MASTER_SECRET${environmentOption(env)}; if there are passes already, put back the secret that they were issued with`;
    default:
      return isBinding(name)
        ? `see the binding in [[${section}${BINDING_SECTIONS[name]}]] of Edgepass's wrangler.toml, restore it and deploy again`
        : "see Settings in the README";
  }
}

function isBinding(name: string): name is keyof Bindings {
  return Object.hasOwn(BINDING_SECTIONS, name);
}

/** The option that a wrangler command needs to address this Worker and not that of another environment. */
function environmentOption(env: Env): string {
  const name = environmentName(env);
  return name === undefined ? "" : ` --env ${name}`;
}

function environmentName({ ENVIRONMENT = "" }: Env): string | undefined {
  return ENVIRONMENT_NAME.test(ENVIRONMENT) ? ENVIRONMENT : undefined;
}

/** The command that creates the missing tables of this Worker's database. */
export function migrateCommand(env: Env): string {
  return `npx wrangler d1 migrations apply DB --${isLocal(env) ? "local" : "remote"}${environmentOption(env)}`;
}

function isLocal({ PUBLIC_ORIGIN = "" }: Env): boolean {
  return URL.canParse(PUBLIC_ORIGIN) && isLoopback(PUBLIC_ORIGIN);
}

/** An isolate gets the same environment object with every request. */
const parsedConfigs = new WeakMap<Env, Config>();

/**
 * The configuration of this environment.
 * @throws ApiError not_configured, which names each setting that is missing or wrong, and its cure
 */
export function readConfig(env: Env): Config {
  const known = parsedConfigs.get(env);
  if (known !== undefined) return known;
  const config = parseConfig(env);
  parsedConfigs.set(env, config);
  return config;
}

function parseConfig(env: Env): Config {
  // wrangler.toml has "" until the operator sets a value, so "" means that the setting is missing.
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const faults = Object.keys(BINDING_SECTIONS)
    .filter((name) => present[name] === undefined)
    .map((name) => `${name} is missing (${cureOf(name, env)})`);
  const { ADMIN_TOKEN = "" } = env;
  // A short one is accepted only if no other machine can reach this service.
  if (ADMIN_TOKEN !== "" && ADMIN_TOKEN.length < 16 && !isLocal(env))
    faults.push(`ADMIN_TOKEN must have at least 16 characters (${cureOf("ADMIN_TOKEN", env)})`);
  const parsed = SETTINGS.safeParse(present);
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    const what = present[name] === undefined ? "is missing" : issue.message;
    faults.push(`${name} ${what} (${cureOf(name, env)})`);
  }
  if (!parsed.success || faults.length > 0) throw new ApiError("not_configured", faults.join("; "));
  const settings = parsed.data;
  const dialects = settings.DIALECTS;
  return {
    publicOrigin: settings.PUBLIC_ORIGIN,
    migrateCommand: migrateCommand(env),
    adminToken: settings.ADMIN_TOKEN,
    secrets: settings.MASTER_SECRET,
    apnsOrigin: settings.APNS_ORIGIN,
    google: {
      api: settings.GOOGLE_API_ORIGIN,
      token: settings.GOOGLE_TOKEN_ORIGIN,
      save: settings.GOOGLE_SAVE_ORIGIN,
      keys: settings.GOOGLE_KEYS_ORIGIN,
    },
    trustedRoots: settings.TRUSTED_ROOTS,
    aiaOrigin: settings.AIA_ORIGIN,
    dialects,
    legacyAuthorization: settings.LEGACY_AUTHORIZATION,
    webServicePaths: new Set(dialects.has("voltmx") ? ["/", "/api"] : ["/"]),
    reservedFieldKeys: new Map(
      dialects.has("passdock") ? [...PASSDOCK_MEMBERS].map((key) => [key, PASSDOCK_RESERVES]) : [],
    ),
    corsOrigins: settings.CORS_ORIGINS,
    keepBuiltPasses: settings.KEEP_BUILT_PASSES === "yes",
    tokensPerMessage: settings.TOKENS_PER_MESSAGE,
    registrationsPerPass: settings.REGISTRATIONS_PER_PASS,
    auditDays: settings.AUDIT_DAYS,
    walletBadges: settings.WALLET_BADGES,
    googleBadges: settings.GOOGLE_BADGES,
  };
}
