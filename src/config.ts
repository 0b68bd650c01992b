/**
 * The environment, read once: bindings, settings and secrets of the Worker, checked, with what cures a fault.
 *
 * The only reader of `env`. It does no I/O. Everything behind it takes a Config and finds nothing optional.
 */
import * as z from "zod";
import { ApiError } from "./errors.ts";
import { createSecrets, type Secrets } from "./secrets/secrets.ts";

/** What wrangler.toml binds. Vars and secrets arrive as text and may be missing. */
export interface Env {
  DB: D1Database;
  BUCKET: R2Bucket;
  PUSH_QUEUE: Queue;
  DEAD_LETTERS: Queue;
  ANONYMOUS_LIMIT: RateLimit;
  PUBLIC_ORIGIN?: string;
  ADMIN_TOKEN?: string;
  MASTER_SECRET?: string;
  APNS_ORIGIN?: string;
  TRUSTED_ROOTS?: string;
  AIA_ORIGIN?: string;
  KEEP_BUILT_PASSES?: string;
  DIALECTS?: string;
  LEGACY_AUTHORIZATION?: string;
  TOKENS_PER_MESSAGE?: string;
  REGISTRATIONS_PER_PASS?: string;
}

export interface Config {
  /** `https://host`, no trailing slash: what passes and links carry. */
  readonly publicOrigin: string;
  readonly adminToken: string;
  readonly secrets: Secrets;
  readonly apnsOrigin: string;
  /** SHA-256 (hex) of the certificates that a chain may end at. */
  readonly trustedRoots: ReadonlySet<string>;
  /** A further origin that intermediates may be fetched from, beside Apple's hosts. */
  readonly aiaOrigin: string | undefined;
  /** The other systems whose clients are served. */
  readonly dialects: ReadonlySet<Dialect>;
  /** The paths below which Apple's web service is served. */
  readonly webServicePaths: ReadonlySet<WebServicePath>;
  /** How those clients may send their key, apart from Authorization: Bearer. */
  readonly legacyAuthorization: ReadonlySet<LegacyAuthorization>;
  /** Whether built passes are stored in R2. */
  readonly keepBuiltPasses: boolean;
  readonly tokensPerMessage: number;
  readonly registrationsPerPass: number;
}

/** The systems whose clients Edgepass serves, apart from its own API and Apple's. */
const DIALECT_NAMES = ["voltmx", "airship", "passdock"] as const;
export type Dialect = (typeof DIALECT_NAMES)[number];

/** Apple's web service is at the origin itself; below /api it is VoltMX's (dialects/voltmx). */
export type WebServicePath = "/" | "/api";

/** Ways to bring a key that put it where it is easily seen: in the address, or in a header that browsers keep. */
const LEGACY_AUTHORIZATIONS = ["api_token", "basic"] as const;
export type LegacyAuthorization = (typeof LEGACY_AUTHORIZATIONS)[number];

/** Apple Root CA, and the WWDR G4 that issues pass certificates: SHA-256 of the DER. */
const APPLE_PINS = [
  "b0b1730ecbc7ff4505142c49f1295e6eda6bcaed7e2c68c5be91b5a11001f024",
  "ea4757885538dd8cb59ff4556f676087d83c85e70902c122e42c0808b5bce14c",
];

const origin = z
  .url({ protocol: /^https?$/ })
  .refine(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    "must be an origin such as https://passes.example.com, with no path",
  );

/** A list of these words, all of them by default. `none` is the empty list, since "" is what is not set. */
function listOf<Word extends string>(words: readonly Word[]) {
  return z
    .string()
    .default(words.join(" "))
    .transform((text, context) => {
      const given = text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean);
      const isNone = given.length === 1 && given[0] === "none";
      const unknown = given.find((word) => !words.some((known) => known === word));
      if (isNone || (unknown === undefined && given.length > 0))
        return new Set(words.filter((word) => given.includes(word)));
      const message = `has "${unknown ?? text}", and takes ${words.join(", ")}, or none alone`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    });
}

const settings = z
  .object({
    PUBLIC_ORIGIN: origin,
    ADMIN_TOKEN: z.string().regex(/^\S*$/, "must not hold white space: a header cannot carry it"),
    MASTER_SECRET: z.string().transform((text, context) => {
      try {
        return createSecrets(text);
      } catch (error) {
        context.addIssue({
          code: "custom",
          message: error instanceof Error ? error.message : "is malformed",
        });
        return z.NEVER;
      }
    }),
    APNS_ORIGIN: origin.default("https://api.push.apple.com"),
    TRUSTED_ROOTS: z
      .string()
      .default("")
      .transform(
        (text) =>
          new Set([
            ...APPLE_PINS,
            ...text
              .toLowerCase()
              .split(/[\s,]+/)
              .filter(Boolean),
          ]),
      )
      .refine(
        (pins) => [...pins].every((pin) => /^[0-9a-f]{64}$/.test(pin)),
        "must be SHA-256 fingerprints in hex",
      ),
    AIA_ORIGIN: origin.optional(),
    DIALECTS: listOf(DIALECT_NAMES),
    LEGACY_AUTHORIZATION: listOf(LEGACY_AUTHORIZATIONS),
    KEEP_BUILT_PASSES: z.enum(["yes", "no"]).default("yes"),
    // An invocation may make 10,000 subrequests and has up to ten messages: a push for each token, and a few dozen calls
    // of D1 and of the queues for each message.
    TOKENS_PER_MESSAGE: z.coerce.number().int().min(1).max(900).default(300),
    REGISTRATIONS_PER_PASS: z.coerce.number().int().min(1).max(1_000_000).default(1000),
  })
  // A service that only this machine reaches may have a token that is easy to type.
  .refine(({ PUBLIC_ORIGIN, ADMIN_TOKEN }) => ADMIN_TOKEN.length >= 16 || isLoopback(PUBLIC_ORIGIN), {
    path: ["ADMIN_TOKEN"],
    message: "must have at least 16 characters",
  });

/** Whether nothing but this machine reaches the address. */
export function isLoopback(origin: string): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(new URL(origin).hostname);
}

const CURES: Partial<Record<string, string>> = {
  PUBLIC_ORIGIN: "set it under [vars] in wrangler.toml and deploy again",
  ADMIN_TOKEN: "run: openssl rand -hex 32 | npx wrangler secret put ADMIN_TOKEN",
  MASTER_SECRET: "run: openssl rand -base64 32 | npx wrangler secret put MASTER_SECRET",
};

const read = new WeakMap<Env, Config>();

/**
 * The configuration of this environment.
 * @throws ApiError not_configured, which names each setting that is missing or wrong, and its cure.
 */
export function configOf(env: Env): Config {
  const known = read.get(env);
  if (known !== undefined) return known;
  // wrangler.toml holds "" until the owner fills it in: the same as missing.
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = settings.safeParse(present);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const what = present[name] === undefined ? "is missing" : issue.message;
      return `${name} ${what} (${CURES[name] ?? "see Settings in the README"})`;
    });
    throw new ApiError("not_configured", faults.join("; "));
  }
  const config: Config = {
    publicOrigin: parsed.data.PUBLIC_ORIGIN,
    adminToken: parsed.data.ADMIN_TOKEN,
    secrets: parsed.data.MASTER_SECRET,
    apnsOrigin: parsed.data.APNS_ORIGIN,
    trustedRoots: parsed.data.TRUSTED_ROOTS,
    aiaOrigin: parsed.data.AIA_ORIGIN,
    dialects: parsed.data.DIALECTS,
    webServicePaths: new Set(parsed.data.DIALECTS.has("voltmx") ? ["/", "/api"] : ["/"]),
    legacyAuthorization: parsed.data.LEGACY_AUTHORIZATION,
    keepBuiltPasses: parsed.data.KEEP_BUILT_PASSES === "yes",
    tokensPerMessage: parsed.data.TOKENS_PER_MESSAGE,
    registrationsPerPass: parsed.data.REGISTRATIONS_PER_PASS,
  };
  read.set(env, config);
  return config;
}
